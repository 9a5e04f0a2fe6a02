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

    from fairgate.face.dlib_shapes import ShapePredictor

POINTS = 5


class TreeLandmarks:
    """The predictor, with its arrays laid out for evaluation.

    Args:
        shapes: as read from the model file.
    """

    def __init__(self, shapes: ShapePredictor) -> None:
        self._shapes = shapes
        centred = shapes.initial_shape.astype(np.float64)
        centred = centred - centred.mean(axis=0)
        self._from = centred[:, 0] + 1j * centred[:, 1]
        self._from_power = float((np.abs(self._from) ** 2).sum())
        self._trees = np.arange(shapes.first.shape[1])
        splits = shapes.first.shape[2]
        self._depth = (splits + 1).bit_length() - 1
        self._splits = splits

    def find(self, rgb: NDArray[np.uint8], box: tuple[float, float, float, float]) -> NDArray[np.float32]:
        """Return the points of the face in a box.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            box: left, top, right, bottom in pixels, as the detector gave them; may reach over the edge.

        Returns:
            float32, shape (5, 2), x and y in pixels.
        """
        shapes = self._shapes
        left, top, right, bottom = (round(side) for side in box)
        corner, extent = np.array([left, top], np.float32), np.array([right - left - 1, bottom - top - 1], np.float32)
        shape = shapes.initial_shape.copy()
        for cascade in range(shapes.first.shape[0]):
            places = shapes.offsets[cascade] @ self._turn(shape) + shape[shapes.anchors[cascade]]
            pixels = _grey_at(rgb, places * extent + corner)
            shape += self._step(cascade, pixels)
        return shape * extent + corner

    def _step(self, cascade: int, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what one forest adds to the shape."""
        shapes, trees = self._shapes, self._trees
        goes_left = pixels[shapes.first[cascade]] - pixels[shapes.second[cascade]] > shapes.thresholds[cascade]
        node = np.zeros(trees.size, np.intp)
        for _ in range(self._depth):
            node = 2 * node + 2 - goes_left[trees, node]
        added = shapes.leaves[cascade][trees, node - self._splits].sum(axis=0, dtype=np.float32)
        return np.asarray(added, np.float32)

    def _turn(self, shape: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return rotation and scale from the mean shape to this one, by least squares, for use on row vectors."""
        centred = shape.astype(np.float64) - shape.mean(axis=0, dtype=np.float64)
        to = centred[:, 0] + 1j * centred[:, 1]
        ratio = complex(np.vdot(self._from, to)) / self._from_power
        return np.array([[ratio.real, ratio.imag], [-ratio.imag, ratio.real]], np.float32)


def _grey_at(rgb: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of R, G and B, rounded down, at the pixels nearest to ``places``; 0 outside the frame."""
    height, width = rgb.shape[:2]
    nearest = np.floor(places + 0.5).astype(np.intp)
    x, y = nearest[:, 0], nearest[:, 1]
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    sampled = rgb[np.where(inside, y, 0), np.where(inside, x, 0)]
    grey = sampled.sum(axis=1, dtype=np.uint16) // 3
    return np.where(inside, grey, 0).astype(np.float32)
