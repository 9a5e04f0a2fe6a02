"""Score files as one source of comparisons: CSV, Parquet and matrices, in batches and bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.measure.measured import SourceFile
from fairgate.measure.scores.batch import Names, ScoreBatch
from fairgate.outside import score_blocks, score_csv, score_matrix, score_parquet
from fairgate.outside.score_bytes import Form, FoundFile, find_file
from fairgate.outside.score_codes import MOST_NAMES, RowFault
from fairgate.outside.score_coding import Coding
from fairgate.outside.score_columns import Layout, check_header, make_layout
from fairgate.outside.score_matrix import MatrixFile
from fairgate.outside.score_rows import RowEncoder, Stretch

Progress = Callable[[int, int], None]
"""Called with the bytes read in this pass and the bytes of all files."""


def open_score_files(
    paths: Sequence[Path],
    *,
    progress: Progress | None = None,
    wanted: Collection[str] | None = None,
    stretch_rows: int = score_parquet.STRETCH_ROWS,
    stretch_bytes: int = score_csv.STRETCH_BYTES,
    most_names: int = MOST_NAMES,
    coding: Coding | None = None,
) -> ScoreFiles:
    """Return several score files as one source, after a look at their headers.

    Args:
        paths: CSV (also packed with gzip), Parquet or ``.npz`` files with the same columns, read one after another.
        progress: called while a pass goes on.
        wanted: optional columns that are needed, e.g. ``{"probe_group_sex"}``; others cost no time. ``None`` for all.
        stretch_rows: about how many comparisons make a batch of Parquet or a matrix.
        stretch_bytes: about how many bytes make a batch of CSV.
        most_names: how many different probes, references, people, galleries or transactions are told apart.
        coding: code spaces to share with another source, where no groups are wanted.

    Raises:
        TableRefused: a file cannot be read, lacks a column, or its columns are not those of the others.
        ScoresRefused: a file is empty, or a matrix is of the wrong shape.
    """
    if not paths:
        raise ScoresRefused("No score file is named.")
    files = [_look(find_file(path)) for path in paths]
    labels = _labels(files)
    for label, file in zip(labels, files, strict=True):
        check_header(label, file.header)
    headers = {label: file.header for label, file in zip(labels, files, strict=True)}
    layout = make_layout(headers, wanted)
    coding = coding or Coding(layout.attributes, most_names)
    return ScoreFiles(files, layout, coding, progress or _silent, (stretch_rows, stretch_bytes))


@dataclass(frozen=True, slots=True)
class _Opened:
    found: FoundFile
    header: list[str]
    matrix: MatrixFile | None = None


class ScoreFiles:
    """Score files that can be read again and again, in the same order and with the same codes.

    Args:
        files: what was found.
        layout: what is read of them.
        coding: code spaces.
        progress: as in :func:`open_score_files`.
        stretches: rows and bytes to a batch.
    """

    def __init__(
        self,
        files: Sequence[_Opened],
        layout: Layout,
        coding: Coding,
        progress: Progress,
        stretches: tuple[int, int],
    ) -> None:
        self._files = files
        self._layout = layout
        self._progress = progress
        self._rows_at_once, self._bytes_at_once = stretches
        self._coding = coding
        self._encoder = RowEncoder(self._coding)
        self._facts: dict[int, SourceFile] = {}

    @property
    def names(self) -> Names:
        """What the codes read so far stand for; complete after the first pass."""
        return self._coding.names

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns that are read."""
        return self._layout.columns

    @property
    def facts(self) -> tuple[SourceFile, ...]:
        """Name, digest and rows of each file read so far; complete after the first pass."""
        return tuple(self._facts[place] for place in sorted(self._facts))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not used or was left out, in whole sentences; complete after the first pass."""
        return (*self._layout.notes, *self._coding.notes)

    def batches(self) -> Iterator[ScoreBatch]:
        """Start a pass.

        A column of identifiers that has too many is ``None`` from there on, and in later passes from the start.

        Raises:
            TableRefused: a row cannot be used; the text names file, line or row, and what is wrong with it.
            ScoresRefused: there is no comparison at all.
        """
        total = sum(file.found.size_bytes for file in self._files)
        before, first_row = 0, 1
        for place, file in enumerate(self._files):
            file.found.check_unchanged()
            start = first_row
            digests: list[str] = []
            for batch in self._read(file, place, partial(self._report, before, total), digests):
                yield replace(batch, first_row=batch.first_row + start - 1)
                first_row += batch.score.size
            if first_row == start:
                raise ScoresRefused(f"{file.found.name} holds no comparison.")
            if place not in self._facts:
                file.found.check_unchanged()
                self._facts[place] = SourceFile(file.found.name, digests[0], first_row - start)
            before += file.found.size_bytes
            self._progress(before, total)

    def _report(self, before: int, total: int, done: int) -> None:
        self._progress(before + done, total)

    def _read(
        self, file: _Opened, place: int, progress: Callable[[int], None], digests: list[str]
    ) -> Iterator[ScoreBatch]:
        """Yield the batches of one file, numbered from 1."""
        hashed, done = place not in self._facts, digests.append
        found, columns = file.found, self._layout.columns
        if file.matrix is not None:
            yield from score_blocks.read_batches(
                file.matrix,
                place,
                self._coding,
                self._layout,
                hashed=hashed,
                stretch_scores=self._rows_at_once,
                progress=progress,
                done=done,
            )
            return
        if found.form is Form.PARQUET:
            stretches = score_parquet.read_stretches(
                found, columns, hashed=hashed, stretch_rows=self._rows_at_once, progress=progress, done=done
            )
        else:
            stretches = score_csv.read_stretches(
                found, columns, hashed=hashed, stretch_bytes=self._bytes_at_once, progress=progress, done=done
            )
        yield from self._encoded(found, stretches)

    def _encoded(self, found: FoundFile, stretches: Iterator[Stretch]) -> Iterator[ScoreBatch]:
        first_row = 1
        for stretch in stretches:
            try:
                batch = self._encoder.batch(stretch, first_row)
            except RowFault as fault:
                text = f"{found.name} {stretch.place(fault.row)}: {fault}."
                raise TableRefused(text, way_out=fault.way_out) from fault
            first_row += stretch.rows
            yield batch


def _look(found: FoundFile) -> _Opened:
    if found.form is Form.MATRIX:
        matrix = score_matrix.look_into(found)
        return _Opened(found, matrix.header, matrix)
    reader = score_parquet if found.form is Form.PARQUET else score_csv
    return _Opened(found, reader.read_header(found))


def _labels(files: Sequence[_Opened]) -> list[str]:
    """Return the files' names, told apart by their place where two are the same."""
    names = [file.found.name for file in files]
    return [name if names.count(name) == 1 else f"{name} (file {place})" for place, name in enumerate(names, 1)]


def _silent(_done: int, _of: int) -> None:
    """Say nothing."""
