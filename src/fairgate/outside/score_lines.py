"""Lines of a CSV score file become Arrow arrays; a line that cannot be read is found and named."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from fairgate.outside.score_columns import Kind, kind_of

_TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file.

    Args:
        buffer: holds them at its start.
        size: how many of its bytes they are; they end with a line feed, but perhaps for the file's last line.
    """

    buffer: bytearray
    size: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines that were read.

    Args:
        buffer: that they were read from, which can be used again.
        table: Arrow table; ``None`` where all lines are empty.
        line_of: line of each row, the stretch's first line being 0.
        lines: how many lines there are.
    """

    buffer: bytearray
    table: pa.Table | None
    line_of: Sequence[int]
    lines: int


class LineFault(ValueError):
    """One line of a stretch cannot be read, counted from 0; never leaves this room."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class Decoder:
    """Reads lines into Arrow arrays.

    Args:
        header: the file's columns.
        columns: those to read.
    """

    def __init__(self, header: Sequence[str], columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        # Columns that are not read may come twice or have no name, which Arrow does not take.
        self._header = [one if one in columns else f"\0{place}" for place, one in enumerate(header)]

    def decode(self, lines: Lines) -> Rows:
        """Return the lines as rows.

        Raises:
            LineFault: one of them cannot be read.
        """
        buffer, size = lines.buffer, lines.size
        content = memoryview(buffer)[:size]
        feeds = int(np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n")))
        count = feeds + (buffer[size - 1] != ord("\n"))
        if buffer.find(b"\r", 0, size) >= 0 and buffer.count(b"\r", 0, size) != buffer.count(b"\r\n", 0, size):
            raise LineFault(0, "or a later one holds a carriage return that does not end it")
        if buffer.find(b'"', 0, size) >= 0:
            _check_quotes(content)
        table = self._table(content, self._columns)
        if table is not None and table.num_rows == count:
            return Rows(buffer, table, range(count), count)
        parts = bytes(content).split(b"\n")
        full = [at for at, part in enumerate(parts) if part.strip(b"\r")]
        if not full:
            return Rows(buffer, None, (), count)
        if table is None:
            raise self._fault(parts)
        if len(full) != table.num_rows:
            raise LineFault(0, "or a later one has quotation marks that do not match; no value may span lines")
        return Rows(buffer, table, full, count)

    def _table(self, content: bytes | memoryview, columns: Sequence[str]) -> pa.Table | None:
        """Return an Arrow table; ``None`` where something in it cannot be read."""
        kinds = {name: pa.float64() if kind_of(name) is Kind.NUMBER else _TEXT for name in columns}
        read = pa_csv.ReadOptions(use_threads=False, column_names=self._header, block_size=len(content) + 1)
        convert = pa_csv.ConvertOptions(
            column_types=kinds, include_columns=list(columns), null_values=[""], strings_can_be_null=False
        )
        try:
            return pa_csv.read_csv(pa.BufferReader(content), read_options=read, convert_options=convert)
        except (pa.ArrowException, ValueError):
            return None

    def _fault(self, parts: list[bytes]) -> LineFault:
        """Find the line that cannot be read by halving, so that Arrow alone decides what can."""
        low, high = 0, len(parts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._breaks(parts[low:middle]) else (middle, high)
        line = parts[low]
        fields = _fields(line)
        if fields not in {None, len(self._header)}:
            return LineFault(low, f"has {fields} fields where the first line names {len(self._header)}")
        broken = [column for column in self._columns if self._table(line + b"\n", [column]) is None]
        if not broken or fields is None:
            return LineFault(low, "has quotation marks that do not match")
        text = "is not a number" if kind_of(broken[0]) is Kind.NUMBER else "is not UTF-8"
        return LineFault(low, f"has a value in the column {broken[0]} that {text}")

    def _breaks(self, parts: list[bytes]) -> bool:
        content = b"\n".join(parts) + b"\n"
        return bool(content.strip()) and self._table(content, self._columns) is None


def _check_quotes(content: memoryview) -> None:
    """Check that each line has as many opening as closing quotation marks, so that no value spans lines.

    Raises:
        LineFault: one of them has not.
    """
    signs = np.frombuffer(content, dtype=np.uint8)
    ends = np.append(np.flatnonzero(signs == ord("\n")), len(signs))
    odd = np.searchsorted(np.flatnonzero(signs == ord('"')), ends) % 2
    if odd.any():
        raise LineFault(int(np.argmax(odd)), "has quotation marks that do not match; no value may span lines")


def _fields(line: bytes) -> int | None:
    """Return how many fields a line has; ``None`` where its quotation marks do not match."""
    try:
        return len(next(csv.reader([line.decode("utf-8", "replace").rstrip("\r")], strict=True), []))
    except csv.Error:
        return None
