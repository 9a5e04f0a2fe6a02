"""What the rules' texts say of one person at one place and moment: a second opinion, which knows nothing of the code.

Written from the texts (the regulations that the rulebook cites, the issue and the design) as straight sentences by
date, not as tables, so that it does not repeat the rule engine's mistakes. It imports nothing of Fairgate; a test holds
that. Only the simulation reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum


class Asked(StrEnum):
    """What the text says to a person who stands before a camera."""

    REQUIRED = "required"
    VOLUNTARY = "voluntary"
    NOT_ASKED = "not asked"


class Standing(StrEnum):
    """What a person is to the state whose text is read."""

    CITIZEN = "citizen"
    NATIONAL = "national"
    RESIDENT = "resident"
    ALIEN = "alien"
    UNKNOWN = "unknown"


class Kept(StrEnum):
    """What may be kept of a person, in the words of the issue."""

    PHOTO = "photo"
    TEMPLATE = "template"
    PASSENGER_LIST = "passenger_list"
    CROSSING = "crossing"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Person:
    """One person's facts, as the world has them.

    Args:
        nationalities: three-letter codes, the first listed first; none where nobody knows.
        born_on: date of birth, where known.
        documents: kind and issuer of each, e.g. ``("P", "USA")``.
        resident: holds a residents' card of the state.
        visa_class: e.g. ``"A-1"``, or ``""``.
        on_waiver: travels without a visa under a waiver.
        trusted_traveller: is a member of a trusted traveller programme, of which no text makes a difference.
        alone: nobody answerable for a child stands beside them; ``None`` where nobody looked.
        seen_as: ``"child"`` or ``"adult"`` where somebody at the lane said so, else ``""``.
    """

    nationalities: tuple[str, ...] = ()
    born_on: date | None = None
    documents: tuple[tuple[str, str], ...] = ()
    resident: bool = False
    visa_class: str = ""
    on_waiver: bool = False
    trusted_traveller: bool = False
    alone: bool | None = None
    seen_as: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and which way a border is crossed.

    Args:
        direction: ``"entry"`` or ``"exit"``.
        lane: the kind of place, e.g. ``"boarding"``.
        port: its code.
        zone: in which its day begins.
    """

    direction: str
    lane: str
    port: str
    zone: tzinfo

    def day(self, moment: datetime) -> date:
        """Return the port's own calendar day."""
        return moment.astimezone(self.zone).date()


def most_protective(*readings: Asked) -> Asked:
    """Return the reading that protects a person the most: not being asked, then being free to decline."""
    for best in (Asked.NOT_ASKED, Asked.VOLUNTARY):
        if best in readings:
            return best
    return Asked.REQUIRED


def surely_reached(years: int, person: Person, on: date) -> bool:
    """Say whether somebody has that birthday behind them on a day, whichever day a leap-day birth is celebrated on."""
    if person.born_on is None or person.born_on > on:
        return False
    return _birthday(person.born_on, years, early=False) <= on


def perhaps_reached(years: int, person: Person, on: date) -> bool:
    """Say whether somebody may have that birthday behind them on a day; true where the birth date is not known."""
    if person.born_on is None or person.born_on > on:
        return True
    return _birthday(person.born_on, years, early=True) <= on


def is_child_alone(person: Person, on: date, *, guarded_years: int, child_years: int) -> bool:
    """Say whether a machine would ask a child by itself: nobody has said that a guardian is there.

    Args:
        person: who.
        on: the day.
        guarded_years: from which age on nobody needs a guardian.
        child_years: from which age on nobody is called a child at the lane.
    """
    if person.alone is False:
        return False
    if person.born_on is None and person.seen_as == "adult":
        return False
    said = person.seen_as == "child" and guarded_years > 0 and child_years > 0
    return said or not surely_reached(guarded_years, person, on)


def in_care(person: Person, on: date, *, child_years: int, older_years: int) -> bool:
    """Say whether somebody is, or may be, a child or an older person, of whom nothing is kept without a match."""
    if person.seen_as == "child":
        return True
    if person.born_on is None and person.seen_as == "adult":
        return False
    return not surely_reached(child_years, person, on) or perhaps_reached(older_years, person, on)


def years_after(moment: datetime, years: int) -> datetime:
    """Return the same moment years later; 29 February becomes the 28th, so that nothing is kept a day too long."""
    since = moment.astimezone(UTC)
    if (since.month, since.day) == (2, 29) and not _leap(since.year + years):
        return since.replace(year=since.year + years, day=28)
    return since.replace(year=since.year + years)


def hours_after(moment: datetime, hours: int) -> datetime:
    """Return the moment that many hours later, in UTC."""
    return moment.astimezone(UTC) + timedelta(hours=hours)


def _birthday(born: date, years: int, *, early: bool) -> date:
    year = born.year + years
    if (born.month, born.day) == (2, 29) and not _leap(year):
        return date(year, 2, 28) if early else date(year, 3, 1)
    return date(year, born.month, born.day)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
