"""The text after the change that is adopted in the middle of the simulation: two sentences laid over each text.

From the first day of the change, at the port: in the United States an alien under 14 or over 79 is free to decline on
departure, and an alien's template goes after seven days instead of fourteen. In the invented union its own citizens
may take part if they like, and a foreigner's template goes after a day instead of two.
"""

from __future__ import annotations

from datetime import date, datetime

from fairgate.simulate import rules_by_the_text_example, rules_by_the_text_us
from fairgate.simulate.rules_by_the_text import (
    Asked,
    Kept,
    Person,
    Place,
    Standing,
    hours_after,
    is_child_alone,
    most_protective,
    perhaps_reached,
    surely_reached,
)

FIRST_DAY = date(2025, 12, 27)
"""On which the change takes effect, at each port at its own midnight."""


class UnitedStates:
    """The text for the United States, with the change from its first day on."""

    def standing(self, person: Person) -> Standing:
        """Return what somebody is to the United States."""
        return rules_by_the_text_us.standing(person)

    def cared_for(self, person: Person, place: Place, moment: datetime) -> bool:
        """Say whether somebody is, or may be, a child or an older person."""
        return rules_by_the_text_us.cared_for(person, place, moment)

    def asked(self, person: Person, place: Place, moment: datetime) -> Asked:
        """Return what the text says to a person at a place."""
        before, on = rules_by_the_text_us.asked(person, place, moment), place.day(moment)
        if on < FIRST_DAY or place.direction == "entry" or before is not Asked.REQUIRED:
            return before
        young_or_old = not surely_reached(14, person, on) or perhaps_reached(80, person, on)
        return Asked.VOLUNTARY if young_or_old else before

    def kept_until(self, kept: Kept, person: Person, place: Place, since: datetime) -> datetime:
        """Return when a record made at a moment must be gone."""
        before = rules_by_the_text_us.kept_until(kept, person, place, since)
        if kept is Kept.TEMPLATE and place.day(since) >= FIRST_DAY:
            return min(before, hours_after(since, 7 * 24))
        return before


class ExampleUnion:
    """The text of the invented union, with the change from its first day on."""

    def standing(self, person: Person) -> Standing:
        """Return what somebody is to the union."""
        return rules_by_the_text_example.standing(person)

    def cared_for(self, person: Person, place: Place, moment: datetime) -> bool:
        """Say whether somebody is, or may be, a child or an older person."""
        return rules_by_the_text_example.cared_for(person, place, moment)

    def asked(self, person: Person, place: Place, moment: datetime) -> Asked:
        """Return what the text says to a person at a place."""
        before, on = rules_by_the_text_example.asked(person, place, moment), place.day(moment)
        if on < FIRST_DAY or place.lane in ("officer_phone", "traveller_phone"):
            return before
        if is_child_alone(person, on, guarded_years=16, child_years=12):
            return Asked.NOT_ASKED
        match self.standing(person):
            case Standing.CITIZEN:
                return Asked.VOLUNTARY
            case Standing.UNKNOWN:
                stranger = Asked.NOT_ASKED if person.visa_class == "D" else Asked.REQUIRED
                return most_protective(Asked.VOLUNTARY, stranger)
            case _:
                return before

    def kept_until(self, kept: Kept, person: Person, place: Place, since: datetime) -> datetime:
        """Return when a record made at a moment must be gone."""
        before = rules_by_the_text_example.kept_until(kept, person, place, since)
        if kept is Kept.TEMPLATE and place.day(since) >= FIRST_DAY:
            return min(before, hours_after(since, 24))
        return before
