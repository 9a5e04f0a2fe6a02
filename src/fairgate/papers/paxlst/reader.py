"""Reads a passenger list: lenient on input, every deviation reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from fairgate.errors import PapersError
from fairgate.papers.edifact.envelope import Envelope, Part
from fairgate.papers.edifact.segments import Segment, segments
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.duplicates import distinct_people
from fairgate.papers.paxlst.facts import FlightLeg, PassengerList
from fairgate.papers.paxlst.flight import FlightPart
from fairgate.papers.paxlst.header import HeaderPart
from fairgate.papers.paxlst.person import ROLES, PersonDraft, PersonPart

MAX_PEOPLE = 50_000


def read_passenger_list(content: bytes, *, on: date) -> PassengerList:
    """Return what one interchange of PAXLST messages says.

    Several messages are read as one list where they are about the same flight.

    Args:
        content: the interchange, at most 8 MiB.
        on: the day of reading; two-digit years are resolved by it (birth dates into the past, others to the nearest).

    Returns:
        The list, with a finding for every deviation from the standard.

    Raises:
        PapersError: not a passenger list, over a limit, about several flights, about people or a flight to be taken off
            an earlier list, or with nobody on it. ``position`` says where.
    """
    findings = Findings()
    envelope = Envelope("PAXLST", findings)
    reading = _Reading(on, findings)
    for segment in segments(content, findings):
        match envelope.take(segment):
            case Part.MESSAGE_BEGINS:
                reading.begin_message(segment)
            case Part.BODY:
                reading.take(segment)
            case Part.MESSAGE_ENDS | Part.SERVICE:
                reading.end_message(segment)
                reading.take_service(segment)
            case Part.OUTSIDE:
                pass
    envelope.finish(len(content))
    return reading.finish(len(content))


class _Under(Enum):
    """The part of a message that the next segment belongs to. Source: PAXLST message, segment groups 1, 2 and 4."""

    HEADER = auto()
    REPORTING_PARTY = auto()
    FLIGHT = auto()
    PERSON = auto()
    OTHER_PARTY = auto()
    END = auto()


@dataclass(slots=True)
class _Message:
    """One message while it is read."""

    start: Segment
    flight: FlightPart
    persons: PersonPart
    under: _Under = _Under.HEADER
    has_bgm: bool = False
    flight_ended: bool = False


class _Reading:
    """The list while it is read: message after message, segment after segment."""

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self._header = HeaderPart(on, findings)
        self._message: _Message | None = None
        self._legs: tuple[FlightLeg, ...] = ()
        self._people: list[PersonDraft] = []
        self._messages_read = 0

    # Steps: 1 envelope, 2 header, 3 reporting party, 4 flight, 5 people, 6 control counts.

    def take_service(self, segment: Segment) -> None:
        """Keep what UNB and UNG say about sender and recipient."""
        if segment.tag == "UNB":
            self._header.take_unb(segment)
        elif segment.tag == "UNG":
            self._header.take_ung(segment)

    def begin_message(self, segment: Segment) -> None:
        """Begin a message with its UNH."""
        self.end_message(segment)
        self._messages_read += 1
        self._header.take_unh(segment)
        flight, persons = FlightPart(self._on, self._findings), PersonPart(self._on, self._findings)
        self._message = _Message(segment, flight, persons)

    def take(self, segment: Segment) -> None:
        """Read one segment of a message."""
        message = self._message
        if message is None:
            return
        match segment.tag:
            case "BGM":
                self._take_bgm(segment, message)
            case "TDT":
                self._take_tdt(segment, message)
            case "NAD":
                self._take_nad(segment, message)
            case "CNT":
                message.under = _Under.END
                self._take_cnt(segment, message)
            case _:
                self._take_under(segment, message)

    def end_message(self, segment: Segment) -> None:
        """End the message that is being read, if one is.

        Raises:
            PapersError: it is about another flight than the message before.
        """
        message, self._message = self._message, None
        if message is None:
            return
        if not message.has_bgm:
            self._note(FindingCode.MISSING_SEGMENT, "BGM is missing.", message.start)
        legs = message.flight.legs()
        if not legs:
            self._note(FindingCode.MISSING_SEGMENT, "TDT is missing: the list names no flight.", message.start)
        elif not message.flight_ended:
            message.flight.note_gaps(segment)
        if self._legs and legs and legs != self._legs:
            raise PapersError(
                "The messages of this interchange are about different flights.",
                position=message.start.position,
                way_out="Hand in one flight at a time.",
            )
        self._legs = self._legs or legs
        message.persons.note_gaps()
        self._people.extend(message.persons.people)

    def finish(self, end: int) -> PassengerList:
        """Return the list.

        Raises:
            PapersError: no message was seen, or nobody is on the list.
        """
        if self._message is not None:
            self.end_message(self._message.start)
        if not self._messages_read:
            raise PapersError("The interchange holds no message.", position=end)
        people = distinct_people(self._people, self._findings)
        if not people:
            raise PapersError("Nobody is on this list.", position=end, way_out="Ask the carrier for the list again.")
        facts = self._header.facts()
        if facts.kind != "250" and all(person.role.is_crew for person in people):
            text = "The list is one of passengers, and only crew are on it."
            self._findings.note(FindingCode.NO_PASSENGERS, text, where="whole input", position=end)
        return PassengerList(facts, self._legs, people, self._findings.collected())

    def _take_bgm(self, segment: Segment, message: _Message) -> None:
        if message.has_bgm:
            self._note(FindingCode.REPEATED_SEGMENT, "BGM is given twice.", segment)
        message.has_bgm = True
        self._header.take_bgm(segment)

    def _take_tdt(self, segment: Segment, message: _Message) -> None:
        if message.under in (_Under.PERSON, _Under.OTHER_PARTY, _Under.END):
            self._note(FindingCode.MISPLACED_SEGMENT, "TDT stands after the people.", segment)
        message.under = _Under.FLIGHT
        message.flight.take_tdt(segment)

    def _take_nad(self, segment: Segment, message: _Message) -> None:
        qualifier = segment.get(0)
        if message.under is _Under.FLIGHT and not message.flight_ended:
            message.flight_ended = True
            message.flight.note_gaps(segment)
        if qualifier in ROLES:
            if len(self._people) + len(message.persons.people) >= MAX_PEOPLE:
                raise PapersError(f"More than {MAX_PEOPLE} people are on the list.", position=segment.position)
            message.under = _Under.PERSON
            message.persons.begin(segment)
        elif qualifier == "MS":
            message.under = _Under.REPORTING_PARTY
            self._header.take_reporting_party(segment)
        else:
            message.under = _Under.OTHER_PARTY
            self._note(FindingCode.UNKNOWN_QUALIFIER, "NAD names a party of an unknown kind, left out.", segment)

    def _take_under(self, segment: Segment, message: _Message) -> None:
        match message.under:
            case _Under.PERSON:
                message.persons.take(segment)
            case _Under.FLIGHT:
                self._take_flight(segment, message)
            case _Under.HEADER | _Under.REPORTING_PARTY:
                self._header.take(segment)
            case _Under.OTHER_PARTY | _Under.END:
                self._note(FindingCode.MISPLACED_SEGMENT, "The segment belongs to nothing that is kept.", segment)

    def _take_flight(self, segment: Segment, message: _Message) -> None:
        match segment.tag:
            case "LOC":
                message.flight.take_loc(segment)
            case "DTM":
                message.flight.take_dtm(segment)
            case "RFF" | "FTX":
                pass
            case _:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown under a flight.", segment)

    def _take_cnt(self, segment: Segment, message: _Message) -> None:
        kind, count = segment.get(0), segment.get(0, 1)
        if not count and segment.get(1):
            count = segment.get(1)
            self._note(FindingCode.COUNT_FORM, "CNT gives its count as an element of its own.", segment)
        crew = sum(person.role.is_crew for person in message.persons.people)
        seen = {"41": crew, "42": len(message.persons.people) - crew}.get(kind)
        if seen is None:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "CNT counts something unknown.", segment)
        elif not (count.isascii() and count.isdigit() and len(count) <= 18):
            self._note(FindingCode.COUNT_FORM, "CNT gives no count.", segment)
        elif int(count) != seen:
            people = "crew" if kind == "41" else "passengers"
            self._note(FindingCode.COUNT_MISMATCH, f"CNT says {int(count)} {people}; there are {seen}.", segment)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
