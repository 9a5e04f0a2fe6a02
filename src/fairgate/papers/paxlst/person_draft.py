"""A person of a list and their documents, while their segments arrive; and everybody who was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fairgate.papers.paxlst.details import NO_DETAILS, PersonDetails
from fairgate.papers.paxlst.facts import ListedPerson, Role, passenger_ref
from fairgate.papers.paxlst.person_details import DetailsDraft, SingleDetails
from fairgate.vocabulary import TravelDocument, Traveller

MAX_DOCUMENTS = 20


@dataclass(slots=True)
class DocumentDraft:
    """A travel document while its segments arrive."""

    kind: str
    number: str
    issuer: str = ""
    expires_on: date | None = None


@dataclass(slots=True)
class PersonDraft:
    """A person while their segments arrive."""

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

    def lacking(self) -> str:
        """Return the facts that a list is due to give of a person and does not, in words; ``""`` where it gives all."""
        due = (self.family_name, self.given_names, self.born_on, self.sex, self.nationalities, self.documents)
        if all(due):
            return ""
        names = ("family name", "given names", "birth date", "sex", "nationality", "document")
        return ", ".join(name for name, given in zip(names, due, strict=True) if not given)

    def finished(self, place: int, seen: dict[SingleDetails, PersonDetails]) -> ListedPerson:
        """Return the frozen person.

        Args:
            place: in the list, from 1.
            seen: details already made, for those of whom the same is said.
        """
        nationalities, details = self.nationalities, self.details
        traveller = Traveller(
            passenger_ref(place),
            self.family_name,
            self.given_names,
            self.born_on,
            self.sex,
            nationalities[0] if nationalities else "",
            tuple([TravelDocument(made.kind, made.number, made.issuer, made.expires_on) for made in self.documents]),
            tuple(nationalities[1:]),
        )
        return ListedPerson(
            traveller,
            self.role,
            self.embarks_at,
            self.disembarks_at,
            self.reservation,
            self.carrier_ref,
            NO_DETAILS if details is None else details.finished(seen),
        )


@dataclass(slots=True)
class ReadPeople:
    """Everybody whom one message names, in its order, and where each of them begins.

    Plain lists beside one another: an object for each place of tens of thousands would be one more to look after.

    Args:
        people: the frozen persons, their references those of their places in this message.
        numbers: of the segment that each begins with.
        positions: of the same, in bytes.
    """

    people: list[ListedPerson] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    def where(self, index: int) -> str:
        """Return the place of a person, by their index, in words that hold no data."""
        return f"segment {self.numbers[index]} NAD"
