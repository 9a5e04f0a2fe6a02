"""The columns that a score file may have, and what the header of a set of files promises."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from fairgate.errors import TableRefused

DOCUMENTED_IN = "docs/reference/score-files.md"
_GROUP = re.compile(r"(probe|reference)_group_([A-Za-z0-9][A-Za-z0-9_-]{0,63})")


class Kind(StrEnum):
    """How the values of a column are written."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    TIME = "time"


COLUMNS: Mapping[str, Kind] = {
    "score": Kind.NUMBER,
    "mated": Kind.WORD,
    "probe": Kind.TEXT,
    "reference": Kind.TEXT,
    "probe_subject": Kind.TEXT,
    "reference_subject": Kind.TEXT,
    "probe_quality": Kind.NUMBER,
    "reference_quality": Kind.NUMBER,
    "transaction": Kind.TEXT,
    "attempt": Kind.NUMBER,
    "time": Kind.TIME,
    "reference_time": Kind.TIME,
    "gallery": Kind.TEXT,
    "failure": Kind.WORD,
    "attack": Kind.TEXT,
    "pad_score": Kind.NUMBER,
    "pad_decision": Kind.WORD,
    "probe_age_years": Kind.NUMBER,
    "reference_age_years": Kind.NUMBER,
    "reference_photo_age_years": Kind.NUMBER,
}
"""Every column but those of groups, in the order of the documentation."""

ALIASES: Mapping[str, str] = {
    "probe_id": "probe",
    "reference_id": "reference",
    "probe_subject_id": "probe_subject",
    "reference_subject_id": "reference_subject",
    "is_mated": "mated",
}
"""Other names under which columns are read, since many matchers write them so."""

_DECIDING = frozenset({"score", "mated", "failure", "attack", "pad_score", "pad_decision"})
"""Columns that tell which rows may lack a score, and which are mated; they are read whatever is wanted."""

SUBJECTS = ("probe_subject", "reference_subject")
AGE_BAND, PHOTO_AGE = "age_band", "reference_photo_age"
"""Attributes that are made of columns of years."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a source reads of its files.

    Args:
        columns: known columns that are read, in the documentation's order, groups last.
        attributes: names of the groups' attributes, in the files' order, made ones last.
        notes: columns that are not used, in whole sentences.
    """

    columns: tuple[str, ...]
    attributes: tuple[str, ...]
    notes: tuple[str, ...]

    def has(self, *columns: str) -> bool:
        """Say whether all these columns are read."""
        return all(column in self.columns for column in columns)


def known_as(column: str) -> str:
    """Return the name that a column of a file is known by."""
    return ALIASES.get(column, column)


def group_of(column: str) -> tuple[str, str] | None:
    """Return side and attribute of a column of groups; ``None`` for any other column."""
    match = _GROUP.fullmatch(column)
    return (match[1], match[2]) if match else None


def kind_of(column: str) -> Kind | None:
    """Return how a column's values are written; ``None`` for an unknown column."""
    return Kind.TEXT if group_of(column) else COLUMNS.get(column)


def check_header(file: str, header: Sequence[str]) -> None:
    """Check the columns of one file.

    Raises:
        TableRefused: a column comes twice, there is no score, or nothing says which comparisons are mated.
    """
    way_out = f"The columns are described in {DOCUMENTED_IN}."
    if twice := sorted({name for name in header if header.count(name) > 1 and kind_of(name)}):
        raise TableRefused(f"{file}: the column {twice[0]} comes twice.", way_out=way_out)
    if "score" not in header:
        hint = ""
        if len(header) == 1:
            hint = "The first line must name the columns, separated by commas. "
        elif any(get_close_matches(name.lower(), ["score"], cutoff=0.6) for name in header):
            hint = "Name it score; one of the columns looks like it. "
        raise TableRefused(f"{file}: the column score is missing.", way_out=hint + way_out)
    if "mated" not in header and not all(side in header for side in SUBJECTS):
        text = f"{file}: nothing says which comparisons are mated."
        raise TableRefused(text, way_out="Add the column mated, or both probe_subject and reference_subject.")


def check_pairs_header(file: str, header: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Check the columns of a table of pairs, and return which are not read, in whole sentences.

    Raises:
        TableRefused: a column comes twice or is missing.
    """
    way_out = f"The columns are described in {DOCUMENTED_IN}."
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise TableRefused(f"{file}: the column {_shown(twice[0])} comes twice.", way_out=way_out)
    if missing := [name for name in ("probe", "reference") if name not in header]:
        raise TableRefused(f"{file}: the column {missing[0]} is missing.", way_out=way_out)
    if "mated" not in header and not all(side in header for side in SUBJECTS):
        text = f"{file}: nothing says which pairs are mated."
        raise TableRefused(text, way_out="Add the column mated, or both probe_subject and reference_subject.")
    unknown = [name for name in header if name not in known and not group_of(name)]
    return tuple(_not_known(name, known, header) for name in unknown)


def make_layout(headers: Mapping[str, Sequence[str]], wanted: Collection[str] | None) -> Layout:
    """Return what is read of files whose known columns agree.

    Args:
        headers: columns by file.
        wanted: optional columns that are needed; ``None`` for all. Those that tell which rows are mated, and which may
            lack a score, are always read.

    Raises:
        TableRefused: one file has a column that another lacks, or two columns make one attribute.
    """
    known = {file: [name for name in header if kind_of(name)] for file, header in headers.items()}
    every = list(dict.fromkeys(name for names in known.values() for name in names))
    for name in every:
        has = [file for file, names in known.items() if name in names]
        lacks = [file for file, names in known.items() if name not in names]
        if lacks:
            text = f"{lacks[0]} lacks the column {name}, which {has[0]} has."
            raise TableRefused(text, way_out="Files that are read together need the same columns.")
    needed = _DECIDING if "mated" in every else _DECIDING.union(SUBJECTS)
    read = every if wanted is None else [name for name in every if name in needed or name in wanted]
    ordered = [name for name in COLUMNS if name in read] + [name for name in read if group_of(name)]
    return Layout(tuple(ordered), _attributes(ordered), tuple(_notes(headers, every)))


def _attributes(columns: Sequence[str]) -> tuple[str, ...]:
    attributes = list(dict.fromkeys(group[1] for group in map(group_of, columns) if group))
    made = []
    if "probe_age_years" in columns or "reference_age_years" in columns:
        made.append(AGE_BAND)
    if "reference_photo_age_years" in columns or {"time", "reference_time"} <= set(columns):
        made.append(PHOTO_AGE)
    for attribute in made:
        if attribute in attributes:
            text = f"The attribute {attribute} is given twice: as groups and as years."
            raise TableRefused(text, way_out="Leave out one of them.")
    return (*attributes, *made)


def _notes(headers: Mapping[str, Sequence[str]], known: Sequence[str]) -> list[str]:
    unknown = dict.fromkeys(name for header in headers.values() for name in header if not kind_of(name))
    notes = [_not_known(name, list(COLUMNS), known) for name in unknown]
    if "reference_time" in known and "time" not in known:
        notes.append("The column reference_time was not used, because there is no column time.")
    return notes


def _not_known(name: str, known: Sequence[str], header: Sequence[str]) -> str:
    """Say that a column was not read, and which one may have been meant."""
    wanting = [one for one in known if one not in header]
    near = get_close_matches(name.lower(), [*wanting, "probe_group_", "reference_group_"], n=1, cutoff=0.75)
    meant = f" Was {near[0]}{'NAME' if near[0].endswith('_') else ''} meant?" if near else ""
    return f"The column {_shown(name)} is not one that is known, and was not read.{meant}"


def _shown(name: str) -> str:
    return name if name.isprintable() and 0 < len(name) <= 64 else "without a usable name"
