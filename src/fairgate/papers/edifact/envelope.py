"""The envelope of an interchange: UNB, UNG, UNH … UNT, UNE, UNZ, with their references and counts.

Source: ISO 9735-1 section 10 and ISO 9735-2; UNG and UNE as IATA's implementation guides still use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings

SERVICE_TAGS = frozenset({"UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})
MAX_COUNT_DIGITS = 6
"""Longest control count. Source: UN/EDIFACT data elements 0036, 0060 and 0074 (n..6)."""


class Part(Enum):
    """What a segment is to the envelope."""

    SERVICE = auto()
    MESSAGE_BEGINS = auto()
    MESSAGE_ENDS = auto()
    BODY = auto()
    OUTSIDE = auto()


@dataclass(slots=True)
class _Open:
    """A level that was opened and not closed yet."""

    reference: str
    count: int = 0


class Envelope:
    """Follows one interchange of one message type, comparing what its trailers say with what was seen.

    Args:
        message_type: e.g. ``"PAXLST"``; any other is refused.
        findings: takes the deviations.
    """

    def __init__(self, message_type: str, findings: Findings) -> None:
        self._type = message_type
        self._findings = findings
        self._interchange: _Open | None = None
        self._group: _Open | None = None
        self._message: _Open | None = None
        self._messages_seen = 0
        self._groups_seen = 0
        self._closed = False

    @property
    def in_message(self) -> bool:
        """Tell whether a message is open, so that whatever is no service segment belongs to it."""
        return self._message is not None

    def count_body(self, seen: int) -> None:
        """Count segments of the open message that were not handed to :meth:`take` one by one."""
        if self._message is not None:
            self._message.count += seen

    def take(self, segment: Segment) -> Part:
        """Follow one segment and say what it is.

        Raises:
            PapersError: a message of another type, or a second interchange.
        """
        tag = segment.tag
        if tag not in SERVICE_TAGS:
            if self._message is None:
                self._note(FindingCode.MISPLACED_SEGMENT, "A segment stands outside any message.", segment)
                return Part.OUTSIDE
            self._message.count += 1
            return Part.BODY
        match tag:
            case "UNB":
                self._open_interchange(segment)
            case "UNG":
                self._close_message_unsaid(segment)
                self._open_group(segment)
            case "UNH":
                self._close_message_unsaid(segment)
                self._open_message(segment)
                return Part.MESSAGE_BEGINS
            case "UNT":
                return self._close_message(segment)
            case "UNE":
                self._close_message_unsaid(segment)
                self._close_group(segment)
            case _:
                self._close_message_unsaid(segment)
                self._close_interchange(segment)
        return Part.SERVICE

    def finish(self, position: int) -> None:
        """Note what was opened and never closed, at the end of the input.

        Args:
            position: length of the input, in bytes.
        """
        for tag, is_open in (
            ("UNT", self._message is not None),
            ("UNE", self._group is not None),
            ("UNZ", self._interchange is not None and not self._closed),
        ):
            if is_open:
                text = f"{tag} is missing; the list may have been cut short."
                self._findings.note(FindingCode.MISSING_SEGMENT, text, where="end of input", position=position)

    def _open_interchange(self, segment: Segment) -> None:
        if self._interchange is not None:
            raise PapersError("A second interchange begins inside the first.", position=segment.position)
        if self._messages_seen or self._group is not None:
            self._note(FindingCode.MISPLACED_SEGMENT, "UNB stands after what it should open.", segment)
        self._interchange = _Open(segment.get(4))
        if not segment.get(4):
            self._note(FindingCode.MISSING_FACT, "UNB gives no control reference.", segment)

    def _open_group(self, segment: Segment) -> None:
        self._need_interchange(segment)
        if self._group is not None:
            self._note(FindingCode.MISSING_SEGMENT, "UNE is missing before this group.", segment)
        self._groups_seen += 1
        self._group = _Open(segment.get(4))
        due = {
            "message type": segment.get(0) == self._type,
            "sender": bool(segment.get(1)),
            "recipient": bool(segment.get(2)),
            "date and time": bool(segment.get(3) and segment.get(3, 1)),
            "reference": bool(segment.get(4)),
            "controlling agency": segment.get(5) == "UN",
            "message version": bool(segment.get(6) and segment.get(6, 1)),
        }
        if lacking := [name for name, given in due.items() if not given]:
            text = f"UNG lacks or varies in: {', '.join(lacking)}."
            self._note(FindingCode.FUNCTIONAL_GROUP_VARIANT, text, segment)

    def _open_message(self, segment: Segment) -> None:
        self._need_interchange(segment)
        if segment.get(1).upper() != self._type:
            raise PapersError(f"This message is not a {self._type}.", position=segment.position)
        self._messages_seen += 1
        if self._group is not None:
            self._group.count += 1
        self._message = _Open(segment.get(0), 1)
        version, release, agency = segment.get(1, 1), segment.get(1, 2), segment.get(1, 3)
        if version != "D" or agency != "UN" or len(release) != 3 or not (release[:2].isdigit() and release[2] in "AB"):
            self._note(FindingCode.MESSAGE_VERSION, "UNH names no directory of the form D:02B:UN.", segment)
        sequence = segment.get(3).strip()
        if sequence and sequence.lstrip("0") != str(self._messages_seen):
            text = f"This is message {self._messages_seen} here, but says that it is another part of a longer transfer."
            self._note(FindingCode.PART_OF_TRANSFER, text, segment)

    def _need_interchange(self, segment: Segment) -> None:
        if self._interchange is None and not self._messages_seen and not self._groups_seen:
            self._note(FindingCode.MISSING_SEGMENT, "UNB is missing.", segment)

    def _close_message(self, segment: Segment) -> Part:
        if self._message is None:
            self._note(FindingCode.MISPLACED_SEGMENT, "UNT closes no message.", segment)
            return Part.SERVICE
        self._compare(segment, self._message.count + 1, "segments", self._message.reference)
        self._message = None
        return Part.MESSAGE_ENDS

    def _close_message_unsaid(self, segment: Segment) -> None:
        if self._message is not None:
            self._note(FindingCode.MISSING_SEGMENT, "UNT is missing before this segment.", segment)
            self._message = None

    def _close_group(self, segment: Segment) -> None:
        if self._group is None:
            self._note(FindingCode.MISPLACED_SEGMENT, "UNE closes no group.", segment)
            return
        self._compare(segment, self._group.count, "messages", self._group.reference)
        self._group = None

    def _close_interchange(self, segment: Segment) -> None:
        if self._group is not None:
            self._note(FindingCode.MISSING_SEGMENT, "UNE is missing before this segment.", segment)
            self._group = None
        self._closed = True
        reference = self._interchange.reference if self._interchange is not None else ""
        units = (self._groups_seen, "groups") if self._groups_seen else (self._messages_seen, "messages")
        self._compare(segment, units[0], units[1], reference)

    def _compare(self, segment: Segment, seen: int, unit: str, reference: str) -> None:
        said = segment.get(0)
        if not (said.isascii() and said.isdigit()) or len(said) > 3 * MAX_COUNT_DIGITS:
            self._note(FindingCode.COUNT_FORM, f"{segment.tag} gives no count.", segment)
        else:
            if len(said) > MAX_COUNT_DIGITS:
                text = f"{segment.tag}'s count has more than {MAX_COUNT_DIGITS} digits."
                self._note(FindingCode.COUNT_FORM, text, segment)
            if int(said) != seen:
                text = f"{segment.tag} says {int(said)} {unit}; there are {seen}."
                self._note(FindingCode.COUNT_MISMATCH, text, segment)
        repeated = segment.get(1)
        if "".join(repeated.split()) != "".join(reference.split()):
            text = f"{segment.tag} repeats another reference than its header gives."
            self._note(FindingCode.REFERENCE_MISMATCH, text, segment)
        elif repeated != reference:
            text = f"{segment.tag}'s reference differs from its header's by a space."
            self._note(FindingCode.STRAY_SPACE, text, segment)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
