"""A histogram of any number of scores, exact at its edges, that finds its own range and resolution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.selection import Selection

BINS = 1 << 18
STRAYS = 1 << 16
"""The most different scores outside the range that are kept one by one before the range grows."""

BLOCK = 1 << 18
SAMPLE = 1 << 16
WHOLE_FLOAT32, WHOLE_FLOAT64 = 1 << 23, 1 << 51
"""Below these, whole numbers and their neighbours are exact in the type."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Bins of equal width whose edges are whole multiples of a power of two, hence exact floating point numbers.

    Args:
        power: a bin is ``2 ** -power`` wide.
        first: the lowest edge is ``first * 2 ** -power``.
    """

    power: int
    first: int

    def edge(self, place: int) -> float:
        """Return the lower edge of a bin."""
        return math.ldexp(self.first + place, -self.power)

    def coarser(self, by: int, first: int) -> Grid:
        """Return a grid whose bins hold ``2 ** by`` of these, starting at ``first`` of these or just below it."""
        return Grid(self.power - by, first >> by)

    def place(self, scores: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return each score's bin as a float, exact; it may lie outside the range."""
        reach = max(abs(self.first), abs(self.first + BINS))
        if scores.dtype == np.float32 and (reach >= WHOLE_FLOAT32 or not 0 <= self.power <= 100):
            scores = scores.astype(np.float64)
        with np.errstate(over="ignore", under="ignore"):
            scaled = scores * scores.dtype.type(math.ldexp(1.0, self.power))
        np.floor(scaled, out=scaled)
        scaled -= scaled.dtype.type(self.first)
        return scaled


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Both kinds of score counted between ascending borders; a count belongs from its border up to the next.

    Args:
        borders: float64, shape (n,); with a single score per border outside the grid's range.
        mated: int64, shape (n,).
        non_mated: int64, shape (n,).
    """

    borders: NDArray[np.float64]
    mated: Counts
    non_mated: Counts


class ScoreBins:
    """Counts mated and non-mated scores in at most ``BINS`` bins.

    The first comparisons choose range and resolution, by quantiles, so that one stray score does not spoil them. Scores
    outside are kept one by one until there are too many; then the range grows and bins are merged in twos.
    """

    def __init__(self) -> None:
        self.grid: Grid | None = None
        self._counts = np.zeros((2, BINS), dtype=np.int64)
        self._stray = np.zeros(0)
        self._stray_counts = np.zeros((2, 0), dtype=np.int64)

    def add(self, selection: Selection) -> None:
        """Count a batch."""
        scores = selection.score if selection.usable is None else selection.score[selection.usable]
        if not scores.size:
            return
        mated = selection.score[selection.mated]
        if self.grid is None:
            self.grid = grid_for(scores)
        strays = self._count(scores, mated=False), self._count(mated, mated=True)
        if strays[0].size:
            self._keep_strays(*strays)

    def steps(self) -> Steps:
        """Return every border below which something lies, with the counts from it on."""
        if self.grid is None:
            return Steps(np.zeros(0), *np.zeros((2, 0), dtype=np.int64))
        filled = np.flatnonzero(self._counts.any(axis=0))
        edges = np.ldexp((filled + self.grid.first).astype(np.float64), -self.grid.power)
        borders = np.concatenate([edges, self._stray])
        counts = np.concatenate([self._counts[:, filled], self._stray_counts], axis=1)[:, np.argsort(borders)]
        return Steps(np.sort(borders), counts[0], counts[1])

    def width(self) -> float:
        """Return how wide a bin is."""
        return math.ldexp(1.0, -self._grid().power)

    def snap(self, borders: Sequence[float]) -> NDArray[np.float64]:
        """Return the grid's edges at or just below borders, ascending and each once."""
        if self.grid is None:
            return np.asarray(borders)
        places = np.floor(np.ldexp(np.asarray(borders, dtype=np.float64), self.grid.power))
        return np.unique(np.ldexp(places, -self.grid.power))

    def below(self, edges: NDArray[np.float64]) -> tuple[Counts, Counts]:
        """Return how many mated and non-mated scores lie below edges of the grid."""
        steps = self.steps()
        reached = np.searchsorted(steps.borders, edges, side="left")
        return (
            np.concatenate([[0], np.cumsum(steps.mated)])[reached],
            np.concatenate([[0], np.cumsum(steps.non_mated)])[reached],
        )

    def _count(self, scores: NDArray[np.floating], *, mated: bool) -> NDArray[np.float64]:
        """Count scores in range, mated ones having been counted with all before, and return the others."""
        grid, outside = self._grid(), []
        for start in range(0, scores.size, BLOCK):
            block = scores[start : start + BLOCK]
            places = grid.place(block)
            if places.min() < 0 or places.max() >= BINS:
                inside = (places >= 0) & (places < BINS)
                outside.append(block[~inside].astype(np.float64))
                places = places[inside]
            whole = places.astype(np.intp)
            if whole.size * 16 < BINS:
                np.add.at(self._counts[0 if mated else 1], whole, 1)
                np.subtract.at(self._counts[1], whole[: whole.size if mated else 0], 1)
                continue
            counts = np.bincount(whole, minlength=BINS)
            self._counts[0 if mated else 1] += counts
            if mated:
                self._counts[1] -= counts
        return np.concatenate(outside) if outside else np.zeros(0)

    def _keep_strays(self, everything: NDArray[np.float64], mated: NDArray[np.float64]) -> None:
        """Add scores outside the range to those kept one by one."""
        values = np.concatenate([self._stray, mated, everything])
        ones, kept = np.ones(mated.size, dtype=np.int64), self._stray.size
        stray, places = np.unique(values, return_inverse=True)
        counts = np.zeros((2, stray.size), dtype=np.int64)
        counts[:, places[:kept]] = self._stray_counts
        np.add.at(counts[0], places[kept : kept + mated.size], ones)
        np.add.at(counts[1], places[kept + mated.size :], 1)
        np.add.at(counts[1], places[kept : kept + mated.size], -ones)
        self._stray, self._stray_counts = stray, counts
        if stray.size > STRAYS:
            self._grow()

    def _grow(self) -> None:
        """Widen the range to hold nine in ten of the stray scores, at a resolution halved as often as needed."""
        old = self._grid()
        low, high = np.quantile(self._stray, [0.05, 0.95], method="nearest")
        first = min(old.first, math.floor(math.ldexp(float(low), old.power)))
        last = max(old.first + BINS - 1, math.floor(math.ldexp(float(high), old.power)))
        by = 0
        while (last >> by) - (first >> by) >= BINS:
            by += 1
        self.grid = grid = old.coarser(by, first)
        counts = np.zeros((2, BINS), dtype=np.int64)
        filled = np.flatnonzero(self._counts.any(axis=0))
        places = ((filled + old.first) >> by) - grid.first
        for side in range(2):
            np.add.at(counts[side], places, self._counts[side, filled])
        now = grid.place(self._stray)
        inside = (now >= 0) & (now < BINS)
        for side in range(2):
            np.add.at(counts[side], now[inside].astype(np.intp), self._stray_counts[side, inside])
        self._counts = counts
        self._stray, self._stray_counts = self._stray[~inside], self._stray_counts[:, ~inside]

    def _grid(self) -> Grid:
        if self.grid is None:
            self.grid = Grid(0, 0)
        return self.grid


def grid_for(scores: NDArray[np.floating]) -> Grid:
    """Choose the finest grid that reaches well past all but the strays of some scores."""
    sample = scores[:: max(1, scores.size // SAMPLE)].astype(np.float64)
    low, high = (float(end) for end in np.quantile(sample, [0.001, 0.999], method="nearest"))
    largest = max(abs(low), abs(high), 1e-290)
    span = max(high - low, largest * 2.0**-20)
    power = math.floor(math.log2(BINS / (2.0 * span)))
    power = min(power, math.floor(math.log2(WHOLE_FLOAT64 / largest)) - 1, 900)
    centre = math.floor(math.ldexp(low / 2 + high / 2, power))
    return Grid(power, centre - BINS // 2)
