"""How quick the parsers of papers are, each beside a known library in the same run where there is one.

A section is a function that takes rounds and progress and returns its figures; the sections run in the order of
:data:`SECTIONS`. A parser of another paper adds its own function there.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

from fairgate.bench.machine import describe_machine
from fairgate.bench.papers_mrz import zone_section
from fairgate.bench.papers_trust import trust_list_section
from fairgate.bench.peer import bench_package
from fairgate.bench.timing import Times, Turn, take_turns
from fairgate.errors import ConfigurationRefused
from fairgate.papers.edifact.segments import segments
from fairgate.papers.findings import Findings
from fairgate.papers.paxlst.details import PersonDetails
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList, passenger_ref
from fairgate.papers.paxlst.reader import read_passenger_list
from fairgate.papers.paxlst.writer import write_passenger_list
from fairgate.vocabulary import TravelDocument, Traveller

Progress = Callable[[int, int], None]
Section = Callable[[int, Progress], Mapping[str, object]]

PASSENGERS = 10_000
_ON = date(2026, 11, 22)
_DEPARTURE = datetime.fromisoformat("2026-11-22T19:00")
_ARRIVAL = datetime.fromisoformat("2026-11-23T06:30")


def passenger_list_section(rounds: int, progress: Progress) -> Mapping[str, object]:
    """Time a list of 10 000 passengers: read whole, written, and split into segments beside pydifact's tokenizer."""
    listed = made_list(PASSENGERS)
    content = write_passenger_list(listed)
    turns = [
        Turn("read", lambda: read_passenger_list(content, on=_ON)),
        Turn("segments", lambda: sum(1 for _ in segments(content, Findings()))),
    ]
    rival = pydifact_split(content.decode("ascii"))
    if rival is not None:
        turns.append(Turn("pydifact_segments", rival))
    times = take_turns(turns, rounds, progress)
    figures: dict[str, object] = {
        "passengers": PASSENGERS,
        "bytes": len(content),
        "segments": content.count(b"'"),
        "rows": {name: taken.as_row() for name, taken in times.items()},
        "passengers_per_second": round(1000 * PASSENGERS / times["read"].median),
        "pydifact": _version("pydifact"),
    }
    if rival is not None:
        figures["ratio"] = _ratio(times["pydifact_segments"], times["segments"])
        figures["ratio_whole"] = _ratio(times["pydifact_segments"], times["read"])
    return figures


SECTIONS: dict[str, Section] = {
    "passenger_list": passenger_list_section,
    "trust_list": trust_list_section,
    "zones": zone_section,
}


def bench_papers(
    rounds: int, progress: Callable[[str], Progress], sections: Mapping[str, Section] = SECTIONS
) -> dict[str, object]:
    """Return every section's figures, and the machine they belong to.

    Args:
        rounds: how often each is timed; the median is given.
        progress: returns the progress of the section it is given the name of.
        sections: by name, in order.
    """
    before = os.getloadavg()[0]
    figures: dict[str, object] = {name: section(rounds, progress(name)) for name, section in sections.items()}
    return {**figures, "rounds": rounds, "machine": describe_machine(), "load_average_before": before}


def made_list(passengers: int) -> PassengerList:
    """Return an invented list; everybody has a document, a seat and a reservation of their own."""
    people = tuple(_passenger(place) for place in range(1, passengers + 1))
    leg = FlightLeg("FG", "0420", "BOS", "LHR", _DEPARTURE, _ARRIVAL)
    message = MessageFacts(
        sender="FGAIR",
        recipient="TVS",
        prepared_at=datetime.fromisoformat("2026-11-22T09:00"),
        control_reference="I1",
        message_reference="M1",
    )
    return PassengerList(message, (leg,), people)


def pydifact_split(text: str) -> Callable[[], object] | None:
    """Return a call that has pydifact split a text into segments; ``None`` where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser = bench_package("pydifact.parser").Parser
    except ConfigurationRefused:
        return None

    def split() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sum(1 for _ in parser().parse(text))

    return split


def _passenger(place: int) -> ListedPerson:
    letters = "".join(chr(ord("A") + place // 26**power % 26) for power in range(4))
    document = TravelDocument("P", f"X{place:08d}", "GBR", date(2031, 1, 1 + place % 28))
    traveller = Traveller(
        passenger_ref(place),
        f"SMITH{letters}",
        "ANNE MARIE",
        born_on=date(1940 + place % 80, 1 + place % 12, 1 + place % 28),
        sex="F" if place % 2 else "M",
        nationality="GBR",
        documents=(document,),
    )
    details = PersonDetails(seat=f"{1 + place % 60}A", residence="GBR", clears_at="LHR")
    return ListedPerson(
        traveller,
        embarks_at="BOS",
        disembarks_at="LHR",
        reservation=f"L{place:05d}",
        carrier_ref=f"FG-{place}",
        details=details,
    )


def _ratio(theirs: Times, ours: Times) -> float:
    return round(theirs.median / ours.median, 2)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
