"""What a group's size could show: the smallest visible difference, and the chance to see the one looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik, betainc, betaincinv

POWER = 0.8
"""Chance at which a difference counts as visible."""

QUANTILES = (np.arange(15) + 0.5) / 15
"""Where the other groups' chance count is looked at; their mean stands for its distribution."""

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What each group's size could show.

    Args:
        visible: float64, shape (groups,): the smallest rate above that of the other groups that would be seen; NaN
            where not even total failure would.
        power: float64, shape (groups,): chance that the rate looked for would be seen.
        others: float64, shape (groups,): the other groups' rate; NaN where they have no trial.
    """

    visible: Values
    power: Values
    others: Values


def visible_rates(
    errors: Counts, of: Counts, effective: Values, confidence: float, wanted: Callable[[Values], Values], *, ratio: bool
) -> Seen:
    """Return for each group what could be seen of it against all others together.

    The others' pooled rate is taken as true, and both counts as binomial with the effective numbers of trials. A rise
    is seen where the two-sided interval of the difference (or ratio) of the two rates excludes equality from below: the
    rule by which a difference is said to be there, so that a verdict and its power go together. The group's part is
    exact; the others' count is averaged over 15 quantiles of its distribution.

    Args:
        errors: shape (groups,).
        of: shape (groups,): comparisons.
        effective: shape (groups,): how many independent ones they are worth.
        confidence: of one interval.
        wanted: gives the rate looked for from the others' rate.
        ratio: rates are compared by ratio, and others without an error are put at half an error.

    Source: power is the probability of the region where the interval's test rejects; the intervals are those of
    ``simultaneous.py`` (Zou and Donner 2008) from Clopper and Pearson's.
    """
    rest_errors, rest_of = errors.sum() - errors, of.sum() - of
    with np.errstate(invalid="ignore", divide="ignore"):
        others = rest_errors / rest_of
        if ratio:
            others = np.where((rest_errors == 0) & (rest_of > 0), 0.5 / rest_of, others)
    size, rest_size = np.floor(effective), np.floor(effective.sum() - effective + 1e-9)
    able = (size >= 1) & (rest_size >= 1)
    visible, power = np.full(of.shape, np.nan), np.zeros(of.shape)
    if able.any():
        n, rate = size[able], others[able]
        least = _least_count(n, rest_size[able], rate, (1 - confidence) / 2, ratio=ratio)
        power[able] = _power(least, n, np.minimum(1.0, wanted(rate)))
        visible[able] = _visible(least, n, rate)
    return Seen(visible, power, others)


def _least_count(n: Values, rest: Values, rate: Values, tail: float, *, ratio: bool) -> Values:
    """Return the least error count that would be seen, shape (quantiles, groups); ``n + 1`` where none would be."""
    other = binomial_quantile(QUANTILES[:, None], rest, rate)
    found = other / rest
    ceiling = np.where(other >= rest, 1.0, betaincinv(other + 1, np.maximum(rest - other, 1e-300), 1 - tail))
    too_few = np.floor(found * n)
    enough = np.broadcast_to(n + 1, too_few.shape).copy()
    while (enough - too_few > 1).any():
        middle = np.floor((too_few + enough) / 2)
        middle = np.where(enough - too_few > 1, middle, enough)
        seen = _is_seen(middle, n, found, ceiling, tail, ratio=ratio) | (middle > n)
        enough = np.where(seen, middle, enough)
        too_few = np.where(seen, too_few, middle)
    return enough


def binomial_quantile(share: Values, n: Values, rate: Values) -> Values:
    """Return the least count that a binomial one does not exceed with at least this chance.

    Args:
        share: in (0, 1).
        n: trials, whole numbers above 0.
        rate: in [0, 1].

    Source: SciPy's own quantile from the same two functions; :mod:`scipy.stats` itself takes seconds to import.
    """
    share, n, rate = np.broadcast_arrays(share, n, rate)
    inside = (rate > 0) & (rate < 1)
    safe = np.where(inside, rate, 0.5)
    count = np.ceil(bdtrik(share, n, safe))
    lower = np.maximum(count - 1, 0)
    enough = betainc(np.maximum(n - lower, 1e-300), lower + 1, 1 - safe) >= share
    return np.asarray(np.where(inside, np.where(enough, lower, count), np.where(rate > 0, n, 0.0)), dtype=np.float64)


def _is_seen(
    count: Values, n: Values, found: Values, ceiling: Values, tail: float, *, ratio: bool
) -> NDArray[np.bool_]:
    inside = np.clip(count, 1, n)
    share = inside / n
    floor = betaincinv(inside, n - inside + 1, tail)
    if not ratio:
        return np.asarray(share - found > np.hypot(share - floor, ceiling - found))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(share / found) > np.hypot(np.log(share / floor), np.log(ceiling / found))
    return np.asarray(np.where(found > 0, apart, floor > ceiling))


def _power(least: Values, n: Values, rate: Values) -> Values:
    """Return the chance of at least ``least`` errors out of ``n``, averaged over the first axis."""
    inside = np.minimum(least, n)
    chance = np.where(least > n, 0.0, betainc(inside, n - inside + 1, rate))
    return np.asarray(chance.mean(axis=0), dtype=np.float64)


def _visible(least: Values, n: Values, others: Values) -> Values:
    low, high = others.copy(), np.ones_like(others)
    possible = _power(least, n, high) >= POWER
    for _ in range(50):
        middle = (low + high) / 2
        enough = _power(least, n, middle) >= POWER
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return np.where(possible, high, np.nan)
