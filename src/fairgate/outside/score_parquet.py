"""Score files in Parquet: read a stretch of rows at a time, identifiers as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pa_parquet

from fairgate.errors import TableRefused
from fairgate.outside.score_bytes import FoundFile, ahead, hashing_aside
from fairgate.outside.score_columns import Kind, kind_of, known_as
from fairgate.outside.score_rows import Stretch

STRETCH_ROWS = 1 << 20
_BUFFER_BYTES = 1 << 20
_TEXT = pa.dictionary(pa.int32(), pa.string())


def read_header(found: FoundFile) -> list[str]:
    """Return the columns of a file.

    Raises:
        TableRefused: it is damaged, or a column is of a type that cannot be read.
    """
    with _open(found, ()) as file:
        schema = file.schema_arrow
    for field in schema:
        kind = kind_of(known_as(field.name))
        if kind is not None and not _fits(field.type, kind):
            what = "numbers" if kind is Kind.NUMBER else "text"
            text = f"{found.name}: the column {field.name} is of type {field.type}, which cannot be read as {what}."
            raise TableRefused(text)
    return [known_as(name) for name in schema.names]


def read_stretches(
    found: FoundFile,
    columns: Sequence[str],
    *,
    hashed: bool,
    stretch_rows: int = STRETCH_ROWS,
    progress: Callable[[int], None],
    done: Callable[[str], None],
) -> Iterator[Stretch]:
    """Yield the rows of a file, in order; the arguments are those of :func:`fairgate.outside.score_csv.read_stretches`.

    Raises:
        TableRefused: the file is damaged.
    """
    with _open(found, columns) as file, hashing_aside(found, hashed=hashed) as digest:
        total, row = max(1, file.metadata.num_rows), 0
        for stretch in ahead(_stretches(found, file, columns, stretch_rows)):
            yield stretch
            row += stretch.rows
            progress(found.size_bytes * row // total)
        done(digest())


def _open(found: FoundFile, columns: Sequence[str]) -> pa_parquet.ParquetFile:
    dictionaries = [column for column in columns if kind_of(column) is not Kind.NUMBER]
    try:
        with pa_parquet.ParquetFile(found.path) as file:
            fields = {known_as(field.name): field for field in file.schema_arrow}
        dictionaries = [fields[column].name for column in dictionaries if _is_text(fields[column].type)]
        # A buffer and no reading ahead, so that a row group of any size is never wholly in memory.
        return pa_parquet.ParquetFile(
            found.path, read_dictionary=dictionaries, buffer_size=_BUFFER_BYTES, pre_buffer=False
        )
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise _damaged(found) from error


def _stretches(
    found: FoundFile, file: pa_parquet.ParquetFile, columns: Sequence[str], stretch_rows: int
) -> Iterator[Stretch]:
    row = 0
    own = {known_as(name): name for name in file.schema_arrow.names}
    try:
        for part in file.iter_batches(stretch_rows, columns=[own[column] for column in columns]):
            arrays = {column: _read_as(kind_of(column), column, part.column(own[column])) for column in columns}
            if part.num_rows:
                yield Stretch(arrays, part.num_rows, partial(_place, row + 1))
            row += part.num_rows
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise _damaged(found) from error


def _place(first: int, at: int) -> str:
    return f"row {first + at}"


def _read_as(kind: Kind | None, column: str, values: pa.Array) -> pa.Array:
    """Return values in the form in which rows are encoded."""
    given = values.type
    if kind is Kind.NUMBER:
        kept = pa.types.is_float64(given) or (pa.types.is_float32(given) and column == "score")
        return values if kept else values.cast(pa.float64())
    if kind is Kind.TIME and pa.types.is_temporal(given):
        return values.cast(pa.date32(), safe=False)
    if pa.types.is_boolean(given):
        return pa.DictionaryArray.from_arrays(values.cast(pa.int8()).cast(pa.int32()), pa.array(["false", "true"]))
    if pa.types.is_null(given):
        return values.cast(pa.string()).dictionary_encode()
    if not pa.types.is_dictionary(given):
        values = values.dictionary_encode()
    if values.type != _TEXT:
        values = pa.DictionaryArray.from_arrays(values.indices.cast(pa.int32()), values.dictionary.cast(pa.string()))
    if values.dictionary.null_count:
        values = values.cast(pa.string()).dictionary_encode()
    return values


def _fits(given: pa.DataType, kind: Kind) -> bool:
    if pa.types.is_dictionary(given):
        given = given.value_type
    if pa.types.is_null(given):
        return True
    if kind is Kind.NUMBER:
        return bool(pa.types.is_integer(given) or pa.types.is_floating(given) or pa.types.is_decimal(given))
    if kind is Kind.TIME:
        return bool(_is_text(given) or pa.types.is_date(given) or pa.types.is_timestamp(given))
    return bool(_is_text(given) or pa.types.is_integer(given) or (kind is Kind.WORD and pa.types.is_boolean(given)))


def _is_text(given: pa.DataType) -> bool:
    if pa.types.is_dictionary(given):
        given = given.value_type
    return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_binary(given))


def _damaged(found: FoundFile) -> TableRefused:
    text = f"{found.name} is a Parquet file that ends too early, is damaged or cannot be read."
    return TableRefused(text, way_out="Make the file anew.")
