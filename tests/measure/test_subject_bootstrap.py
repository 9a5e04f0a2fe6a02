"""Intervals by drawing people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import IntervalMethod, clopper_pearson, rule_of_three
from fairgate.measure.subject_bootstrap import (
    SubjectTrials,
    independent_trials,
    rate_by_subject,
    signed_bounds,
    unshared_bounds,
)


def mated(errors: list[int], each: int) -> SubjectTrials:
    made = np.full(len(errors), each)
    first = np.repeat(np.arange(len(errors), dtype=np.int32), errors)
    return SubjectTrials(int(made.sum()), made, made, first, first, mated=True)


def crossed(wrong: NDArray[np.bool_]) -> SubjectTrials:
    """Everybody with everybody else, in both directions."""
    people = wrong.shape[0]
    first, second = np.nonzero(wrong & ~np.eye(people, dtype=bool))
    made = np.full(people, people - 1)
    return SubjectTrials(int(made.sum()), made, made, first.astype(np.int32), second.astype(np.int32))


def test_one_comparison_a_person_is_clopper_pearson() -> None:
    """Where nobody is in two comparisons, drawing people gives the exact interval."""
    found = rate_by_subject(mated([1] * 7 + [0] * 193, 1), np.random.default_rng(1), resamples=40_000)
    exact = clopper_pearson(7, 200)
    assert found.method is IntervalMethod.SUBJECT_BOOTSTRAP
    assert (found.count, found.of, found.value) == (7, 200, 0.035)
    assert found.low == pytest.approx(exact.low, rel=0.03)
    assert found.high == pytest.approx(exact.high, rel=0.01)


def test_unshared_comparisons_of_two_people_are_nearly_clopper_pearson() -> None:
    """Among 400 people whose errors fall anywhere, drawing both ends widens the interval by no more than a quarter."""
    wrong = np.random.default_rng(2).random((400, 400)) < 0.001
    trials = crossed(wrong)
    found, exact = rate_by_subject(trials, np.random.default_rng(3)), clopper_pearson(trials.first.size, trials.of)
    assert 0.95 <= (found.high - found.low) / (exact.high - exact.low) <= 1.25


def test_people_who_fail_all_together_count_once() -> None:
    """Ten comparisons that all go as the first are worth one: the interval is that of the people."""
    found = rate_by_subject(mated([10] * 12 + [0] * 88, 10), np.random.default_rng(4), resamples=20_000)
    exact = clopper_pearson(12, 100)
    assert found.low == pytest.approx(exact.low, rel=0.05)
    assert found.high == pytest.approx(exact.high, rel=0.02)


def test_a_wolf_widens_the_interval() -> None:
    """The same number of false matches, all with one person, leaves the rate far more uncertain than spread ones."""
    spread, wolf = np.zeros((60, 60), dtype=bool), np.zeros((60, 60), dtype=bool)
    wolf[5] = True
    spread[np.arange(59), np.arange(1, 60)] = True
    widths = []
    for wrong in (spread, wolf):
        found = rate_by_subject(crossed(wrong), np.random.default_rng(5))
        assert found.count == 59
        widths.append(found.high - found.low)
    assert widths[1] > 4 * widths[0]


def test_without_errors_the_rule_of_three_counts_people() -> None:
    """No error: mated comparisons count as their people, all others as half of them; never an interval of nothing."""
    for trials, apart in ((mated([0] * 50, 8), 50), (crossed(np.zeros((50, 50), dtype=bool)), 25)):
        found = rate_by_subject(trials, np.random.default_rng(6))
        assert (found.count, found.low, found.method) == (0, 0.0, IntervalMethod.RULE_OF_THREE)
        assert found.of == trials.of
        assert found.high == rule_of_three(apart).high


def test_with_nothing_but_errors_likewise() -> None:
    """The same from the other end."""
    found = rate_by_subject(mated([3] * 40, 3), np.random.default_rng(6))
    assert np.allclose((found.low, found.high), (1 - rule_of_three(40).high, 1.0))


def test_no_comparison_bounds_nothing() -> None:
    """Without a comparison the rate may be anything."""
    found = rate_by_subject(mated([], 1), np.random.default_rng(6))
    assert (found.value, found.low, found.high) == (None, 0.0, 1.0)


def test_the_seed_decides() -> None:
    """The same seed gives the same interval, another another."""
    trials = mated([2, 1, 0, 0, 0, 1, 0, 0], 3)
    one, same, other = (rate_by_subject(trials, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 12), st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
def test_intervals_hold_the_rate(people: int, seed: int, chance: float) -> None:
    """With few people and any errors the interval is made of numbers in [0, 1] around the rate."""
    rng = np.random.default_rng(seed)
    trials = [crossed(rng.random((people, people)) < chance), mated(rng.binomial(3, chance, people).tolist(), 3)]
    for one in trials:
        found = rate_by_subject(one, rng, resamples=50)
        assert found.value is not None
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.high > found.low


def test_many_errors_are_weighed_by_their_people() -> None:
    """Above half a million errors the interval hardly differs from that of a bootstrap of every pair."""
    rng = np.random.default_rng(7)
    own = rng.normal(0, 0.3, 1200)
    trials = crossed(rng.random((1200, 1200)) < 0.42 * np.exp(own[:, None] + own - 0.09) / 1.2)
    assert trials.first.size > 450_000
    weights = [rng.standard_exponential(1200) for _ in range(300)]
    rates = []
    for weight in weights:
        top = float((weight[trials.first] * weight[trials.second]).sum())
        rates.append(top / (weight.sum() ** 2 - (weight**2).sum()))
    found = rate_by_subject(trials, np.random.default_rng(8))
    low, high = np.quantile(rates, (0.025, 0.975))
    assert found.high - found.low == pytest.approx(high - low, rel=0.2)


def test_independent_trials_by_hand() -> None:
    """Wolf 0 matches all four others both ways among five, and each two people count as one comparison, twice as large.

    The squared residuals sum to 28.8; the four pairs with two errors, 4 · 4 less 20 · 0.16, are in it twice; 16 remain.
    """
    wrong = np.zeros((5, 5), dtype=bool)
    wrong[0], wrong[:, 0] = True, True
    trials = crossed(wrong)
    assert independent_trials(trials, np.ones(8)) == pytest.approx(20 / (16 / 4.8))


def test_signed_bounds_mirror() -> None:
    """Exchanging the packs turns the interval of the difference round."""
    trials = mated([1, 0, 2, 0, 1, 0, 1, 0, 0, 0] * 5, 4)
    signs = np.where(np.arange(trials.first.size) % 5 == 0, 1.0, -1.0)
    low, high = signed_bounds(trials, signs, np.random.default_rng(9), resamples=20_000)
    back = signed_bounds(trials, -signs, np.random.default_rng(10), resamples=20_000)
    assert low < signs.sum() / trials.of < high
    assert np.allclose(back, (-high, -low), atol=2e-3)


def test_unknown_people_are_as_many_as_comparisons() -> None:
    """Where nobody knows who is in a comparison, each is taken to be of somebody else."""
    signs = np.array([1.0] * 30 + [-1.0] * 10)
    found = unshared_bounds(1000, signs, np.random.default_rng(11), resamples=40_000)
    alone = signed_bounds(mated([1] * 40 + [0] * 960, 1), signs, np.random.default_rng(12), resamples=40_000)
    assert np.allclose(found, alone, rtol=0.04)
    normal = 1.96 * math.sqrt(0.04 - 0.02**2) / math.sqrt(1000)
    assert found[1] - found[0] == pytest.approx(2 * normal, rel=0.15)


def test_refusals() -> None:
    """Too few rounds, counts that do not add up, and errors of people who are not listed."""
    good = mated([1, 0], 2)
    rng = np.random.default_rng(13)
    with pytest.raises(ScoresRefused):
        rate_by_subject(good, rng, resamples=19)
    with pytest.raises(ScoresRefused):
        signed_bounds(good, np.ones(1), rng, resamples=19)
    wrong = [
        SubjectTrials(5, good.as_probe, good.as_reference, good.first, good.second, mated=True),
        SubjectTrials(4, good.as_probe, good.as_reference, good.first + 2, good.second, mated=True),
        SubjectTrials(4, good.as_probe, good.as_reference, good.first, good.second[:0], mated=True),
    ]
    for one in wrong:
        with pytest.raises(ScoresRefused):
            rate_by_subject(one, rng)
