"""One entry for each person: the duplicates of a list, found and left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.facts import ListedPerson, passenger_ref
from fairgate.papers.paxlst.person_details import finished
from fairgate.papers.paxlst.person_draft import MAX_DOCUMENTS, PersonDraft
from fairgate.vocabulary import Traveller

_DocumentKey = tuple[str, str, str]


@dataclass(slots=True)
class _Known:
    """What tells the people of one kind (travellers, or crew) apart."""

    by_name_and_birth: dict[tuple[str, date], PersonDraft] = field(default_factory=dict)
    by_document_and_name: dict[tuple[_DocumentKey, str], PersonDraft] = field(default_factory=dict)
    by_document_and_birth: dict[tuple[_DocumentKey, date], PersonDraft] = field(default_factory=dict)
    documents: set[_DocumentKey] = field(default_factory=set)

    def same_as(self, name: str, born_on: date | None, keys: list[_DocumentKey]) -> PersonDraft | None:
        """Return the person already known that somebody is, if any."""
        candidates: list[PersonDraft | None] = []
        if not self.documents.isdisjoint(keys):
            if name:
                candidates.extend(self.by_document_and_name.get((key, name)) for key in keys)
            if born_on is not None:
                candidates.extend(self.by_document_and_birth.get((key, born_on)) for key in keys)
        if name and born_on is not None:
            candidates.append(self.by_name_and_birth.get((name, born_on)))
        return next((known for known in candidates if known is not None), None)

    def add(self, person: PersonDraft, name: str, keys: list[_DocumentKey]) -> None:
        """Know this person, under all of their documents."""
        born_on = person.born_on
        if name and born_on is not None:
            self.by_name_and_birth.setdefault((name, born_on), person)
        for key in keys:
            self.documents.add(key)
            if name:
                self.by_document_and_name.setdefault((key, name), person)
            if born_on is not None:
                self.by_document_and_birth.setdefault((key, born_on), person)


def distinct_people(drafts: Iterable[PersonDraft], findings: Findings) -> tuple[ListedPerson, ...]:
    """Return each person once, in the order of first mention, with their opaque references.

    A duplicate has the same name and birth date as someone before, or the same document together with the same name or
    birth date. The first entry is kept and takes over the other's documents and nationalities, so that a second
    citizenship is not lost. A document that people of different names and birth dates share is only noted: infants may
    travel on a parent's, and carriers fill in placeholders. Crew and travellers are told apart.
    """
    travellers, crew = _Known(), _Known()
    kept: list[PersonDraft] = []
    for person in drafts:
        known = crew if person.role.is_crew else travellers
        name, keys = _name(person), _document_keys(person)
        same = known.same_as(name, person.born_on, keys)
        if same is not None:
            text = f"This person is already on the list, at {same.start.where}; one entry is kept."
            _note(findings, FindingCode.DUPLICATE_PASSENGER, text, person)
            _take_over(same, person)
            known.add(same, _name(same), _document_keys(same))
            continue
        if not known.documents.isdisjoint(keys):
            text = "Someone else on the list has the same document; both are kept."
            _note(findings, FindingCode.DOCUMENT_SHARED, text, person)
        known.add(person, name, keys)
        kept.append(person)
    return tuple(_listed(person, place) for place, person in enumerate(kept, start=1))


def _note(findings: Findings, code: FindingCode, text: str, person: PersonDraft) -> None:
    findings.note(code, text, where=person.start.where, position=person.start.position)


def _take_over(kept: PersonDraft, other: PersonDraft) -> None:
    known = {(document.kind, document.number, document.issuer) for document in kept.documents}
    for document in other.documents:
        if (document.kind, document.number, document.issuer) not in known and len(kept.documents) < MAX_DOCUMENTS:
            kept.documents.append(document)
    for nationality in other.nationalities:
        if nationality not in kept.nationalities and len(kept.nationalities) < MAX_DOCUMENTS:
            kept.nationalities.append(nationality)
    if other.details is not None:
        kept.detailed().take_over(other.details)


def _listed(draft: PersonDraft, place: int) -> ListedPerson:
    traveller = Traveller(
        passenger_ref=passenger_ref(place),
        family_name=draft.family_name,
        given_names=draft.given_names,
        born_on=draft.born_on,
        sex=draft.sex,
        nationality=draft.nationalities[0] if draft.nationalities else "",
        documents=tuple(document.finished() for document in draft.documents),
        further_nationalities=tuple(draft.nationalities[1:]),
    )
    return ListedPerson(
        traveller,
        draft.role,
        embarks_at=draft.embarks_at,
        disembarks_at=draft.disembarks_at,
        reservation=draft.reservation,
        carrier_ref=draft.carrier_ref,
        details=finished(draft.details),
    )


def _name(person: PersonDraft) -> str:
    """Return the name for comparison; ``""`` unless both of its parts are given."""
    if not person.family_name or not person.given_names:
        return ""
    return " ".join(f"{person.family_name}/{person.given_names}".casefold().split())


def _document_keys(person: PersonDraft) -> list[_DocumentKey]:
    return [
        (document.kind, document.issuer, "".join(document.number.upper().split()))
        for document in person.documents
        if document.number
    ]
