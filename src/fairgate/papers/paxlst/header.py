"""The header part of a list: UNB, UNG, UNH, BGM, RFF, the reporting party and its contacts, to message facts."""

from __future__ import annotations

from datetime import date, datetime

from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.actions import KINDS, Bgm, action_of
from fairgate.papers.paxlst.dates import nearest_time
from fairgate.papers.paxlst.details import ContactNumber
from fairgate.papers.paxlst.facts import Action, MessageFacts
from fairgate.papers.paxlst.person_details import contacts

MAX_CONTACTS = 9
_NOT_KEPT = frozenset({"DTM", "CTA", "LOC", "GEI", "FTX", "GIS"})
"""Segments before the flight that the message has room for and that are not kept. Source: D.02B PAXLST."""


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
        self._prepared_at: datetime | None = None
        self.bgm: Segment | None = None

    def for_message(self) -> HeaderPart:
        """Return a part of its own for one message, knowing what the envelope said."""
        part = HeaderPart(self._on, self._findings)
        part._texts.update(self._texts)
        part._prepared_at = self._prepared_at
        return part

    def take_unb(self, segment: Segment) -> None:
        """Keep sender, recipient, reference and time of preparation."""
        self._give("sender", segment.get(1))
        self._give("sender_qualifier", segment.get(1, 1))
        self._give("recipient", segment.get(2))
        self._give("recipient_qualifier", segment.get(2, 1))
        self._give("control_reference", segment.get(4))
        self._prepared_at = nearest_time(segment.get(3) + segment.get(3, 1), "", self._on)
        if self._prepared_at is None:
            self._note(FindingCode.BAD_DATE, "UNB gives no date and time of preparation.", segment)

    def take_ung(self, segment: Segment) -> None:
        """Keep the group's sender and recipient, for the messages of this group."""
        self._texts["group_sender"] = segment.get(1)
        self._texts["group_recipient"] = segment.get(2)

    def take_unh(self, segment: Segment) -> None:
        """Keep the message's reference and directory."""
        self._give("message_reference", segment.get(0))
        self._give("directory", ":".join(filter(None, (segment.get(1, part) for part in range(1, 5)))))
        self._give("access_reference", segment.get(2))

    def take_bgm(self, segment: Segment) -> None:
        """Keep the kind and function of the list; the first BGM decides."""
        if self.bgm is not None:
            self._note(FindingCode.REPEATED_SEGMENT, "BGM is given twice; the first is kept.", segment)
            return
        self.bgm = segment
        kind, function, code = segment.get(0), segment.get(1).upper(), segment.get(2)
        if kind not in KINDS:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "BGM names no known kind of list.", segment)
        if action_of(Bgm(kind, function, code), names_people=True) is Action.CHANGE:
            text = "The message changes or adds to an earlier list; others may be on that."
            self._note(FindingCode.PARTIAL_LIST, text, segment)
        self._texts.update(kind=kind or "745", function=function, function_code=code)

    def action(self, *, names_people: bool) -> Action:
        """Return what the message wants."""
        texts = self._texts
        bgm = Bgm(texts.get("kind", ""), texts.get("function", ""), texts.get("function_code", ""))
        return action_of(bgm, names_people=names_people)

    def take_reporting_party(self, segment: Segment) -> None:
        """Keep who reports, named in words or by an identifier."""
        words = segment.elements[3] if len(segment.elements) > 3 else ()
        self._give("reported_by", " ".join(filter(None, words)) or segment.get(1))

    def take(self, segment: Segment) -> None:
        """Keep what any other segment before the flight says."""
        match segment.tag:
            case "RFF" if segment.get(0) == "TN":
                self._give("transaction_reference", segment.get(0, 1))
                self._give("revision", segment.get(0, 4))
            case "RFF":
                self._note(FindingCode.UNKNOWN_QUALIFIER, "RFF's function is unknown here.", segment)
            case "COM":
                self._take_com(segment)
            case tag if tag in _NOT_KEPT:
                self._note(FindingCode.NOT_KEPT, "This segment is known before the flight, and is not kept.", segment)
            case _:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown before the flight.", segment)

    def facts(self) -> MessageFacts:
        """Return what was gathered."""
        return MessageFacts(prepared_at=self._prepared_at, contacts=tuple(self._contacts), **self._texts)

    def _take_com(self, segment: Segment) -> None:
        for contact in contacts(segment):
            if len(self._contacts) >= MAX_CONTACTS:
                self._note(FindingCode.TOO_MANY, f"Contacts after the {MAX_CONTACTS}th are left out.", segment)
                return
            self._contacts.append(contact)

    def _give(self, name: str, value: str) -> None:
        if value:
            self._texts.setdefault(name, value)

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
