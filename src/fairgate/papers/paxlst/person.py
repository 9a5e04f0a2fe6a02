"""The person part of a list: NAD and the segments under it, to one listed person each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from fairgate.papers.edifact.segments import Segment
from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.dates import birth_date, nearest_date
from fairgate.papers.paxlst.facts import Role
from fairgate.vocabulary import TravelDocument

ROLES = {
    "FL": Role.PASSENGER,
    "FM": Role.CREW,
    "DDU": Role.TRANSIT_PASSENGER,
    "DDT": Role.TRANSIT_CREW,
}
MAX_DOCUMENTS = 20
_SEXES = {"F": "F", "M": "M", "X": "X", "U": ""}
_COUNTRY = re.compile(r"[A-Z]{3}|D")
_BESIDE_LOC = frozenset({"22", "174", "180"})
_BESIDE_RFF = frozenset({"AEA", "CR", "SEA", "TN", "YZY"})
_BESIDE_DTM = frozenset({"182", "139", "194"})
NOT_KEPT = frozenset({"GEI", "MEA", "FTX", "COM", "EMP", "QTY", "GID", "CPI", "CTA"})
"""Segments about a person that are recognised and hold nothing that is kept."""


@dataclass(slots=True)
class DocumentDraft:
    """A travel document while its segments arrive."""

    kind: str
    number: str
    issuer: str = ""
    expires_on: date | None = None

    def finished(self) -> TravelDocument:
        """Return the frozen document."""
        return TravelDocument(self.kind, self.number, self.issuer, self.expires_on)


@dataclass(slots=True)
class PersonDraft:
    """A person while their segments arrive, and until duplicates are told apart."""

    start: Segment
    role: Role
    family_name: str
    given_names: str
    born_on: date | None = None
    sex: str = ""
    nationalities: list[str] = field(default_factory=list)
    documents: list[DocumentDraft] = field(default_factory=list)
    embarks_at: str = ""
    disembarks_at: str = ""
    reservation: str = ""
    carrier_ref: str = ""


class PersonPart:
    """Gathers the persons of a list, segment by segment.

    Args:
        on: the day of reading, for two-digit years.
        findings: takes the deviations.
    """

    def __init__(self, on: date, findings: Findings) -> None:
        self._on = on
        self._findings = findings
        self.people: list[PersonDraft] = []
        self._document: DocumentDraft | None = None

    def begin(self, segment: Segment) -> None:
        """Begin a person with their NAD."""
        self._document = None
        names = segment.elements[3] if len(segment.elements) > 3 else ()
        if not any(names) and len(segment.elements) > 2 and any(segment.elements[2]):
            names = segment.elements[2]
            self._note(FindingCode.MISPLACED_NAME, "The name stands in the place of an unstructured address.", segment)
        family, *given = names or ("",)
        draft = PersonDraft(segment, ROLES[segment.get(0)], family, " ".join(name for name in given if name))
        self.people.append(draft)

    def take(self, segment: Segment) -> None:
        """Add what one segment says to the person begun last."""
        match segment.tag:
            case "ATT":
                self._take_att(segment)
            case "DTM":
                self._take_dtm(segment)
            case "LOC":
                self._take_loc(segment)
            case "NAT":
                self._take_nat(segment)
            case "RFF":
                self._take_rff(segment)
            case "DOC":
                self._take_doc(segment)
            case tag if tag in NOT_KEPT:
                pass
            case _:
                self._note(FindingCode.UNKNOWN_SEGMENT, "This segment is unknown under a person.", segment)

    def note_gaps(self) -> None:
        """Note the facts that each person lacks."""
        for person in self.people:
            facts = {
                "family name": person.family_name,
                "given names": person.given_names,
                "birth date": person.born_on,
                "sex": person.sex,
                "nationality": person.nationalities,
                "document": person.documents,
            }
            if lacking := [name for name, given in facts.items() if not given]:
                self._note(FindingCode.MISSING_FACT, f"The person lacks: {', '.join(lacking)}.", person.start)

    def _take_att(self, segment: Segment) -> None:
        if segment.get(0) != "2":
            return
        sex = _SEXES.get(segment.get(2).upper())
        if sex is None:
            self._note(FindingCode.BAD_CODE, "ATT gives no known code for the sex.", segment)
        else:
            self._person.sex = sex

    def _take_dtm(self, segment: Segment) -> None:
        qualifier, text, form = segment.get(0), segment.get(0, 1), segment.get(0, 2)
        if qualifier == "329":
            self._person.born_on = self._dated(birth_date(text, form, self._on), "birth date", segment)
        elif qualifier == "36":
            if self._document is None:
                self._note(FindingCode.MISPLACED_SEGMENT, "DTM gives an expiry before any document.", segment)
            else:
                self._document.expires_on = self._dated(nearest_date(text, form, self._on), "expiry date", segment)
        elif qualifier not in _BESIDE_DTM:
            self._note(FindingCode.UNKNOWN_QUALIFIER, "DTM's function is unknown here.", segment)

    def _dated(self, day: date | None, what: str, segment: Segment) -> date | None:
        if day is None:
            self._note(FindingCode.BAD_DATE, f"DTM gives a {what} that cannot be.", segment)
        return day

    def _take_loc(self, segment: Segment) -> None:
        match segment.get(0):
            case "178":
                self._person.embarks_at = segment.get(1).upper()
            case "179":
                self._person.disembarks_at = segment.get(1).upper()
            case "91" if self._document is not None:
                self._document.issuer = self._country(segment.get(1), segment)
            case "91":
                self._note(FindingCode.MISPLACED_SEGMENT, "LOC names an issuer before any document.", segment)
            case qualifier if qualifier not in _BESIDE_LOC:
                self._note(FindingCode.UNKNOWN_QUALIFIER, "LOC's function is unknown here.", segment)
            case _:
                pass

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
        match segment.get(0):
            case "AVF":
                self._person.reservation = segment.get(0, 1)
            case "ABO":
                self._person.carrier_ref = segment.get(0, 1)
            case qualifier if qualifier not in _BESIDE_RFF:
                self._note(FindingCode.UNKNOWN_QUALIFIER, "RFF's function is unknown here.", segment)
            case _:
                pass

    def _take_doc(self, segment: Segment) -> None:
        code_lists = (segment.get(0, 1), segment.get(0, 2))
        if code_lists not in (("110", "111"), ("", "")):
            self._note(FindingCode.DOCUMENT_CODE_LIST, "DOC's code list is not 110 of agency 111.", segment)
        kind, number = segment.get(0).upper(), segment.get(1)
        if not kind or not number:
            self._note(FindingCode.MISSING_FACT, "DOC lacks the document's kind or number.", segment)
        self._document = DocumentDraft(kind, number)
        if len(self._person.documents) < MAX_DOCUMENTS:
            self._person.documents.append(self._document)
        else:
            self._note(FindingCode.TOO_MANY, f"Documents after the {MAX_DOCUMENTS}th are left out.", segment)

    def _country(self, text: str, segment: Segment) -> str:
        code = text.upper()
        if _COUNTRY.fullmatch(code) is None or code != text:
            self._note(FindingCode.BAD_CODE, f"{segment.tag} gives no three-letter code of a state.", segment)
        return code

    @property
    def _person(self) -> PersonDraft:
        return self.people[-1]

    def _note(self, code: FindingCode, text: str, segment: Segment) -> None:
        self._findings.note(code, text, where=segment.where, position=segment.position)
