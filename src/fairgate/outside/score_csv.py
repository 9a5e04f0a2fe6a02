"""Score files in CSV: cut into stretches of whole lines, which are read in parallel."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.outside.score_bytes import FoundFile, HashedFile, open_text
from fairgate.outside.score_columns import Kind, kind_of
from fairgate.outside.score_rows import Stretch

STRETCH_BYTES = 16 << 20
"""Of one stretch: larger ones cost more in fetching memory than they save."""
_MOST_LINE_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_THREADS = min(8, os.cpu_count() or 1)
_TEXT = pa.dictionary(pa.int32(), pa.string())

Fill = Callable[[memoryview], int]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Whole lines of a file.

    Args:
        buffer: holds them at its start.
        size: how many of its bytes they are; they end with a line feed, but perhaps for the file's last line.
    """

    buffer: bytearray
    size: int


@dataclass(frozen=True, slots=True)
class _Rows:
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


class _LineFault(ValueError):
    """One line of a stretch cannot be read, counted from 0; never leaves this file."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


def read_header(found: FoundFile) -> list[str]:
    """Return the columns that the first line names, stripped.

    Raises:
        TableRefused: the first line cannot be read.
        ScoresRefused: there is nothing.
    """
    return _read_header(found)[0]


def read_stretches(
    found: FoundFile,
    columns: Sequence[str],
    *,
    hashed: bool,
    stretch_bytes: int = STRETCH_BYTES,
    progress: Callable[[int], None],
    done: Callable[[str], None],
) -> Iterator[Stretch]:
    """Yield the rows of a file, in order.

    Args:
        found: the file.
        columns: those to read.
        hashed: whether to hash the bytes on the way.
        stretch_bytes: about how many bytes make a stretch.
        progress: called with the number of bytes that were read of the file.
        done: called at the end with the digest, empty where none was asked for.

    Raises:
        TableRefused: a line cannot be read; the text names it.
    """
    header, header_bytes = _read_header(found)
    decoder = _Decoder(header, columns)
    line = 2
    try:
        with HashedFile(found, hashed=hashed) as raw, open_text(found, raw) as fill:
            fill(memoryview(bytearray(header_bytes)))
            free: list[bytearray] = []
            for rows in _in_order(decoder.decode, _cut(fill, stretch_bytes, free)):
                free.append(rows.buffer)
                if rows.table is not None:
                    arrays = {column: rows.table.column(column).combine_chunks() for column in columns}
                    yield Stretch(arrays, rows.table.num_rows, _Place(line, rows.line_of))
                line += rows.lines
                progress(raw.bytes_read)
            done(raw.finish())
    except _LineFault as fault:
        text = f"{found.name} line {line + fault.line} {fault}."
        raise TableRefused(text, way_out="Correct it, or leave the line out.") from fault


def _in_order(decode: Callable[[_Lines], _Rows], stretches: Iterator[_Lines]) -> Iterator[_Rows]:
    """Read stretches in threads, a few ahead, and yield them in order."""
    with ThreadPoolExecutor(_THREADS, "fairgate-csv") as threads:
        waiting: deque[Future[_Rows]] = deque()
        try:
            for lines in stretches:
                waiting.append(threads.submit(decode, lines))
                if len(waiting) > _THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _cut(fill: Fill, stretch_bytes: int, free: list[bytearray]) -> Iterator[_Lines]:
    """Cut what is left of a file into stretches of whole lines.

    Args:
        fill: reads the file.
        stretch_bytes: about how many bytes make a stretch.
        free: buffers to use again, since new memory costs more than reading.
    """
    rest, more = bytearray(), True
    while more:
        needed = len(rest) + stretch_bytes
        buffer = free.pop() if free else bytearray()
        if len(buffer) < needed:
            buffer = bytearray(needed + stretch_bytes // 16)
        buffer[: len(rest)] = rest
        size = len(rest) + fill(memoryview(buffer)[len(rest) :])
        more = size == len(buffer)
        cut = buffer.rfind(b"\n", 0, size) + 1 if more else size
        rest = buffer[cut:size]
        if len(rest) > _MOST_LINE_BYTES + stretch_bytes:
            raise _LineFault(0, "or one soon after it is too long")
        if cut:
            yield _Lines(buffer, cut)


def _read_header(found: FoundFile) -> tuple[list[str], int]:
    """Return the columns, and where the second line starts."""
    with HashedFile(found, hashed=False) as raw, open_text(found, raw) as fill:
        start = bytearray(_MOST_LINE_BYTES)
        size = fill(memoryview(start))
    first, feed, _ = bytes(start[:size]).partition(b"\n")
    name, way_out = found.name, "The first line must name the columns, separated by commas."
    if not bytes(start[:size]).removeprefix(_BYTE_ORDER_MARK).strip():
        raise ScoresRefused(f"{name} is empty.", way_out=way_out)
    if not feed and size == _MOST_LINE_BYTES:
        raise TableRefused(f"{name} line 1 is too long.", way_out=way_out)
    try:
        text = first.removeprefix(_BYTE_ORDER_MARK).decode("utf-8").rstrip("\r")
        names = next(csv.reader([text], strict=True), [])
    except UnicodeDecodeError as error:
        raise TableRefused(f"{name} line 1 is not UTF-8.", way_out=way_out) from error
    except csv.Error as error:
        raise TableRefused(f"{name} line 1 has quotation marks that do not match.", way_out=way_out) from error
    return [one.strip() for one in names], len(first) + len(feed)


@dataclass(frozen=True, slots=True)
class _Place:
    first_line: int
    line_of: Sequence[int]

    def __call__(self, row: int) -> str:
        return f"line {self.first_line + self.line_of[row]}"


class _Decoder:
    """Reads lines into Arrow arrays.

    Args:
        header: the file's columns.
        columns: those to read.
    """

    def __init__(self, header: Sequence[str], columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        # Columns that are not read may come twice or have no name, which Arrow does not take.
        self._header = [one if one in columns else f"\0{place}" for place, one in enumerate(header)]

    def decode(self, lines: _Lines) -> _Rows:
        """Return the lines as rows.

        Raises:
            _LineFault: one of them cannot be read.
        """
        buffer, size = lines.buffer, lines.size
        content = memoryview(buffer)[:size]
        feeds = int(np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n")))
        count = feeds + (buffer[size - 1] != ord("\n"))
        if buffer.find(b"\r", 0, size) >= 0 and buffer.count(b"\r", 0, size) != buffer.count(b"\r\n", 0, size):
            raise _LineFault(0, "or a later one holds a carriage return that does not end it")
        if buffer.find(b'"', 0, size) >= 0:
            _check_quotes(content)
        table = self._table(content, self._columns)
        if table is not None and table.num_rows == count:
            return _Rows(buffer, table, range(count), count)
        parts = bytes(content).split(b"\n")
        full = [at for at, part in enumerate(parts) if part.strip(b"\r")]
        if not full:
            return _Rows(buffer, None, (), count)
        if table is None:
            raise self._fault(parts)
        if len(full) != table.num_rows:
            raise _LineFault(0, "or a later one has quotation marks that do not match; no value may span lines")
        return _Rows(buffer, table, full, count)

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

    def _fault(self, parts: list[bytes]) -> _LineFault:
        """Find the line that cannot be read by halving, so that Arrow alone decides what can."""
        low, high = 0, len(parts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._breaks(parts[low:middle]) else (middle, high)
        line = parts[low]
        fields = _fields(line)
        if fields not in {None, len(self._header)}:
            return _LineFault(low, f"has {fields} fields where the first line names {len(self._header)}")
        broken = [column for column in self._columns if self._table(line + b"\n", [column]) is None]
        if not broken or fields is None:
            return _LineFault(low, "has quotation marks that do not match")
        text = "is not a number" if kind_of(broken[0]) is Kind.NUMBER else "is not UTF-8"
        return _LineFault(low, f"has a value in the column {broken[0]} that {text}")

    def _breaks(self, parts: list[bytes]) -> bool:
        content = b"\n".join(parts) + b"\n"
        return bool(content.strip()) and self._table(content, self._columns) is None


def _check_quotes(content: memoryview) -> None:
    """Check that each line has as many opening as closing quotation marks, so that no value spans lines.

    Raises:
        _LineFault: one of them has not.
    """
    signs = np.frombuffer(content, dtype=np.uint8)
    ends = np.append(np.flatnonzero(signs == ord("\n")), len(signs))
    odd = np.searchsorted(np.flatnonzero(signs == ord('"')), ends) % 2
    if odd.any():
        raise _LineFault(int(np.argmax(odd)), "has quotation marks that do not match; no value may span lines")


def _fields(line: bytes) -> int | None:
    """Return how many fields a line has; ``None`` where its quotation marks do not match."""
    try:
        return len(next(csv.reader([line.decode("utf-8", "replace").rstrip("\r")], strict=True), []))
    except csv.Error:
        return None
