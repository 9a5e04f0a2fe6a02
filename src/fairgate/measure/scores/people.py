"""Who takes part in how many comparisons, and into which fold each person is dealt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN
from fairgate.measure.scores.selection import Selection, take

DEALT_AT_ONCE = 4096
MOST_FOLDS = 255

Counts = NDArray[np.int64]
Codes = NDArray[np.int32]


class Folds:
    """Deals people into folds by their codes: of each stretch of as many people as there are folds, one into each.

    Args:
        count: from 1 to 255.
        rng: its draws are used up in the order of codes, whatever the batches.
    """

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.count = max(1, min(count, MOST_FOLDS))
        self._rng = rng
        self._of = np.zeros(0, dtype=np.uint8)

    def of(self, people: Codes) -> NDArray[np.uint8]:
        """Return the fold of each person; codes are not negative."""
        if people.size:
            self._deal(int(people.max()) + 1)
        return self._of[people]

    def _deal(self, people: int) -> None:
        while self._of.size < people:
            stretches = np.tile(np.arange(self.count, dtype=np.uint8), (DEALT_AT_ONCE, 1))
            self._of = np.append(self._of, self._rng.permuted(stretches, axis=1).ravel())

    def pairs(self, first: Codes, second: Codes) -> Counts:
        """Count pairs of people by the folds of both, shape (folds, folds)."""
        both = self.of(first).astype(np.intp) * self.count + self.of(second)
        return np.bincount(both, minlength=self.count**2).reshape(self.count, self.count)


class PeopleCounts:
    """Counts comparisons by person on each side, and non-mated ones by the folds of both.

    Once a comparison does not say whom it shows, nothing is counted any more, and :attr:`known` is False.
    """

    def __init__(self, folds: Folds) -> None:
        self.known = True
        self.folds = folds
        self.as_probe = np.zeros(0, dtype=np.int64)
        self.as_reference = np.zeros(0, dtype=np.int64)
        self.mated = np.zeros(0, dtype=np.int64)
        self.by_fold = np.zeros((folds.count, folds.count), dtype=np.int64)

    def add(self, selection: Selection) -> None:
        """Count a batch: all its rows less those that are no non-mated comparisons, which are few as a rule."""
        batch, shape = selection.batch, selection.batch.score.shape
        probe, reference = batch.probe_subject, batch.reference_subject
        if not self.known or not selection.score.size:
            return
        if probe is None or reference is None:
            self.known = False
            return
        left_out = selection.not_counted()
        if probe.min() == UNKNOWN or reference.min() == UNKNOWN or 2 * left_out.size > selection.score.size:
            self._add_rows(selection)
            return
        others = take(probe, shape, left_out), take(reference, shape, left_out)
        rows, columns = probe.ravel(), reference.ravel()
        size = selection.score.size
        self.as_probe = _plus(self.as_probe, rows, times=size // rows.size)
        self.as_reference = _plus(self.as_reference, columns, times=size // columns.size)
        self.as_probe = _plus(self.as_probe, others[0], times=-1)
        self.as_reference = _plus(self.as_reference, others[1], times=-1)
        self.by_fold += self._pairs(probe, reference, shape) - self.folds.pairs(*others)
        self.mated = _plus(self.mated, selection.take(reference, selection.mated))

    def _add_rows(self, selection: Selection) -> None:
        """Count row by row."""
        probe, reference = selection.batch.probe_subject, selection.batch.reference_subject
        if probe is None or reference is None:
            return
        counted = ~selection.is_mated if selection.usable is None else selection.usable & ~selection.is_mated
        places = np.flatnonzero(counted)
        first, second = selection.take(probe, places), selection.take(reference, places)
        same = selection.take(reference, selection.mated)
        if any(side.size and side.min() == UNKNOWN for side in (first, second, same)):
            self.known = False
            return
        self.as_probe = _plus(self.as_probe, first)
        self.as_reference = _plus(self.as_reference, second)
        self.by_fold += self.folds.pairs(first, second)
        self.mated = _plus(self.mated, same)

    def _pairs(self, probe: Codes, reference: Codes, shape: tuple[int, ...]) -> Counts:
        if len(shape) == 2 and probe.shape == (shape[0], 1) and reference.size == shape[1]:
            count = self.folds.count
            return np.multiply.outer(
                np.bincount(self.folds.of(probe.ravel()), minlength=count),
                np.bincount(self.folds.of(reference.ravel()), minlength=count),
            )
        return self.folds.pairs(
            np.broadcast_to(probe, shape).ravel(),
            np.broadcast_to(reference, shape).ravel(),
        )

    def people(self) -> int:
        """Return how many codes of people there may be."""
        return max(self.as_probe.size, self.as_reference.size, self.mated.size)

    def without(self, fold: int) -> int:
        """Return how many non-mated comparisons show nobody of a fold."""
        table = self.by_fold
        return int(table.sum() - table[fold].sum() - table[:, fold].sum() + table[fold, fold])


def _plus(counts: Counts, people: Codes, *, times: int = 1) -> Counts:
    """Return counts by person with some more people counted."""
    if not people.size:
        return counts
    more = np.bincount(people)
    if more.size > counts.size:
        counts = np.append(counts, np.zeros(more.size - counts.size, dtype=np.int64))
    counts[: more.size] += times * more
    return counts
