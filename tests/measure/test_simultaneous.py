"""Intervals that hold at once, and those of differences and ratios."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import Proportion, clopper_pearson, rule_of_three, wilson
from fairgate.measure.simultaneous import difference_bounds, per_interval_confidence, ratio_bounds


@st.composite
def proportions(draw: st.DrawFn) -> Proportion:
    of = draw(st.integers(0, 3000))
    return clopper_pearson(draw(st.integers(0, of)), of)


def test_the_risk_is_shared_evenly() -> None:
    """Ten intervals at 99.5 % miss once in twenty at most, however they hang together."""
    assert per_interval_confidence(0.95, 10) == pytest.approx(0.995, abs=1e-15)
    assert per_interval_confidence(0.95, 1) == pytest.approx(0.95, abs=1e-15)


@pytest.mark.parametrize(("confidence", "intervals"), [(0.0, 3), (1.0, 3), (0.95, 0)])
def test_senseless_confidences_are_refused(confidence: float, intervals: int) -> None:
    """A confidence lies inside (0, 1), and some interval must be there."""
    with pytest.raises(ScoresRefused):
        per_interval_confidence(confidence, intervals)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_differences_agree_with_newcombes_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """With Wilson's intervals the bounds are those that Newcombe printed for his method 10 (1998, table II)."""
    found = difference_bounds(wilson(*first), wilson(*second))
    assert np.allclose(found, (low, high), rtol=0, atol=5e-5)


def test_ratio_by_hand() -> None:
    """20/100 over 10/100 with Wilson's ends: log 2 plus and minus the root of the squared log distances."""
    one, other = wilson(20, 100), wilson(10, 100)
    below = math.sqrt(math.log(0.2 / one.low) ** 2 + math.log(other.high / 0.1) ** 2)
    above = math.sqrt(math.log(one.high / 0.2) ** 2 + math.log(0.1 / other.low) ** 2)
    found = ratio_bounds(one, other)
    assert np.allclose(found, (2 * math.exp(-below), 2 * math.exp(above)))


def test_ratios_without_errors() -> None:
    """No error above: the ratio may be 0. None below: it may be anything upwards. None at all: anything."""
    none, some = rule_of_three(100), clopper_pearson(10, 100)
    assert ratio_bounds(none, some) == (0.0, none.high / some.low)
    assert ratio_bounds(some, none) == (some.low / none.high, math.inf)
    assert ratio_bounds(none, none) == (0.0, math.inf)


def test_without_trials_anything_is_possible() -> None:
    """A group without comparisons bounds neither difference nor ratio."""
    nothing, some = clopper_pearson(0, 0), clopper_pearson(10, 100)
    for pair in ((nothing, some), (some, nothing), (nothing, nothing)):
        assert difference_bounds(*pair) == (-1.0, 1.0)
        assert ratio_bounds(*pair) == (0.0, math.inf)


@given(proportions(), proportions())
def test_bounds_hold_the_estimate_and_swap(first: Proportion, second: Proportion) -> None:
    """Bounds are numbers, hold the estimate, and swapping the groups swaps and negates, or inverts, them."""
    low, high = difference_bounds(first, second)
    back = difference_bounds(second, first)
    assert np.allclose(back, (-high, -low), rtol=0, atol=1e-12)
    least, most = ratio_bounds(first, second)
    assert 0 <= least <= most
    if first.value is None or second.value is None:
        return
    assert -1 <= low <= first.value - second.value <= high <= 1
    if second.value > 0:
        assert least <= first.value / second.value <= most
    if least > 0 and most < math.inf:
        assert np.allclose(ratio_bounds(second, first), (1 / most, 1 / least))


def test_differences_and_ratios_cover() -> None:
    """Over 4000 pairs of samples the bounds hold the true difference and the true ratio in 94 % or more."""
    rng = np.random.default_rng(31)
    held = np.zeros(2)
    for one, other in zip(rng.binomial(400, 0.03, 4000), rng.binomial(600, 0.015, 4000), strict=True):
        pair = clopper_pearson(int(one), 400), clopper_pearson(int(other), 600)
        (low, high), (least, most) = difference_bounds(*pair), ratio_bounds(*pair)
        held += low <= 0.015 <= high, least <= 2 <= most
    assert (held / 4000 >= 0.94).all()
