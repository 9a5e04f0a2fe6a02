"""One entry for each person: the duplicates of a list, found and left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from fairgate.papers.findings import FindingCode, Findings
from fairgate.papers.paxlst.facts import ListedPerson, passenger_ref
from fairgate.papers.paxlst.person_details import joined
from fairgate.papers.paxlst.person_draft import MAX_DOCUMENTS, ReadPeople


@dataclass(slots=True)
class _Known:
    """What tells the people of one kind (travellers, or crew) apart: keys to their index among those kept.

    Keys are texts, whose parts line breaks keep apart: no field that was read holds one. Only a document that is met
    again is looked up by name and by birth date; nearly all of a list's documents are met once.
    """

    kept: list[ListedPerson]
    by_name_and_birth: dict[str, int] = field(default_factory=dict)
    by_document: dict[str, int] = field(default_factory=dict)
    by_shared_and_name: dict[str, int] = field(default_factory=dict)
    by_shared_and_birth: dict[str, int] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)

    def same_as(self, name: str, born_on: date | None, documents: list[str]) -> int | None:
        """Return the index of the person already known that somebody is, if any."""
        known = [document for document in documents if document in self.by_document]
        for document in known:
            self._look_closer(document)
        if name:
            for document in known:
                if (found := self.by_shared_and_name.get(f"{document}\n{name}")) is not None:
                    return found
        if born_on is not None:
            for document in known:
                if (found := self.by_shared_and_birth.get(f"{document}\n{born_on}")) is not None:
                    return found
        return self.by_name_and_birth.get(f"{name}\n{born_on}") if name and born_on is not None else None

    def add(self, index: int, name: str, born_on: date | None, documents: list[str]) -> None:
        """Know a person, under all of their documents."""
        if name and born_on is not None:
            self.by_name_and_birth.setdefault(f"{name}\n{born_on}", index)
        for document in documents:
            if self.by_document.setdefault(document, index) != index:
                self._look_closer(document)
            if document in self.shared:
                self._share(document, index, name, born_on)

    def _look_closer(self, document: str) -> None:
        """Have a document's first holder known by name and birth date, too."""
        if document not in self.shared:
            self.shared.add(document)
            first = self.by_document[document]
            self._share(document, first, _name(self.kept[first]), self.kept[first].traveller.born_on)

    def _share(self, document: str, index: int, name: str, born_on: date | None) -> None:
        if name:
            self.by_shared_and_name.setdefault(f"{document}\n{name}", index)
        if born_on is not None:
            self.by_shared_and_birth.setdefault(f"{document}\n{born_on}", index)


def distinct_people(messages: Sequence[ReadPeople], findings: Findings) -> tuple[ListedPerson, ...]:
    """Return each person once, in the order of first mention, with their opaque references.

    A duplicate has the same name and birth date as someone before, or the same document together with the same name or
    birth date. The first entry is kept and takes over the other's documents and nationalities, so that a second
    citizenship is not lost. A document that people of different names and birth dates share is only noted: infants may
    travel on a parent's, and carriers fill in placeholders. Crew and travellers are told apart.
    """
    kept: list[ListedPerson] = []
    begins: list[str] = []
    travellers, crew = _Known(kept), _Known(kept)
    for read in messages:
        for index, person in enumerate(read.people):
            known = crew if person.role.is_crew else travellers
            name, born_on, documents = _name(person), person.traveller.born_on, _documents(person)
            same = known.same_as(name, born_on, documents)
            if same is not None:
                text = f"This person is already on the list, at {begins[same]}; one entry is kept."
                _note(findings, FindingCode.DUPLICATE_PASSENGER, text, read, index)
                kept[same] = one = _joined(kept[same], person)
                known.add(same, _name(one), one.traveller.born_on, _documents(one))
                continue
            if not known.by_document.keys().isdisjoint(documents):
                text = "Someone else on the list has the same document; both are kept."
                _note(findings, FindingCode.DOCUMENT_SHARED, text, read, index)
            known.add(len(kept), name, born_on, documents)
            kept.append(person)
            begins.append(read.where(index))
    if len(messages) == 1 and len(kept) == len(messages[0].people):
        return tuple(kept)
    return tuple([_placed(person, place) for place, person in enumerate(kept, start=1)])


def _note(findings: Findings, code: FindingCode, text: str, read: ReadPeople, index: int) -> None:
    findings.note(code, text, where=read.where(index), position=read.positions[index])


def _joined(kept: ListedPerson, other: ListedPerson) -> ListedPerson:
    """Return a person with what another mention adds."""
    mine, theirs = kept.traveller, other.traveller
    documents = list(mine.documents)
    known = {(document.kind, document.number, document.issuer) for document in documents}
    for document in theirs.documents:
        if (document.kind, document.number, document.issuer) not in known and len(documents) < MAX_DOCUMENTS:
            documents.append(document)
    given = (mine.nationality, *mine.further_nationalities, theirs.nationality, *theirs.further_nationalities)
    nationalities = list(dict.fromkeys(filter(None, given)))[:MAX_DOCUMENTS]
    traveller = replace(
        mine,
        documents=tuple(documents),
        nationality=nationalities[0] if nationalities else "",
        further_nationalities=tuple(nationalities[1:]),
    )
    return replace(kept, traveller=traveller, details=joined(kept.details, other.details))


def _placed(person: ListedPerson, place: int) -> ListedPerson:
    """Return a person with the reference of their place."""
    return replace(person, traveller=replace(person.traveller, passenger_ref=passenger_ref(place)))


def _name(person: ListedPerson) -> str:
    """Return the name for comparison; ``""`` unless both of its parts are given."""
    traveller = person.traveller
    if not traveller.family_name or not traveller.given_names:
        return ""
    return " ".join(f"{traveller.family_name}/{traveller.given_names}".casefold().split())


def _documents(person: ListedPerson) -> list[str]:
    """Return a key for each document that has a number."""
    return [
        f"{document.kind}\n{document.issuer}\n{''.join(document.number.upper().split())}"
        for document in person.traveller.documents
        if document.number
    ]
