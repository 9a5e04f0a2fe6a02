"""Several intervals that hold at once, and intervals of differences and ratios from those of two single rates."""

from __future__ import annotations

import math

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import Proportion


def per_interval_confidence(confidence: float, intervals: int) -> float:
    """Return the confidence that each of several intervals needs so that all of them hold at once.

    Bonferroni's share: the risk is divided evenly. It holds whatever the dependence between the intervals, and groups
    do depend on each other: their comparisons share people. Šidák's ``confidence ** (1 / intervals)`` would be a trace
    shorter, but needs independence (or normal estimates, symmetric intervals); at 95 % and ten intervals each
    would aim at 99.488 % in place of 99.500 %.

    Args:
        confidence: that all hold, in (0, 1).
        intervals: how many, at least 1.

    Source: Dunn, JASA 56 (1961) 52-64; Šidák, JASA 62 (1967) 626-633.

    Raises:
        ScoresRefused: the confidence or the number makes no sense.
    """
    if not 0.0 < confidence < 1.0:
        raise ScoresRefused("A confidence lies strictly between 0 and 1.")
    if intervals < 1:
        raise ScoresRefused("There is no interval to share the risk.")
    return 1.0 - (1.0 - confidence) / intervals


def difference_bounds(first: Proportion, second: Proportion) -> tuple[float, float]:
    """Return bounds of ``first - second`` by the method of variance estimates recovery (MOVER).

    The distance of each bound from its estimate stands for a standard error on that side, so that skew and exact tails
    carry over. With Wilson's intervals it is Newcombe's method 10. The bounds aim at the confidence of the two single
    intervals, for this one difference; for several at once, give intervals at :func:`per_interval_confidence`.

    Args:
        first: of one sample, with its interval at the confidence wanted.
        second: of another, independent of the first.

    Returns:
        Lower and upper bound, in [-1, 1]; the whole range where either has no trial.

    Source: Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10; Zou and Donner, ibid. 27 (2008) 1693-1702,
    eq. (2).
    """
    if first.value is None or second.value is None:
        return -1.0, 1.0
    difference = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return max(-1.0, difference - below), min(1.0, difference + above)


def ratio_bounds(first: Proportion, second: Proportion) -> tuple[float, float]:
    """Return bounds of ``first / second`` by MOVER on the logarithms of the rates.

    A rate of 0 has no logarithm. The bound that would need it is then taken from the ends of the single intervals,
    lowest over highest or highest over lowest, which is wider; where that too divides by 0 the bound is infinite. So
    without an error in the first the lower bound is 0, without one in the second the upper is infinite.

    Args:
        first: of one sample, with its interval at the confidence wanted.
        second: of another, independent of the first.

    Returns:
        Lower bound, at least 0, and upper, possibly infinite; ``(0, inf)`` where either has no trial.

    Source: Zou and Donner, Statistics in Medicine 27 (2008) 1693-1702; Donner and Zou, Statistical Methods in Medical
    Research 21 (2012) 347-359 (ratios by MOVER, here on the log scale).
    """
    if first.value is None or second.value is None:
        return 0.0, math.inf
    return _least_ratio(first, second), _most_ratio(first, second)


def _least_ratio(first: Proportion, second: Proportion) -> float:
    if first.value is None or second.value is None or first.low <= 0 or second.high <= 0:
        return 0.0
    if first.value <= 0 or second.value <= 0:
        return first.low / second.high
    spread = math.hypot(math.log(first.value / first.low), math.log(second.high / second.value))
    return first.value / second.value * math.exp(-spread)


def _most_ratio(first: Proportion, second: Proportion) -> float:
    if first.value is None or second.value is None or second.low <= 0:
        return math.inf
    if first.value <= 0 or second.value <= 0:
        return first.high / second.low
    spread = math.hypot(math.log(first.high / first.value), math.log(second.value / second.low))
    return first.value / second.value * math.exp(spread)
