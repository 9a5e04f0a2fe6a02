"""Comparisons of one file as plain rows that can be taken in any number, to hold them beside those of another file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import TableRefused
from fairgate.measure.scores.batch import UNKNOWN, ScoreBatch

_REFERENCE_BITS, _ATTEMPT_BITS = 24, 15


@dataclass(frozen=True, slots=True, eq=False)
class FlatRows:
    """Comparisons of one file. Every column has shape (n,).

    Args:
        key: probe, reference and attempt in one number; negative where one of them is not named.
        row: number in the file, from 1.
        score: NaN where there is none.
        mated: whether both sides show one person.
        attack: whether it is an attack presentation.
        probe_subject: code of the person; ``None`` where people are unknown.
        reference_subject: likewise.
    """

    key: NDArray[np.int64]
    row: NDArray[np.int64]
    score: NDArray[np.float64]
    mated: NDArray[np.bool_]
    attack: NDArray[np.bool_]
    probe_subject: NDArray[np.int32] | None
    reference_subject: NDArray[np.int32] | None

    def at(self, rows: slice | NDArray[np.intp]) -> FlatRows:
        """Return some of them."""
        columns = (getattr(self, field.name) for field in fields(self))
        return _of(None if column is None else column[rows] for column in columns)

    def __len__(self) -> int:
        return len(self.key)


class Feed:
    """Rows of one file, taken in any number.

    Args:
        parts: the file's batches.
    """

    def __init__(self, parts: Iterator[FlatRows]) -> None:
        self._parts = parts
        self._now: FlatRows | None = None
        self._at = 0

    def waiting(self) -> int:
        """Return how many rows are at hand; 0 only at the end."""
        while self._now is None or self._at == len(self._now):
            self._now, self._at = next(self._parts, None), 0
            if self._now is None:
                return 0
        return len(self._now) - self._at

    def look(self, size: int) -> FlatRows:
        """Return the next rows and leave them."""
        if self._now is None:
            raise IndexError
        return self._now.at(slice(self._at, self._at + size))

    def take(self, size: int) -> FlatRows:
        """Return the next rows."""
        rows = self.look(size)
        self._at += size
        return rows

    def count_rest(self) -> int:
        """Go to the end and return how many rows were left."""
        count = 0
        while size := self.waiting():
            self._at += size
            count += size
        return count

    def rest(self, most: int, name: str) -> FlatRows:
        """Return all rows that are left."""
        parts, count = [], 0
        while size := self.waiting():
            parts.append(self.take(size))
            count += size
            if count > most:
                text = f"More than {most} comparisons of {name} stand in another order than in the other file"
                raise TableRefused(f"{text}, or one is missing there.", way_out="Sort both files alike.")
        columns = ([getattr(part, field.name) for part in parts] for field in fields(FlatRows))
        return _of(None if column[0] is None else np.concatenate(column) for column in columns)


def _of(columns: Iterable[Any]) -> FlatRows:
    return FlatRows(*columns)


def flat_rows(batch: ScoreBatch, *, attempts: bool) -> FlatRows | None:
    """Return a batch as plain rows; ``None`` where probes or references were given up.

    Args:
        batch: rows, or part of a matrix.
        attempts: whether attempts tell comparisons apart.
    """
    if batch.probe is None or batch.reference is None:
        return None
    shape = batch.score.shape

    def flat(column: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.broadcast_to(column, shape).reshape(-1)

    probe, reference = flat(batch.probe).astype(np.int64), flat(batch.reference).astype(np.int64)
    key = (probe << (_REFERENCE_BITS + _ATTEMPT_BITS)) | (reference << _ATTEMPT_BITS)
    if attempts and batch.attempt is not None:
        key |= flat(batch.attempt).astype(np.int64)
    people = [
        None if side is None else flat(side).astype(np.int32) for side in (batch.probe_subject, batch.reference_subject)
    ]
    attack = np.zeros(len(key), dtype=np.bool_) if batch.attack is None else flat(batch.attack) != UNKNOWN
    return FlatRows(
        key=np.where((probe < 0) | (reference < 0), -1, key),
        row=batch.first_row + np.arange(len(key)),
        score=flat(batch.score).astype(np.float64),
        mated=flat(batch.mated).astype(np.bool_),
        attack=attack,
        probe_subject=people[0] if people[1] is not None else None,
        reference_subject=people[1] if people[0] is not None else None,
    )
