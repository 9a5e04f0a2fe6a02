"""Find faces: one network slid over a pyramid of the frame.

The network looks through a window of fixed size (80 px) at every eighth pixel; smaller copies of the frame show it
larger faces. Each level is 5/6 of the one before. How far down the pyramid begins, and where it ends, follow from the
faces that a lane cares about, because most of a pyramid is needless at a gate.

Source: dlib 19, dnn/input.h and dnn/loss.h (max-margin object detection), read for their facts; DESIGN §6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import FaceContractBroken, PackRefused
from fairgate.face.image import check_rgb, planes, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fairgate.face.runtime import Session

SHRINK_NUMERATOR, SHRINK_DENOMINATOR = 5, 6
"""Each level is this fraction of the one before, rounded down. Source: dlib, dnn_mmod_face_detection_ex, pyramid 6."""

MOST_PIXELS = 4_200_000
"""The first level never has more pixels: of a larger frame the smallest faces are missed, and memory stays bounded."""

_SMALLEST_LEVEL_PX = 40
_LEAST_MARGIN_PX = 7
_SMALLEST_TILE_PX = 5
_TILE_GAP_PX, _TILE_EDGE_PX = 10, 11


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face.

    Args:
        box: left, top, right, bottom in pixels of the frame, origin top left; may reach over its edge.
        score: the detector's own, higher is surer; not a probability.
    """

    box: tuple[float, float, float, float]
    score: float

    @property
    def width_px(self) -> float:
        """Return the width of the box."""
        return self.box[2] - self.box[0]


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What turns the map of scores into rectangles, and rectangles into faces.

    Args:
        width_px, height_px: the window, on the level where a face has its size.
        step_px: from one position on the map to the next.
        first_centre_px: centre of the first window, in pixels of the network's input.
        nms_iou: two boxes are one face where their overlap is a larger part of the rectangle around both.
        nms_covered: or a larger part of one of them.
    """

    width_px: int
    height_px: int
    step_px: int
    first_centre_px: int
    nms_iou: float
    nms_covered: float


def read_facts(facts: Mapping[str, str]) -> WindowFacts:
    """Return the window facts that a converted detector carries beside its weights.

    Raises:
        PackRefused: one is missing or out of range.
    """
    try:
        read = WindowFacts(
            width_px=int(facts["window_width_px"]),
            height_px=int(facts["window_height_px"]),
            step_px=int(facts["step_px"]),
            first_centre_px=int(facts["first_centre_px"]),
            nms_iou=float(facts["nms_iou"]),
            nms_covered=float(facts["nms_covered"]),
        )
    except (KeyError, ValueError) as cause:
        raise PackRefused("The detector does not say how its windows lie.", way_out="Convert it again.") from cause
    sizes = (read.width_px, read.height_px, read.step_px, read.first_centre_px)
    if not (all(1 <= size <= 4096 for size in sizes) and 0 <= read.nms_iou <= 1 and 0 <= read.nms_covered <= 1):
        raise PackRefused("The detector's windows are out of range.", way_out="Convert it again.")
    return read


@dataclass(frozen=True, slots=True)
class _Level:
    """One size of the frame.

    Args:
        width_px, height_px: of the frame at this level.
        left_px, top_px: margin before it, which also sets where the grid of windows lies.
    """

    width_px: int
    height_px: int
    left_px: int
    top_px: int


class WindowDetector:
    """The sliding-window detector.

    Args:
        session: the network: float32 (1, 3, rows, columns) RGB 0-255 in, one map of scores out.
        facts: how its windows lie.
        mean_rgb: what the network takes for nothing; margins are filled with it.
        minimum_score: a window scoring lower is no face.
    """

    def __init__(
        self, session: Session, facts: WindowFacts, mean_rgb: tuple[float, float, float], minimum_score: float
    ) -> None:
        self._session = session
        self._facts = facts
        self._mean_rgb = mean_rgb
        self._minimum_score = minimum_score

    def detect(
        self, rgb: NDArray[np.uint8], *, smallest_face_px: float, largest_face_px: float | None = None
    ) -> tuple[Face, ...]:
        """Return the faces in a frame, the surest first.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            smallest_face_px: width of the smallest face box looked for; smaller ones may be found or not.
            largest_face_px: width of the largest; ``None`` for as large as the frame.

        Raises:
            FaceContractBroken: the frame is not of the agreed shape, or a bound is not positive.
            EngineFault: the runtime failed.
        """
        check_rgb(rgb)
        if not smallest_face_px > 0 or (largest_face_px is not None and largest_face_px < smallest_face_px):
            raise FaceContractBroken("The bounds of the faces looked for must be positive and in order.")
        factor = self._facts.width_px / smallest_face_px
        factor = min(factor, math.sqrt(MOST_PIXELS / (rgb.shape[0] * rgb.shape[1])))
        first = scaled(rgb, factor)
        shrinks = None if largest_face_px is None else largest_face_px / smallest_face_px
        found = [
            self._boxes(level, scores, first.shape[1] / level.width_px, first.shape[0] / level.height_px)
            for level, scores in self._maps(first, shrinks)
        ]
        boxes = np.concatenate([box for box, _ in found]) if found else np.empty((0, 4))
        scores = np.concatenate([score for _, score in found]) if found else np.empty(0, np.float32)
        across, down = rgb.shape[1] / first.shape[1], rgb.shape[0] / first.shape[0]
        boxes = boxes * (across, down, across, down)
        kept = _without_repeats(boxes, scores, self._facts)
        return tuple(
            Face((float(box[0]), float(box[1]), float(box[2]), float(box[3])), float(score))
            for box, score in zip(boxes[kept], scores[kept], strict=True)
        )

    def _maps(self, first: NDArray[np.uint8], shrinks: float | None) -> list[tuple[_Level, NDArray[np.float32]]]:
        """Return the map of scores of every level."""
        maps = []
        frame = planes(first)
        for level in _levels(first.shape[1], first.shape[0], shrinks, self._facts.step_px):
            if level.width_px != frame.shape[2]:
                size = (level.width_px, level.height_px)
                frame = np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in frame])
            margin = self._facts.first_centre_px
            shape = (3, level.top_px + level.height_px + margin, level.left_px + level.width_px + margin)
            padded = np.empty(shape, np.float32)
            padded[:] = np.array(self._mean_rgb, np.float32)[:, None, None]
            padded[:, level.top_px : level.top_px + level.height_px, level.left_px : level.left_px + level.width_px] = (
                frame
            )
            maps.append((level, self._session.run(padded[None])[0][0, 0]))
        return maps

    def _boxes(
        self, level: _Level, scores: NDArray[np.float32], across: float, down: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return boxes on the first level, and their scores, for one level's windows that score high enough."""
        facts = self._facts
        rows, columns = np.nonzero(scores > self._minimum_score)
        x = columns * facts.step_px + (facts.first_centre_px - level.left_px) + 0.5
        y = rows * facts.step_px + (facts.first_centre_px - level.top_px) + 0.5
        half_width, half_height = facts.width_px / 2, facts.height_px / 2
        boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)
        return boxes * (across, down, across, down), scores[rows, columns]


def _levels(width: int, height: int, shrinks: float | None, step: int) -> list[_Level]:
    """Return the pyramid's levels, the largest first.

    The margins put each level's grid of windows where dlib's lies, who lays all levels out on one canvas: which window
    wins, and so the box, depends on the grid. Each is at least one step short of half a window's reach.
    """
    sizes = [(width, height)]
    while min(_shrunk(sizes[-1])) >= _SMALLEST_TILE_PX:
        sizes.append(_shrunk(sizes[-1]))
    least_width = 0.0 if shrinks is None else width / shrinks
    return [
        _Level(w, h, _LEAST_MARGIN_PX + (x - _LEAST_MARGIN_PX) % step, _LEAST_MARGIN_PX + (y - _LEAST_MARGIN_PX) % step)
        for (w, h), (x, y) in zip(sizes, _tile_corners(sizes), strict=True)
        if min(w, h) >= _SMALLEST_LEVEL_PX and w >= least_width * SHRINK_NUMERATOR / SHRINK_DENOMINATOR
    ]


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    return (size[0] * SHRINK_NUMERATOR // SHRINK_DENOMINATOR, size[1] * SHRINK_NUMERATOR // SHRINK_DENOMINATOR)


def _tile_corners(sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where dlib lays the levels on its canvas: down the left edge, then up the right one.

    Args:
        sizes: width and height of each level, the largest first.
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


def _without_repeats(boxes: NDArray[np.float64], scores: NDArray[np.float32], facts: WindowFacts) -> list[int]:
    """Return the boxes to keep, the surest first, dropping each that is one face with a surer one."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    waiting = np.argsort(-scores, kind="stable")
    while waiting.size:
        best, waiting = int(waiting[0]), waiting[1:]
        kept.append(best)
        inner = np.minimum(boxes[best, 2:], boxes[waiting, 2:]) - np.maximum(boxes[best, :2], boxes[waiting, :2])
        overlap = np.prod(np.maximum(inner, 0.0), axis=1)
        outer = np.maximum(boxes[best, 2:], boxes[waiting, 2:]) - np.minimum(boxes[best, :2], boxes[waiting, :2])
        covered = overlap / np.minimum(areas[best], areas[waiting])
        same = (overlap / np.prod(outer, axis=1) > facts.nms_iou) | (covered > facts.nms_covered)
        waiting = waiting[~same]
    return kept
