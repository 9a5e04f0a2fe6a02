"""Who is the same person in two messages about one flight, and what the later one changes of them.

No standard says. Two mentions are of one person, in this order, where
1. both give the carrier's reference for the person (RFF+ABO) and it is the same;
2. both name one document (kind, issuer, number), and the name or the birth date is the same;
3. name and birth date are the same, and not both give a carrier's reference.
Crew and travellers are never the same. Names are compared without case and spaces, and never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from fairgate.papers.paxlst.facts import ListedPerson
from fairgate.vocabulary import Traveller

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Facts = TypeVar("_Facts", bound="DataclassInstance")
_Key = tuple[object, ...]


@dataclass(slots=True)
class Index:
    """Finds people by what makes them the same; each is known by a place in a list."""

    _places: dict[_Key, list[int]] = field(default_factory=dict)
    _references: dict[int, str] = field(default_factory=dict)

    def add(self, person: ListedPerson, place: int) -> None:
        """Know a person, or what is new about one, at a place."""
        if person.carrier_ref:
            self._references[place] = person.carrier_ref
        for _, key in _keys(person):
            places = self._places.setdefault(key, [])
            if place not in places:
                places.append(place)

    def places_of(self, person: ListedPerson) -> list[int]:
        """Return the places of those who this person is by the strongest rule that finds anyone."""
        best = 0
        found: list[int] = []
        for rule, key in _keys(person):
            if found and rule != best:
                break
            places = self._places.get(key, ())
            if rule == 3 and person.carrier_ref:
                places = [place for place in places if place not in self._references]
            best = rule
            found.extend(place for place in places if place not in found)
        return found


def updated(older: ListedPerson, newer: ListedPerson) -> tuple[ListedPerson, tuple[str, ...]]:
    """Return a person with a later message's facts, and the names of the fields that changed.

    What the later message leaves empty stays as it was; a list of documents, nationalities or contacts that it gives
    stands in place of the earlier one.
    """
    traveller, changed = _over(older.traveller, newer.traveller)
    details, changed_details = _over(older.details, newer.details)
    person, changed_person = _over(older, newer)
    names = [name for name in (*changed, *changed_person, *changed_details) if name not in ("traveller", "details")]
    return replace(person, traveller=traveller, details=details), tuple(names)


def _over(older: _Facts, newer: _Facts) -> tuple[_Facts, list[str]]:
    given: dict[str, Any] = {
        one.name: value
        for one in fields(newer)
        if one.name != "passenger_ref" and (value := getattr(newer, one.name)) not in ("", None, ())
    }
    changed = [name for name, value in given.items() if getattr(older, name) != value]
    return replace(older, **given), changed


def _keys(person: ListedPerson) -> Iterator[tuple[int, _Key]]:
    """Yield what a person can be known by, with the number of the rule, the strongest first."""
    traveller, crew = person.traveller, person.role.is_crew
    name = folded_name(traveller)
    if person.carrier_ref:
        yield 1, (crew, "reference", person.carrier_ref)
    for document in traveller.documents:
        if document.number:
            key = (document.kind, document.issuer, "".join(document.number.upper().split()))
            if name:
                yield 2, (crew, "document", key, name)
            if traveller.born_on is not None:
                yield 2, (crew, "document", key, traveller.born_on)
    if name and traveller.born_on is not None:
        yield 3, (crew, "name", name, traveller.born_on)


def folded_name(traveller: Traveller) -> str:
    """Return the name for comparison; ``""`` unless both of its parts are given."""
    if not traveller.family_name or not traveller.given_names:
        return ""
    return "".join(f"{traveller.family_name}/{traveller.given_names}".casefold().split())
