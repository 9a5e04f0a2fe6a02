"""Batches of comparisons as blocks of searches: one row a search, one column a reference."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN, ScoreBatch

_DENSE = 2.0
"""Rows of a file are laid out as a block where that takes at most so many times their number."""


@dataclass(frozen=True, slots=True, eq=False)
class SearchBlock:
    """Some searches, whole or in part, against some references.

    Args:
        key: int64, shape (rows,): search of each row, as :func:`search_key` writes it; the same may come again.
        person: int32, shape (rows,): who searches; ``UNKNOWN`` where not stated.
        score: float, shape (rows, columns); ``-inf`` where nothing was compared.
        mated: bool, shape (rows, columns).
        who: int32, shape (columns,) or (rows, columns): person on each reference; below ``UNKNOWN`` for a reference
            whose person is not stated.
        compared: int64, shape (rows,): comparisons that each row holds.
    """

    key: NDArray[np.int64]
    person: NDArray[np.int32]
    score: NDArray[np.floating] = field(repr=False)
    mated: NDArray[np.bool_] = field(repr=False)
    who: NDArray[np.int32] = field(repr=False)
    compared: NDArray[np.int64]


def block_of(batch: ScoreBatch) -> SearchBlock | None:
    """Return a batch's comparisons as a block; ``None`` where it holds none of a known probe and reference.

    Presentations of attacks and rows without a score are left out, as is whoever is in no gallery of a source that has
    galleries.
    """
    if batch.probe is None or (batch.reference is None and batch.reference_subject is None):
        return None
    return _matrix(batch) if _is_matrix(batch) else _rows(batch)


def search_key(probe: NDArray[np.int32], gallery: NDArray[np.int32] | None) -> NDArray[np.int64]:
    """Return one number for a probe, or for a probe in a gallery; -1 where either is unknown."""
    key = probe.astype(np.int64)
    if gallery is None:
        return key
    return np.where((key < 0) | (gallery < 0), -1, (gallery.astype(np.int64) << 32) | key)


def row_floors(score: NDArray[np.floating], depth: int) -> NDArray[np.floating]:
    """Return for each row a score that at least ``depth`` of the row reach, and not many more where it is long.

    Args:
        score: shape (rows, columns), without NaN.
        depth: from 1.

    Returns:
        Shape (rows,), ``-inf`` where rows are so short that all of them may be kept.
    """
    columns = score.shape[1]
    if columns <= 2 * depth:
        return np.full(len(score), -np.inf)
    width = 8 * depth
    if columns <= 2 * width:
        return np.asarray(np.partition(score, columns - depth, axis=1)[:, columns - depth])
    # Among the highest of every so-manieth column, the depth-th is reached by at least depth scores of the row.
    highest = score[:, :width].copy()
    for start in range(width, columns, width):
        part = score[:, start : start + width]
        np.maximum(highest[:, : part.shape[1]], part, out=highest[:, : part.shape[1]])
    return np.asarray(np.partition(highest, width - depth, axis=1)[:, width - depth])


def _is_matrix(batch: ScoreBatch) -> bool:
    if batch.score.ndim != 2 or batch.probe is None or batch.probe.shape[1:] != (1,):
        return False
    across = [side for side in (batch.reference, batch.reference_subject) if side is not None]
    down = [side for side in (batch.gallery, batch.probe_subject) if side is not None]
    return all(side.shape[0] == 1 for side in across) and all(side.shape[1:] == (1,) for side in down)


def _matrix(batch: ScoreBatch) -> SearchBlock | None:
    rows, columns = batch.score.shape
    if batch.probe is None or not batch.score.size:
        return None
    key = np.broadcast_to(search_key(batch.probe, batch.gallery)[:, 0], (rows,))
    who = np.broadcast_to(_who(batch)[0], (columns,))
    score, compared = batch.score, np.full(rows, columns, dtype=np.int64)
    missing: NDArray[np.bool_] | None = None
    if np.isnan(score.max()):
        missing = np.isnan(score)
    if batch.attack is not None:
        attack = np.broadcast_to(batch.attack != UNKNOWN, score.shape)
        missing = attack if missing is None else missing | attack
    if (who == UNKNOWN).any():
        unknown = np.broadcast_to(who == UNKNOWN, score.shape)
        missing = unknown if missing is None else missing | unknown
    if missing is not None:
        score = np.where(missing, -np.inf, score)
        compared -= np.count_nonzero(missing, axis=1)
    mated = np.broadcast_to(batch.mated, score.shape)
    person = _person(batch, (rows, 1))[:, 0]
    if (key < 0).any():
        known = key >= 0
        key, person, score, mated, compared = key[known], person[known], score[known], mated[known], compared[known]
    return SearchBlock(key, person, score, mated, who, compared) if key.size else None


def _rows(batch: ScoreBatch) -> SearchBlock | None:
    """Lay rows out by runs of one search, or each row for itself where runs are short."""
    if batch.probe is None:
        return None
    shape = batch.score.shape
    key = np.broadcast_to(search_key(batch.probe, batch.gallery), shape).ravel()
    who = np.broadcast_to(_who(batch), shape).ravel()
    score, mated = batch.score.ravel(), np.broadcast_to(batch.mated, shape).ravel()
    person = _person(batch, shape).ravel()
    good = (key >= 0) & (who != UNKNOWN) & ~np.isnan(score)
    if batch.attack is not None:
        good &= np.broadcast_to(batch.attack == UNKNOWN, shape).ravel()
    if not good.all():
        key, who, score, mated, person = key[good], who[good], score[good], mated[good], person[good]
    if not key.size:
        return None
    starts = np.append(0, np.flatnonzero(key[1:] != key[:-1]) + 1)
    lengths = np.diff(np.append(starts, key.size))
    longest = int(lengths.max())
    if starts.size * longest > _DENSE * key.size:
        order = np.argsort(key, kind="stable")
        key, who, score, mated, person = key[order], who[order], score[order], mated[order], person[order]
        starts = np.append(0, np.flatnonzero(key[1:] != key[:-1]) + 1)
        lengths = np.diff(np.append(starts, key.size))
        longest = int(lengths.max())
        if starts.size * longest > 2 * _DENSE * key.size:
            starts, lengths, longest = np.arange(key.size), np.ones(key.size, dtype=np.intp), 1
    laid = (starts.size, longest)
    compared = lengths.astype(np.int64)
    if starts.size * longest == key.size:
        return SearchBlock(
            key[starts], person[starts], score.reshape(laid), mated.reshape(laid), who.reshape(laid), compared
        )
    filled = np.arange(longest) < lengths[:, None]
    block, own, faces = np.full(laid, -np.inf, score.dtype), np.zeros(laid, np.bool_), np.zeros(laid, np.int32)
    block[filled], own[filled], faces[filled] = score, mated, who
    return SearchBlock(key[starts], person[starts], block, own, faces, compared)


def _who(batch: ScoreBatch) -> NDArray[np.int32]:
    """Return who is on each reference; a reference of nobody known counts as a person of its own, below ``UNKNOWN``."""
    subject, reference = batch.reference_subject, batch.reference
    if subject is None:
        if reference is None:
            return np.full(1, UNKNOWN, dtype=np.int32)
        return np.where(reference < 0, UNKNOWN, -2 - reference).astype(np.int32)
    if reference is None or subject.size == 0 or int(subject.min()) != UNKNOWN:
        return subject
    return np.where((subject == UNKNOWN) & (reference >= 0), -2 - reference, subject).astype(np.int32)


def _person(batch: ScoreBatch, shape: tuple[int, ...]) -> NDArray[np.int32]:
    if batch.probe_subject is None:
        return np.broadcast_to(np.full(1, UNKNOWN, dtype=np.int32), shape)
    return np.broadcast_to(batch.probe_subject, shape)
