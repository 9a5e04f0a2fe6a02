"""Counts by quality in bounded memory: exact at every limit that is kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 8192
"""Distinct qualities up to which each is counted for itself; with more, neighbours are put together, half as many."""

MOST_CELLS = 1 << 22
"""Distinct qualities times labels of all attributes; keeps a few thousand labels within some tens of MB."""


class QualityBins:
    """Mated comparisons, and the missed ones among them, by quality.

    A bin is a stretch of qualities that really occur in it, from its lowest to its highest. Between two bins lies
    nothing, so a new quality there becomes a bin of its own, and the count below a bin's lowest quality is exact for
    ever, whatever is put together later. Up to ``exact_up_to`` distinct qualities each is its own bin, and neither
    order nor batches matter; beyond, they decide which limits are left.

    Args:
        labels: how many labels each attribute has.
        exact_up_to: distinct qualities kept apart; fewer where there are very many labels.
    """

    def __init__(self, labels: Mapping[str, int], *, exact_up_to: int = EXACT_UP_TO) -> None:
        rows = sum(labels.values()) + len(labels)
        self._most = max(2, min(exact_up_to, max(512, MOST_CELLS // max(1, rows))))
        self.lows = np.empty(0, dtype=np.float64)
        self._highs = np.empty(0, dtype=np.float64)
        self.counts = np.zeros(0, dtype=np.int64)
        self.misses = np.zeros(0, dtype=np.int64)
        self.by_label = {name: np.zeros((size + 1, 0), dtype=np.int64) for name, size in labels.items()}
        self.every_value = True

    def add(
        self, quality: NDArray[np.floating], missed: NDArray[np.bool_], labels: Mapping[str, NDArray[np.int16]]
    ) -> None:
        """Count comparisons.

        Args:
            quality: finite, shape (n,).
            missed: shape (n,); the comparison did not match.
            labels: codes of shape (n,) by attribute, below the number of its labels; negative for none.
        """
        if quality.size == 0:
            return
        values, counts = np.unique(quality, return_counts=True)  # without an inverse this is a plain, quick sort
        missed_values, misses = np.unique(quality[missed], return_counts=True)
        of_old, of_values = self._make_room(values.astype(np.float64), counts)
        size = self.lows.size
        self.counts = _moved(self.counts, of_old, size) + _added(of_values, counts, size)
        self.misses = _moved(self.misses, of_old, size) + _added(self._place(missed_values), misses, size)
        rows = self._place(quality) if labels else None
        for name, old in self.by_label.items():
            table = _moved(old.T, of_old, size).T
            if rows is not None and name in labels:
                codes = labels[name].astype(np.int64)
                codes[codes < 0] = len(old) - 1
                table = table + np.bincount(codes * size + rows, minlength=table.size).reshape(table.shape)
            self.by_label[name] = table

    def _place(self, quality: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the bins of qualities that all have one."""
        return np.searchsorted(self.lows, quality.astype(np.float64), side="right") - 1

    def _make_room(
        self, values: NDArray[np.float64], counts: NDArray[np.int64]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Make bins for new qualities; return the new places of the old bins, and of the qualities.

        Args:
            values: ascending and distinct.
            counts: how often each occurs.
        """
        old = self.lows.size
        place = np.searchsorted(self.lows, values, side="right") - 1
        inside = place >= 0
        inside[inside] = values[inside] <= self._highs[place[inside]]
        fresh = ~inside
        place[fresh] = old + np.arange(np.count_nonzero(fresh))
        lows = np.concatenate([self.lows, values[fresh]])
        highs = np.concatenate([self._highs, values[fresh]])
        sizes = _added(place, counts, lows.size)
        sizes[:old] += self.counts
        order = np.argsort(lows, kind="stable")
        lows, highs, sizes = lows[order], highs[order], sizes[order]
        rank = np.empty(order.size, dtype=np.intp)
        rank[order] = np.arange(order.size)
        if lows.size > self._most:
            starts = _starts(sizes, self._most // 2)
            self.every_value = False
            lows, highs = lows[starts], highs[np.append(starts[1:], highs.size) - 1]
            rank = np.searchsorted(starts, rank, side="right") - 1
        self.lows, self._highs = lows, highs
        return rank[:old], rank[place]


def _starts(sizes: NDArray[np.int64], into: int) -> NDArray[np.intp]:
    """Return where bins begin if neighbours are put together into at most ``into`` of about equal count."""
    before = np.cumsum(sizes) - sizes
    slot = np.floor(before * (into / sizes.sum())).astype(np.int64)
    return np.flatnonzero(np.diff(slot, prepend=-1))


def _added(to: NDArray[np.intp], counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return counts added up by bin."""
    return np.bincount(to, weights=counts, minlength=size).astype(np.int64)


def _moved(old: NDArray[np.int64], to: NDArray[np.intp], size: int) -> NDArray[np.int64]:
    """Return counts by bin (first axis) at the bins' new places; those in one place are added up."""
    if len(old) == size and np.array_equal(to, np.arange(size)):
        return old
    new = np.zeros((size, *old.shape[1:]), dtype=np.int64)
    np.add.at(new, to, old)
    return new
