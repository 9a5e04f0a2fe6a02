"""The invented population: the same for the same seed, and everything that a rule can look at occurs in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fairgate.outside.rulebook_files import open_rulebook
from fairgate.rules.ages import possible_ages
from fairgate.simulate.rule_population import population
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

DAY = date(2026, 3, 1)
BOOK = open_rulebook("us-cbp")


def test_the_same_seed_makes_the_same_people() -> None:
    """And as many as were asked for."""
    first = list(population([BOOK], 200, 3, DAY))
    assert first == list(population([BOOK], 200, 3, DAY))
    assert first != list(population([BOOK], 200, 4, DAY))
    assert len(first) == 200


def test_every_fact_occurs_as_often_as_is_said() -> None:
    """Within what chance allows of 20 000 people."""
    people = [group.facts for group in population([BOOK], 20_000, 0, DAY)]
    size = len(people)

    def share(held: Iterable[bool]) -> float:
        return sum(held) / size

    assert {one.status for one in people} == set(Status)
    assert {one.lane for one in people} == set(LaneKind)
    assert {one.guardian for one in people} == set(Guardian)
    assert abs(share(one.status is Status.CITIZEN for one in people) - 0.40) < 0.02
    assert abs(share(one.direction is Direction.ENTRY for one in people) - 0.50) < 0.02
    assert abs(share(one.modality is Modality.PHOTOGRAPH for one in people) - 0.90) < 0.02
    assert abs(share(one.port in BOOK.calendar.named_ports for one in people) - 0.50) < 0.02
    assert abs(share(one.born_on is None for one in people) - 0.05) < 0.01
    assert abs(share(one.opted_out for one in people) - 0.03) < 0.01
    ages = [possible_ages(one.born_on, DAY) for one in people if one.born_on is not None]
    assert abs(sum(age[0] < 14 for age in ages) / len(ages) - 0.14) < 0.02
    assert abs(sum(age[0] > 79 for age in ages) / len(ages) - 0.06) < 0.02
    assert max(age[-1] for age in ages) <= 100
