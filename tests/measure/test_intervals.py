"""Intervals of proportions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import (
    IntervalMethod,
    Proportion,
    clopper_pearson,
    exact_bounds,
    rule_of_three,
    wilson,
)

TABLE = [(0, 10), (1, 10), (5, 10), (10, 10), (2, 78), (7, 420), (18, 180_811), (0, 1), (1, 1), (250_000, 500_000)]


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    of = draw(st.integers(1, 5000))
    return draw(st.integers(0, of)), of


@pytest.mark.parametrize(("count", "of"), TABLE)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_clopper_pearson_agrees_with_scipys_exact_binomial(count: int, of: int, confidence: float) -> None:
    """The exact interval is SciPy's to 1e-12."""
    theirs = binomtest(count, of).proportion_ci(confidence, method="exact")
    ours = clopper_pearson(count, of, confidence)
    assert ours.low == pytest.approx(theirs.low, abs=1e-12)
    assert ours.high == pytest.approx(theirs.high, abs=1e-12)


@pytest.mark.parametrize(("count", "of"), TABLE)
def test_wilson_agrees_with_scipy(count: int, of: int) -> None:
    """The score interval is SciPy's to 1e-12."""
    theirs = binomtest(count, of).proportion_ci(0.95, method="wilson")
    ours = wilson(count, of)
    assert ours.low == pytest.approx(theirs.low, abs=1e-12)
    assert ours.high == pytest.approx(theirs.high, abs=1e-12)


def test_wilson_by_hand() -> None:
    """5 of 10 at z = 1.959964: centre 1/2, half width z sqrt(1/40 + z²/400) / (1 + z²/10)."""
    z = 1.959963984540054
    half = z * math.sqrt(0.25 / 10 + z * z / 400) / (1 + z * z / 10)
    assert wilson(5, 10).low == pytest.approx(0.5 - half, abs=1e-12)
    assert wilson(5, 10).high == pytest.approx(0.5 + half, abs=1e-12)


def test_rule_of_three_by_hand() -> None:
    """With no error in 100 trials the 95 % bound is 1 - 0.05 ** (1/100), about three in a hundred."""
    bound = rule_of_three(100)
    assert bound.high == pytest.approx(1 - 0.05**0.01, abs=1e-15)
    assert bound == Proportion(0, 100, 0.0, 0.0, bound.high, IntervalMethod.RULE_OF_THREE)
    assert 3 / 100 - 0.001 < bound.high < 3 / 100


@given(counts())
def test_intervals_hold_the_share_and_mirror(case: tuple[int, int]) -> None:
    """Both intervals lie in [0, 1], hold the share, and swap ends when successes and failures swap."""
    count, of = case
    for method in (wilson, clopper_pearson):
        one, other = method(count, of), method(of - count, of)
        assert one.value is not None
        assert 0 <= one.low <= one.value <= one.high <= 1
        assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@given(counts(), st.floats(0.0, 0.999))
def test_exact_bounds_rise_with_a_count_that_is_not_whole(case: tuple[int, int], part: float) -> None:
    """Bounds of a mean count lie between those of the whole counts beside it."""
    count, of = case
    if count == of:
        return
    low, high = exact_bounds(count + part, of)
    assert exact_bounds(count, of)[0] <= low <= exact_bounds(count + 1, of)[0] + 1e-12
    assert exact_bounds(count, of)[1] - 1e-12 <= high <= exact_bounds(count + 1, of)[1]


@pytest.mark.parametrize("rate", [0.003, 0.03, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("of", [20, 78, 300])
def test_coverage(rate: float, of: int) -> None:
    """Clopper-Pearson covers at or above nominal; summed over all counts, without sampling."""
    covered = sum(
        float(binom.pmf(count, of, rate))
        for count in range(of + 1)
        if clopper_pearson(count, of).low <= rate <= clopper_pearson(count, of).high
    )
    assert covered >= 0.95 - 1e-9


def test_wilsons_mean_coverage_is_within_a_point() -> None:
    """Over rates spread evenly, Wilson's coverage at n = 78 averages to 95 % within one point."""
    of, rates = 78, [(step + 0.5) / 400 for step in range(400)]
    intervals = [wilson(count, of) for count in range(of + 1)]
    covered = [
        sum(float(binom.pmf(k, of, rate)) for k, one in enumerate(intervals) if one.low <= rate <= one.high)
        for rate in rates
    ]
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.01)


def test_no_trial_bounds_nothing() -> None:
    """Without a trial the share is unknown and the interval is everything."""
    for method in (wilson, clopper_pearson):
        empty = method(0, 0)
        assert (empty.value, empty.low, empty.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (4, 3), (1, 0)])
def test_impossible_counts_are_refused(count: int, of: int) -> None:
    """A count outside its trials is refused."""
    with pytest.raises(ScoresRefused):
        wilson(count, of)
    with pytest.raises(ScoresRefused):
        clopper_pearson(count, of)


def test_other_impossible_input_is_refused() -> None:
    """No trial bounds no rate; a confidence lies inside (0, 1)."""
    with pytest.raises(ScoresRefused):
        rule_of_three(0)
    with pytest.raises(ScoresRefused):
        wilson(1, 2, confidence=1.0)


def test_json_names_the_count_as_asked() -> None:
    """Scripts get the count under the name they expect."""
    assert clopper_pearson(2, 78).as_json("errors")["errors"] == 2
    assert set(wilson(2, 78).as_json()) == {"count", "of", "value", "low", "high", "interval"}
