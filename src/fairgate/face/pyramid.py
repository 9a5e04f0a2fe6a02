"""Sizes of a frame, from fine to coarse, and where the grid of windows lies on each.

Source: dlib 19, image_transforms/image_pyramid.h (compute_tiled_image_pyramid_details), read for its facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Planes = NDArray[np.float32]

SHRINK_NUMERATOR, SHRINK_DENOMINATOR = 5, 6
"""Each level is this fraction of the one before, rounded down. Source: dlib, dnn_mmod_face_detection_ex, pyramid 6."""

SMALLEST_LEVEL_PX = 56
"""Levels with a shorter side are left out: no face box is half as large again as the frame's shorter side."""

NARROW_LEVEL_PX = 130
WIDE_MARGIN_PX = 32
"""Up to the first, a level gets the second as its margin: its windows are nearly as large as the frame, and what they
see beyond it decides. On portraits cropped to the face box the mean score rises from 0.86 with a narrow margin (and
0.96 with dlib's, who has other levels there) to 1.00."""

_LEAST_MARGIN_PX = 7

_SMALLEST_TILE_PX = 5
_TILE_GAP_PX, _TILE_EDGE_PX = 10, 11


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the frame.

    Args:
        width_px, height_px: of the frame at this level.
        left_px, top_px: margin before it, which also sets where the grid of windows lies.
        after_px: margin behind it, on the right and below.
    """

    width_px: int
    height_px: int
    left_px: int
    top_px: int
    after_px: int

    @property
    def padded_size(self) -> tuple[int, int]:
        """Return rows and columns with the margins."""
        return (
            self.top_px + self.height_px + self.after_px,
            self.left_px + self.width_px + self.after_px,
        )


def levels_of(width_px: int, height_px: int, step_px: int, largest_shrink: float | None = None) -> tuple[Level, ...]:
    """Return the levels, the finest first; the first is always there.

    dlib lays all levels out on one canvas and slides its windows over that; the margins put each level's grid where it
    lies there, because which window wins, and so the box, depends on the grid.

    Args:
        width_px, height_px: of the finest level.
        step_px: from one window to the next.
        largest_shrink: leave out levels that are more than a step smaller than this; ``None`` for none.
    """
    sizes = [(width_px, height_px)]
    while min(_shrunk(sizes[-1])) >= _SMALLEST_TILE_PX:
        sizes.append(_shrunk(sizes[-1]))
    least_width = 0.0
    if largest_shrink is not None:
        least_width = width_px / largest_shrink * SHRINK_NUMERATOR / SHRINK_DENOMINATOR
    found = [_with_margins(size, corner, step_px) for size, corner in zip(sizes, _tile_corners(sizes), strict=True)]
    further = (
        level
        for level in found[1:]
        if min(level.width_px, level.height_px) >= SMALLEST_LEVEL_PX and level.width_px >= least_width
    )
    return (found[0], *further)


def _with_margins(size: tuple[int, int], corner: tuple[int, int], step_px: int) -> Level:
    least = WIDE_MARGIN_PX if min(size) <= NARROW_LEVEL_PX else _LEAST_MARGIN_PX
    return Level(
        width_px=size[0],
        height_px=size[1],
        left_px=least + (corner[0] - least) % step_px,
        top_px=least + (corner[1] - least) % step_px,
        after_px=least + step_px - 1,
    )


class Pyramid:
    """A frame at every level, each shrunk from the one before; margins are added to what is asked for.

    Args:
        rgb: uint8, shape (height, width, 3), the frame at the first level.
        levels: as :func:`levels_of` returned them.
        fill: float32, shape (3,), what the margins hold.
    """

    def __init__(self, rgb: NDArray[np.uint8], levels: tuple[Level, ...], fill: NDArray[np.float32]) -> None:
        self.levels = levels
        self._fill = fill
        self._frames = [np.asarray(rgb, np.float32)]
        for level in levels[1:]:
            size = (level.width_px, level.height_px)
            shrunk = cv2.resize(self._frames[-1], size, interpolation=cv2.INTER_LINEAR)
            self._frames.append(np.asarray(shrunk, np.float32).reshape(level.height_px, level.width_px, 3))

    def whole(self, number: int) -> Planes:
        """Return a level with its margins: float32, shape (3, rows, columns), RGB, 0 to 255."""
        return self.part(number, (0, 0), self.levels[number].padded_size)

    def part(self, number: int, start: tuple[int, int], end: tuple[int, int]) -> Planes:
        """Return a part of a level with its margins.

        Args:
            number: of the level.
            start: first row and column, counted on the level with its margins.
            end: the row and column behind the last ones.

        Returns:
            float32, shape (3, rows, columns), RGB, 0 to 255.
        """
        level, frame = self.levels[number], self._frames[number]
        top, left = start[0] - level.top_px, start[1] - level.left_px
        rows, columns = end[0] - start[0], end[1] - start[1]
        above, below = _covered(top, rows, frame.shape[0])
        before, behind = _covered(left, columns, frame.shape[1])
        planes = np.empty((3, rows, columns), np.float32)
        inside = frame[top + above : top + below, left + before : left + behind]
        for plane, value in zip(planes, self._fill, strict=True):
            plane[:above] = plane[below:] = value
            plane[above:below, :before] = plane[above:below, behind:] = value
        if inside.size:
            cv2.split(inside, [plane[above:below, before:behind] for plane in planes])
        return planes


def _covered(start: int, length: int, side: int) -> tuple[int, int]:
    """Return where a run from ``start`` on enters the frame and where it leaves it, counted from its own start."""
    enters = min(max(0, -start), length)
    return enters, max(enters, min(length, side - start))


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    return (size[0] * SHRINK_NUMERATOR // SHRINK_DENOMINATOR, size[1] * SHRINK_NUMERATOR // SHRINK_DENOMINATOR)


def _tile_corners(sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where dlib lays the levels on its canvas: down the left edge, then up the right one.

    Args:
        sizes: width and height of each level, the finest first.
    """
    total = sum(height + _TILE_GAP_PX for _, height in sizes) - 2 * _TILE_GAP_PX
    canvas_width, first_height = sizes[0]
    filled, width_above = 0, 0
    for width, height in sizes:
        fits_beside = width <= canvas_width - width_above - _TILE_GAP_PX
        if fits_beside and (filled - first_height) * 2 >= total - first_height:
            break
        filled, width_above = filled + height + _TILE_GAP_PX, width
    bottom = filled - _TILE_GAP_PX + _TILE_EDGE_PX
    corners: list[tuple[int, int]] = []
    y = _TILE_EDGE_PX
    for _, height in sizes:
        if y >= bottom:
            break
        corners.append((_TILE_EDGE_PX, y))
        y += height + _TILE_GAP_PX
    for width, height in sizes[len(corners) :]:
        y -= height + _TILE_GAP_PX
        corners.append((_TILE_EDGE_PX + canvas_width - width, y))
    return corners
