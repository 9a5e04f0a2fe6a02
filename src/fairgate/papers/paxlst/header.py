"""The header part of a list: UNB, UNG, UNH, BGM, RFF, the reporting party and its contacts, to message facts."""

from __future__ import annotations

from datetime import date

from fairgate.errors import PapersError
from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.dates import nearest_time
from fairgate.papers.paxlst.facts import ContactNumber, MessageFacts

MAX_CONTACTS = 9
_NOT_KEPT = frozenset({"DTM", "CTA", "LOC", "GEI", "FTX"})
_KINDS = frozenset({"745", "250", "336", "655"})
_STATUS_KIND = "266"
_TAKES_AWAY = frozenset({"XR", "RP", "XF", "CL", "CLNB", "CLOB", "H"})
"""Functions that take people or the flight off an earlier list, or close it. Source: DHS PAXLST guide, BGM."""
_CHANGES = frozenset({"CP", "CF", "CC", "BC", "EC", "FC", "G", "I"})
"""Functions that add to or change an earlier list."""
_CANCELLATION_OR_DELETION = frozenset({"1", "3"})
"""Message function codes. Source: UN/EDIFACT code list 1225."""


class HeaderPart:
    """Gathers message facts, segment by segment; the first value given for each is kept.

    Args:
        on: the day of reading, for two-digit years.
        findings: takes the deviations.
    """

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self._texts: dict[str, str] = {}
        self._contacts: list[ContactNumber] = []
        self._prepared = ""

    def take_unb(self, segment: Segment) -> None:
        """Keep sender, recipient, reference and time of preparation."""
        self._give("sender", segment.get(1))
        self._give("sender_qualifier", segment.get(1, 1))
        self._give("recipient", segment.get(2))
        self._give("recipient_qualifier", segment.get(2, 1))
        self._give("control_reference", segment.get(4))
        self._prepared = segment.get(3) + segment.get(3, 1)
        if nearest_time(self._prepared, "", self._on) is None:
            self._note(FindingCode.BAD_DATE, "UNB gives no date and time of preparation.", segment)

    def take_ung(self, segment: Segment) -> None:
        """Keep the group's sender and recipient."""
        self._give("group_sender", segment.get(1))
        self._give("group_recipient", segment.get(2))

    def take_unh(self, segment: Segment) -> None:
        """Keep the message's reference and directory."""
        self._give("message_reference", segment.get(0))
        self._give("directory", ":".join(filter(None, (segment.get(1, part) for part in range(1, 5)))))

    def take_bgm(self, segment: Segment) -> None:
        """Keep the kind and function of the list.

        Raises:
            PapersError: the message takes someone or something off an earlier list.
        """
        kind, function = segment.get(0), segment.get(1).upper()
        if kind == _STATUS_KIND or function in _TAKES_AWAY or segment.get(2) in _CANCELLATION_OR_DELETION:
            raise PapersError(
                "This message cancels or closes something, and is not a list of who is expected.",
                position=segment.position,
            )
        if kind not in _KINDS:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "BGM names no known kind of list.", segment)
        if function in _CHANGES:
            text = "The message changes or adds to an earlier list; others may be on that."
            self._note(FindingCode.PARTIAL_LIST, text, segment)
        self._give("kind", kind)
        self._give("function", function)

    def take_reporting_party(self, segment: Segment) -> None:
        """Keep who reports, named in words or by an identifier."""
        words = segment.elements[3] if len(segment.elements) > 3 else ()
        self._give("reported_by", " ".join(filter(None, words)) or segment.get(1))

    def take(self, segment: Segment) -> None:
        """Keep what any other segment before the flight says."""
        match segment.tag:
            case "RFF" if segment.get(0) == "TN":
                self._give("transaction_reference", segment.get(0, 1))
            case "RFF":
                self._note(FindingCode.UNKNOWN_QUALIFIER, "RFF's function is unknown here.", segment)
            case "COM":
                self._take_com(segment)
            case tag if tag not in _NOT_KEPT:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown before the flight.", segment)
            case _:
                pass

    def facts(self) -> MessageFacts:
        """Return what was gathered."""
        prepared_at = nearest_time(self._prepared, "", self._on)
        return MessageFacts(prepared_at=prepared_at, contacts=tuple(self._contacts), **self._texts)

    def _take_com(self, segment: Segment) -> None:
        for number, channel, *_ in ((*element, "", "") for element in segment.elements):
            if len(self._contacts) >= MAX_CONTACTS:
                self._note(FindingCode.TOO_MANY, f"Contacts after the {MAX_CONTACTS}th are left out.", segment)
                return
            self._contacts.append(ContactNumber(number, channel))

    def _give(self, name: str, value: str) -> None:
        if value:
            self._texts.setdefault(name, value)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
