"""Comparisons that are in memory already: arrays, or a matrix of scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.scores.batch import UNKNOWN, GroupColumns, Names, ScoreBatch

BATCH_SCORES = 1 << 20
"""About how many scores make a batch: small enough for a processor's cache, large enough that starting one is free."""

CODED = ("probe", "reference", "probe_subject", "reference_subject", "gallery", "transaction", "attack")
NUMBERED = {
    "attempt": np.int16,
    "probe_quality": np.float32,
    "reference_quality": np.float32,
    "failure": np.uint8,
    "pad_score": np.float32,
    "pad_decision": np.int8,
}
"""Columns that are taken as they come, and their types."""


@dataclass(frozen=True, slots=True, eq=False)
class InMemoryScores:
    """A source whose batches are at hand.

    Args:
        parts: the batches, in order.
        names: what their codes stand for.
        columns: names of the columns there are.
    """

    parts: Sequence[ScoreBatch]
    names: Names
    columns: Sequence[str]

    @property
    def rows(self) -> int:
        """How many comparisons there are in all."""
        return sum(part.score.size for part in self.parts)

    def batches(self) -> Iterator[ScoreBatch]:
        """Start a pass."""
        return iter(self.parts)


def from_arrays(
    score: ArrayLike,
    mated: ArrayLike,
    *,
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    batch_rows: int = BATCH_SCORES,
    **columns: ArrayLike,
) -> InMemoryScores:
    """Make a source of columns, one value a comparison.

    Args:
        score: float, shape (n,); NaN where there is none.
        mated: bool, shape (n,).
        groups: labels of the probes and of the references by attribute; an empty label is unknown.
        batch_rows: comparisons to a batch.
        columns: any other column of :class:`ScoreBatch`, shape (n,). Those that hold codes take identifiers, text or
            whole numbers, that are coded in sorted order; an empty text or a negative number is unknown.

    Raises:
        ScoresRefused: a column has another length, or there is no such column.
    """
    scores = _floats(score)
    names = Names()
    given: dict[str, NDArray[Any]] = {"mated": np.asarray(mated, dtype=np.bool_)}
    if (odd := set(columns) - {*CODED, *NUMBERED}) != set():
        raise ScoresRefused(f"There is no column {sorted(odd)[0]}.")
    given |= {name: np.asarray(columns[name], dtype=kind) for name, kind in NUMBERED.items() if name in columns}
    given |= _coded(columns, names)
    labels = {attribute: _labels(sides, attribute, names) for attribute, sides in (groups or {}).items()}
    sizes = [column.shape for column in given.values()]
    sizes += [side.shape for both in labels.values() for side in (both.probe, both.reference)]
    if scores.ndim != 1 or any(shape != scores.shape for shape in sizes):
        raise ScoresRefused("The columns have not the same length.")
    parts = []
    for start in range(0, scores.size, batch_rows):
        part = slice(start, start + batch_rows)
        parts.append(
            ScoreBatch(
                first_row=start + 1,
                score=scores[part],
                groups={name: GroupColumns(both.probe[part], both.reference[part]) for name, both in labels.items()},
                **{name: column[part] for name, column in given.items()},
            )
        )
    return InMemoryScores(parts, names, ("score", *given, *_group_columns(labels)))


def from_matrix(
    scores: ArrayLike,
    probe_subjects: Sequence[str],
    reference_subjects: Sequence[str],
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    *,
    batch_scores: int = BATCH_SCORES,
) -> InMemoryScores:
    """Make a source of a matrix: each probe compared with each reference.

    Args:
        scores: float, shape (probes, references); NaN where nothing was compared. It is not copied.
        probe_subjects: whom each row shows.
        reference_subjects: whom each column shows.
        groups: labels of the rows and of the columns by attribute; an empty label is unknown.
        batch_scores: about how many scores make a batch, always of whole rows.

    Raises:
        ScoresRefused: the people or the labels are not as many as the rows and columns.
    """
    table, names = _floats(scores), Names()
    shape = (len(probe_subjects), len(reference_subjects))
    labels = {attribute: _labels(sides, attribute, names) for attribute, sides in (groups or {}).items()}
    if table.shape != shape or any((both.probe.size, both.reference.size) != shape for both in labels.values()):
        raise ScoresRefused("The matrix has not as many rows and columns as there are people or labels.")
    sides = _coded({"probe_subject": probe_subjects, "reference_subject": reference_subjects}, names)
    probes, references = sides["probe_subject"][:, None], sides["reference_subject"][None, :]
    names.probes, names.references = shape
    rows = np.arange(shape[0], dtype=np.int32)[:, None]
    every_column = np.arange(shape[1], dtype=np.int32)[None, :]
    parts, step = [], max(1, batch_scores // max(1, shape[1]))
    for start in range(0, shape[0] if shape[1] else 0, step):
        part = slice(start, start + step)
        parts.append(
            ScoreBatch(
                first_row=start * shape[1] + 1,
                score=table[part],
                mated=(probes[part] == references) & (references != UNKNOWN),
                probe=rows[part],
                reference=every_column,
                probe_subject=probes[part],
                reference_subject=references,
                groups={
                    name: GroupColumns(both.probe[part, None], both.reference[None, :]) for name, both in labels.items()
                },
            )
        )
    named = ("score", "mated", "probe", "reference", "probe_subject", "reference_subject", *_group_columns(labels))
    return InMemoryScores(parts, names, named)


def _floats(score: ArrayLike) -> NDArray[np.floating]:
    scores = np.asarray(score)
    return scores if scores.dtype in (np.float32, np.float64) else scores.astype(np.float64)


def _coded(columns: Mapping[str, ArrayLike], names: Names) -> dict[str, NDArray[Any]]:
    """Turn identifiers into codes; both sides' subjects share theirs."""
    coded: dict[str, NDArray[Any]] = {}
    both = [name for name in ("probe_subject", "reference_subject") if name in columns]
    if both:
        apart = [np.asarray(columns[name]) for name in both]
        codes, names.subjects = _codes(np.concatenate(apart))
        ends = np.cumsum([side.size for side in apart])[:-1]
        coded |= dict(zip(both, np.split(codes, ends), strict=True))
    for name in CODED:
        if name in columns and name not in both:
            codes, found = _codes(np.asarray(columns[name]))
            coded[name] = codes.astype(np.int16) if name == "attack" else codes
            if name in ("probe", "reference", "transaction"):
                setattr(names, f"{name}s", len(found))
            else:
                setattr(names, "galleries" if name == "gallery" else "attacks", found)
    return coded


def _codes(values: NDArray[np.generic]) -> tuple[NDArray[np.int32], list[str]]:
    """Return codes in sorted order and what they stand for."""
    found, codes = np.unique(values, return_inverse=True)
    unknown = int(np.count_nonzero(found == "" if found.dtype.kind in "US" else found.astype(np.int64) < 0))
    return np.maximum(codes - unknown, UNKNOWN).astype(np.int32), [str(name) for name in found[unknown:]]


def _labels(sides: tuple[Sequence[str], Sequence[str]], attribute: str, names: Names) -> GroupColumns:
    """Turn both sides' labels of an attribute into codes of one list."""
    probe, reference = (np.asarray(side, dtype=np.str_) for side in sides)
    codes, names.groups[attribute] = _codes(np.concatenate([probe, reference]))
    return GroupColumns(codes[: probe.size].astype(np.int16), codes[probe.size :].astype(np.int16))


def _group_columns(labels: Mapping[str, GroupColumns]) -> list[str]:
    return [f"{side}_group_{name}" for name in labels for side in ("probe", "reference")]
