"""The text for the borders of the United States, before and from 26 December 2025, as sentences; see rules_by_the_text.

Source: 8 CFR 215.8 and 235.1 as in force until 2025-12-25 and as amended by 90 FR 48604; 69 FR 46556 for the pilot
ports; issue and design for what may be kept. Where a source was not seen, the rulebook says so, and it holds here too.
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
    most_protective,
    perhaps_reached,
    surely_reached,
    years_after,
)

THE_CHANGE = date(2025, 12, 26)
"""From this day every alien may be photographed, on entry and on departure, at every port. Source: 90 FR 48604."""

FIRST_DAY = date(2018, 11, 14)
"""Before the service was described, no text of it speaks. Source: DHS/CBP/PIA-056."""

_STATES_OWN = ("USA", "US", "ASM", "GUM", "MNP", "PRI", "UMI", "VIR")
"""The state, and territories whose people are its citizens or nationals. Source: 8 U.S.C. 1101(a)(22), 1408."""

_NATIONALS_ONLY = ("ASM",)
"""American Samoa: born there, a national and not a citizen. Source: 8 U.S.C. 1408(1)."""

_NAMES_NO_STATE = ("", "XXX", "UNK", "UNO", "UNA", "XXU")

_PILOT_AIRPORTS = ("BWI", "ORD", "ATL", "DFW", "DEN", "DTW", "EWR", "PHL", "PHX", "SFO", "SJU", "SEA")
_PILOT_SEAPORTS = ("MIASEA", "LAXSEA")
"""Where departure was a pilot. Source: 69 FR 46556."""

_OFFICIAL_VISAS = (
    *("A-1", "A-2", "C-3", "G-1", "G-2", "G-3", "G-4"),
    *("NATO-1", "NATO-2", "NATO-3", "NATO-4", "NATO-5", "NATO-6"),
)
"""Source: 8 CFR 215.8(a)(2)(ii)."""


def standing(person: Person) -> Standing:
    """Return what somebody is to the United States; one nationality of theirs, or one passport, makes a citizen."""
    own = [code for code in person.nationalities if code in _STATES_OWN]
    if any(code not in _NATIONALS_ONLY for code in own):
        return Standing.CITIZEN
    issued = [kind for kind, issuer in person.documents if issuer in _STATES_OWN and issuer not in _NATIONALS_ONLY]
    if any(kind[:1] == "P" or kind == "IP" for kind in issued):
        return Standing.CITIZEN
    if own:
        return Standing.NATIONAL
    if person.resident:
        return Standing.RESIDENT
    if any(code not in _NAMES_NO_STATE for code in person.nationalities):
        return Standing.ALIEN
    return Standing.UNKNOWN


def asked(person: Person, place: Place, moment: datetime) -> Asked:
    """Return what the text says to a person at a place, on the port's own day."""
    on = place.day(moment)
    if on < FIRST_DAY:
        return Asked.NOT_ASKED
    if is_child_alone(person, on, guarded_years=14, child_years=14):
        return Asked.NOT_ASKED  # An unaccompanied child is never asked by a machine alone.
    match standing(person):
        case Standing.CITIZEN | Standing.NATIONAL:
            # Both texts speak of aliens, and neither of them is one: they may help, and may decline.
            return Asked.VOLUNTARY
        case Standing.RESIDENT | Standing.ALIEN:
            return _alien_asked(person, place, on)
        case Standing.UNKNOWN:
            return most_protective(Asked.VOLUNTARY, _alien_asked(person, place, on))


def _alien_asked(person: Person, place: Place, on: date) -> Asked:
    if on >= THE_CHANGE:
        return Asked.REQUIRED
    if not surely_reached(14, person, on) or perhaps_reached(80, person, on):
        return Asked.NOT_ASKED
    if exempt(person, on):
        return Asked.NOT_ASKED
    if place.direction == "entry":
        return Asked.REQUIRED
    # Departure was a pilot at some airports and seaports; which land ports had one was not found, so none is taken to.
    at_pilot = place.port in _PILOT_AIRPORTS or place.port in _PILOT_SEAPORTS
    beside_ship_or_aircraft = place.lane in ("boarding", "sea", "officer_phone")
    return Asked.REQUIRED if at_pilot and beside_ship_or_aircraft else Asked.NOT_ASKED


def cared_for(person: Person, place: Place, moment: datetime) -> bool:
    """Say whether somebody is, or may be, under 14 or over 79."""
    return in_care(person, place.day(moment), child_years=14, older_years=80)


def exempt(person: Person, on: date) -> bool:
    """Say whether an alien is exempt by nationality or visa on a day; from the change on nobody is, for photographs."""
    if on >= THE_CHANGE:
        return False
    if "CAN" in person.nationalities and not person.resident and person.visa_class in ("", "B-1", "B-2"):
        return True  # A Canadian on a visit for business or pleasure.
    if "TWN" in person.nationalities and person.visa_class == "E-1":
        return True
    return person.visa_class in _OFFICIAL_VISAS


def kept_until(kept: Kept, person: Person, place: Place, since: datetime) -> datetime:
    """Return the moment at which a record made at a moment must be gone.

    A captured photo goes after twelve hours, whoever it shows: every capture starts in the class of the shortest
    deadline, and nothing in the simulation asks for a longer one. A list goes after a year.
    """
    who = standing(person)
    match kept:
        case Kept.PHOTO:
            return hours_after(since, 12)
        case Kept.TEMPLATE:
            spared = exempt(person, place.day(since)) or not _known_to_be_asked_by_age(person, place.day(since))
            if who in (Standing.CITIZEN, Standing.NATIONAL, Standing.UNKNOWN) or spared:
                return hours_after(since, 12)
            return hours_after(since, 14 * 24)
        case Kept.PASSENGER_LIST:
            return years_after(since, 1)
        case Kept.CROSSING | Kept.CASE:
            return years_after(since, 75 if who is Standing.ALIEN else 15)


def _known_to_be_asked_by_age(person: Person, on: date) -> bool:
    if on >= THE_CHANGE:
        return True
    return surely_reached(14, person, on) and not perhaps_reached(80, person, on)
