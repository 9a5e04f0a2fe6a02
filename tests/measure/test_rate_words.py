"""Error rates in words: small ones keep their digits, and only exact ends are called so."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.measure.words import NARROW, few_of, power_bracket, rate_bracket, rate_percent, rate_power


@pytest.mark.parametrize(
    ("rate", "percent", "power"),
    [
        (0.0, "0 %", "0"),
        (1.0, "100 %", "1"),
        (0.12, "12.0 %", "0.12"),
        (0.00955, "0.95 %", "9.5 × 10⁻³"),
        (1e-4, "0.010 %", "10⁻⁴"),
        (9.64e-5, "0.0096 %", "9.6 × 10⁻⁵"),
        (0.99045, "99.05 %", "0.99"),
        (1e-9, "below 0.00001 %", "10⁻⁹"),
    ],
)
def test_rates_are_written_with_two_digits(rate: float, percent: str, power: str) -> None:
    """In percent for laymen, as a power of ten for laboratories."""
    assert rate_percent(rate).replace(NARROW, " ") == percent
    assert rate_power(rate).replace(NARROW, " ") == power


def test_intervals_are_written_from_end_to_end() -> None:
    """Both ends in the same manner."""
    assert rate_bracket(0.0, 0.0041).replace(NARROW, " ") == "0 % to 0.41 %"
    assert power_bracket(0.0, 7.4e-4).replace(NARROW, " ") == "0 to 7.4 × 10⁻⁴"


@pytest.mark.parametrize(
    ("rate", "said"),
    [(0.0096, (1, 100)), (0.004, (4, 1000)), (9.8e-5, (1, 10_000)), (1.0, (100, 100)), (0.5, (50, 100))],
)
def test_few_of_many(rate: float, said: tuple[int, int]) -> None:
    """A rate as whole people of a round number of them."""
    assert few_of(rate) == said


@given(st.floats(1e-8, 1.0))
def test_few_of_many_is_near_the_rate(rate: float) -> None:
    """Never none of them, and off by less than half of one person."""
    few, per = few_of(rate)
    assert 1 <= few <= per
    assert abs(few - rate * per) <= 0.5 + 1e-9
    assert math.log10(per).is_integer()


@given(st.floats(0.0, 1.0))
def test_only_the_ends_are_called_all_or_nothing(rate: float) -> None:
    """However close to it, what is not certain is not written as certain."""
    written = rate_percent(rate).replace(NARROW, " ")
    assert (written == "0 %") == (rate == 0.0)
    assert (written == "100 %") == (rate == 1.0)
