"""Random weights of people, and what sums over comparisons become under them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fairgate.measure.subject_variance import Codes, Counts, Floats

Bounds: TypeAlias = tuple[float, float]
Floats32: TypeAlias = NDArray[np.float32]
Listed: TypeAlias = tuple[Codes, Codes, Floats]

_CELLS = 1_000_000
"""Weights drawn at a time: people times rounds."""


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
class Rows:
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


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What the rounds gave.

    Args:
        tops: shape (sums, rounds): what is counted, of each sum.
        under: shape (rounds,): comparisons.
    """

    tops: Floats
    under: Floats


def drawn_within(rows: Rows, counted: Floats, rounds: Rounds) -> Drawn:
    """Draw sums over comparisons that each belong to one person.

    Args:
        rows: who is drawn.
        counted: shape (rows,): what the comparisons of each count.
        rounds: how to draw.
    """
    counts, made = counted.astype(np.float32), rows.probe.astype(np.float32)
    parts = [(counts @ weight, made @ weight) for weight in weights(rows, 1.0, rounds)]
    return _joined([(top[None, :], under) for top, under in parts])


def drawn_by_pair(rows: Rows, sums: Sequence[Listed], of: int, spread: float, rounds: Rounds) -> Drawn:
    """Draw sums over comparisons that each weigh as the product of their two people.

    Args:
        rows: who is drawn.
        sums: of each sum, the comparisons that count other than 0.
        of: comparisons.
        spread: variance of a person's weight.
        rounds: how to draw.
    """
    shape = (rows.size, rows.size)
    pairs = [
        csr_array((value.astype(np.float32), (rows.code[one], rows.code[two])), shape=shape) for one, two, value in sums
    ]
    full = max(1.0, float(rows.probe.sum() * rows.reference.sum() - rows.same.sum()))
    hidden = spread * float(rows.same[rows.alone :].sum()) / full
    probe, reference, same = (side.astype(np.float32) for side in (rows.probe, rows.reference, rows.same / full))
    parts = []
    for weight in weights(rows, spread, rounds):
        tops = np.stack([np.einsum("ij,ij->j", weight, pair @ weight) for pair in pairs])
        both = (probe @ weight).astype(np.float64) * (reference @ weight) / full
        under = both - same @ np.square(weight, out=weight) - hidden
        parts.append((tops, np.maximum(under, 0.0) * of))
    return _joined(parts)


def drawn_by_total(rows: Rows, sums: Sequence[tuple[float, Floats]], of: int, spread: float, rounds: Rounds) -> Drawn:
    """Draw the same to first order, from each sum as it is and its residuals by person."""
    some = np.stack([residual[rows.people] for _, residual in sums]).astype(np.float32)
    base = np.array([[total] for total, _ in sums]) - some.sum(axis=1, keepdims=True)
    parts = [
        (base + some @ weight[: rows.alone], np.full(weight.shape[1], float(of)))
        for weight in weights(rows, spread, rounds)
    ]
    return _joined(parts)


def rows_of(probe: Counts, reference: Counts, listed: Codes) -> Rows:
    """Return who is drawn.

    Args:
        probe: comparisons by person on the probe.
        reference: on the reference.
        listed: people who are to be drawn one by one.
    """
    alone = np.bincount(listed, minlength=probe.size) > 0
    code = np.where(alone, np.cumsum(alone) - 1, -1).astype(np.int32)
    one, other = probe.astype(np.float64), reference.astype(np.float64)
    kinds = [~alone & (probe > 0) & (reference > 0), ~alone & (probe > 0) & (reference == 0)]
    kinds.append(~alone & (probe == 0) & (reference > 0))
    lumps = [(one[kind], other[kind]) for kind in kinds if kind.any()]
    both = [a + b for a, b in lumps]
    return Rows(
        probe=np.append(one[alone], [a.sum() for a, _ in lumps]),
        reference=np.append(other[alone], [b.sum() for _, b in lumps]),
        same=np.append(one[alone] * other[alone], [a @ b for a, b in lumps]),
        heads=np.array([total.sum() ** 2 / (total @ total) for total in both]),
        code=code,
        people=np.flatnonzero(alone),
    )


def weights(rows: Rows, spread: float, rounds: Rounds) -> Iterator[Floats32]:
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


def _joined(parts: Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]) -> Drawn:
    tops = np.concatenate([top.astype(np.float64) for top, _ in parts], axis=1)
    return Drawn(tops, np.concatenate([under.astype(np.float64) for _, under in parts]))
