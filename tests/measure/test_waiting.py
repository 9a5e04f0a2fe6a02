"""Waiting times of two paths: what is said of them holds as often as it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.waiting import (
    FEWEST,
    WaitingComparison,
    WaitingVerdict,
    compare_waits,
    difference_of_means,
    difference_of_medians,
)

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def compared(machine: list[float], opted_out: list[float], within: float = 5.0) -> WaitingComparison:
    return compare_waits(machine, opted_out, within_minutes=within, rng=np.random.default_rng(1), rounds=400)


def test_equal_is_said_only_with_enough_people() -> None:
    """The same waits on both paths: shown equal with forty people, not with six."""
    waits = [1.0, 2.0, 3.0, 4.0] * 10
    assert compared(waits, waits).verdict is WaitingVerdict.EQUAL
    few = compared(waits, waits[: FEWEST - 1])
    assert (few.verdict, few.medians, few.means, few.alarm) == (WaitingVerdict.NOT_SHOWN, None, None, False)


def test_slower_people_raise_an_alarm_and_faster_ones_do_not() -> None:
    """By twenty minutes either way; within what counts as equal there is no alarm though the difference is sure."""
    quick, slow = [0.5, 1.0, 1.5, 2.0] * 10, [20.0, 21.0, 22.0, 23.0] * 10
    assert compared(quick, slow).alarm
    assert compared(slow, quick).verdict is WaitingVerdict.NOT_SHOWN
    shifted = [one + 1.5 for one in quick]
    both = compared(quick, shifted)
    assert both.medians is not None
    assert both.medians.low > 0
    assert (both.verdict, both.alarm) == (WaitingVerdict.EQUAL, False)


def test_a_few_very_long_waits_are_not_called_equal() -> None:
    """The medians agree; the means, which everybody's time makes, do not."""
    quick = [1.0, 2.0, 3.0] * 20
    found = compared(quick, quick[:-8] + [120.0] * 8)
    assert found.medians is not None
    assert found.medians.high <= 5
    assert found.verdict is not WaitingVerdict.EQUAL


def test_waits_that_do_not_differ_at_all_show_nothing() -> None:
    """There is nothing to draw from; the medians alone do not make two paths equal."""
    found = compared([0.0] * 50, [0.0] * 50)
    assert (found.means, found.verdict) == (None, WaitingVerdict.NOT_SHOWN)


def test_the_same_seed_gives_the_same_figures() -> None:
    """And nobody at all is said to be nobody."""
    waits = [float(number) for number in range(20)]
    assert compared(waits, waits[5:]) == compared(waits, waits[5:])
    assert compared([], []).machine.people == 0


@pytest.mark.parametrize("waits", [[-1.0], [float("nan")], [float("inf")]])
def test_a_wait_that_cannot_be_is_refused(waits: list[float]) -> None:
    """Below zero, or no number."""
    with pytest.raises(ScoresRefused):
        compared(waits, [1.0])


@given(st.lists(st.floats(0, 1000), min_size=FEWEST, max_size=40), st.floats(0, 100))
def test_intervals_hold_what_was_observed_and_move_with_it(waits: list[float], later: float) -> None:
    """Everybody who waits so much longer moves the whole interval by that."""
    first, second = np.array(waits), np.array(waits) + later
    here, there = difference_of_medians(first, first), difference_of_medians(first, second)
    assert here is not None
    assert there is not None
    assert here.low <= here.value <= here.high
    assert there.low == pytest.approx(here.low + later)
    assert there.high == pytest.approx(here.high + later)


def exponential(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return rng.exponential(1.0, size)


def skewed(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return rng.lognormal(0.0, 1.0, size)


def whole_minutes(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    return np.floor(rng.exponential(4.0, size))


@pytest.mark.slow
@pytest.mark.parametrize("people", [(7, 7), (50, 10), (60, 60)])
@pytest.mark.parametrize("draw", [exponential, skewed, whole_minutes])
def test_how_often_the_intervals_hold_the_truth(draw: Draw, people: tuple[int, int]) -> None:
    """Both paths alike, so the truth is zero: the medians' at least 95 of 100, the means' at least 90."""
    rng = np.random.default_rng(20261122)
    held_medians = held_means = 0
    trials = 250
    for _ in range(trials):
        first, second = draw(rng, people[0]), draw(rng, people[1])
        medians = difference_of_medians(first, second)
        means = difference_of_means(first, second, rng, rounds=600)
        held_medians += medians is not None and medians.low <= 0 <= medians.high
        held_means += means is not None and means.low <= 0 <= means.high
    assert held_medians / trials >= 0.95
    assert held_means / trials >= 0.90
