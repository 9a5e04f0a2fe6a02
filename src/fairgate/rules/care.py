"""Children and older people: their age bands, who stands beside a child, and how old a reference photo may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from fairgate.rules.ages import possible_ages
from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table


class AgeGroup(StrEnum):
    """The age bands that a rulebook tells apart."""

    CHILD = "child"
    ADULT = "adult"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Care:
    """What a rulebook says of the young and the old.

    Args:
        child_under: a person younger than this, in whole years, is a child.
        older_from: a person of this age or above is older.
        guardian_required_under: a person younger than this is asked by a machine only beside a guardian; 0 for nobody.
        reference_age_years: how old the photo of a reference may be, by age band.
        basis: what it rests on.
    """

    child_under: int
    older_from: int
    guardian_required_under: int
    reference_age_years: Mapping[AgeGroup, int]
    basis: Basis

    def groups(self, born_on: date | None, on: date) -> frozenset[AgeGroup]:
        """Return every age band that somebody may be in on a day; all of them where the age is not known."""
        ages = possible_ages(born_on, on)
        return frozenset(map(self.group_of, ages)) if ages else frozenset(AgeGroup)

    def group_of(self, age_years: int) -> AgeGroup:
        """Return the age band of an age."""
        if age_years < self.child_under:
            return AgeGroup.CHILD
        return AgeGroup.OLDER if age_years >= self.older_from else AgeGroup.ADULT

    def longest_reference_age_years(self, born_on: date | None, on: date) -> int:
        """Return how old a person's reference photo may be: the least of the bands that they may be in."""
        return min(self.reference_age_years[group] for group in self.groups(born_on, on))


def read_care(table: Table) -> Care:
    """Return what a rulebook says of the young and the old.

    Raises:
        RulebookRefused: a figure is missing, or the bands are out of order.
    """
    limits = table.table("reference_age_years")
    care = Care(
        child_under=table.number("child_under"),
        older_from=table.number("older_from"),
        guardian_required_under=table.number("guardian_required_under"),
        reference_age_years=MappingProxyType({group: limits.number(group.value) for group in AgeGroup}),
        basis=table.basis(),
    )
    limits.finish()
    table.finish()
    if care.older_from <= care.child_under:
        raise table.refused("'older_from' must lie above 'child_under'.", key="older_from")
    return care
