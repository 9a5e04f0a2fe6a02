"""A passenger list as plain objects, for JSON and CSV: dataclasses to dictionaries and back, strictly.

The names are those of the facts (docs/reference/passenger-lists.md lists them). What is at its default is left out;
dates and times are ISO 8601. Nothing is guessed: a name that is unknown, a value of another kind, an invisible
character are refused.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Union, cast, get_args, get_origin, get_type_hints

from fairgate.errors import PapersError
from fairgate.papers.edifact.characters import is_visible
from fairgate.papers.paxlst.facts import FlightLeg, ListedPerson, MessageFacts, PassengerList, Role, passenger_ref
from fairgate.papers.paxlst.reading import MAX_PEOPLE
from fairgate.vocabulary import Traveller

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORM = "fairgate.passenger-list.1"
"""Name and version of this form."""
MAX_ITEMS = 10_000
"""Most items of one field of one person or of the list."""
MAX_TEXT = 2000

_KINDS: dict[type[object], dict[str, object]] = {}
_OWN = frozenset({"passenger_ref"})
"""Fields that follow from the place in the list."""


def to_form(listed: PassengerList) -> dict[str, Any]:
    """Return a list as plain objects; its findings are not part of it."""
    return {
        "form": FORM,
        "message": plain(listed.message),
        "legs": [plain(leg) for leg in listed.legs],
        "people": [person_to_form(person) for person in listed.people],
    }


def from_form(form: object) -> PassengerList:
    """Return the list that plain objects describe.

    Raises:
        PapersError: saying which field is wrong.
    """
    given = _mapping(form, "the list")
    if given.get("form") != FORM:
        raise _refused("form", f"is not {FORM}")
    if unknown := sorted(set(given) - {"form", "message", "legs", "people"}):
        raise _refused(unknown[0], "is unknown")
    people = _sequence(given.get("people", []), "people", MAX_PEOPLE)
    if not people:
        raise _refused("people", "names nobody")
    return PassengerList(
        cast(MessageFacts, made(MessageFacts, given.get("message", {}), "message")),
        cast(tuple[FlightLeg, ...], made(tuple[FlightLeg, ...], given.get("legs", []), "legs")),
        tuple(person_from_form(person, place) for place, person in enumerate(people, start=1)),
    )


def person_to_form(person: ListedPerson) -> dict[str, Any]:
    """Return one person with the traveller's fields beside the list's."""
    form = _fields(person)
    del form["traveller"]
    return {"role": person.role.value, **_fields(person.traveller), **form}


def person_from_form(form: object, place: int) -> ListedPerson:
    """Return the person at a place of the list, from 1.

    Raises:
        PapersError: saying which field is wrong.
    """
    where = f"people.{place}"
    given = _mapping(form, where)
    own = {field.name for field in fields(Traveller)} - _OWN
    traveller = {name: value for name, value in given.items() if name in own}
    rest = {name: value for name, value in given.items() if name not in own}
    if "traveller" in rest:
        raise _refused(f"{where}.traveller", "is unknown")
    rest["traveller"] = {"family_name": "", "given_names": "", **traveller, "passenger_ref": passenger_ref(place)}
    return cast(ListedPerson, made(ListedPerson, rest, where))


def plain(value: object) -> object:
    """Return facts as dictionaries, lists, texts, numbers and booleans, without what is at its default."""
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value


def _fields(facts: DataclassInstance) -> dict[str, object]:
    return {
        field.name: plain(given)
        for field in fields(facts)
        if field.name not in _OWN and (given := getattr(facts, field.name)) != field.default
    }


def made(kind: object, value: object, where: str) -> object:
    """Return facts of a kind from plain objects.

    Args:
        kind: the type wanted: a dataclass of facts, a tuple of one kind, a text, number, boolean, date or enumeration.
        value: plain objects; a number or boolean may stand as text.
        where: path of the value, for the refusal.

    Raises:
        PapersError: the value is of another kind.
    """
    if get_origin(kind) in (Union, types.UnionType):
        if value is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not types.NoneType)
    if get_origin(kind) is tuple:
        items = _sequence(value, where, MAX_ITEMS)
        return tuple(made(get_args(kind)[0], item, f"{where}.{place}") for place, item in enumerate(items, start=1))
    if isinstance(kind, type) and is_dataclass(kind):
        return _facts(kind, _mapping(value, where), where)
    return _scalar(kind, value, where)


def _facts(kind: type[object], given: Mapping[str, object], where: str) -> object:
    kinds = _kinds(kind)
    if unknown := sorted(set(given) - set(kinds)):
        raise _refused(f"{where}.{unknown[0]}", "is unknown")
    values = {name: made(kinds[name], value, f"{where}.{name}") for name, value in given.items()}
    for field in fields(cast("type[DataclassInstance]", kind)):
        if field.name not in values and field.default is MISSING:
            if kinds[field.name] is not str:
                raise _refused(f"{where}.{field.name}", "is missing")
            values[field.name] = ""
    return kind(**values)


def _kinds(kind: type[object]) -> dict[str, object]:
    if kind not in _KINDS:
        _KINDS[kind] = get_type_hints(kind)
    return _KINDS[kind]


def _scalar(kind: object, value: object, where: str) -> object:
    if kind is bool:
        if value in (True, "true"):
            return True
        if value in (False, "false"):
            return False
        raise _refused(where, "is neither true nor false")
    if kind is int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
            raise _refused(where, "is no number")
        return value
    if not isinstance(value, str):
        raise _refused(where, "is no text")
    if kind is str:
        if len(value) > MAX_TEXT or value != value.strip() or not (value.isprintable() or all(map(is_visible, value))):
            raise _refused(where, "is too long, begins or ends with a space, or holds an invisible character")
        return value
    try:
        if kind is datetime:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None or moment.second or moment.microsecond:
                raise ValueError
            return moment
        return date.fromisoformat(value) if kind is date else Role(value)
    except ValueError:
        wanted = "local time like 2026-11-22T09:00" if kind is datetime else "date like 2026-11-22"
        raise _refused(where, "is no role" if kind is Role else f"is no {wanted}") from None


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _refused(where, "is no object")
    return value


def _sequence(value: object, where: str, most: int) -> list[object]:
    if not isinstance(value, list):
        raise _refused(where, "is no list")
    if len(value) > most:
        raise _refused(where, f"has more than {most} items")
    return value


def _refused(where: str, what: str) -> PapersError:
    shown = where if where.isprintable() and len(where) < 100 else "A name"
    return PapersError(f"{shown} {what}.", position=0, way_out="docs/reference/passenger-lists.md has the form.")
