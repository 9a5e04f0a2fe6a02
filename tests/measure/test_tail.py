"""The fitted upper tail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import genpareto

from fairgate.errors import ScoresRefused
from fairgate.measure.tail import LARGEST_MISFIT, TailFit, choose_tail, fit_tail


@given(st.integers(-40, 40).map(lambda step: step / 100), st.floats(0.001, 0.1), st.floats(1e-7, 0.9))
def test_thresholds_and_rates_are_scipys(shape: float, scale: float, part: float) -> None:
    """The threshold of a rate is SciPy's quantile, and the rate of that threshold is the rate again."""
    fit = TailFit(start=0.9, share=0.002, shape=shape, scale=scale, exceedances=100, misfit=0.4)
    threshold = fit.threshold(part * fit.share)
    assert threshold == pytest.approx(0.9 + genpareto.isf(part, shape, scale=scale), rel=1e-6)
    assert fit.rate(threshold) == pytest.approx(part * fit.share, rel=1e-5)


def test_a_finite_tail_ends() -> None:
    """Beyond the end of a tail with negative shape the rate is 0."""
    assert TailFit(0.9, 0.01, -0.5, 0.02, 100, 0.4).rate(0.95) == 0.0


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.2])
def test_the_fit_finds_the_distribution_it_was_drawn_from(shape: float) -> None:
    """Over 40 samples of 500 exceedances, shape and an extrapolated threshold are right on average."""
    rng = np.random.default_rng(20261122)
    truth = float(genpareto.isf(1e-5, shape, scale=0.02))
    fits = [fit_tail(genpareto.rvs(shape, scale=0.02, size=100_000, random_state=rng), 0.005) for _ in range(40)]
    assert np.mean([fit.shape for fit in fits]) == pytest.approx(shape, abs=0.03)
    assert np.median([fit.threshold(1e-5) for fit in fits]) == pytest.approx(truth, rel=0.04)


def test_the_highest_scores_alone_give_the_same_fit() -> None:
    """Handing in only the top of the scores, with their whole number, changes nothing."""
    scores = np.random.default_rng(3).normal(size=50_000)
    top = np.sort(scores)[-2000:]
    assert fit_tail(top, 0.01, of=50_000) == fit_tail(scores, 0.01)


def test_the_misfit_is_the_anderson_darling_statistic() -> None:
    """It equals the textbook sum over the fitted distribution, worked out with SciPy."""
    scores = np.random.default_rng(8).normal(size=20_000)
    fit = fit_tail(scores, 0.02)
    above = np.sort(scores[scores > fit.start] - fit.start)
    placed = genpareto.cdf(above, fit.shape, scale=fit.scale)
    order = 2 * np.arange(1, above.size + 1) - 1
    expected = -above.size - np.mean(order * (np.log(placed) + np.log1p(-placed[::-1])))
    assert fit.misfit == pytest.approx(expected, rel=1e-9)


def test_a_true_tail_rarely_misfits() -> None:
    """Of samples from the distribution itself, about one in ten exceeds the largest misfit."""
    rng = np.random.default_rng(21)
    samples = [genpareto.rvs(-0.15, size=40_000, random_state=rng) for _ in range(60)]
    exceeding = sum(fit_tail(sample, 0.01).misfit > LARGEST_MISFIT for sample in samples)
    assert exceeding <= 14


def test_the_largest_tail_that_fits_is_chosen() -> None:
    """A bulk that is no tail at all is left out; where all of it follows, the largest share is taken."""
    rng = np.random.default_rng(13)
    bulk, tail = rng.uniform(0.5, 0.8, 97_000), 0.8 + genpareto.rvs(-0.1, scale=0.02, size=3_000, random_state=rng)
    assert choose_tail(np.concatenate([bulk, tail])).share == pytest.approx(0.02)
    assert choose_tail(genpareto.rvs(-0.1, size=20_000, random_state=rng)).share == pytest.approx(0.05)


def test_what_cannot_be_fitted_is_refused() -> None:
    """Too few scores, scores all alike, and rates outside the tail are refused."""
    with pytest.raises(ScoresRefused):
        fit_tail(np.arange(1000.0), 0.01)
    with pytest.raises(ScoresRefused):
        fit_tail(np.ones(100_000), 0.01)
    fit = fit_tail(np.random.default_rng(3).normal(size=50_000), 0.01)
    with pytest.raises(ScoresRefused):
        fit.threshold(0.02)
    with pytest.raises(ScoresRefused):
        fit.rate(fit.start - 1e-9)
