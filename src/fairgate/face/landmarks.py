"""Find five points in a face by cascades of regression trees.

The order of the points: outer and inner corner of the subject's left eye, outer and inner corner of the right eye, base
of the nose.

Source: dlib 19, image_processing/shape_predictor.h; V. Kazemi, J. Sullivan, CVPR 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.dlib_trees import ShapePredictor


class TreeLandmarks:
    """The predictor, with its arrays laid out for evaluation.

    Args:
        shapes: as read from the model file.
    """

    def __init__(self, shapes: ShapePredictor) -> None:
        self._initial = shapes.initial_shape
        self._anchors = shapes.anchors.astype(np.intp)
        self._offsets = shapes.offsets
        cascades, trees, self._splits = shapes.first.shape
        self._depth = (self._splits + 1).bit_length() - 1
        self._first = shapes.first.reshape(cascades, -1).astype(np.intp)
        self._second = shapes.second.reshape(cascades, -1).astype(np.intp)
        self._thresholds = shapes.thresholds.reshape(cascades, -1)
        self._leaves = shapes.leaves.reshape(cascades, trees * (self._splits + 1), -1)
        self._first_split = np.arange(trees) * self._splits
        self._first_leaf = np.arange(trees) * (self._splits + 1)
        centred = self._initial.astype(np.float64) - self._initial.mean(axis=0, dtype=np.float64)
        self._from = centred[:, 0] + 1j * centred[:, 1]
        self._from_power = float((np.abs(self._from) ** 2).sum())

    def find(self, rgb: NDArray[np.uint8], box: tuple[float, float, float, float]) -> NDArray[np.float32]:
        """Return the points of the face in a box.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            box: left, top, right, bottom in pixels, as the detector gave them; may reach over the edge.

        Returns:
            float32, shape (5, 2), x and y in pixels.
        """
        pixels_of_frame = np.ascontiguousarray(rgb).reshape(-1, 3)
        left, top, right, bottom = (round(side) for side in box)
        corner, extent = np.array([left, top], np.float32), np.array([right - left - 1, bottom - top - 1], np.float32)
        shape = self._initial
        for cascade, (anchors, offsets) in enumerate(zip(self._anchors, self._offsets, strict=True)):
            places = (offsets @ self._turn(shape) + shape.take(anchors, axis=0)) * extent + corner
            shape = shape + self._step(cascade, _grey_at(pixels_of_frame, rgb.shape[1], rgb.shape[0], places))
        return shape * extent + corner

    def _step(self, cascade: int, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what one forest adds to the shape: all its trees go down one level at a time."""
        first, second, thresholds = self._first[cascade], self._second[cascade], self._thresholds[cascade]
        node = np.zeros_like(self._first_split)
        for _ in range(self._depth):
            split = self._first_split + node
            goes_left = pixels.take(first.take(split)) - pixels.take(second.take(split)) > thresholds.take(split)
            node = 2 * node + 2 - goes_left
        added = self._leaves[cascade].take(self._first_leaf + (node - self._splits), axis=0)
        return np.asarray(added.sum(axis=0).reshape(-1, 2), np.float32)

    def _turn(self, shape: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return rotation and scale from the mean shape to this one, by least squares, for use on row vectors."""
        to = shape[:, 0].astype(np.float64) + 1j * shape[:, 1].astype(np.float64)
        ratio = complex(np.vdot(self._from, to)) / self._from_power
        return np.array([[ratio.real, ratio.imag], [-ratio.imag, ratio.real]], np.float32)


def _grey_at(pixels: NDArray[np.uint8], width: int, height: int, places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of R, G and B, rounded down, at the pixels nearest to ``places``; 0 outside the frame."""
    nearest = np.floor(places + np.float32(0.5)).astype(np.int64)
    # Seen as unsigned, a negative number is a very large one: one comparison finds both sides of the frame.
    inside = nearest.view(np.uint64) < np.array([width, height], np.uint64)
    index = nearest[:, 1] * width + nearest[:, 0]
    if inside.all():
        return _mean_of_channels(pixels.take(index, axis=0))
    within = inside.all(axis=1)
    found = _mean_of_channels(pixels.take(np.where(within, index, 0), axis=0))
    return np.where(within, found, np.float32(0.0))


def _mean_of_channels(sampled: NDArray[np.uint8]) -> NDArray[np.float32]:
    total = sampled[:, 0].astype(np.uint16) + sampled[:, 1] + sampled[:, 2]
    return np.asarray(total // 3, np.float32)
