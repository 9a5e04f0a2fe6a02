"""Rows of a matrix of scores become batches in which each side's columns are stated once, not for each score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.measure.scores.batch import UNKNOWN, GroupColumns, ScoreBatch
from fairgate.outside.score_bytes import ahead, hashing_aside
from fairgate.outside.score_codes import RowFault
from fairgate.outside.score_coding import Coding, numbers
from fairgate.outside.score_columns import Layout
from fairgate.outside.score_matrix import MatrixFile, read_rows, read_side

_AXES = {"probe": (slice(None), None), "reference": (None, slice(None))}


def read_batches(
    file: MatrixFile,
    place: int,
    coding: Coding,
    layout: Layout,
    *,
    hashed: bool,
    stretch_scores: int,
    progress: Callable[[int], None],
    done: Callable[[str], None],
) -> Iterator[ScoreBatch]:
    """Yield a matrix as batches of whole rows, numbered from 1 in this file.

    Args:
        file: the matrix.
        place: of the file among all, which tells its unnamed probes and references from those of others.
        coding: code spaces of the source.
        layout: what is read.
        hashed: whether to hash the file meanwhile.
        stretch_scores: about how many scores make a batch.
        progress: called with the number of bytes that were read.
        done: called at the end with the digest, empty where none was asked for.

    Raises:
        TableRefused: the file is damaged, or a person is not named.
        ScoresRefused: a score is infinite.
    """
    whole = _sides(file, place, coding, layout)
    probes, references = file.scores.shape
    step = max(1, stretch_scores // references)
    with hashing_aside(file.found, hashed=hashed) as digest:
        for at, score in enumerate(ahead(read_rows(file, step, checked=hashed))):
            row = at * step
            if (infinite := np.isinf(score)).any():
                odd = np.unravel_index(int(np.argmax(infinite)), score.shape)
                text = f"{file.found.name}: the score in row {row + int(odd[0])}, column {int(odd[1])} is infinite."
                raise ScoresRefused(text, way_out="Rows and columns count from 0.")
            yield _part(whole, slice(row, row + len(score)), score, row * references + 1)
            progress(file.found.size_bytes * (row + len(score)) // probes)
        done(digest())


def _sides(file: MatrixFile, place: int, coding: Coding, layout: Layout) -> ScoreBatch:
    """Return the columns of both sides, of shapes (probes, 1) and (1, references), with no score yet."""
    columns: dict[str, Any] = {}
    groups: dict[str, dict[str, NDArray[np.int16]]] = {name: {} for name in coding.names.groups}
    for axis, side in enumerate(("probe", "reference")):
        length = file.scores.shape[axis]
        given = {name: read_side(file, name) for name in file.sides if name in layout.columns and _is_of(name, side)}
        if side in layout.columns and side not in given:
            given[side] = _unnamed(place, length)
        try:
            for name in given.keys() & {side, f"{side}_subject"}:
                columns[name] = coding.codes(name, given)
            labels = coding.groups(given)
        except RowFault as fault:
            text = f"{file.found.name}: {side} {fault.row}: {fault}."
            raise TableRefused(text, way_out=fault.way_out) from fault
        for name, both in labels.items():
            groups[name][side] = both.probe if side == "probe" else both.reference
        if (quality := f"{side}_quality") in given:
            columns[quality] = numbers(given[quality]).astype(np.float32)
        for name in list(columns):
            if _is_of(name, side) and (column := columns[name]) is not None:
                columns[name] = column[_AXES[side]]
        _check_named(file, side, columns)
    laid_out = {
        name: GroupColumns(sides["probe"][_AXES["probe"]], sides["reference"][_AXES["reference"]])
        for name, sides in groups.items()
    }
    nothing = np.empty((0, 0))
    return ScoreBatch(first_row=1, score=nothing, mated=nothing.astype(np.bool_), groups=laid_out, **columns)


def _part(whole: ScoreBatch, rows: slice, score: NDArray[np.floating], first_row: int) -> ScoreBatch:
    """Return some rows of the matrix."""
    probe, reference = whole.probe_subject, whole.reference_subject
    if probe is None or reference is None:  # refused before
        raise ScoresRefused("The matrix names no people.")
    labels = {name: GroupColumns(_rows(both.probe, rows), both.reference) for name, both in whole.groups.items()}
    return replace(
        whole,
        first_row=first_row,
        score=score,
        mated=probe[rows] == reference,
        probe=None if whole.probe is None else whole.probe[rows],
        probe_subject=probe[rows],
        probe_quality=None if whole.probe_quality is None else whole.probe_quality[rows],
        groups=labels,
    )


def _rows(column: NDArray[np.int16], rows: slice) -> NDArray[np.int16]:
    return column if len(column) == 1 else column[rows]


def _check_named(file: MatrixFile, side: str, columns: Mapping[str, Any]) -> None:
    subjects = columns[f"{side}_subject"]
    if subjects is None:
        raise TableRefused(f"{file.found.name}: there are too many people to tell apart.")
    if (unnamed := subjects == UNKNOWN).any():
        text = f"{file.found.name}: {side} {int(np.argmax(unnamed))} has no subject."
        raise TableRefused(text, way_out="Without it nothing says which comparisons are mated.")


def _unnamed(place: int, length: int) -> pa.Array:
    """Make up identifiers, distinct from those of other files."""
    return pa.array([f"{place}.{row}" for row in range(length)]).dictionary_encode()


def _is_of(name: str, side: str) -> bool:
    return name == side or name.startswith(f"{side}_")
