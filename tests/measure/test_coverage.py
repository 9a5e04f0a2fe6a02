"""Coverage found by simulating people."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.errors import ScoresRefused
from fairgate.measure.coverage import WORLDS, People, find_coverage
from fairgate.measure.coverage_paired import TWO_PACKS, TwoPacks, find_difference_coverage


@pytest.mark.parametrize("world", [People(40, 0.03, 0.5, 5), People(30, 0.02, 0.15)])
def test_drawing_people_holds_more_often_than_pretending_independence(world: People) -> None:
    """Where people are shared the interval for independent comparisons holds too seldom; the bootstrap does not."""
    found = find_coverage(world, 150, np.random.default_rng(41), resamples=200)
    assert found.independent.held < found.bootstrap.held
    assert found.bootstrap.held >= 0.88
    assert found.bootstrap.held + found.bootstrap.above + found.bootstrap.below == pytest.approx(1.0)
    assert found.errors > 5


def test_the_simulated_rate_is_the_one_asked_for() -> None:
    """Errors over many worlds come out at the true rate, whatever people's part in the scores."""
    for world, comparisons in ((People(60, 0.05, 0.6, 4), 240), (People(30, 0.05, 0.2), 870)):
        found = find_coverage(world, 400, np.random.default_rng(42), resamples=20)
        assert found.errors / comparisons == pytest.approx(0.05, rel=0.1)


def test_no_error_at_all_is_held_too() -> None:
    """Worlds without an error are counted, and the rule of three on people holds the rate."""
    found = find_coverage(People(20, 0.001, 0.1, 2), 60, np.random.default_rng(43), resamples=400)
    assert found.without > 40
    assert found.bootstrap.held >= 0.95


def test_differences_of_packs() -> None:
    """The interval of a difference by drawing people holds at least as often as the one by drawing comparisons."""
    found = find_difference_coverage(TwoPacks(40, 0.08, 0.04, 0.2, 0.6), 100, np.random.default_rng(44), resamples=200)
    assert found.by_people.held >= max(0.9, found.unshared.held)
    hardly = TwoPacks(10, 0.001, 0.002, 0.2, 0.9, 1)
    assert find_difference_coverage(hardly, 20, np.random.default_rng(45), resamples=20).by_people.held >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(WORLDS)))
def test_the_table_of_rates(number: int) -> None:
    """In every world of the table the bootstrap over people holds the true rate in about 19 of 20, or little less."""
    found = find_coverage(WORLDS[number], 250, np.random.default_rng([46, number]), resamples=400)
    assert found.bootstrap.held >= 0.86
    assert found.bootstrap.held >= found.independent.held - 0.02


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TWO_PACKS)))
def test_the_table_of_differences(number: int) -> None:
    """So does the interval of the difference between two packs."""
    found = find_difference_coverage(TWO_PACKS[number], 150, np.random.default_rng([47, number]), resamples=400)
    assert found.by_people.held >= 0.90


@pytest.mark.parametrize(
    "world", [People(2, 0.1, 0.1), People(9, 0.1, 0.5), People(9, 0.0, 0.1), People(9, 0.1, 1.0, 2)]
)
def test_impossible_people_are_refused(world: People) -> None:
    """Nobody can be more than all of a score, and rates lie inside (0, 1)."""
    with pytest.raises(ScoresRefused):
        find_coverage(world, 5, np.random.default_rng(1))


@pytest.mark.parametrize(
    "world", [TwoPacks(9, 0.1, 0.1, 0.1, 0.5), TwoPacks(9, 0.1, 0.2, 0.6, 0.5), TwoPacks(9, 0.1, 0.2, 0.1, 1.5)]
)
def test_impossible_packs_are_refused(world: TwoPacks) -> None:
    """Two packs differ, and their scores correlate by 1 at most."""
    with pytest.raises(ScoresRefused):
        find_difference_coverage(world, 5, np.random.default_rng(1))
