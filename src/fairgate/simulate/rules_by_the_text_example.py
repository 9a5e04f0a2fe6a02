"""The text of the invented union, as sentences; see rules_by_the_text.

Source: Example Regulation 1, articles 2, 3, 15 and 34, and Example Regulation 2, article 8: all invented.
"""

from __future__ import annotations

from datetime import date, datetime

from fairgate.simulate.rules_by_the_text import (
    Asked,
    Kept,
    Person,
    Place,
    Standing,
    hours_after,
    in_care,
    is_child_alone,
    years_after,
)

_FIRST_DAY, _LAST_DAY = date(2025, 10, 12), date(2030, 12, 31)
_MEMBERS = ("QMA", "QMB", "QMC")
_NAMES_NO_STATE = ("", "XXX", "UNK", "UNO", "UNA", "XXU")
_NO_CAMERA = ("officer_phone", "traveller_phone")


def standing(person: Person) -> Standing:
    """Return what somebody is to the union: its citizen by nationality, passport or identity card, or of elsewhere."""
    if any(code in _MEMBERS for code in person.nationalities):
        return Standing.CITIZEN
    if any(kind[:1] in ("P", "I") and kind != "IR" for kind, issuer in person.documents if issuer in _MEMBERS):
        return Standing.CITIZEN  # A residents' card is an identity card that the union issues to foreigners.
    if any(code not in _NAMES_NO_STATE for code in person.nationalities):
        return Standing.RESIDENT if person.resident else Standing.ALIEN
    return Standing.UNKNOWN


def asked(person: Person, place: Place, moment: datetime) -> Asked:
    """Return what the text says to a person at a place, on the port's own day: of the union's own, nobody is asked."""
    on = place.day(moment)
    if not _FIRST_DAY <= on <= _LAST_DAY or place.lane in _NO_CAMERA:
        return Asked.NOT_ASKED
    if standing(person) in (Standing.CITIZEN, Standing.UNKNOWN):
        return Asked.NOT_ASKED
    if person.visa_class == "D":
        return Asked.NOT_ASKED  # Long stays are another law's.
    if is_child_alone(person, on, guarded_years=16, child_years=12):
        return Asked.NOT_ASKED
    return Asked.REQUIRED


def cared_for(person: Person, place: Place, moment: datetime) -> bool:
    """Say whether somebody is, or may be, under 12 or 75 and older."""
    return in_care(person, place.day(moment), child_years=12, older_years=75)


def kept_until(kept: Kept, person: Person, place: Place, since: datetime) -> datetime:
    """Return the moment at which a record made at a moment must be gone."""
    match kept:
        case Kept.PHOTO:
            return hours_after(since, 1)  # Whose it is, is not known when it is taken: a citizen's hour holds.
        case Kept.TEMPLATE:
            is_of_elsewhere = standing(person) in (Standing.ALIEN, Standing.RESIDENT)
            return hours_after(since, 48 if is_of_elsewhere else 1)
        case Kept.PASSENGER_LIST:
            return hours_after(since, 30 * 24)
        case Kept.CROSSING | Kept.CASE:
            return years_after(since, 3)
