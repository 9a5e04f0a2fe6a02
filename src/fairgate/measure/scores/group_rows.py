"""A batch of comparisons as the groups' counts need it: row by row, or a matrix told by its sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.groups.counts import Cells, Labels, People, Rows
from fairgate.measure.scores.batch import UNKNOWN, ScoreBatch

ROWS_AT_ONCE = 1 << 18
"""Comparisons that are looked at together, so that what is derived of them fits a processor's cache."""

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class FlatRows:
    """Comparisons one by one, with their labels of all attributes.

    Args:
        rows: the comparisons.
        groups: codes of the labels of probe and reference by attribute.
    """

    rows: Rows
    groups: dict[str, tuple[Labels, Labels]]


def people_of(batch: ScoreBatch) -> tuple[People, People]:
    """Return the people on both sides, or twice ``None`` where either is missing."""
    if batch.probe_subject is None or batch.reference_subject is None:
        return None, None
    return batch.probe_subject, batch.reference_subject


def labels_of(column: NDArray[np.int16], length: int) -> Labels:
    """Return one side's labels of a matrix, shape (length,), in a type that products of codes fit in."""
    return np.broadcast_to(column.reshape(-1), (length,)).astype(np.int32)


def is_matrix(batch: ScoreBatch) -> bool:
    """Say whether row and column tell everything about a comparison, so that trials need no counting one by one."""
    if batch.score.ndim != 2:
        return False
    rows, columns = batch.score.shape
    sides: list[tuple[People, People]] = [(labels.probe, labels.reference) for labels in batch.groups.values()]
    sides.append(people_of(batch))
    return all(
        probe is None
        or reference is None
        or (_lies_along(probe.shape, (rows, 1)) and _lies_along(reference.shape, (1, columns)))
        for probe, reference in sides
    )


def matrix_cells(batch: ScoreBatch, threshold: float) -> Cells:
    """Find the few cells of a matrix that are mated, false matches, or no comparison."""
    shape = batch.score.shape
    mated = np.broadcast_to(batch.mated, shape)
    matched = np.asarray(batch.score >= threshold)
    left_out = np.zeros(0, dtype=np.intp)
    counted = _counted(batch)
    if not counted.all():
        left_out = np.flatnonzero(~counted)
        mated = mated & counted
        matched &= counted
    mated_at = np.flatnonzero(mated)
    flat = matched.reshape(-1)
    missed = ~flat[mated_at]
    flat[mated_at] = False
    probe_person, reference_person = people_of(batch)
    return Cells(
        shape[0],
        shape[1],
        left_out,
        mated_at,
        missed,
        np.flatnonzero(flat),
        None if probe_person is None else np.broadcast_to(probe_person.reshape(-1), (shape[0],)),
        None if reference_person is None else np.broadcast_to(reference_person.reshape(-1), (shape[1],)),
    )


def flat_rows(batch: ScoreBatch, threshold: float, attributes: Sequence[str]) -> Iterator[FlatRows]:
    """Yield a batch's comparisons one by one, some at a time; rows without a comparison are passed over."""
    shape = batch.score.shape
    counted = _counted(batch)
    everything = bool(counted.all())
    step = max(1, ROWS_AT_ONCE * shape[0] // batch.score.size)
    for start in range(0, shape[0], step):
        at = slice(start, start + step)
        keep = None if everything else counted[at].reshape(-1)

        def part(column: NDArray[Kind], at: slice = at, keep: NDArray[np.bool_] | None = keep) -> NDArray[Kind]:
            values = np.broadcast_to(column, shape)[at].reshape(-1)
            return values if keep is None else values[keep]

        mated = part(batch.mated)
        probe_person, reference_person = people_of(batch)
        rows = Rows(
            mated,
            np.equal(part(batch.score) >= threshold, ~mated),
            None if probe_person is None else part(probe_person),
            None if reference_person is None else part(reference_person),
        )
        sides = {name: batch.groups[name] for name in attributes if name in batch.groups}
        yield FlatRows(rows, {name: (part(both.probe), part(both.reference)) for name, both in sides.items()})


def _lies_along(shape: tuple[int, ...], side: tuple[int, int]) -> bool:
    """Say whether a column has one value for each row (or column), or one for all."""
    return shape == side or all(length == 1 for length in shape)


def _counted(batch: ScoreBatch) -> NDArray[np.bool_]:
    counted = np.isfinite(batch.score)
    if batch.attack is not None:
        counted &= batch.attack == UNKNOWN
    return np.asarray(counted)
