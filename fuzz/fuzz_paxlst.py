"""Fuzzes passenger lists: PAXLST, and its CSV and JSON forms."""

from __future__ import annotations

from datetime import date

import atheris

with atheris.instrument_imports(include=["fairgate.papers"]):
    from fairgate.papers.paxlst.forms import ListForm, read_list, recognised_form
    from fairgate.papers.paxlst.history import apply_messages
    from fairgate.papers.paxlst.reader import read_messages

from harness import run

ON = date(2026, 11, 22)
BODY = (
    b"UNH+M1+PAXLST:D:02B:UN:IATA'BGM+745'RFF+TN:T1:::2'NAD+MS+++OPS'COM+555-1:TE'TDT+20+FG0420+++FG'LOC+125+BOS'"
    b"DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'NAD+FL+++DOE:JO:AL+1 MAIN ST+TOWN+VA+10053+USA'ATT+2++F'"
    b"DTM+329:800229'MEA+CT++:2'GEI+4+173'FTX+BAG+++FG123456:2'LOC+22+LHR'LOC+178+BOS'LOC+179+LHR'LOC+180+USA:::ROME'"
    b"NAT+2+USA'RFF+AVF:LOCATR'RFF+SEA:12A'DOC+P:110:111+X1?'2'DTM+36:310101'LOC+91+USA'CNT+42:1'UNT+29+M1'"
)
HEAD = b"UNB+UNOA:4+A+B+261122:0900+I1++APIS'"
GROUP = b"UNG+PAXLST+A+B+261122:0900+G1+UN+D:02B'"
PLAIN = HEAD + BODY + b"UNZ+1+I1'"
TABLE = (
    b"form,message.kind,legs.1.carrier,person.role,person.family_name,person.documents.1.number,person.details.bags\n"
    b"fairgate.passenger-list.1,745,FG,passenger,DOE,X1,2\n"
)
OBJECT = (
    b'{"form": "fairgate.passenger-list.1", "message": {}, "legs": [{"carrier": "FG", "crosses_border": false}],'
    b'"people": [{"role": "crew", "family_name": "DOE", "born_on": "1980-02-29", "details": {"bags": 2}}]}'
)
SEEDS = (
    b"UNA:+.? '" + HEAD + GROUP + BODY + b"UNE+1+G1'UNZ+1+I1'",
    PLAIN.replace(b"'", b"'\r\n"),
    b"UNA:*.? $" + PLAIN.replace(b"+", b"*").replace(b"'", b"$").replace(b"745", b"266*CLOB"),
    TABLE,
    OBJECT,
)


def parse(content: bytes) -> None:
    """Read a list in whatever form it seems to be; messages are applied too, twice over."""
    form = recognised_form(content)
    if form is ListForm.PAXLST:
        messages = read_messages(content, on=ON).messages
        apply_messages([*messages, *reversed(messages)])
    read_list(content, form, on=ON)


if __name__ == "__main__":
    run("paxlst", parse, SEEDS)
