"""The highest non-mated scores, kept exactly, so that thresholds at low false match rates are exact."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.people import Codes, Counts, Folds
from fairgate.measure.scores.selection import Selection, typed

KEPT = 1 << 23
"""How many are kept: an FMR of 1 % of 500 million scores needs five million of them."""

LEAST_KEPT = 1 << 12
"""So many are kept beyond any share of those seen."""

NOBODY = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class NotKept:
    """The threshold lies below the scores kept; it was not approximated.

    Args:
        allowed: false matches that the target allows.
        kept: scores there are to choose from.
    """

    allowed: int
    kept: int


class TopScores:
    """Keeps every non-mated score above a floor that rises as scores come, and counts those equal to the floor.

    Args:
        keep: at least so many are kept, where there are no ties at the floor; twice as many at most while scores come.
        folds: remember both people of each score; ``None`` where people are unknown.
        share: of the scores seen so far, where that and some more are fewer than ``keep``: then only these are kept.
            Scores that fall as they come may so leave fewer than asked for in the end.
    """

    def __init__(self, keep: int, folds: Folds | None, *, share: float = math.inf) -> None:
        self.floor = -math.inf
        self.score: NDArray[np.floating] = np.zeros(0, dtype=np.float32)
        self.first = self.second = NOBODY
        self._keep = keep
        self._share = share
        self._seen = 0
        self._folds = folds
        self._ties: Counts = np.zeros((1, 1) if folds is None else (folds.count, folds.count), dtype=np.int64)
        self._parts: list[tuple[NDArray[np.floating], Codes, Codes]] = []
        self._held = 0
        self._fold_of: NDArray[np.uint8] = np.zeros((2, 0), dtype=np.uint8)

    def add(self, selection: Selection) -> None:
        """Keep what lies at or above the floor."""
        score, batch = selection.score, selection.batch
        self._seen += selection.comparisons - selection.mated.size
        chosen = np.greater(score >= typed(self.floor, score), selection.is_mated)
        if selection.usable is not None:
            chosen &= selection.usable
        places = np.flatnonzero(chosen)
        if batch.probe_subject is None or batch.reference_subject is None:
            self.forget_people()
        first = second = NOBODY
        if self._folds and batch.probe_subject is not None and batch.reference_subject is not None:
            first = selection.take(batch.probe_subject, places)
            second = selection.take(batch.reference_subject, places)
        self._parts.append((score[places], first, second))
        self._held += places.size
        keep = self._keep
        if math.isfinite(self._share):
            keep = min(keep, LEAST_KEPT + int(self._seen * self._share))
        if self._held > 2 * keep:
            self._gather()
            self._shrink(keep)

    def forget_people(self) -> None:
        """From now on nobody asks who stands behind a score."""
        if self._folds is not None:
            self._gather()
            self._folds, self.first, self.second = None, NOBODY, NOBODY
            self._ties = self._ties.sum(keepdims=True)

    def settle(self, needed: int | None = None) -> None:
        """Sort what is kept, highest first; nothing more is added.

        Args:
            needed: drop all but so many, now that it is known how many are asked for.
        """
        self._gather()
        if needed is not None and self.score.size > needed:
            self._shrink(needed)
        elif math.isfinite(self.floor):
            self._drop(self.floor)
        order = np.argsort(self.score)[::-1]
        self._pick(order)
        if self._folds is not None:
            self._fold_of = np.stack([self._folds.of(self.first), self._folds.of(self.second)])

    def at_least(self, threshold: float) -> int:
        """Return how many non-mated scores reach a threshold above the floor, after :meth:`settle`."""
        return count_at_least(self.score, threshold)

    def without(self, fold: int) -> tuple[NDArray[np.floating], int]:
        """Return the scores that show nobody of a fold, highest first, and how many more equal the floor."""
        kept = (self._fold_of != fold).all(axis=0)
        ties = np.delete(np.delete(self._ties, fold, axis=0), fold, axis=1)
        return self.score[np.flatnonzero(kept)], int(ties.sum())

    def of_probes_in(self, fold: int) -> NDArray[np.floating]:
        """Return the scores kept whose probe shows somebody of a fold, highest first."""
        return self.score[np.flatnonzero(self._fold_of[0] == fold)]

    def everything(self) -> tuple[NDArray[np.floating], int]:
        """Return all scores kept, highest first, and how many more equal the floor."""
        return self.score, int(self._ties.sum())

    def _gather(self) -> None:
        parts = [(self.score, self.first, self.second), *self._parts]
        self.score = np.concatenate([part[0] for part in parts])
        if self._folds is not None:
            self.first, self.second = (np.concatenate([part[side] for part in parts]) for side in (1, 2))
        self._parts, self._held = [], self.score.size

    def _shrink(self, keep: int) -> None:
        """Raise the floor to the score that has so many at or above it."""
        place = self.score.size - keep
        self._drop(float(np.partition(self.score, place)[place]))

    def _drop(self, floor: float) -> None:
        """Drop everything at the floor or below, having counted what equals it."""
        if floor > self.floor:
            self._ties[:] = 0
        self.floor = floor
        equal = np.flatnonzero(self.score == typed(floor, self.score))
        if self._folds is None:
            self._ties[0, 0] += equal.size
        else:
            self._ties += self._folds.pairs(self.first[equal], self.second[equal])
        self._pick(np.flatnonzero(self.score > typed(floor, self.score)))

    def _pick(self, places: NDArray[np.int64]) -> None:
        self.score = self.score[places]
        if self._folds is not None:
            self.first, self.second = self.first[places], self.second[places]
        self._held = self.score.size


def count_at_least(highest: NDArray[np.floating], threshold: float) -> int:
    """Return how many scores, highest first, reach a threshold."""
    return highest.size - int(np.searchsorted(highest[::-1], typed(threshold, highest), side="left"))


def threshold_above(
    highest: NDArray[np.floating], ties_at_floor: int, floor: float, allowed: int
) -> tuple[float, int] | NotKept:
    """Return the lowest observed score that lets at most so many scores reach it, and how many do.

    Ties count against, as in :func:`fairgate.measure.rates.threshold_at_fmr`, with which it agrees exactly.

    Args:
        highest: the highest scores, highest first.
        ties_at_floor: how many more equal ``floor``, next below them.
        floor: every score left out lies at it or below.
        allowed: how many may reach the threshold; fewer than there are scores.
    """
    if allowed < highest.size:
        barred = highest[allowed]
        errors = highest.size - int(np.searchsorted(highest[::-1], barred, side="right"))
    elif allowed < highest.size + ties_at_floor:
        barred, errors = highest.dtype.type(floor), highest.size
    else:
        return NotKept(allowed, highest.size + ties_at_floor)
    if errors:
        return float(highest[errors - 1]), errors
    return float(np.nextafter(barred, highest.dtype.type(np.inf))), 0
