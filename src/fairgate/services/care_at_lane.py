"""Children and older people at a lane: who they are taken for, and what is kept when the machine does not match them.

For them the answer is *match* or *manual check*. A manual check looks the same whatever its cause: it names nobody, no
component and no threshold, keeps no photo, no features and no times, and puts no earlier match in doubt. What failed is
not known afterwards, so nothing of it can follow a child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fairgate.rules.permission import Permission
from fairgate.services.permissions import LaneRules
from fairgate.vocabulary import AgeBand, BiometricClaim, Guardian, OfficerReason, SeeOfficer, Traveller

MANUAL_CHECK = SeeOfficer(OfficerReason.MANUAL_CHECK)
IN_CARE = frozenset({AgeBand.CHILD, AgeBand.OLDER})


@dataclass(frozen=True, slots=True)
class CareAtLane:
    """The rulebook's bands of age, as one lane applies them.

    Args:
        rules: say where the bands end, and the port's day.
    """

    rules: LaneRules

    def bands(self, traveller: Traveller | None, claim: BiometricClaim, at: datetime) -> frozenset[AgeBand]:
        """Return every band that somebody may be in.

        A date of birth on the list and a band said at the lane both count. Who is known without either may be of any
        age. Of somebody whom nobody knows and of whom nobody said anything there is nothing to protect: no record names
        them.

        Args:
            traveller: who they are by claim or match; ``None`` where nobody knows.
            claim: what was said at the lane.
            at: when.
        """
        said = frozenset({claim.age_band} if claim.age_band is not None else ())
        if traveller is None:
            return said
        if traveller.born_on is None or traveller.born_on > self.rules.day(at):
            return said or frozenset(AgeBand)
        by_date = self.rules.care(at).groups(traveller.born_on, self.rules.day(at))
        return said | {AgeBand(group.value) for group in by_date}

    def applies(self, traveller: Traveller | None, claim: BiometricClaim, at: datetime) -> bool:
        """Say whether somebody is, or may be, a child or an older person."""
        return not IN_CARE.isdisjoint(self.bands(traveller, claim, at))

    def alone(self, claim: BiometricClaim, at: datetime) -> bool:
        """Say whether a child, by what was said at the lane, stands there without anybody answerable for it."""
        needed = self.rules.care(at).guardian_required_under > 0
        return needed and claim.age_band is AgeBand.CHILD and claim.guardian is not Guardian.PRESENT

    def alone_by_list(self, permission: Permission, traveller: Traveller, claim: BiometricClaim) -> bool:
        """Say the same by the list; who has no date of birth there is no child where the lane said so."""
        return permission.guardian_needed and not self.is_said_grown(traveller, claim)

    def is_said_grown(self, traveller: Traveller, claim: BiometricClaim) -> bool:
        """Say whether somebody without a date of birth is no child, as was said at the lane; they need no guardian."""
        return traveller.born_on is None and claim.age_band in {AgeBand.ADULT, AgeBand.OLDER}


def bands_of(rules: LaneRules, travellers: Mapping[str, Traveller], at: datetime) -> dict[str, str]:
    """Return everybody's band of age on a day, by passenger reference; ``unknown`` where more than one is possible."""
    care, day = rules.care(at), rules.day(at)
    found = {}
    for passenger_ref, traveller in travellers.items():
        bands = care.groups(traveller.born_on, day)
        found[passenger_ref] = next(iter(bands)).value if len(bands) == 1 else "unknown"
    return found


def is_older(taken_on: date | None, years: int, today: date) -> bool:
    """Say whether a photo is known to be older than so many years; of an unknown day, or a day to come, it is not.

    A photo of 29 February has its day on 28 February in a year without one: the limit is never passed unnoticed.
    """
    if taken_on is None or taken_on > today:
        return False
    leap_day = (taken_on.month, taken_on.day) == (2, 29)
    day = 28 if leap_day else taken_on.day
    return (today.year, today.month, today.day) > (taken_on.year + years, taken_on.month, day)
