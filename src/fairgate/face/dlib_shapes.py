"""Read dlib's serialised shape predictor: an ensemble of regression trees that moves a mean shape onto a face.

The file is one run of numbers (see :mod:`fairgate.face.dlib_stream`), nearly four million of them, so that they are
cut apart in one pass and decoded together; the shape of the whole follows from the few counts among them.

Source: dlib 19, image_processing/shape_predictor.h (Boost Software License), read for its facts; V. Kazemi,
J. Sullivan, "One millisecond face alignment with an ensemble of regression trees", CVPR 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import PackRefused
from fairgate.face.dlib_trees import MARK, ShapePredictor, read_compact

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST_FILE_BYTES = 64 << 20
_LARGEST_EXPONENT = 64
_LARGEST_INDEX = 65536
_MOST_BYTES = 7
_STEP_OF_HEAD = bytes((head & 0x0F) + 1 for head in range(256))


def read_shape_predictor(content: bytes) -> ShapePredictor:
    """Return the shape predictor that ``content`` holds.

    Args:
        content: a whole ``.dat`` file as dlib wrote it, or the compact form of one.

    Raises:
        PackRefused: the bytes are not such a file, are cut short, or contradict themselves.
    """
    if len(content) > _LARGEST_FILE_BYTES:
        raise _refused("it is too large")
    if content.startswith(MARK):
        return read_compact(content)
    numbers = _Numbers(_decode(content))
    numbers.expect(1, "version")
    size = numbers.column_length()
    if size % 2 or not 2 <= size <= 1024:
        raise _refused("its shape is not made of points")
    initial_shape = numbers.reals(size).reshape(-1, 2)
    cascades = numbers.count(1, 256)
    first, second, thresholds, leaves = _forests(numbers, cascades, size)
    anchors = numbers.rows_of_wholes(cascades)
    offsets = numbers.rows_of_points(cascades, anchors.shape[1])
    numbers.expect_end()
    # Compared before they are narrowed, so that a number too large for 32 bits is seen as what it is.
    if max(int(np.abs(indices).max()) for indices in (first, second, anchors)) > _LARGEST_INDEX:
        raise _refused("it points outside itself")
    found = ShapePredictor(
        initial_shape=initial_shape,
        anchors=anchors.astype(np.int32),
        offsets=offsets,
        first=first.astype(np.int32),
        second=second.astype(np.int32),
        thresholds=thresholds,
        leaves=leaves.reshape(*leaves.shape[:3], size // 2, 2),
    )
    if not found.points_inside():
        raise _refused("it points outside itself")
    return found


def _forests(
    numbers: _Numbers, cascades: int, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return first and second pixels, thresholds and leaves of all trees, which must all be of one shape."""
    trees, splits = numbers.peek(0), numbers.peek(1)
    if not 1 <= trees <= 65536 or not 1 <= splits <= 4095 or (splits + 1) & splits:
        raise _refused("its trees are not complete")
    nodes, per_leaf = splits + 1, 2 + 2 * size
    per_tree = 1 + 4 * splits + 1 + nodes * per_leaf
    table = numbers.table(cascades, 1 + trees * per_tree)
    body = table[:, 1:].reshape(cascades, trees, per_tree)
    leaves = body[:, :, 2 + 4 * splits :].reshape(cascades, trees, nodes, per_leaf)
    splitting = body[:, :, 1 : 1 + 4 * splits].reshape(cascades, trees, splits, 4)
    counts_agree = (
        (table[:, 0] == trees).all()
        and (body[:, :, 0] == splits).all()
        and (body[:, :, 1 + 4 * splits] == nodes).all()
        and (leaves[..., 0] == -size).all()
        and (leaves[..., 1] == -1).all()
    )
    if not counts_agree:
        raise _refused("its trees differ in shape")
    return (
        splitting[..., 0],
        splitting[..., 1],
        _reals(splitting[..., 2], splitting[..., 3]),
        _reals(leaves[..., 2::2], leaves[..., 3::2]),
    )


class _Numbers:
    """A position in the run of numbers."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._numbers = numbers
        self._at = 0

    def _take(self, count: int) -> NDArray[np.int64]:
        if count > self._numbers.size - self._at:
            raise _refused("it is cut short")
        self._at += count
        return self._numbers[self._at - count : self._at]

    def peek(self, ahead: int) -> int:
        if self._at + ahead >= self._numbers.size:
            raise _refused("it is cut short")
        return int(self._numbers[self._at + ahead])

    def expect(self, wanted: int, what: str) -> None:
        if int(self._take(1)[0]) != wanted:
            raise _refused(f"its {what} is not {wanted}")

    def count(self, least: int, most: int) -> int:
        value = int(self._take(1)[0])
        if not least <= value <= most:
            raise _refused("one of its counts is out of range")
        return value

    def column_length(self) -> int:
        """Return the length of a column vector, whose sides dlib writes as negative numbers."""
        rows, columns = (int(value) for value in self._take(2))
        if columns != -1:
            raise _refused("its shape is not a column")
        return -rows

    def reals(self, count: int) -> NDArray[np.float32]:
        pairs = self._take(2 * count).reshape(count, 2)
        return _reals(pairs[:, 0], pairs[:, 1])

    def table(self, rows: int, columns: int) -> NDArray[np.int64]:
        return self._take(rows * columns).reshape(rows, columns)

    def rows_of_wholes(self, rows: int) -> NDArray[np.int64]:
        """Return a vector of vectors of one length."""
        self.expect(rows, "number of pixel lists")
        table = self.table(rows, 1 + self._length())
        if (table[:, 0] != table.shape[1] - 1).any():
            raise _refused("its pixel lists differ in length")
        return table[:, 1:]

    def rows_of_points(self, rows: int, length: int) -> NDArray[np.float32]:
        """Return a vector of vectors of points, each with ``length`` points."""
        self.expect(rows, "number of offset lists")
        table = self.table(rows, 1 + 4 * length)
        if (table[:, 0] != length).any():
            raise _refused("its offset lists differ in length")
        body = table[:, 1:].reshape(rows, length, 2, 2)
        return _reals(body[..., 0], body[..., 1])

    def _length(self) -> int:
        length = self.peek(0)
        if not 1 <= length <= 65536:
            raise _refused("one of its counts is out of range")
        return length

    def expect_end(self) -> None:
        if self._at != self._numbers.size:
            raise _refused("something follows its end")


def _decode(content: bytes) -> NDArray[np.int64]:
    """Return all the numbers in the file: head byte with sign and byte count, then that many bytes."""
    steps = content.translate(_STEP_OF_HEAD)
    end = len(content)
    is_head = bytearray(end)
    at = 0
    while at < end:
        is_head[at] = 1
        at += steps[at]
    if at != end:
        raise _refused("it is cut short")
    heads_at = np.flatnonzero(np.frombuffer(is_head, np.uint8))
    heads = np.frombuffer(content, np.uint8)[heads_at]
    lengths = (heads & 0x0F).astype(np.int64)
    if (heads & 0x70).any() or (lengths > _MOST_BYTES).any():
        raise _refused("a number is too long")
    # One eight-byte window starts at every byte; of each, only the bytes that the head announces are kept.
    windows: NDArray[np.int64] = np.ndarray((end + 1,), "<i8", content + bytes(9), strides=(1,))
    values = windows[heads_at + 1] & ((1 << (8 * lengths)) - 1)
    return np.where(heads & 0x80, -values, values)


def _reals(mantissas: NDArray[np.int64], exponents: NDArray[np.int64]) -> NDArray[np.float32]:
    if (np.abs(exponents) > _LARGEST_EXPONENT).any() or (np.abs(mantissas) > 1 << 53).any():
        raise _refused("a number is not finite")
    return np.ldexp(mantissas.astype(np.float64), exponents.astype(np.int32)).astype(np.float32)


def _refused(reason: str) -> PackRefused:
    return PackRefused(
        f"A dlib shape predictor cannot be read: {reason}.",
        way_out="Install the model files again and run `fairgate packs verify`.",
    )
