"""Which rows of a batch are comparisons, and which of them are mated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN, ScoreBatch

Code = TypeVar("Code", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A batch sorted into mated and non-mated comparisons; places count along the flattened scores.

    Args:
        batch: as read.
        score: the scores flattened, shape (n,).
        is_mated: bool, shape (n,).
        usable: bool, shape (n,): comparisons of bona fide presentations with a finite score; ``None`` where all are.
        mated: places of the usable mated comparisons, ascending.
    """

    batch: ScoreBatch
    score: NDArray[np.floating]
    is_mated: NDArray[np.bool_]
    usable: NDArray[np.bool_] | None
    mated: NDArray[np.int64]

    @property
    def comparisons(self) -> int:
        """How many rows are comparisons."""
        return self.score.size if self.usable is None else int(np.count_nonzero(self.usable))

    def not_counted(self) -> NDArray[np.int64]:
        """Return the places of everything but non-mated comparisons."""
        return self.mated if self.usable is None else np.flatnonzero(self.is_mated | ~self.usable)

    def take(self, column: NDArray[Code], places: NDArray[np.int64]) -> NDArray[Code]:
        """Return a column's values at places, without spreading it over the whole batch."""
        return take(column, self.batch.score.shape, places)


def select(batch: ScoreBatch) -> Selection:
    """Sort a batch into mated and non-mated comparisons."""
    score = batch.score.ravel()
    mated = np.broadcast_to(batch.mated, batch.score.shape).ravel()
    usable = np.isfinite(score)
    if batch.attack is not None:
        usable &= np.broadcast_to(batch.attack == UNKNOWN, batch.score.shape).ravel()
    every = bool(usable.all())
    places = np.flatnonzero(mated if every else mated & usable)
    return Selection(batch, score, mated, None if every else usable, places)


def take(column: NDArray[Code], shape: tuple[int, ...], places: NDArray[np.int64]) -> NDArray[Code]:
    """Return a broadcastable column's values at ascending places of the flattened shape."""
    if column.shape == shape:
        return column.ravel()[places]
    if column.size == 1:
        return np.broadcast_to(column.ravel(), places.shape)
    if len(shape) == 2 and column.shape == (shape[0], 1):
        return np.repeat(column.ravel(), _by_row(shape, places))
    if len(shape) == 2 and column.shape in ((1, shape[1]), (shape[1],)):
        starts = np.arange(shape[0]) * shape[1]
        return column.ravel()[places - np.repeat(starts, _by_row(shape, places))]
    return np.broadcast_to(column, shape).ravel()[places]


def _by_row(shape: tuple[int, ...], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the places lie in each row; quicker than dividing each place by the row's length."""
    return np.diff(np.searchsorted(places, np.arange(shape[0] + 1) * shape[1]))


def typed(threshold: float, score: NDArray[np.floating]) -> np.floating:
    """Return the lowest number of the scores' type that is not below a threshold: the same decisions, compared faster.

    Comparing float32 scores with a plain float would round the threshold, maybe down, onto a score that is below it.
    """
    near: np.floating = score.dtype.type(threshold)
    return near if float(near) >= threshold else np.nextafter(near, score.dtype.type(np.inf))
