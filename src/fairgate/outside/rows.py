"""CSV files, read row by row: a bad row is reported with its line and the rest goes on, a bad header refuses the file.

All of them are UTF-8 (a byte order mark is tolerated), separated by commas, with every column named in the first line
and none besides. A quoted field does not span lines, so that one stray quotation mark spoils one row and not the rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fairgate.errors import TableRefused
from fairgate.outside.plain_files import Unread, read_plain_file

_TABLE_LIMIT_BYTES = 64_000_000
_DOCUMENT = re.compile(r"[A-Z]{1,3}-[A-Z0-9]{1,35}")

_REASONS = {
    Unread.MISSING: "there is no such file",
    Unread.NOT_A_FILE: "it is not a file",
    Unread.OUTSIDE: "it lies outside its folder",
    Unread.TOO_LARGE: f"it is larger than {_TABLE_LIMIT_BYTES // 1_000_000} MB",
    Unread.DENIED: "it may not be read",
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something in a table or folder that is not as it should be.

    Args:
        code: stable, e.g. ``"row_time"``.
        place: file and line, or the name of a file in a folder, which may name a person: show it, do not store it.
        text: what is wrong, without any value from the file.
        label: how to speak of the place without naming anybody.
    """

    code: str
    place: str
    text: str
    label: str

    def __str__(self) -> str:
        """Return ``place: text [code]``, for the person who runs the command."""
        return f"{self.place}: {self.text} [{self.code}]"

    @property
    def finding(self) -> str:
        """``code: label: text``, which names nobody and may be stored."""
        return f"{self.code}: {self.label}: {self.text}"


class RowRefused(ValueError):
    """One row cannot be used; never leaves this room."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def read_rows(
    path: Path, columns: Sequence[str], take: Callable[[int, Mapping[str, str]], None], *, optional: Sequence[str] = ()
) -> tuple[Deviation, ...]:
    """Hand every row of a table to ``take`` and return what could not be taken.

    Args:
        path: the CSV file.
        columns: what its first line must name, in any order.
        take: called with the line number (the header is 1) and the values by column, stripped of outer white space;
            it raises :class:`RowRefused` for a row to report.
        optional: further columns that may be there; a value is ``""`` where its column is not.

    Raises:
        TableRefused: the file or its header cannot be used.
    """
    content = read_plain_file(path, _TABLE_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise TableRefused(f"{path.name} cannot be used: {_REASONS[content]}.", way_out="Check the path.")
    lines = bytes(content).removeprefix(b"\xef\xbb\xbf").splitlines()
    header = _header(path, lines, columns, optional)
    deviations = []
    for line, raw in enumerate(lines[1:], start=2):
        if not raw.strip():
            continue
        try:
            fields = _fields(raw)
            if len(fields) != len(header):
                raise RowRefused("row_form", f"{len(fields)} fields where the header names {len(header)}")
            take(line, dict.fromkeys(optional, "") | dict(zip(header, fields, strict=True)))
        except RowRefused as refused:
            place = f"{path.name} line {line}"
            deviations.append(Deviation(refused.code, place, str(refused), label=place))
    return tuple(deviations)


def read_document(text: str) -> str:
    """Return a document key ``ISSUER-NUMBER`` in capitals.

    Raises:
        RowRefused: it is not one.
    """
    key = text.upper()
    if not _DOCUMENT.fullmatch(key):
        raise RowRefused("row_document", "the document is not ISSUER-NUMBER, such as UTO-L898902C")
    return key


def read_relative_path(text: str) -> str:
    """Return a path below the table's folder, without ``.`` and doubled separators.

    Raises:
        RowRefused: it is empty, absolute, climbs out by ``..``, or holds characters that no file name needs.
    """
    path = PurePosixPath(text)
    if not text or not path.name:
        raise RowRefused("row_file", "no file is named")
    if path.is_absolute() or ".." in path.parts:
        raise RowRefused("row_file", "the file lies outside the table's folder")
    if not text.isprintable() or len(text) > 1024:
        raise RowRefused("row_file", "the file's name is too long or holds control characters")
    return str(path)


def _header(path: Path, lines: list[bytes], columns: Sequence[str], optional: Sequence[str]) -> list[str]:
    way_out = f"The first line must be: {','.join(columns)}"
    if not lines:
        raise TableRefused(f"{path.name} is empty.", way_out=way_out)
    try:
        header = _fields(lines[0])
    except RowRefused as error:
        raise TableRefused(f"{path.name} line 1: {error}.", way_out=way_out) from error
    if sorted(header) != sorted((*columns, *(column for column in optional if column in header))):
        missing = [column for column in columns if column not in header]
        text = f"the column {missing[0]} is missing" if missing else "there is a column too many"
        raise TableRefused(f"{path.name} line 1: {text}.", way_out=way_out)
    return header


def _fields(raw: bytes) -> list[str]:
    try:
        fields = next(csv.reader([raw.decode("utf-8")], strict=True))
    except UnicodeDecodeError as error:
        raise RowRefused("row_form", "it is not UTF-8") from error
    except csv.Error as error:
        raise RowRefused("row_form", "its quotation marks do not match") from error
    return [field.strip() for field in fields]
