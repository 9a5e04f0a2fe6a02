"""A person of a list and their documents, while their segments arrive and until duplicates are told apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fairgate.papers.edifact.segments import Segment
from fairgate.papers.paxlst.facts import Role
from fairgate.papers.paxlst.person_details import DetailsDraft
from fairgate.vocabulary import TravelDocument

MAX_DOCUMENTS = 20


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
    details: DetailsDraft | None = None

    def detailed(self) -> DetailsDraft:
        """Return the person's details, to be added to."""
        if self.details is None:
            self.details = DetailsDraft()
        return self.details
