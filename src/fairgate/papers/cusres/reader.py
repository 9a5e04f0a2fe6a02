"""Reads an answer to a passenger list: lenient on input, every deviation reported.

Source: UN/EDIFACT D.02B CUSRES as the WCO/IATA/ICAO guide for interactive lists uses it: BGM, RFF, the flight's places
and times, then one error point (ERP) for the message or for each person, with references, codes (ERC) and words (FTX).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from fairgate.errors import PapersError
from fairgate.papers.cusres.facts import VERDICT_CODES, Answer, ListAnswer, PersonAnswer, Verdict
from fairgate.papers.edifact.envelope import Envelope, Part
from fairgate.papers.edifact.segments import Segment, segments
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.dates import nearest_time
from fairgate.papers.paxlst.facts import FlightLeg
from fairgate.papers.paxlst.flight import designator_parts

MAX_ANSWERS = 100_000
MESSAGE_POINT, PERSON_POINT = "1", "2"
"""Where an error point lies. Source: UN/EDIFACT code list 1049 (1 message header, 2 message detail)."""
SOLICITED, UNSOLICITED = "962", "132"
"""Document name codes of an answer, and of one that was not asked for."""
PLACE_REFERENCE = "LI"
"""Reference of a line item: here the person's place in the list. Source: UN/EDIFACT code list 1153."""

PLACE_DIGITS = 6

_VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}


def read_answer(content: bytes, *, on: date) -> ListAnswer:
    """Return what one CUSRES message answers.

    Args:
        content: the interchange, at most 8 MiB.
        on: the day of reading; two-digit years are resolved to the nearest.

    Raises:
        PapersError: not an interchange of CUSRES, over a limit, without a message or with several.
    """
    findings = Findings()
    envelope = Envelope("CUSRES", findings)
    reading = _Reading(on, findings)
    for segment in segments(content, findings):
        part = envelope.take(segment)
        if part is Part.BODY:
            reading.take(segment)
        elif part is Part.MESSAGE_BEGINS:
            reading.begin(segment)
        elif segment.tag == "UNB":
            reading.take_unb(segment)
    envelope.finish(len(content))
    return reading.finish(len(content))


@dataclass(slots=True)
class _Point:
    """One error point while its segments arrive."""

    start: Segment
    is_person: bool
    place: int | None = None
    reservation: str = ""
    carrier_ref: str = ""
    answers: list[tuple[Verdict, str, list[str]]] = field(default_factory=list)

    def finished(self) -> tuple[Answer, ...]:
        return tuple(Answer(verdict, code, tuple(reasons)) for verdict, code, reasons in self.answers)


class _Reading:
    """The answer while it is read."""

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self._texts: dict[str, str] = {}
        self._prepared_at: datetime | None = None
        self._times: dict[str, datetime] = {}
        self._places: dict[str, str] = {}
        self._unsolicited = False
        self._start: Segment | None = None
        self._has_bgm = False
        self._points: list[_Point] = []

    def take_unb(self, segment: Segment) -> None:
        """Keep sender, recipient, reference and time of preparation."""
        self._texts.update(sender=segment.get(1), recipient=segment.get(2), control_reference=segment.get(4))
        self._prepared_at = nearest_time(segment.get(3) + segment.get(3, 1), "", self._on)
        if self._prepared_at is None:
            self._note(FindingCode.BAD_DATE, "UNB gives no date and time of preparation.", segment)

    def begin(self, segment: Segment) -> None:
        """Begin the message with its UNH.

        Raises:
            PapersError: there was one before.
        """
        if self._start is not None:
            raise PapersError(
                "The interchange holds several answers.",
                position=segment.position,
                way_out="Hand in one answer at a time.",
            )
        self._start = segment
        directory = ":".join(filter(None, (segment.get(1, part) for part in range(1, 5))))
        self._texts.update(message_reference=segment.get(0), directory=directory, access_reference=segment.get(2))

    def take(self, segment: Segment) -> None:
        """Read one segment of the message."""
        match segment.tag:
            case "BGM":
                self._take_bgm(segment)
            case "ERP":
                self._take_erp(segment)
            case "RFF":
                self._take_rff(segment)
            case "ERC":
                self._take_erc(segment)
            case "FTX":
                self._take_ftx(segment)
            case "DTM" | "LOC" if not self._points:
                self._take_flight(segment)
            case "DTM" | "LOC":
                self._note(FindingCode.MISPLACED_SEGMENT, "The flight is told of after the first answer.", segment)
            case _:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown in an answer.", segment)

    def finish(self, end: int) -> ListAnswer:
        """Return the answer.

        Raises:
            PapersError: no message was seen.
        """
        if self._start is None:
            raise PapersError("The interchange holds no message.", position=end)
        if not self._has_bgm:
            self._note(FindingCode.MISSING_SEGMENT, "BGM is missing.", self._start)
        if not any(point.answers for point in self._points):
            self._note(FindingCode.MISSING_FACT, "The message answers nothing.", self._start)
        texts = {name: self._texts.get(name, "") for name in ("sender", "recipient", "control_reference")}
        return ListAnswer(
            **texts,
            prepared_at=self._prepared_at,
            message_reference=self._texts.get("message_reference", ""),
            directory=self._texts.get("directory", ""),
            is_unsolicited=self._unsolicited,
            transaction_reference=self._texts.get("transaction_reference", ""),
            revision=self._texts.get("revision", ""),
            access_reference=self._texts.get("access_reference", ""),
            flight=self._texts.get("flight", ""),
            leg=self._leg(),
            answers=tuple(answer for point in self._points if not point.is_person for answer in point.finished()),
            people=tuple(
                PersonAnswer(point.finished(), point.place, point.reservation, point.carrier_ref)
                for point in self._points
                if point.is_person
            ),
            findings=self._findings.collected(),
        )

    def _take_bgm(self, segment: Segment) -> None:
        self._has_bgm = True
        kind = segment.get(0)
        self._unsolicited = kind == UNSOLICITED
        if kind not in (SOLICITED, UNSOLICITED):
            self._note(FindingCode.UNKNOWN_QUALIFIER, "BGM names no known kind of answer.", segment)

    def _take_erp(self, segment: Segment) -> None:
        if len(self._points) >= MAX_ANSWERS:
            raise PapersError(f"There are more than {MAX_ANSWERS} answers.", position=segment.position)
        kind = segment.get(0)
        if kind not in (MESSAGE_POINT, PERSON_POINT):
            self._note(FindingCode.UNKNOWN_QUALIFIER, "ERP names an unknown point; it is taken as a person's.", segment)
        self._points.append(_Point(segment, kind != MESSAGE_POINT))

    def _take_rff(self, segment: Segment) -> None:
        kind, number = segment.get(0), segment.get(0, 1)
        point = self._points[-1] if self._points else None
        if point is None and kind == "TN":
            self._texts.update(transaction_reference=number, revision=segment.get(0, 4))
        elif point is None and kind == "AF":
            self._texts["flight"] = number
        elif point is not None and kind == "AVF":
            point.reservation = number
        elif point is not None and kind == "ABO":
            point.carrier_ref = number
        elif point is not None and kind == PLACE_REFERENCE:
            if number.isascii() and number.isdigit() and len(number) <= PLACE_DIGITS:
                point.place = int(number)
            else:
                self._note(FindingCode.BAD_CODE, "RFF gives no place in the list.", segment)
        else:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "RFF's function is unknown here.", segment)

    def _take_erc(self, segment: Segment) -> None:
        if not self._points:
            self._note(FindingCode.MISPLACED_SEGMENT, "ERC stands before any error point.", segment)
            return
        code = segment.get(0)
        verdict = _VERDICTS.get(code[:1], Verdict.UNKNOWN) if len(code) <= 2 else Verdict.UNKNOWN
        if verdict is Verdict.UNKNOWN:
            self._note(FindingCode.BAD_CODE, "ERC gives a code that is not known here.", segment)
        self._points[-1].answers.append((verdict, code, []))

    def _take_ftx(self, segment: Segment) -> None:
        if not self._points or not self._points[-1].answers:
            self._note(FindingCode.MISPLACED_SEGMENT, "FTX stands before any code that it could explain.", segment)
            return
        words = segment.elements[3] if len(segment.elements) > 3 else ()
        self._points[-1].answers[-1][2].append(" ".join(filter(None, words)))

    def _take_flight(self, segment: Segment) -> None:
        qualifier = segment.get(0)
        if segment.tag == "LOC" and qualifier in ("125", "87"):
            self._places[qualifier] = segment.get(1).upper()
        elif segment.tag == "DTM" and qualifier in ("189", "232"):
            moment = nearest_time(segment.get(0, 1), segment.get(0, 2), self._on)
            if moment is None:
                self._note(FindingCode.BAD_DATE, "DTM gives no date and time that exists.", segment)
            else:
                self._times[qualifier] = moment
        else:
            self._note(FindingCode.UNKNOWN_QUALIFIER, f"{segment.tag}'s function is unknown here.", segment)

    def _leg(self) -> FlightLeg | None:
        if not (self._places or self._times):
            return None
        carrier, number = designator_parts(self._texts.get("flight", ""))
        departs_from, arrives_at = self._places.get("125", ""), self._places.get("87", "")
        return FlightLeg(carrier, number, departs_from, arrives_at, self._times.get("189"), self._times.get("232"))

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
