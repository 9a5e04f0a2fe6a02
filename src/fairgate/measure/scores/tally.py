"""The second pass over mated scores: misses at every threshold, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.people import Folds
from fairgate.measure.scores.selection import Selection, typed


class MatedTally:
    """Counts mated scores below thresholds, exactly.

    Args:
        thresholds: of every point of a curve; any order.
        points: thresholds whose misses are also counted by person.
        held_out: for each of the points, float64, shape (folds,), or ``None``: the threshold for each person's fold.
        folds: the survey's; ``None`` where people are unknown.
    """

    def __init__(
        self,
        thresholds: Sequence[float],
        points: Sequence[float],
        held_out: Sequence[NDArray[np.float64] | None],
        folds: Folds | None,
    ) -> None:
        self._borders = np.unique(np.asarray([*thresholds, *points], dtype=np.float64))
        self._reached = np.zeros(self._borders.size + 1, dtype=np.int64)
        self._points = tuple(points)
        self._held_out = tuple(held_out)
        self._folds = folds
        self._missed = [np.zeros(0, dtype=np.int64) for _ in points]
        self._held_out_missed = [0 for _ in points]

    def add(self, selection: Selection) -> None:
        """Count a batch."""
        if not selection.mated.size:
            return
        scores = selection.score[selection.mated]
        reached = np.searchsorted(self._borders, scores.astype(np.float64), side="right")
        self._reached += np.bincount(reached, minlength=self._reached.size)
        reference = selection.batch.reference_subject
        if self._folds is None or reference is None:
            return
        people = selection.take(reference, selection.mated)
        folds = self._folds.of(people)
        for place, (threshold, held_out) in enumerate(zip(self._points, self._held_out, strict=True)):
            missed = np.bincount(people[scores < typed(threshold, scores)])
            known = self._missed[place]
            if missed.size > known.size:
                known = self._missed[place] = np.append(known, np.zeros(missed.size - known.size, dtype=np.int64))
            known[: missed.size] += missed
            if held_out is not None:
                self._held_out_missed[place] += int(np.count_nonzero(scores < held_out[folds]))

    def misses(self, thresholds: Sequence[float]) -> NDArray[np.int64]:
        """Return the mated scores below each of the thresholds asked for at the start, shape (n,)."""
        below = np.cumsum(self._reached)
        return below[np.searchsorted(self._borders, np.asarray(thresholds, dtype=np.float64))]

    def missed_people(self, point: int) -> NDArray[np.int32]:
        """Return whose comparisons were missed at a point, a person once for each."""
        counts = self._missed[point]
        return np.repeat(np.arange(counts.size, dtype=np.int32), counts)

    def held_out_misses(self, point: int) -> int:
        """Return the misses at thresholds chosen without each person's fold."""
        return self._held_out_missed[point]
