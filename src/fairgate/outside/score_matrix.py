"""A matrix of scores in NumPy's ``.npz``: each probe compared with each reference, read a few rows at a time."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused, TableRefused
from fairgate.outside.score_bytes import FoundFile
from fairgate.outside.score_columns import Kind, group_of, kind_of

_SUFFIX = ".npy"
_LOCAL_HEADER = struct.Struct("<4s2B4HL2L2H")
_MOST_LABEL_BYTES = 1 << 30
_UNPACKED_BYTES = 1 << 20
_SIDES = ("probe", "reference")
_SCORES = "scores"
_PER_SIDE = ("", "_subject", "_quality", "_age_years")
MATRIX_ARRAYS = (_SCORES, *(f"{side}{what}" for side in _SIDES for what in _PER_SIDE))
"""Every array that is known but those of groups."""


@dataclass(frozen=True, slots=True)
class Array:
    """Where an array lies in the file.

    Args:
        info: its place in the archive.
        shape: of the array.
        dtype: of its values.
        header_bytes: before the values.
    """

    info: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    header_bytes: int


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """What a file holds.

    Args:
        found: the file.
        scores: the matrix, shape (probes, references).
        sides: arrays of one value a probe or a reference, by column.
        unknown: names of arrays that are not used.
    """

    found: FoundFile
    scores: Array
    sides: dict[str, Array]
    unknown: tuple[str, ...]

    @property
    def header(self) -> list[str]:
        """The columns that the file stands for."""
        always = ["score", "probe", "reference"]
        return [*always, *(name for name in self.sides if name not in always), *self.unknown]


def look_into(found: FoundFile) -> MatrixFile:
    """Check the arrays of a file without reading their values.

    Raises:
        TableRefused: it is damaged, an array is missing or holds pickled objects.
        ScoresRefused: a shape does not fit.
    """
    with _archive(found) as archive:
        arrays = {
            info.filename.removesuffix(_SUFFIX): _array(found, archive, info)
            for info in archive.infolist()
            if info.filename.endswith(_SUFFIX)
        }
    scores = arrays.pop(_SCORES, None)
    if scores is None:
        raise TableRefused(f"{found.name}: there is no array {_SCORES}.", way_out="Save it under that name.")
    if len(scores.shape) != 2 or scores.dtype.kind != "f" or scores.dtype.itemsize > 8:
        text = f"{found.name}: {_SCORES} is not a matrix of float16, float32 or float64."
        raise ScoresRefused(text, way_out="It needs a row for each probe and a column for each reference.")
    if not all(scores.shape):
        raise ScoresRefused(f"{found.name}: {_SCORES} is empty.")
    sides = {name: array for name, array in arrays.items() if _side(name)}
    for name, array in sides.items():
        length = scores.shape[_SIDES.index(_side(name) or "probe")]
        if array.shape != (length,):
            raise ScoresRefused(f"{found.name}: the array {name} does not have the shape ({length},).")
        kinds = "fiu" if kind_of(name) is Kind.NUMBER else "USiu"
        if array.dtype.kind not in kinds or array.info.file_size > _MOST_LABEL_BYTES:
            raise TableRefused(f"{found.name}: the array {name} is of a type that cannot be used.")
    return MatrixFile(found, scores, sides, tuple(name for name in arrays if name not in sides))


def read_side(file: MatrixFile, column: str) -> pa.Array:
    """Return the values of one probe or reference each, as an Arrow array: numbers as float64, others as dictionary.

    Raises:
        TableRefused: the file is damaged.
    """
    with _archive(file.found) as archive, _reading(file.found):
        stored = archive.read(file.sides[column].info)
        values = np.lib.format.read_array(io.BytesIO(stored), allow_pickle=False)
        if kind_of(column) is Kind.NUMBER:
            return pa.array(values.astype(np.float64))
        texts = np.char.decode(values, "utf-8") if values.dtype.kind == "S" else values.astype(np.str_)
        return pa.array(texts.tolist(), pa.string()).dictionary_encode()


def read_rows(file: MatrixFile, rows: int, *, checked: bool) -> Iterator[NDArray[np.floating]]:
    """Yield the matrix in parts of some rows, float32 or float64, shape (rows, references).

    Args:
        file: the matrix.
        rows: how many make a part.
        checked: whether to compare the archive's check sum.

    Raises:
        TableRefused: the file is damaged.
    """
    scores, (probes, references) = file.scores, file.scores.shape
    wanted = np.dtype(np.float64 if scores.dtype.itemsize == 8 else np.float32)
    with _reading(file.found), _values(file) as read:
        head = bytearray(scores.header_bytes)
        read(memoryview(head))
        check = zlib.crc32(head)
        for start in range(0, probes, rows):
            part = np.empty((min(rows, probes - start), references), dtype=scores.dtype)
            stored = part.view(np.uint8).reshape(-1).data
            read(stored)
            check = zlib.crc32(stored, check) if checked else check
            yield part.astype(wanted, copy=False)
        if checked and check != scores.info.CRC:
            raise EOFError


@contextmanager
def _values(file: MatrixFile) -> Iterator[Callable[[memoryview], None]]:
    """Give a function that fills a buffer with the next bytes of the matrix, its header first."""
    info = file.scores.info
    with _archive(file.found) as archive:
        if info.compress_type != zipfile.ZIP_STORED:
            with archive.open(info) as packed:
                yield lambda buffer: _unpack(packed, buffer)
            return
        with file.found.path.open("rb", buffering=0) as raw:  # much quicker than through the archive
            raw.seek(info.header_offset)
            fields = _LOCAL_HEADER.unpack(raw.read(_LOCAL_HEADER.size))
            raw.seek(info.header_offset + _LOCAL_HEADER.size + fields[-2] + fields[-1])
            yield lambda buffer: _fill(raw, buffer)


def _fill(stream: io.FileIO, buffer: memoryview) -> None:
    while buffer:
        size = stream.readinto(buffer)
        if not size:
            raise EOFError
        buffer = buffer[size:]


def _unpack(stream: IO[bytes], buffer: memoryview) -> None:
    while buffer:
        part = stream.read(min(len(buffer), _UNPACKED_BYTES))
        if not part:
            raise EOFError
        buffer[: len(part)] = part
        buffer = buffer[len(part) :]


@contextmanager
def _archive(found: FoundFile) -> Iterator[zipfile.ZipFile]:
    with _reading(found), zipfile.ZipFile(found.path) as archive:
        yield archive


@contextmanager
def _reading(found: FoundFile) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError) as error:
        text = f"{found.name} is an .npz file that ends too early, is damaged or cannot be read."
        raise TableRefused(text, way_out="Make it anew with numpy.savez.") from error


def _array(found: FoundFile, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    name = info.filename.removesuffix(_SUFFIX)
    with archive.open(info) as stream:
        version = np.lib.format.read_magic(stream)
        if version not in {(1, 0), (2, 0)}:
            raise TableRefused(f"{found.name}: the array {name} is in a version that is not known.")
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
        header_bytes = stream.tell()
    if dtype.hasobject:
        text = f"{found.name}: the array {name} holds pickled objects, which are not read."
        raise TableRefused(text, way_out="Save text as an array of type str.")
    if fortran and len(shape) > 1:
        text = f"{found.name}: the array {name} is stored column by column."
        raise TableRefused(text, way_out="Save numpy.ascontiguousarray of it.")
    size = dtype.itemsize
    for length in shape:
        size *= length
    if header_bytes + size != info.file_size:
        raise TableRefused(f"{found.name}: the array {name} is not as long as it says.", way_out="Make it anew.")
    return Array(info, shape, dtype, header_bytes)


def _side(name: str) -> str | None:
    """Return the side that an array describes; ``None`` for any other array."""
    for side in _SIDES:
        if name == side or (name.startswith(f"{side}_") and (name in MATRIX_ARRAYS or group_of(name))):
            return side
    return None
