"""McNemar's exact test, and the difference that it could show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from fairgate.errors import ScoresRefused
from fairgate.measure.paired_decisions import mcnemar, visible_difference

COUNTS = st.integers(0, 3000)


@given(COUNTS, COUNTS)
def test_mcnemar_is_the_sign_test(only_first: int, only_second: int) -> None:
    """The p-value is that of SciPy's exact two-sided binomial test with a fair coin, to 1e-12."""
    found = mcnemar(only_first, only_second)
    if only_first + only_second:
        assert found == pytest.approx(binomtest(only_first, only_first + only_second).pvalue, rel=1e-9, abs=1e-12)
    assert found == mcnemar(only_second, only_first)


@pytest.mark.parametrize(
    ("pair", "p_value"), [((0, 0), 1), ((0, 5), 2 / 32), ((1, 5), 14 / 64), ((3, 3), 1), ((0, 6), 1 / 32)]
)
def test_mcnemar_by_hand(pair: tuple[int, int], p_value: float) -> None:
    """Five against none: 2/32. Five against one: 2 (1 + 6) / 64."""
    assert mcnemar(*pair) == pytest.approx(p_value, abs=1e-15)


def test_connor_by_hand() -> None:
    """The solution, put back into Connor's sample size, gives the comparisons that were there."""
    for of, share in ((500, 0.3), (2000, 0.05), (10_000_000, 1e-4)):
        found = visible_difference(of, share)
        assert found < share
        size = (norm.ppf(0.975) * math.sqrt(share) + norm.ppf(0.8) * math.sqrt(share - found**2)) ** 2 / found**2
        assert size == pytest.approx(of, rel=1e-9)


def test_where_packs_hardly_disagree_the_difference_is_the_disagreement() -> None:
    """About eight comparisons, all in one direction, are visible, however rare."""
    for of in (100, 10_000, 1e9):
        found = visible_difference(of, 0.0)
        again = (norm.ppf(0.975) * math.sqrt(found) + norm.ppf(0.8) * math.sqrt(found - found**2)) ** 2 / found**2
        assert again == pytest.approx(of, rel=1e-9)
        assert 6 < found * of < 8


@given(st.floats(0, 1e9), st.floats(0, 1))
def test_visible_differences_are_shares(of: float, share: float) -> None:
    """Whatever is asked, the answer lies in (0, 1], and more comparisons never show less."""
    found = visible_difference(of, share)
    assert 0 < found <= 1
    assert visible_difference(2 * of + 1, share) <= found * (1 + 1e-9)


def test_the_exact_test_sees_what_is_called_visible() -> None:
    """Of 2000 samples with the visible difference the exact test at 5 % rejects in about four of five."""
    rng = np.random.default_rng(8)
    of, share = 3000, 0.04
    gap = visible_difference(of, share)
    draws = rng.multinomial(of, [(share + gap) / 2, (share - gap) / 2, 1 - share], 2000)
    seen = np.mean([mcnemar(int(one), int(other)) < 0.05 for one, other, _ in draws])
    assert 0.75 <= seen <= 0.85


@pytest.mark.parametrize("case", [(-1, 0.1), (10, 1.5), (10, -0.1)])
def test_impossible_plans_are_refused(case: tuple[float, float]) -> None:
    """Numbers of comparisons and shares make sense."""
    with pytest.raises(ScoresRefused):
        visible_difference(*case)
    with pytest.raises(ScoresRefused):
        mcnemar(-1, 2)
