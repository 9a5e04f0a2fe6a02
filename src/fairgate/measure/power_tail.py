"""How often two people's scores come near 1, read beyond what was counted as a power of the distance; labelled so.

Scores here are cosines of features, so none exceeds 1. Near any point of a smooth density the share of comparisons
closer than a distance ``1 - s`` falls like a power of it. That gives one number to fit and an end that is known, where
a generalised Pareto tail has two to fit and guesses its end. It errs towards strictness where the power grows as the
distance shrinks, as it does on a sphere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.rates import as_scores, check_rate

SHARE = 0.005
"""Of all comparisons, the share that the power is fitted to.

Source: simulated in tests/measure/test_calibration_among.py and told in docs/discussion/shared-faces.md.
"""
LEAST_EXCEEDANCES = 30
_NEAREST = 1e-9
"""Distances below this are rounding."""


@dataclass(frozen=True, slots=True)
class PowerTail:
    """The share of comparisons nearer than a distance, for distances within a start.

    Args:
        start: distance ``1 - s`` where the tail begins.
        share: share of all comparisons nearer than it.
        power: above 0; halving the distance divides the share by two to this power.
        exceedances: how many comparisons it was fitted to.
    """

    start: float
    share: float
    power: float
    exceedances: int

    def threshold(self, rate: float) -> float:
        """Return the score that is reached at a rate, below 1.

        Raises:
            ScoresRefused: the rate is not in the tail, where alone the fit holds.
        """
        check_rate(rate)
        if rate > self.share:
            raise ScoresRefused("A rate above the tail's share is counted, not extrapolated.")
        return 1.0 - self.start * math.pow(rate / self.share, 1.0 / self.power)

    def rate(self, threshold: float) -> float:
        """Return the rate at which a score is reached; 0 from 1 on.

        Raises:
            ScoresRefused: the score lies outside the tail.
        """
        distance = 1.0 - threshold
        if distance > self.start:
            raise ScoresRefused("A score outside the tail is counted, not extrapolated.")
        return self.share * math.pow(max(distance, 0.0) / self.start, self.power)


def fit_power_tail(
    highest: ArrayLike, of: int, copies: NDArray[np.int64] | None = None, share: float = SHARE
) -> PowerTail:
    """Fit the power to the highest scores.

    Args:
        highest: the highest scores, descending, at most 1; more than the share of all.
        of: how many comparisons there are in all, copies counted.
        copies: how often each of them counts, for the bootstrap; once each where not given.
        share: of all comparisons, those to fit to.

    Source: Hill, Annals of Statistics 3 (1975) 1163-1174, for the reciprocal of the distance.

    Raises:
        ScoresRefused: fewer than 30 comparisons are in the tail, too few were handed in, or they are all alike.
    """
    check_rate(share)
    wanted = math.floor(share * of)
    if wanted < LEAST_EXCEEDANCES:
        raise ScoresRefused(f"A tail needs at least {LEAST_EXCEEDANCES} scores; there are {wanted}.")
    closeness = -np.log(np.maximum(1.0 - as_scores(highest), _NEAREST))
    counted = np.ones(closeness.size, np.int64) if copies is None else copies
    reached = np.cumsum(counted)
    if not reached.size or reached[-1] <= wanted:
        raise ScoresRefused("Too few of the highest scores were kept.")
    # The first score that the tail does not hold is where it begins.
    last = int(np.searchsorted(reached, wanted, side="right"))
    weight = counted[:last]
    begins = float(closeness[last])
    excess = float(((closeness[:last] - begins) * weight).sum())
    held = int(weight.sum())
    if held < LEAST_EXCEEDANCES or excess <= 0.0:
        raise ScoresRefused("The highest scores are all alike; no tail can be fitted.")
    return PowerTail(math.exp(-begins), held / of, held / excess, held)
