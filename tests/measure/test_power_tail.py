"""How often strangers come near, read as a power of the distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.power_tail import PowerTail, fit_power_tail


def drawn(power: float, count: int, seed: int) -> np.ndarray:
    """Return scores of which the share nearer than a distance is that distance to a power, descending."""
    return np.sort(1.0 - np.random.default_rng(seed).random(count) ** (1.0 / power))[::-1]


@pytest.mark.parametrize("power", [2.0, 10.0, 30.0])
def test_a_true_power_is_found_again(power: float) -> None:
    """Within three standard errors, and the rate of its threshold is the rate asked for."""
    tail = fit_power_tail(drawn(power, 200_000, 3), 200_000)
    assert tail.exceedances == 1000
    assert tail.power == pytest.approx(power, rel=3 / 1000**0.5)
    assert tail.rate(tail.threshold(1e-7)) == pytest.approx(1e-7)


def test_copies_count_as_often_as_they_say() -> None:
    """A score that counts three times is a score that stands there three times; one that counts never is not there."""
    scores = drawn(8.0, 20_000, 4)
    copies = np.random.default_rng(5).integers(0, 4, scores.size)
    written_out = np.repeat(scores, copies)
    once, counted = (
        fit_power_tail(written_out, written_out.size),
        fit_power_tail(scores, written_out.size, copies.astype(np.int64)),
    )
    # A score whose copies straddle the tail's start leaves that start a little further in.
    assert counted.power == pytest.approx(once.power, rel=0.05)
    assert counted.start == pytest.approx(once.start, rel=0.01)


@given(st.floats(1.0, 60.0), st.floats(0.01, 1.0), st.floats(1e-9, 0.005, exclude_max=True), st.floats(1e-9, 0.005))
def test_a_lower_rate_never_has_a_lower_threshold(power: float, start: float, one: float, other: float) -> None:
    """And none reaches 1: nobody is out of reach."""
    tail = PowerTail(start, 0.005, power, 900)
    low, high = sorted((one, other))
    assert tail.threshold(high) <= tail.threshold(low) <= 1.0


def test_what_cannot_be_fitted_or_read_is_refused() -> None:
    """Too few scores, scores all alike, a rate or a score outside the tail."""
    with pytest.raises(ScoresRefused):
        fit_power_tail(drawn(5.0, 1000, 1), 1000)
    with pytest.raises(ScoresRefused):
        fit_power_tail(np.full(20_000, 0.5), 20_000)
    with pytest.raises(ScoresRefused):
        fit_power_tail(drawn(5.0, 20_000, 1)[:50], 20_000)
    tail = fit_power_tail(drawn(5.0, 20_000, 1), 20_000)
    with pytest.raises(ScoresRefused):
        tail.threshold(0.01)
    with pytest.raises(ScoresRefused):
        tail.rate(0.0)
