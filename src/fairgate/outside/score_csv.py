"""Score files in CSV: cut into stretches of whole lines, which are read in parallel."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.outside.score_bytes import FoundFile, HashedFile, open_text
from fairgate.outside.score_columns import known_as
from fairgate.outside.score_lines import Decoder, LineFault, Lines, Rows
from fairgate.outside.score_rows import Stretch

STRETCH_BYTES = 16 << 20
"""Of one stretch: larger ones cost more in fetching memory than they save."""
_MOST_LINE_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_THREADS = min(8, os.cpu_count() or 1)

Fill = Callable[[memoryview], int]


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
    decoder = Decoder(header, columns)
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
    except LineFault as fault:
        text = f"{found.name} line {line + fault.line} {fault}."
        raise TableRefused(text, way_out="Correct it, or leave the line out.") from fault


def _in_order(decode: Callable[[Lines], Rows], stretches: Iterator[Lines]) -> Iterator[Rows]:
    """Read stretches in threads, a few ahead, and yield them in order."""
    with ThreadPoolExecutor(_THREADS, "fairgate-csv") as threads:
        waiting: deque[Future[Rows]] = deque()
        try:
            for lines in stretches:
                waiting.append(threads.submit(decode, lines))
                if len(waiting) > _THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _cut(fill: Fill, stretch_bytes: int, free: list[bytearray]) -> Iterator[Lines]:
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
            raise LineFault(0, "or one soon after it is too long")
        if cut:
            yield Lines(buffer, cut)


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
    return [known_as(one.strip()) for one in names], len(first) + len(feed)


@dataclass(frozen=True, slots=True)
class _Place:
    first_line: int
    line_of: Sequence[int]

    def __call__(self, row: int) -> str:
        return f"line {self.first_line + self.line_of[row]}"
