"""How often verdicts on groups are wrong, and what groups can show, by drawing tests at random with fixed seeds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, norm

from fairgate.measure.groups.analysis import intervals_at_once
from fairgate.measure.groups.figures import Verdict
from fairgate.measure.groups.power import POWER, binomial_quantile, visible_rates
from fairgate.measure.groups.rates import group_rate
from fairgate.measure.groups.verdicts import compare_fmr, compare_fnmr
from fairgate.measure.intervals import Proportion
from fairgate.measure.scores.group_tally import GroupTally
from fairgate.measure.scores.in_memory import from_matrix
from fairgate.measure.simultaneous import difference_bounds, per_interval_confidence, ratio_bounds

TESTS = 400


def confidence_of(groups: int) -> float:
    return per_interval_confidence(0.95, intervals_at_once(groups))


@cache
def rate(errors: int, of: int, confidence: float) -> Proportion:
    return group_rate(errors, of, of, confidence)


def verdicts(rates: list[float], of: list[int], *, fmr: bool = False, seed: int = 19795) -> dict[Verdict, int]:
    """Draw tests and return how often each verdict is given."""
    rng, confidence = np.random.default_rng(seed), confidence_of(len(rates))
    labels = [f"group {at}" for at in range(len(rates))]
    compare = compare_fmr if fmr else compare_fnmr
    given = dict.fromkeys(Verdict, 0)
    for errors in rng.binomial(of, rates, size=(TESTS, len(rates))):
        found = [rate(int(wrong), made, confidence) for wrong, made in zip(errors, of, strict=True)]
        given[compare(labels, found).verdict] += 1
    return given


@pytest.mark.parametrize(
    ("rates", "of"),
    [
        ([0.02, 0.03], [20_000, 20_000]),
        ([0.0, 0.01], [20_000, 20_000]),
        ([0.02, 0.02, 0.03], [50_000, 50_000, 3_000]),
        ([0.02, 0.03, 0.025, 0.025, 0.025, 0.025], [20_000] * 6),
    ],
)
def test_a_difference_at_the_margin_is_seldom_taken_for_none(rates: list[float], of: list[int]) -> None:
    """Where one group's FNMR truly lies one point above another's, "no difference" is said in at most 5 % of tests."""
    assert verdicts(rates, of)[Verdict.NO_DIFFERENCE] <= 0.05 * TESTS


@pytest.mark.parametrize(
    ("rates", "of"), [([1e-3, 2e-3], [200_000] * 2), ([1e-3, 1e-3, 2e-3], [100_000, 500_000, 10**6])]
)
def test_a_ratio_at_the_margin_is_seldom_taken_for_none(rates: list[float], of: list[int]) -> None:
    """The same of an FMR that is truly twice another's."""
    assert verdicts(rates, of, fmr=True)[Verdict.NO_DIFFERENCE] <= 0.05 * TESTS


@pytest.mark.parametrize("groups", [2, 6])
def test_equal_groups_are_seldom_called_different(groups: int) -> None:
    """Among equal groups a difference is found in at most 5 % of tests, however many pairs there are."""
    assert verdicts([0.02] * groups, [3000] * groups)[Verdict.DIFFERENCE] <= 0.05 * TESTS
    assert verdicts([1e-3] * groups, [100_000] * groups, fmr=True)[Verdict.DIFFERENCE] <= 0.05 * TESTS


def test_groups_of_an_official_test_are_not_called_alike() -> None:
    """With some hundred people a group the data cannot show that groups are alike, and it is never said."""
    assert verdicts([0.02] * 4, [300, 250, 200, 400])[Verdict.NO_DIFFERENCE] == 0
    assert verdicts([0.0] * 4, [300, 250, 200, 400])[Verdict.NO_DIFFERENCE] == 0


def test_large_equal_groups_are_called_alike() -> None:
    """The rule is not one that never lets go: with 30 000 a group, equal groups are found alike."""
    assert verdicts([0.02] * 4, [30_000] * 4)[Verdict.NO_DIFFERENCE] >= 0.9 * TESTS
    assert verdicts([1e-3] * 4, [500_000] * 4, fmr=True)[Verdict.NO_DIFFERENCE] >= 0.9 * TESTS


def columns(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("errors", "of"),
    [
        ([6, 20], [300, 1000]),
        ([10, 400], [1000, 20_000]),
        ([0, 40], [150, 2000]),
        ([3, 0], [400, 500]),
        ([5, 5], [60, 60]),
    ],
)
@pytest.mark.parametrize("ratio", [False, True])
def test_power_is_how_often_a_difference_is_seen(errors: list[int], of: list[int], *, ratio: bool) -> None:
    """Of tests drawn at the rate that is called visible, about four in five show it; below it fewer do."""
    confidence = confidence_of(2)
    seen = visible_rates(
        columns(errors),
        columns(of),
        np.array(of, dtype=np.float64),
        confidence,
        lambda others: others * 2 if ratio else others + 0.01,
        ratio=ratio,
    )
    rng = np.random.default_rng(8429)
    bounds, equal = (ratio_bounds, 1.0) if ratio else (difference_bounds, 0.0)

    def found(true: float) -> float:
        drawn = zip(rng.binomial(of[0], true, 2000), rng.binomial(of[1], seen.others[0], 2000), strict=True)
        rates = [(rate(int(one), of[0], confidence), rate(int(other), of[1], confidence)) for one, other in drawn]
        return float(np.mean([bounds(*both)[0] > equal for both in rates]))

    wanted = seen.others[0] * 2 if ratio else seen.others[0] + 0.01
    assert found(wanted) == pytest.approx(seen.power[0], abs=0.04)
    if not np.isnan(seen.visible[0]):
        assert found(seen.visible[0]) == pytest.approx(POWER, abs=0.04)


def test_a_group_of_one_can_show_nothing() -> None:
    """Not even an error for certain is told from chance with one comparison."""
    seen = visible_rates(
        columns([0, 20]), columns([1, 1000]), np.array([1.0, 1000.0]), confidence_of(2), lambda r: r + 0.01, ratio=False
    )
    assert np.isnan(seen.visible[0])
    assert seen.power[0] < 0.01


def test_a_group_without_any_others_can_show_nothing() -> None:
    """Where no other group has a trial there is nothing to compare with."""
    seen = visible_rates(
        columns([5, 0]), columns([500, 0]), np.array([500.0, 0.0]), confidence_of(2), lambda r: r + 0.01, ratio=False
    )
    assert np.isnan(seen.visible).all()
    assert seen.power.tolist() == [0.0, 0.0]


def test_the_mean_over_quantiles_stands_for_the_whole_distribution() -> None:
    """Summing over every count that the others might have gives the same power within two points."""
    confidence, of, rest, others = confidence_of(2), 200, 400, 0.03
    power = visible_rates(
        columns([0, 12]),
        columns([of, rest]),
        np.array([of, rest], dtype=np.float64),
        confidence,
        lambda _: np.array([0.12, 0.12]),
        ratio=False,
    ).power[0]
    many, few = binom.pmf(np.arange(rest + 1), rest, others), binom.pmf(np.arange(of + 1), of, 0.12)
    whole = sum(
        many[other] * few[one]
        for other in np.flatnonzero(many > 1e-6)
        for one in np.flatnonzero(few > 1e-6)
        if difference_bounds(rate(int(one), of, confidence), rate(int(other), rest, confidence))[0] > 0
    )
    assert power == pytest.approx(whole, abs=0.02)


def test_rates_of_groups_hold_at_once_where_people_are_shared() -> None:
    """Some people are like everybody: still all groups' own FMR lie in their intervals in 95 of 100 tests or more."""
    rng, sizes, fmr, tests = np.random.default_rng(10), [80, 60, 40, 12], 0.01, 40
    person = np.arange(sum(sizes))
    people = [f"{at:03}" for at in person]
    groups = [f"group {at}" for at in np.repeat(np.arange(len(sizes)), sizes)]
    held = 0
    for _ in range(tests):
        likeness = np.sqrt(0.15) * rng.normal(size=person.size)
        scores = likeness[:, None] + likeness[None, :] + np.sqrt(0.7) * rng.normal(size=(person.size, person.size))
        scores[person, person] = 9.0
        source = from_matrix(scores, people, people, groups={"group": (groups, groups)})
        tally = GroupTally(source.names, None, None, float(norm.isf(fmr)), person.size)
        for batch in source.batches():
            tally.add(batch)
        held += all(group.fmr.low <= fmr <= group.fmr.high for group in tally.figures(fmr)[0].groups)
    assert held >= 0.95 * tests


def test_binomial_quantiles_are_scipys() -> None:
    """For any size and rate, to the count; at rates 0 and 1 there is one count only."""
    rng = np.random.default_rng(1)
    n = rng.integers(1, 10**6, 2000).astype(np.float64)
    rate, share = 10 ** rng.uniform(-7, 0, 2000), rng.uniform(0.001, 0.999, 2000)
    np.testing.assert_array_equal(binomial_quantile(share, n, rate), binom.ppf(share, n, rate))
    ends = binomial_quantile(np.full(2, 0.5), np.full(2, 5.0), np.array([0.0, 1.0]))
    assert ends.tolist() == [0.0, 5.0]
