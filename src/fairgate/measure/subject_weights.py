"""Random weights of people, and what a share of comparisons becomes under them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import ndtri, stdtrit

from fairgate.measure.subject_variance import Codes, Counts, Floats, by_person, variance_across

Bounds: TypeAlias = tuple[float, float]
Floats32: TypeAlias = NDArray[np.float32]
Drawn: TypeAlias = list[tuple[Floats, Floats]]

_CELLS = 1_000_000
"""Weights drawn at a time: people times rounds."""

_LISTED = 500_000
"""Above so many listed comparisons they are weighed by their people's totals; what each adds alone is lost there."""

_WIDEST = 1.0
"""The variance of a weight is kept at or below this; it is that of drawing people with replacement."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How the draws are made and read.

    Args:
        rng: draws the weights.
        resamples: rounds.
        tails: shares of the rounds below the lower and the upper bound.
        signed: whether a comparison may count -1, so that the bound may pass 0.
    """

    rng: np.random.Generator
    resamples: int
    tails: Bounds
    signed: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Those who are drawn: people with a listed comparison one by one, all others as one lump for each role.

    Args:
        probe: comparisons of each on the probe.
        reference: on the reference.
        same: product of both, summed within a lump.
        heads: effective number of people in each lump; these rows are the last.
        code: row of each person who is drawn alone; -1 for the others.
        people: those who are drawn alone, in the order of their rows.
    """

    probe: Floats
    reference: Floats
    same: Floats
    heads: Floats
    code: Codes
    people: NDArray[np.intp]

    @property
    def alone(self) -> int:
        """How many people are drawn one by one."""
        return self.people.size

    @property
    def size(self) -> int:
        """How many rows there are."""
        return self.people.size + self.heads.size


def bounds_within(trials: tuple[Counts, Codes, Floats], rounds: Rounds) -> Bounds:
    """Return bounds of a mean over comparisons that each belong to one person.

    Args:
        trials: comparisons by person; then the person of each comparison that counts other than 0, and what it counts.
        rounds: how to draw.
    """
    made, first, value = trials
    rows = _rows(made, np.zeros_like(made), first)
    counted = by_person(rows.code[first], value, rows.size)
    counts, probe = counted.astype(np.float32), rows.probe.astype(np.float32)
    drawn: Drawn = [
        ((counts @ weight).astype(np.float64), (probe @ weight).astype(np.float64))
        for weight in _weights(rows, 1.0, rounds)
    ]
    right = made - by_person(first, value, made.size)
    down = -counted.min() if rounds.signed else right @ right / right.sum()
    return _ends(drawn, (float(counted.max()), float(down)), rounds)


def bounds_across(
    made: tuple[Counts, Counts],
    listed: tuple[Codes, Codes, Floats],
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
    first, second, value = listed
    variance = variance_across(made, listed, of)
    own, residual = variance.own, variance.residual
    student = _few(residual * residual, rounds.tails)
    wanted = own * min(variance.effect * student, max(1.0, of / max(apart, 1.0)))
    rows = _rows(made[0], made[1], np.concatenate([first, second]))
    if value.size <= _LISTED:
        spread = _spread(own, variance.shared + 2 * own, wanted)
        pairs = csr_array(
            (value.astype(np.float32), (rows.code[first], rows.code[second])), shape=(rows.size, rows.size)
        )
        drawn = _drawn_by_pair(rows, pairs, of, spread, rounds)
    else:
        spread = _spread(0.0, variance.shared + 2 * own, wanted)
        drawn = _drawn_by_total(rows, (float(value.sum()), residual), of, spread, rounds)
    unit = wanted / own
    down = max(unit, float(-residual.min())) if rounds.signed else unit
    return _ends(drawn, (max(unit, float(residual.max())), down), rounds)


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
    return _ends([(up - down, up + down + rest)], (1.0, 1.0), rounds)


def _drawn_by_pair(rows: _Rows, pairs: csr_array, of: int, spread: float, rounds: Rounds) -> Drawn:
    """Return each round's sums of what is counted and of what was made, each comparison at its people's product."""
    full = max(1.0, float(rows.probe.sum() * rows.reference.sum() - rows.same.sum()))
    hidden = spread * float(rows.same[rows.alone :].sum())
    probe, reference, same = (side.astype(np.float32) for side in (rows.probe, rows.reference, rows.same / full))
    drawn: Drawn = []
    for weight in _weights(rows, spread, rounds):
        top = np.einsum("ij,ij->j", weight, pairs @ weight)
        both = (probe @ weight).astype(np.float64) * (reference @ weight) / full
        under = both - same @ np.square(weight, out=weight) - hidden / full
        drawn.append((top.astype(np.float64), np.maximum(under, 0.0) * of))
    return drawn


def _drawn_by_total(rows: _Rows, found: tuple[float, Floats], of: int, spread: float, rounds: Rounds) -> Drawn:
    """Return the same to first order, from the sum of what is counted and each person's residual."""
    total, residual = found
    some = residual[rows.people].astype(np.float32)
    return [
        (
            total - float(some.sum()) + (some @ weight[: rows.alone]).astype(np.float64),
            np.full(weight.shape[1], float(of)),
        )
        for weight in _weights(rows, spread, rounds)
    ]


def _rows(probe: Counts, reference: Counts, listed: Codes) -> _Rows:
    alone = np.bincount(listed, minlength=probe.size) > 0
    code = np.where(alone, np.cumsum(alone) - 1, -1).astype(np.int32)
    one, other = probe.astype(np.float64), reference.astype(np.float64)
    kinds = [~alone & (probe > 0) & (reference > 0), ~alone & (probe > 0) & (reference == 0)]
    kinds.append(~alone & (probe == 0) & (reference > 0))
    lumps = [(one[kind], other[kind]) for kind in kinds if kind.any()]
    both = [a + b for a, b in lumps]
    return _Rows(
        probe=np.append(one[alone], [a.sum() for a, _ in lumps]),
        reference=np.append(other[alone], [b.sum() for _, b in lumps]),
        same=np.append(one[alone] * other[alone], [a @ b for a, b in lumps]),
        heads=np.array([total.sum() ** 2 / (total @ total) for total in both]),
        code=code,
        people=np.flatnonzero(alone),
    )


def _weights(rows: _Rows, spread: float, rounds: Rounds) -> Iterator[Floats32]:
    """Yield weights of mean 1, a block of rounds at a time.

    A person's is exponential, moved and narrowed to the variance ``spread``; a lump's varies as the mean of so many.
    """
    shape = rows.heads[:, None] / spread
    block = max(1, min(rounds.resamples, _CELLS // rows.size))
    narrow = np.float32(math.sqrt(spread))
    for start in range(0, rounds.resamples, block):
        width = min(block, rounds.resamples - start)
        weight = np.empty((rows.size, width), dtype=np.float32)
        people = weight[: rows.alone]
        rounds.rng.standard_exponential(dtype=np.float32, out=people)
        people *= narrow
        people += 1 - narrow
        weight[rows.alone :] = rounds.rng.standard_gamma(shape, size=(rows.heads.size, width)) / shape
        yield weight


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


def _ends(drawn: Drawn, sizes: Bounds, rounds: Rounds) -> Bounds:
    """Return percentiles, with one more person or pair who pulls the bound outwards by as much as ``sizes`` says."""
    top = np.concatenate([one for one, _ in drawn])
    under = np.concatenate([other for _, other in drawn])
    more = rounds.rng.standard_exponential((2, rounds.resamples)) * np.maximum(sizes, 1.0)[:, None]
    floor = top - more[1] if rounds.signed else top
    low = np.quantile(floor / (under + more[1]), rounds.tails[0])
    high = np.quantile((top + more[0]) / (under + more[0]), rounds.tails[1])
    least = -1.0 if rounds.signed else 0.0
    return max(least, float(low)), min(1.0, float(high))
