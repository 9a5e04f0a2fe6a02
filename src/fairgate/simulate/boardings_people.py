"""The people of the simulated boardings: drawn so that every sentence of the rules meets somebody at its edge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from fairgate.simulate.boardings_chance import Chance
from fairgate.simulate.rules_by_the_text import Person
from fairgate.vocabulary import TravelDocument, Traveller


@dataclass(frozen=True, slots=True)
class Home:
    """The state whose borders are crossed, as papers name it.

    Args:
        code: of its citizens.
        further_codes: of others whose people are its own.
        residents_card: kind of document by which a permanent resident is known.
    """

    code: str
    further_codes: tuple[str, ...]
    residents_card: str


HOMES = {
    "us-cbp": Home("USA", ("PRI", "GUM", "ASM"), "C1"),
    "example-eu-ees": Home("QMA", ("QMB", "QMC"), "IR"),
}
"""By rulebook."""

_ELSEWHERE = ("DEU", "GBR", "MEX", "IND", "BRA", "NGA", "JPN", "FRA", "D")
_VISAS = ("B-2", "F-1", "H-1B", "L-1", "C-1", "C", "D")
_OFFICIALS = ("A-1", "A-2", "C-3", "G-1", "G-4", "NATO-2")
_NOBODY_KNOWS = ("", "XXX", "UNK")
_SHARES = {
    "citizen": 36,
    "citizen_by_second_nationality": 3,
    "citizen_by_document": 2,
    "of_further_code": 5,
    "resident": 9,
    "visitor": 22,
    "on_waiver": 9,
    "canadian": 5,
    "canadian_on_visa": 1,
    "taiwan_official": 1,
    "canadian_by_second_nationality": 1,
    "official": 4,
    "unknown": 4,
}
_LEAP_DAYS = (date(2008, 2, 29), date(2012, 2, 29), date(1944, 2, 29), date(1948, 2, 29))
_GUARDED_YEARS = 17


def draw_person(draw: Chance, home: Home, around: date) -> Person:
    """Return somebody who crosses the border around a day.

    Args:
        draw: the source of chance.
        home: the state whose border it is.
        around: the day near which the youngest and the oldest have their birthdays.
    """
    born_on = _birth_date(draw, around)
    young = born_on is not None and around.year - born_on.year <= _GUARDED_YEARS
    own = draw.one_of(_ELSEWHERE)
    visitor = Person(
        nationalities=(own,),
        born_on=born_on,
        documents=(("P", own),),
        trusted_traveller=draw.happens(0.08),
        alone=draw.one_of((True, False, False, False, None)) if young or born_on is None else None,
        seen_as=_seen_as(draw, born_on, around),
    )
    code, unknown = draw.one_of(home.further_codes), draw.one_of(_NOBODY_KNOWS)
    kinds = {
        "citizen": replace(visitor, nationalities=(home.code,), documents=(("P", home.code),)),
        "citizen_by_second_nationality": replace(visitor, nationalities=(own, home.code)),
        "citizen_by_document": replace(visitor, documents=(("P", own), ("P", home.code))),
        "of_further_code": replace(visitor, nationalities=(code,), documents=(("P", code),)),
        "resident": replace(visitor, documents=(("P", own), (home.residents_card, home.code)), resident=True),
        "visitor": replace(visitor, visa_class=draw.one_of(_VISAS)),
        "on_waiver": replace(visitor, on_waiver=True),
        "canadian": replace(visitor, nationalities=("CAN",), documents=(("P", "CAN"),)),
        "canadian_on_visa": replace(visitor, nationalities=("CAN",), visa_class=draw.one_of(("B-1", "F-1"))),
        "taiwan_official": replace(visitor, nationalities=("TWN",), visa_class="E-1"),
        "canadian_by_second_nationality": replace(visitor, nationalities=(own, "CAN")),
        "official": replace(visitor, visa_class=draw.one_of(_OFFICIALS)),
        "unknown": replace(visitor, nationalities=(unknown,), documents=(("P", "XXX"),)),
    }
    return kinds[draw.weighted(_SHARES)]


def traveller_of(person: Person, passenger_ref: str, number: int) -> Traveller:
    """Return the person as a passenger list describes them; a list knows less than the world does."""
    return Traveller(
        passenger_ref=passenger_ref,
        family_name="Doe",
        given_names=f"Number {number}",
        born_on=person.born_on,
        sex="FMX"[number % 3],
        nationality=person.nationalities[0] if person.nationalities else "",
        documents=tuple(
            TravelDocument(kind, f"{number}{'ABC'[place]}", issuer)
            for place, (kind, issuer) in enumerate(person.documents)
        ),
        further_nationalities=person.nationalities[1:],
        visa_class=person.visa_class,
        on_waiver=person.on_waiver,
        trusted_traveller=person.trusted_traveller,
    )


def _seen_as(draw: Chance, born_on: date | None, around: date) -> str:
    """Return what somebody at the lane says of a person's age, if anything: of children often, of the unlisted too."""
    if born_on is None:
        return draw.one_of(("adult", ""))
    return "child" if (around - born_on).days < 11 * 365 and draw.happens(0.5) else ""


def _birth_date(draw: Chance, around: date) -> date | None:
    """Return a birth date, often one whose 14th or 80th birthday lies within three days, sometimes none."""
    chance = draw.between(0, 1)
    if chance < 0.03:
        return None
    if chance < 0.06:
        return draw.one_of(_LEAP_DAYS)
    if chance < 0.22:
        birthday = around + timedelta(days=draw.count(-3, 3))
        years = draw.one_of((14, 80))
        is_leap_day = (birthday.month, birthday.day) == (2, 29)
        return date(birthday.year - years, birthday.month, 28 if is_leap_day else birthday.day)
    return around - timedelta(days=draw.count(1 * 365, 95 * 365) if chance < 0.4 else draw.count(7000, 26000))
