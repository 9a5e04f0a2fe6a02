"""The upper tail of non-mated scores, fitted, to place a threshold beyond what was counted; always labelled so."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.rates import as_scores, check_rate

LEAST_EXCEEDANCES = 30
"""Fewer scores above the tail's start than these, and no tail is fitted."""

SHARES = (0.05, 0.02, 0.01, 0.005, 0.002)
"""Shares of the scores that a tail may hold, largest first."""

LARGEST_MISFIT = 0.8
"""Above this Anderson-Darling statistic a tail is taken not to follow the distribution.

Source: simulated for this estimate with 600 samples each of 100, 400 and 1 700 exceedances and shapes from -0.3 to 0.2:
a true tail exceeds 0.72 to 0.91 in one sample of ten. The use for choosing where a tail starts: Choulakian and
Stephens, Technometrics 43 (2001) 478-484.
"""


@dataclass(frozen=True, slots=True)
class TailFit:
    """A generalised Pareto distribution of the scores above a start.

    Args:
        start: score where the tail begins.
        share: share of all scores above the start, in (0, 1).
        shape: below 0 the tail ends at a finite score, 0 is exponential, above 0 it is heavy.
        scale: above 0, in units of score.
        exceedances: how many scores it was fitted to.
        misfit: Anderson-Darling statistic of the exceedances; 0.4 is usual for a true tail, above 0.8 is rare.
    """

    start: float
    share: float
    shape: float
    scale: float
    exceedances: int
    misfit: float

    def threshold(self, rate: float) -> float:
        """Return the score that is exceeded at a rate.

        Source: Coles, An Introduction to Statistical Modeling of Extreme Values (2001), eq. (4.12).

        Raises:
            ScoresRefused: the rate is not in the tail, where alone the fit holds.
        """
        check_rate(rate)
        if rate > self.share:
            raise ScoresRefused("A rate above the tail's share is counted, not extrapolated.")
        depth = math.log(rate / self.share)
        if abs(self.shape) < 1e-9:
            return self.start - self.scale * depth
        return self.start + self.scale / self.shape * math.expm1(-self.shape * depth)

    def rate(self, threshold: float) -> float:
        """Return the rate at which a score is exceeded; 0 beyond the end of a finite tail.

        Raises:
            ScoresRefused: the score lies below the tail's start.
        """
        if threshold < self.start:
            raise ScoresRefused("A score below the tail's start is counted, not extrapolated.")
        height = (threshold - self.start) / self.scale
        if abs(self.shape) < 1e-9:
            return self.share * math.exp(-height)
        inside = 1 + self.shape * height
        return 0.0 if inside <= 0 else self.share * inside ** (-1 / self.shape)


def fit_tail(scores: ArrayLike, share: float, of: int | None = None) -> TailFit:
    """Fit a generalised Pareto distribution to the highest scores.

    Args:
        scores: all scores, or only the highest of them, any order.
        share: share of all scores that the tail shall hold, in (0, 1).
        of: how many scores there are in all, where only the highest are handed in.

    Source: peaks over threshold: Pickands, Annals of Statistics 3 (1975) 119-131; the estimate: Zhang and Stephens,
    Technometrics 51 (2009) 316-325, which is in closed form, always exists and is about as efficient as maximum
    likelihood.

    Raises:
        ScoresRefused: fewer than 30 scores lie in the tail, or they are all alike.
    """
    check_rate(share)
    ordered: NDArray[np.float64] = np.sort(as_scores(scores))
    total = ordered.size if of is None else of
    wanted = math.floor(share * total)
    if wanted < LEAST_EXCEEDANCES or wanted >= ordered.size:
        raise ScoresRefused(f"A tail needs at least {LEAST_EXCEEDANCES} scores above its start; there are {wanted}.")
    start = float(ordered[-wanted - 1])
    above = ordered[ordered > start] - start
    if above.size < LEAST_EXCEEDANCES or above[0] == above[-1]:
        raise ScoresRefused("The highest scores are all alike; no tail can be fitted.")
    shape, scale = _zhang_stephens(above)
    return TailFit(start, above.size / total, shape, scale, int(above.size), _anderson_darling(above, shape, scale))


def choose_tail(scores: ArrayLike, of: int | None = None) -> TailFit:
    """Fit the largest tail that follows its distribution: a long tail is steady, too long a one is biased.

    Args:
        scores: all scores, or at least the highest twentieth of them.
        of: how many scores there are in all, where only the highest are handed in.

    Returns:
        The largest of the tails in ``SHARES`` whose misfit is not too large; the smallest possible where all are.

    Raises:
        ScoresRefused: not even the largest tail holds 30 scores.
    """
    ordered = np.sort(as_scores(scores))
    total = ordered.size if of is None else of
    chosen = fit_tail(ordered, SHARES[0], total)
    for share in SHARES[1:]:
        if chosen.misfit <= LARGEST_MISFIT or math.floor(share * total) < LEAST_EXCEEDANCES:
            break
        chosen = fit_tail(ordered, share, total)
    return chosen


def _zhang_stephens(above: NDArray[np.float64]) -> tuple[float, float]:
    """Return shape and scale of exceedances, ascending and above 0.

    The likelihood depends on ``slope = -shape / scale`` alone once the shape is profiled out; the estimate is the mean
    slope under a prior whose grid comes from the data: their largest value and their first quartile.
    """
    count = above.size
    points = 20 + math.isqrt(count)
    quartile = above[max(int(count / 4 + 0.5) - 1, 0)]
    grid = 1 / above[-1] + (1 - np.sqrt(points / (np.arange(1, points + 1) - 0.5))) / (3 * quartile)
    shapes = np.log1p(-grid[:, None] * above[None, :]).mean(axis=1)
    likelihood = count * (np.log(-grid / shapes) - shapes - 1)
    weights = np.exp(likelihood - likelihood.max())
    slope = float((grid * weights).sum() / weights.sum())
    shape = float(np.log1p(-slope * above).mean())
    return shape, -shape / slope


def _anderson_darling(above: NDArray[np.float64], shape: float, scale: float) -> float:
    """Return the Anderson-Darling statistic of exceedances, ascending, under a generalised Pareto distribution."""
    inside = np.maximum(shape * above / scale, -1 + 1e-15)
    # Logarithm of the share that lies above each value.
    survival = -above / scale if abs(shape) < 1e-9 else -np.log1p(inside) / shape
    survival = np.clip(survival, -700.0, -1e-300)
    below = np.log(-np.expm1(survival))
    weights = 2 * np.arange(1, above.size + 1) - 1
    return float(-above.size - np.mean(weights * (below + survival[::-1])))
