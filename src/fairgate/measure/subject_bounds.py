"""Bounds of a mean over comparisons, by drawing people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri, stdtrit

from fairgate.measure.subject_draws import (
    Bounds,
    Drawn,
    Listed,
    Rounds,
    drawn_by_pair,
    drawn_by_total,
    drawn_within,
    rows_of,
)
from fairgate.measure.subject_variance import (
    Codes,
    Counts,
    Floats,
    SharedVariance,
    by_person,
    residual_across,
    variance_across,
)

_LISTED = 500_000
"""Above so many listed comparisons they are weighed by their people's totals; what each adds alone is lost there."""

_WIDEST = 1.0
"""The variance of a weight is kept at or below this; it is that of drawing people with replacement."""


def bounds_within(trials: tuple[Counts, Codes, Floats], rounds: Rounds) -> Bounds:
    """Return bounds of a mean over comparisons that each belong to one person.

    Args:
        trials: comparisons by person; then the person of each comparison that counts other than 0, and what it counts.
        rounds: how to draw.
    """
    made, first, value = trials
    rows = rows_of(made, np.zeros_like(made), first)
    counted = by_person(rows.code[first], value, rows.size)
    drawn = drawn_within(rows, counted, rounds)
    right = made - by_person(first, value, made.size)
    down = -counted.min() if rounds.signed else right @ right / right.sum()
    return _ends(drawn, (float(counted.max()), float(down)), rounds)


def bounds_across(
    made: tuple[Counts, Counts],
    listed: Listed,
    of: int,
    apart: float,
    rounds: Rounds,
) -> Bounds:
    """Return bounds of a mean over comparisons that each touch two people.

    Args:
        made: comparisons by person, on the probe and on the reference.
        listed: of each comparison that counts other than 0: person on the probe, on the reference, what it counts.
        of: comparisons.
        apart: how many of them share nobody; the variance is never put above that of so many.
        rounds: how to draw.
    """
    variance, wanted = _wanted(made, listed, of, apart, rounds)
    own, residual = variance.own, variance.residual
    drawn = _across(made, (listed,), of, (variance, wanted), rounds)
    unit = wanted / own
    down = max(unit, float(-residual.min())) if rounds.signed else unit
    return _ends(drawn, (max(unit, float(residual.max())), down), rounds)


def ratios_across(
    made: tuple[Counts, Counts], lists: tuple[Listed, Listed, Listed], of: int, apart: float, rounds: Rounds
) -> Floats:
    """Return, round by round, how two rates change together where comparisons touch two people.

    Args:
        made: comparisons by person, on the probe and on the reference.
        lists: what counts in either rate, which gives the variance; in the first; in the second.
        of: comparisons.
        apart: as :func:`bounds_across`.
        rounds: how to draw.

    Returns:
        Shape (2, rounds): each rate over what it is.
    """
    basis = _wanted(made, lists[0], of, apart, rounds)
    drawn = _across(made, lists, of, basis, rounds)
    was = np.array([[max(1.0, float(value.sum()))] for _, _, value in lists[1:]]) / of
    return drawn.tops[1:] / np.maximum(drawn.under, 1.0) / was


def bounds_alone(of: int, value: Floats, rounds: Rounds) -> Bounds:
    """Return bounds of a mean over comparisons that share nobody, or of which nobody knows what they share.

    Args:
        of: comparisons.
        value: of those that count other than 0, what they count: 1 or -1.
        rounds: how to draw.
    """
    more, less = int(np.count_nonzero(value > 0)), int(np.count_nonzero(value < 0))
    shapes = np.array([[more], [less], [of - more - less]], dtype=np.float64)
    up, down, rest = rounds.rng.standard_gamma(shapes, size=(3, rounds.resamples))
    return _ends(Drawn((up - down)[None, :], up + down + rest), (1.0, 1.0), rounds)


def _few(squares: Floats, tails: Bounds) -> float:
    """Return by how much a variance is enlarged that rests on so few people: Student's quantile over the normal one.

    The people count by how evenly the squares are spread over them, as Kish's effective number.
    """
    effective = float(squares.sum()) ** 2 / max(float(squares @ squares), 1e-300)
    return float(stdtrit(max(effective - 1.0, 1.0), tails[1]) / ndtri(tails[1])) ** 2


def _spread(own: float, single: float, wanted: float) -> float:
    """Return the variance of people's weights that gives a sum the variance wanted.

    With weights of variance a, comparisons that share a person add ``a * single`` and each by itself ``a * a * own``.
    """
    if own <= 0:
        return min(wanted / single, _WIDEST)
    return min((math.sqrt(single * single + 4 * own * wanted) - single) / (2 * own), _WIDEST)


def _wanted(
    made: tuple[Counts, Counts], listed: Listed, of: int, apart: float, rounds: Rounds
) -> tuple[SharedVariance, float]:
    """Return the variance of a sum, and what it is enlarged to: for few people, but never past the worst case."""
    variance = variance_across(made, listed, of)
    student = _few(variance.residual * variance.residual, rounds.tails)
    return variance, variance.own * min(variance.effect * student, max(1.0, of / max(apart, 1.0)))


def _across(
    made: tuple[Counts, Counts], lists: Sequence[Listed], of: int, basis: tuple[SharedVariance, float], rounds: Rounds
) -> Drawn:
    """Draw sums whose weights give the first of them the variance wanted."""
    variance, wanted = basis
    first, second, value = lists[0]
    rows = rows_of(made[0], made[1], np.concatenate([first, second]))
    if value.size <= _LISTED:
        spread = _spread(variance.own, variance.shared + 2 * variance.own, wanted)
        return drawn_by_pair(rows, lists, of, spread, rounds)
    spread = _spread(0.0, variance.shared + 2 * variance.own, wanted)
    sums = [(float(one[2].sum()), residual_across(made, one, of)) for one in lists]
    return drawn_by_total(rows, sums, of, spread, rounds)


def _ends(drawn: Drawn, sizes: Bounds, rounds: Rounds) -> Bounds:
    """Return percentiles, with one more person or pair who pulls the bound outwards by as much as ``sizes`` says."""
    top, under = drawn.tops[0], drawn.under
    more = rounds.rng.standard_exponential((2, rounds.resamples)) * np.maximum(sizes, 1.0)[:, None]
    floor = top - more[1] if rounds.signed else top
    low = np.quantile(floor / (under + more[1]), rounds.tails[0])
    high = np.quantile((top + more[0]) / (under + more[0]), rounds.tails[1])
    least = -1.0 if rounds.signed else 0.0
    return max(least, float(low)), min(1.0, float(high))
