"""The person part of a list: NAD and the segments under it, to one listed person each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.dates import birth_date, nearest_date
from fairgate.papers.paxlst.details import PersonDetails, Reference
from fairgate.papers.paxlst.facts import Role
from fairgate.papers.paxlst.person_details import DETAIL_TAGS, IssueDraft, SingleDetails
from fairgate.papers.paxlst.person_draft import MAX_DOCUMENTS, DocumentDraft, PersonDraft, ReadPeople

ROLES = {
    "FL": Role.PASSENGER,
    "FM": Role.CREW,
    "DDU": Role.TRANSIT_PASSENGER,
    "DDT": Role.TRANSIT_CREW,
    "VW": Role.CREW,
}
"""Roles by NAD's qualifier; VW is the driver of a truck. Source: PAXLST guide, NAD of group 4; CBP ACE e-Manifest."""
_SEXES = {"F": "F", "M": "M", "X": "X", "U": ""}
_COUNTRY = re.compile(r"[A-Z]{3}|D")
_REFERENCES = frozenset({"AEA", "CR", "TN", "YZY"})
"""References without a field of their own. Source: PAXLST implementation guide and DHS guide, RFF of group 4."""
NOT_KEPT = frozenset({"QTY", "GID", "CPI", "CTA"})
"""Segments about a person that the message has room for and that are not kept. Source: D.02B PAXLST, groups 5 and 6."""


def _three(segment: Segment) -> tuple[str, str, str]:
    """Return the first three components of the first element, empty where they are not there."""
    if not segment.elements:
        return "", "", ""
    first = segment.elements[0]
    if len(first) == 2:
        return first[0], first[1], ""
    return (first[0], first[1], first[2]) if len(first) > 2 else (first[0], "", "")


class PersonPart:
    """Gathers the persons of a list, segment by segment.

    Args:
        on: the day of reading, for two-digit years.
        findings: takes the deviations.

    ``takers`` has, by tag, what takes each segment that is known under a person. Each person is finished as soon as
    the next begins, so that few objects live at once: what a long list costs is, to a good part, looking after them.
    """

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self.read = ReadPeople()
        self.begun = 0
        self.crew_begun = 0
        self._countries: set[str] = set()
        self._details_seen: dict[SingleDetails, PersonDetails] = {}
        self._gaps: list[tuple[int, str]] = []
        self._person = PersonDraft(Role.PASSENGER, "", "")
        self._document: DocumentDraft | None = None
        takers: dict[str, Callable[[Segment], None]] = {
            "ATT": self._take_att,
            "DTM": self._take_dtm,
            "LOC": self._take_loc,
            "NAT": self._take_nat,
            "RFF": self._take_rff,
            "DOC": self._take_doc,
        }
        self.takers = takers | dict.fromkeys(DETAIL_TAGS, self._take_detail)

    def begin(self, segment: Segment) -> None:
        """Begin a person with their NAD."""
        self.finish()
        self._document = None
        elements = segment.elements
        names = elements[3] if len(elements) > 3 else ()
        if not any(names) and len(elements) > 2 and any(elements[2]):
            names = elements[2]
            self._note(FindingCode.MISPLACED_NAME, "The name stands in the place of an unstructured address.", segment)
        family, *given = names or ("",)
        role = ROLES[elements[0][0]]
        self._person = PersonDraft(role, family, " ".join([name for name in given if name]))
        if len(elements) > 4:
            self._person.detailed().take_nad(segment)
        self.begun += 1
        self.crew_begun += role.is_crew
        self.read.numbers.append(segment.number)
        self.read.positions.append(segment.position)

    def finish(self) -> None:
        """Finish the person begun last, if one is not finished yet."""
        people = self.read.people
        if len(people) == self.begun:
            return
        if lacking := self._person.lacking():
            self._gaps.append((len(people), lacking))
        people.append(self._person.finished(self.begun, self._details_seen))

    def take(self, segment: Segment) -> None:
        """Add what one segment says to the person begun last."""
        taker = self.takers.get(segment.tag)
        if taker is not None:
            taker(segment)
        elif segment.tag in NOT_KEPT:
            self._note(FindingCode.NOT_KEPT, "This segment is known under a person, and is not kept.", segment)
        else:
            self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown under a person.", segment)

    def note_gaps(self) -> None:
        """Note the facts that each person lacks."""
        for index, lacking in self._gaps:
            where, position = self.read.where(index), self.read.positions[index]
            text = f"The person lacks: {lacking}."
            self._findings.note(FindingCode.MISSING_FACT, text, where=where, position=position)

    def _take_att(self, segment: Segment) -> None:
        if segment.get(0) != "2":
            self._note(FindingCode.UNKNOWN_QUALIFIER, "ATT gives another attribute than the sex; left out.", segment)
            return
        sex = _SEXES.get(segment.get(2).upper())
        if sex is None:
            self._note(FindingCode.BAD_CODE, "ATT gives no known code for the sex.", segment)
        else:
            self._person.sex = sex

    def _take_dtm(self, segment: Segment) -> None:
        qualifier, text, form = _three(segment)
        if qualifier == "329":
            born_on = self._person.born_on = birth_date(text, form, self._on)
            if born_on is None:
                self._note_bad_date("birth date", segment)
        elif qualifier in ("36", "182"):
            if self._document is None:
                self._note(FindingCode.MISPLACED_SEGMENT, "DTM dates a document before any document.", segment)
            elif qualifier == "36":
                expires_on = self._document.expires_on = nearest_date(text, form, self._on)
                if expires_on is None:
                    self._note_bad_date("expiry date", segment)
            else:
                self._take_issue_date(nearest_date(text, form, self._on), segment)
        else:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "DTM's function is unknown here.", segment)

    def _take_issue_date(self, day: date | None, segment: Segment) -> None:
        if day is None:
            self._note_bad_date("date of issue", segment)
        elif issue := self._issue():
            issue.issued_on = day

    def _note_bad_date(self, what: str, segment: Segment) -> None:
        self._note(FindingCode.BAD_DATE, f"DTM gives a {what} that cannot be.", segment)

    def _take_loc(self, segment: Segment) -> None:
        elements = segment.elements
        qualifier = elements[0][0] if elements else ""
        place = elements[1][0] if len(elements) > 1 else ""
        if qualifier == "178":
            self._person.embarks_at = place.upper()
        elif qualifier == "179":
            self._person.disembarks_at = place.upper()
        elif qualifier == "91":
            self._take_issuer(segment)
        elif qualifier == "22":
            self._person.detailed().clears_at = place.upper()
        elif qualifier == "174":
            self._person.detailed().residence = self._country(place, segment)
        elif qualifier == "180":
            self._person.detailed().take_birth_place(segment)
        else:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "LOC's function is unknown here.", segment)

    def _take_issuer(self, segment: Segment) -> None:
        if self._document is None:
            self._note(FindingCode.MISPLACED_SEGMENT, "LOC names an issuer before any document.", segment)
            return
        self._document.issuer = self._country(segment.get(1), segment)
        place = segment.get(1, 3) or segment.get(2, 3)
        if place and (issue := self._issue()):
            issue.place = place

    def _issue(self) -> IssueDraft | None:
        """Return what is known of the issue of the document named last, unless that is left out."""
        documents = self._person.documents
        is_kept = bool(documents) and documents[-1] is self._document
        return self._person.detailed().issue_of(len(documents)) if is_kept else None

    def _take_nat(self, segment: Segment) -> None:
        if segment.get(0) != "2":
            self._note(FindingCode.UNKNOWN_QUALIFIER, "NAT's function is unknown; it is taken as current.", segment)
        nationality = self._country(segment.get(1), segment)
        nationalities = self._person.nationalities
        if nationality and nationality not in nationalities and len(nationalities) < MAX_DOCUMENTS:
            nationalities.append(nationality)
            if len(nationalities) == 2:
                self._note(FindingCode.SEVERAL_NATIONALITIES, "The person has more than one nationality.", segment)

    def _take_rff(self, segment: Segment) -> None:
        qualifier, number, _ = _three(segment)
        if qualifier == "AVF":
            self._person.reservation = number
        elif qualifier == "ABO":
            self._person.carrier_ref = number
        elif qualifier == "SEA":
            self._person.detailed().seat = number
        else:
            if number and (wrong := self._person.detailed().take_reference(Reference(qualifier, number))):
                self._note(*wrong, segment)
            if qualifier not in _REFERENCES:
                self._note(FindingCode.UNKNOWN_QUALIFIER, "RFF's function is unknown here.", segment)

    def _take_doc(self, segment: Segment) -> None:
        elements = segment.elements
        code_lists = elements[0][1:3] if elements else ()
        if code_lists not in (("110", "111"), ()) and any(code_lists):
            self._note(FindingCode.DOCUMENT_CODE_LIST, "DOC's code list is not 110 of agency 111.", segment)
        kind, number = segment.get(0).upper(), segment.get(1)
        if not kind or not number:
            self._note(FindingCode.MISSING_FACT, "DOC lacks the document's kind or number.", segment)
        self._document = DocumentDraft(kind, number)
        if len(self._person.documents) < MAX_DOCUMENTS:
            self._person.documents.append(self._document)
        else:
            self._note(FindingCode.TOO_MANY, f"Documents after the {MAX_DOCUMENTS}th are left out.", segment)

    def _take_detail(self, segment: Segment) -> None:
        if wrong := self._person.detailed().take(segment):
            self._note(*wrong, segment)

    def _country(self, text: str, segment: Segment) -> str:
        if text in self._countries:
            return text
        code = text.upper()
        if _COUNTRY.fullmatch(code) is None or code != text:
            self._note(FindingCode.BAD_CODE, f"{segment.tag} gives no three-letter code of a state.", segment)
        else:
            self._countries.add(code)
        return code

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
