"""Proportions with their counts and confidence intervals: nothing is printed without both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from scipy.special import betaincinv

from fairgate.errors import ScoresRefused

CONFIDENCE = 0.95
"""The coverage that every interval aims at unless told otherwise."""


class IntervalMethod(StrEnum):
    """How an interval was computed."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"
    RULE_OF_THREE = "rule_of_three"
    SUBJECT_BOOTSTRAP = "subject_bootstrap"


@dataclass(frozen=True, slots=True)
class Proportion:
    """A count out of a number of trials, with the interval of the rate behind it.

    Args:
        count: how many trials had the property (errors, matches, …), in [0, of].
        of: how many trials there were.
        value: ``count / of``; ``None`` where there was no trial.
        low: lower end of the interval, in [0, 1]; 0 where there was no trial.
        high: upper end, in [0, 1]; 1 where there was no trial.
        method: how the interval was computed.
        confidence: the coverage it aims at, in (0, 1).
    """

    count: int
    of: int
    value: float | None
    low: float
    high: float
    method: IntervalMethod
    confidence: float = CONFIDENCE

    def as_json(self, count_key: str = "count") -> dict[str, object]:
        """Return plain values for scripts; ``count_key`` names the count, e.g. ``"errors"``."""
        return {
            count_key: self.count,
            "of": self.of,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "interval": str(self.method),
        }


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> Proportion:
    """Return a proportion with Wilson's score interval.

    Its mean coverage is close to nominal, so it suits a chain of shares that is to be read at a glance.

    Source: Wilson, JASA 22 (1927) 209-212; Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133, eq. (4).

    Raises:
        ScoresRefused: the counts or the confidence make no sense.
    """
    _check(count, of, confidence)
    if of == 0:
        return Proportion(0, 0, None, 0.0, 1.0, IntervalMethod.WILSON, confidence)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / of
    centre = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if count == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if count == of else min(1.0, (centre + half) / scale)
    return Proportion(count, of, share, low, high, IntervalMethod.WILSON, confidence)


def clopper_pearson(count: int, of: int, confidence: float = CONFIDENCE) -> Proportion:
    """Return a proportion with the exact interval of Clopper and Pearson, for independent trials.

    It covers at or above the nominal confidence whatever the true rate, so it suits error rates.

    Source: Clopper and Pearson, Biometrika 26 (1934) 404-413, by quantiles of the beta distribution.

    Raises:
        ScoresRefused: the counts or the confidence make no sense.
    """
    _check(count, of, confidence)
    if of == 0:
        return Proportion(0, 0, None, 0.0, 1.0, IntervalMethod.CLOPPER_PEARSON, confidence)
    low, high = exact_bounds(count, of, confidence)
    return Proportion(count, of, count / of, low, high, IntervalMethod.CLOPPER_PEARSON, confidence)


def exact_bounds(count: float, of: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Clopper-Pearson bounds of a rate; the count may be a mean, and then need not be whole.

    Args:
        count: in [0, of]; with a mean over resampled galleries the bounds interpolate between whole counts.
        of: trials, above 0.
        confidence: in (0, 1).

    Source: as :func:`clopper_pearson`; the beta quantiles are continuous in the count.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if count <= 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count >= of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high


def rule_of_three(of: int, confidence: float = CONFIDENCE) -> Proportion:
    """Return the one-sided exact bound for a rate of which no case was seen in ``of`` trials.

    The bound solves ``(1 - rate) ** of = 1 - confidence``; at 95 % it is close to ``3 / of``, whence the name.

    Source: Hanley and Lippman-Hand, JAMA 249 (1983) 1743-1745.

    Raises:
        ScoresRefused: there was no trial.
    """
    _check(0, of, confidence)
    if of == 0:
        raise ScoresRefused("No trial was made, so no rate is bounded.")
    high = -math.expm1(math.log1p(-confidence) / of)
    return Proportion(0, of, 0.0, 0.0, high, IntervalMethod.RULE_OF_THREE, confidence)


def _check(count: int, of: int, confidence: float) -> None:
    if not 0 <= count <= of:
        raise ScoresRefused(f"A count of {count} out of {of} is impossible.")
    if not 0.0 < confidence < 1.0:
        raise ScoresRefused("A confidence lies strictly between 0 and 1.")
