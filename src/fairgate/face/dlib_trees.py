"""Regression trees that move a mean shape onto a face, and the compact form in which they are kept.

dlib's own file is nearly four million numbers of varying length, which takes most of a second to read at every start.
The compact form is what was read from it: a mark, five counts as little-endian uint32 (points, cascades, pixels, trees,
splits), then the arrays of :class:`ShapePredictor` in its order, little-endian float32 and int32.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import PackRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARK = b"fairgate trees 1"
"""No file of dlib's begins so: its first byte is 1."""

_COUNTS = struct.Struct("<5I")
_MOST = 65536


@dataclass(frozen=True, slots=True, eq=False)
class ShapePredictor:
    """Cascades of forests; each forest corrects the shape that the ones before it left.

    Args:
        initial_shape: float32, shape (points, 2), x and y as fractions of the face box.
        anchors: int32, shape (cascades, pixels): the point that each sampled pixel hangs on.
        offsets: float32, shape (cascades, pixels, 2): from that point, as fractions of the face box.
        first, second: int32, shape (cascades, trees, splits): the two pixels that a split compares.
        thresholds: float32, shape (cascades, trees, splits): a split goes left where ``pixel[first] - pixel[second]``
            exceeds it.
        leaves: float32, shape (cascades, trees, splits + 1, points, 2): what a tree adds to the shape.
    """

    initial_shape: NDArray[np.float32] = field(repr=False)
    anchors: NDArray[np.int32] = field(repr=False)
    offsets: NDArray[np.float32] = field(repr=False)
    first: NDArray[np.int32] = field(repr=False)
    second: NDArray[np.int32] = field(repr=False)
    thresholds: NDArray[np.float32] = field(repr=False)
    leaves: NDArray[np.float32] = field(repr=False)

    def points_inside(self) -> bool:
        """Say whether every index points at something that is there."""
        pixels, points = self.anchors.shape[1], self.initial_shape.shape[0]
        bounds = ((self.first, pixels), (self.second, pixels), (self.anchors, points))
        return all(indices.min() >= 0 and indices.max() < bound for indices, bound in bounds)


def compact(shapes: ShapePredictor) -> bytes:
    """Return the compact form, which depends on the trees alone."""
    cascades, trees, splits = shapes.first.shape
    counts = _COUNTS.pack(shapes.initial_shape.shape[0], cascades, shapes.anchors.shape[1], trees, splits)
    arrays = (getattr(shapes, one.name) for one in fields(shapes))
    return b"".join([MARK, counts, *(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays)])


def read_compact(content: bytes) -> ShapePredictor:
    """Return the trees of a compact form.

    Raises:
        PackRefused: the bytes are none, are cut short, or contradict themselves.
    """
    at = len(MARK) + _COUNTS.size
    if not content.startswith(MARK) or len(content) < at:
        raise _refused("it is none")
    points, cascades, pixels, trees, splits = _COUNTS.unpack_from(content, len(MARK))
    if not all(1 <= count <= _MOST for count in (points, cascades, pixels, trees, splits)) or (splits + 1) & splits:
        raise _refused("one of its counts is out of range")
    forest = (cascades, trees, splits)
    wanted: tuple[tuple[str, tuple[int, ...]], ...] = (
        ("<f4", (points, 2)),
        ("<i4", (cascades, pixels)),
        ("<f4", (cascades, pixels, 2)),
        ("<i4", forest),
        ("<i4", forest),
        ("<f4", forest),
        ("<f4", (cascades, trees, splits + 1, points, 2)),
    )
    if len(content) != at + sum(4 * math.prod(shape) for _, shape in wanted):
        raise _refused("its length is not what its counts ask for")
    arrays = []
    for kind, shape in wanted:
        count = math.prod(shape)
        array = np.frombuffer(content, kind, count, at).reshape(shape)
        if kind == "<f4" and not np.isfinite(array).all():
            raise _refused("a number is not finite")
        arrays.append(array)
        at += 4 * count
    found = ShapePredictor(*arrays)
    if not found.points_inside():
        raise _refused("it points outside itself")
    return found


def _refused(reason: str) -> PackRefused:
    return PackRefused(
        f"A shape predictor in compact form cannot be read: {reason}.",
        way_out="Empty the folder of converted models and run `fairgate packs verify`.",
    )
