"""One interchange of PAXLST messages while it is read: segments to message drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from fairgate.errors import PapersError
from fairgate.papers.edifact.envelope import SERVICE_TAGS, Envelope, Part
from fairgate.papers.edifact.segments import Segment, segments
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.facts import Action, FlightLeg
from fairgate.papers.paxlst.flight import FlightPart
from fairgate.papers.paxlst.header import HeaderPart
from fairgate.papers.paxlst.person import ROLES, PersonPart
from fairgate.papers.paxlst.person_draft import ReadPeople

MAX_PEOPLE = 50_000
MESSAGE_TYPE = "PAXLST"
_NO_TAKERS: Mapping[str, Callable[[Segment], None]] = {}


class _Under(Enum):
    """The part of a message that the next segment belongs to. Source: PAXLST message, segment groups 1, 2 and 4."""

    HEADER = auto()
    REPORTING_PARTY = auto()
    FLIGHT = auto()
    PERSON = auto()
    OTHER_PARTY = auto()
    END = auto()


@dataclass(slots=True)
class MessageDraft:
    """One message while it is read, and until its people are told apart."""

    start: Segment
    header: HeaderPart
    flight: FlightPart
    persons: PersonPart
    under: _Under = _Under.HEADER
    flight_ended: bool = False
    legs: tuple[FlightLeg, ...] = ()

    @property
    def people(self) -> ReadPeople:
        """Return everybody named, in order."""
        return self.persons.read

    @property
    def action(self) -> Action:
        """Return what the message wants."""
        return self.header.action(names_people=bool(self.persons.begun))

    @property
    def position(self) -> int:
        """Return where the message says what it wants."""
        return (self.header.bgm or self.start).position


def read_drafts(content: bytes, on: date, findings: Findings) -> list[MessageDraft]:
    """Return the messages of one interchange, at least one.

    Raises:
        PapersError: not an interchange of passenger lists, over a limit, or without a message.
    """
    envelope = Envelope(MESSAGE_TYPE, findings)
    reading = _Reading(on, findings)
    takers: Mapping[str, Callable[[Segment], None]] = _NO_TAKERS
    body, is_inside = 0, False
    for segment in segments(content, findings):
        tag = segment[0]
        taker = takers.get(tag)
        if taker is not None:  # most segments of a list tell of a person
            body += 1
            taker(segment)
            continue
        if is_inside and tag not in SERVICE_TAGS:
            body += 1
            reading.take(segment)
            takers = reading.takers
            continue
        envelope.count_body(body)
        body = 0
        match envelope.take(segment):
            case Part.MESSAGE_BEGINS:
                reading.begin_message(segment)
            case Part.MESSAGE_ENDS | Part.SERVICE:
                reading.end_message(segment)
                reading.take_service(segment)
            case Part.BODY | Part.OUTSIDE:
                pass
        takers, is_inside = reading.takers, envelope.in_message
    envelope.finish(len(content))
    return reading.finish(len(content))


class _Reading:
    """The interchange while it is read: message after message, segment after segment."""

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self._envelope = HeaderPart(on, findings)
        self._message: MessageDraft | None = None
        self.takers: Mapping[str, Callable[[Segment], None]] = _NO_TAKERS
        self._messages: list[MessageDraft] = []
        self._people_read = 0

    # Steps: 1 envelope, 2 header, 3 reporting party, 4 flight, 5 people, 6 control counts.

    def take_service(self, segment: Segment) -> None:
        """Keep what UNB and UNG say about sender and recipient."""
        if segment.tag == "UNB":
            self._envelope.take_unb(segment)
        elif segment.tag == "UNG":
            self._envelope.take_ung(segment)

    def begin_message(self, segment: Segment) -> None:
        """Begin a message with its UNH."""
        self.end_message(segment)
        header = self._envelope.for_message()
        header.take_unh(segment)
        flight, persons = FlightPart(self._on, self._findings), PersonPart(self._on, self._findings)
        self._message = MessageDraft(segment, header, flight, persons)
        self.takers = _NO_TAKERS
        self._messages.append(self._message)

    def take(self, segment: Segment) -> None:
        """Read one segment of a message."""
        tag = segment.tag
        message = self._message
        if message is None:
            return
        if tag == "NAD":
            self._take_nad(segment, message)
        elif tag == "BGM":
            message.header.take_bgm(segment)
        elif tag == "TDT":
            self._take_tdt(segment, message)
        elif tag == "CNT":
            message.under, self.takers = _Under.END, _NO_TAKERS
            self._take_cnt(segment, message)
        else:
            self._take_under(segment, message)

    def end_message(self, segment: Segment) -> None:
        """End the message that is being read, if one is."""
        message, self._message = self._message, None
        self.takers = _NO_TAKERS
        if message is None:
            return
        if message.header.bgm is None:
            self._note(FindingCode.MISSING_SEGMENT, "BGM is missing.", message.start)
        message.persons.finish()
        message.legs = message.flight.legs()
        if not message.legs:
            self._note(FindingCode.MISSING_SEGMENT, "TDT is missing: the list names no flight.", message.start)
        elif not message.flight_ended:
            message.flight.note_gaps(segment)
        if not message.action.takes_away:
            message.persons.note_gaps()
        self._people_read += message.persons.begun

    def finish(self, end: int) -> list[MessageDraft]:
        """Return the messages.

        Raises:
            PapersError: there is none.
        """
        if self._message is not None:
            self.end_message(self._message.start)
        if not self._messages:
            raise PapersError("The interchange holds no message.", position=end)
        return self._messages

    def _take_tdt(self, segment: Segment, message: MessageDraft) -> None:
        if message.under in (_Under.PERSON, _Under.OTHER_PARTY, _Under.END):
            self._note(FindingCode.MISPLACED_SEGMENT, "TDT stands after the people.", segment)
        message.under, self.takers = _Under.FLIGHT, _NO_TAKERS
        message.flight.take_tdt(segment)

    def _take_nad(self, segment: Segment, message: MessageDraft) -> None:
        qualifier = segment.get(0)
        if message.under is _Under.FLIGHT and not message.flight_ended:
            message.flight_ended = True
            message.flight.note_gaps(segment)
        if qualifier in ROLES:
            if self._people_read + message.persons.begun >= MAX_PEOPLE:
                raise PapersError(f"More than {MAX_PEOPLE} people are on the list.", position=segment.position)
            message.under, self.takers = _Under.PERSON, message.persons.takers
            message.persons.begin(segment)
        elif qualifier == "MS":
            message.under, self.takers = _Under.REPORTING_PARTY, _NO_TAKERS
            message.header.take_reporting_party(segment)
        else:
            message.under, self.takers = _Under.OTHER_PARTY, _NO_TAKERS
            self._note(FindingCode.UNKNOWN_QUALIFIER, "NAD names a party of an unknown kind, left out.", segment)

    def _take_under(self, segment: Segment, message: MessageDraft) -> None:
        match message.under:
            case _Under.PERSON:
                message.persons.take(segment)
            case _Under.FLIGHT:
                self._take_flight(segment, message)
            case _Under.HEADER | _Under.REPORTING_PARTY:
                message.header.take(segment)
            case _Under.OTHER_PARTY | _Under.END:
                self._note(FindingCode.MISPLACED_SEGMENT, "The segment belongs to nothing that is kept.", segment)

    def _take_flight(self, segment: Segment, message: MessageDraft) -> None:
        match segment.tag:
            case "LOC":
                message.flight.take_loc(segment)
            case "DTM":
                message.flight.take_dtm(segment)
            case "RFF" | "FTX":
                self._note(FindingCode.NOT_KEPT, "This segment is known under a flight, and is not kept.", segment)
            case _:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown under a flight.", segment)

    def _take_cnt(self, segment: Segment, message: MessageDraft) -> None:
        kind, count = segment.get(0), segment.get(0, 1)
        if not count and segment.get(1):
            count = segment.get(1)
            self._note(FindingCode.COUNT_FORM, "CNT gives its count as an element of its own.", segment)
        crew = message.persons.crew_begun
        seen = {"41": crew, "42": message.persons.begun - crew}.get(kind)
        if seen is None:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "CNT counts something unknown.", segment)
        elif not (count.isascii() and count.isdigit() and len(count) <= 18):
            self._note(FindingCode.COUNT_FORM, "CNT gives no count.", segment)
        elif int(count) != seen:
            people = "crew" if kind == "41" else "passengers"
            self._note(FindingCode.COUNT_MISMATCH, f"CNT says {int(count)} {people}; there are {seen}.", segment)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
