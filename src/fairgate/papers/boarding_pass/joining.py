"""Which entry of a passenger list a boarding pass belongs to.

Reservation, name and seat are compared, exactly but for what the bar code cannot hold: it has 20 characters for the
name, no accents, and often a title behind the given names. Nothing is guessed at; who is not told apart is reported as
several, for an officer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from fairgate.papers.boarding_pass.facts import BoardingPass, PassLeg
from fairgate.papers.boarding_pass.items import NAME_LENGTH
from fairgate.papers.paxlst.facts import ListedPerson, PassengerList

TITLES = ("MISS", "MSTR", "MRS", "MR", "MS", "DR", "PROF", "CHD", "INF")
"""Titles that carriers put behind the given names without a space."""
_SPELLED = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "Å": "AA", "Æ": "AE", "Ø": "OE", "Þ": "TH"})
"""Transliteration of national letters. Source: ICAO Doc 9303-3, section 6 A."""
_BARE = str.maketrans({"ß": "SS", "Æ": "AE", "Ø": "O", "Þ": "TH", "Ł": "L", "Đ": "D", "Ð": "D", "Ħ": "H", "İ": "I"})


class JoinKey(NamedTuple):
    """What joins a scan to a list's entry.

    Args:
        flight: designator without leading zeros.
        reservation: the carrier's reservation reference.
        name: as on the pass.
        seat: without leading zeros, ``""`` for an infant's or where not given.
        sequence: check-in number without leading zeros.
    """

    flight: str
    reservation: str
    name: str
    seat: str
    sequence: str


class Agreement(StrEnum):
    """How one fact of pass and list compare."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_GIVEN = "not_given"


@dataclass(frozen=True, slots=True)
class Joined:
    """An entry that the pass may belong to.

    Args:
        person: of the list.
        reservation, name, seat: how they compare.
    """

    person: ListedPerson
    reservation: Agreement
    name: Agreement
    seat: Agreement


def join_key(boarding_pass: BoardingPass, leg: PassLeg) -> JoinKey:
    """Return what joins one flight of a pass to an entry."""
    return JoinKey(leg.designator, leg.reservation, boarding_pass.name, _seat(leg.seat), leg.sequence.lstrip("0"))


def legs_on(boarding_pass: BoardingPass, listed: PassengerList) -> tuple[PassLeg, ...]:
    """Return the pass's flights that the list is about: designator and places agree."""
    flights = {(leg.designator, leg.departs_from) for leg in listed.legs}
    return tuple(leg for leg in boarding_pass.legs if (leg.designator, leg.departs_from) in flights)


def entries_for(boarding_pass: BoardingPass, leg: PassLeg, listed: PassengerList) -> tuple[Joined, ...]:
    """Return the entries that the pass may belong to: exactly one is an answer, none or several are for an officer.

    An entry stands where the name agrees and neither reservation nor seat differs. Where several do, those whose seat
    or reservation agrees stand before those that do not give them.
    """
    found: list[Joined] = []
    for person in listed.people:
        if person.role.is_crew or not _same_name(boarding_pass, person):
            continue
        reservation = _compared(leg.reservation.upper(), person.reservation.upper())
        seat = _compared(_seat(leg.seat), _seat(person.details.seat))
        if Agreement.DIFFERS not in (reservation, seat):
            found.append(Joined(person, reservation, Agreement.AGREES, seat))
    best = max((_strength(one) for one in found), default=0)
    return tuple(one for one in found if _strength(one) == best)


def _strength(joined: Joined) -> int:
    return (joined.reservation is Agreement.AGREES) + (joined.seat is Agreement.AGREES)


def _compared(one: str, other: str) -> Agreement:
    if not one or not other:
        return Agreement.NOT_GIVEN
    return Agreement.AGREES if one == other else Agreement.DIFFERS


def _seat(text: str) -> str:
    seat = text.lstrip("0").upper()
    return "" if seat == "INF" else seat


def _same_name(boarding_pass: BoardingPass, person: ListedPerson) -> bool:
    """Tell whether the pass's name is the listed one, as far as its 20 characters go."""
    is_cut = len(boarding_pass.name) == NAME_LENGTH
    listed = f"{person.traveller.family_name}/{person.traveller.given_names}"
    passed = _words(boarding_pass.name, _BARE)
    return any(_agree(passed, _words(listed, table), is_cut) for table in (_BARE, _SPELLED))


def _agree(passed: _Words, listed: _Words, is_cut: bool) -> bool:
    """Tell whether two names agree: the same family name, and given names of which one begins the other."""
    if not passed.has_given:
        return is_cut and bool(passed.family) and listed.family.startswith(passed.family)
    if passed.family != listed.family:
        return False
    given, other = "".join(passed.given), "".join(listed.given)
    if not given or not other:
        return given == other or (is_cut and not given)
    if is_cut and other.startswith(given):
        return True
    return given in _beginnings(listed.given) or other in _beginnings(passed.given)


def _beginnings(words: list[str]) -> set[str]:
    return {"".join(words[:count]) for count in range(1, len(words) + 1)}


class _Words(NamedTuple):
    """A name's letters: the family name's together, the given names word by word, without a title."""

    family: str
    given: list[str]
    has_given: bool


def _words(name: str, table: Mapping[int, str]) -> _Words:
    family, slash, names = name.partition("/")
    given = [folded for word in names.split() if (folded := _folded(word, table))]
    if given and given[-1] in TITLES and len(given) > 1:
        given.pop()
    elif given:
        title = next((title for title in TITLES if given[-1].endswith(title) and len(given[-1]) > len(title) + 1), "")
        given[-1] = given[-1].removesuffix(title)
    return _Words(_folded(family, table), given, bool(slash))


def _folded(text: str, table: Mapping[int, str]) -> str:
    """Return a text's letters as a bar code may hold them: accents dropped, or national letters spelled out."""
    parts = unicodedata.normalize("NFKD", text.upper().translate(table))
    return "".join(mark for mark in parts if mark.isascii() and mark.isalpha())
