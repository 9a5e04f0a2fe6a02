"""Passenger lists made by hand, segment by segment, for tests that change one of them."""

from __future__ import annotations

from datetime import date

from fairgate.papers.paxlst.facts import PassengerList
from fairgate.papers.paxlst.reader import read_passenger_list

ON = date(2026, 11, 22)
HEAD = [
    "UNB+UNOA:4+FGAIR:ZZ+TVS:ZZ+261122:0900+I1++APIS'",
    "UNH+M1+PAXLST:D:02B:UN:IATA'",
    "BGM+745'",
    "RFF+TN:T1'",
    "NAD+MS+++OPS:CENTRE'",
    "COM+555-1:TE+555-2:FX'",
    "TDT+20+FG0420+++FG'",
    "LOC+125+BOS'",
    "DTM+189:2611221900:201'",
    "LOC+87+LHR'",
    "DTM+232:2611230630:201'",
]
ANNE = [
    "NAD+FL+++SMITH:ANNE:MARIE'",
    "ATT+2++F'",
    "DTM+329:800229'",
    "LOC+22+LHR'",
    "LOC+174+GBR'",
    "LOC+178+BOS'",
    "LOC+179+LHR'",
    "NAT+2+GBR'",
    "RFF+AVF:LOCATR'",
    "RFF+ABO:FG-77'",
    "RFF+SEA:12A'",
    "DOC+P:110:111+X123'",
    "DTM+36:310101'",
    "LOC+91+GBR'",
]


def message(people: list[str], head: list[str] = HEAD, *, counted: str = "") -> bytes:
    """Return a list with correct counts."""
    inside = [*head[1:], *people, counted]
    segments = sum(part.count("'") - part.count("?'") for part in inside) + 1
    return ("UNA:+.? '" + head[0] + "".join(inside) + f"UNT+{segments}+M1'UNZ+1+I1'").encode()


def read(people: list[str], head: list[str] = HEAD, *, counted: str = "") -> PassengerList:
    return read_passenger_list(message(people, head, counted=counted), on=ON)


def codes(passenger_list: PassengerList) -> list[str]:
    return [finding.code for finding in passenger_list.findings]
