"""Windows of the sliding detector: how they lie, which scored, and which of them are one face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import PackRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_MOST_BOXES = 2000


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What turns the map of scores into rectangles, and rectangles into faces.

    Args:
        width_px, height_px: the window, on the level where a face has its size.
        step_px: from one position on the map to the next.
        first_centre_px: centre of the first window, in pixels of the network's input.
        reach_steps: how many steps of the map a score depends on, on either side.
        nms_iou: two boxes are one face where their overlap is a larger part of the rectangle around both.
        nms_covered: or a larger part of one of them.
    """

    width_px: int
    height_px: int
    step_px: int
    first_centre_px: int
    reach_steps: int
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
            reach_steps=int(facts["reach_steps"]),
            nms_iou=float(facts["nms_iou"]),
            nms_covered=float(facts["nms_covered"]),
        )
    except (KeyError, ValueError) as cause:
        raise PackRefused("The detector does not say how its windows lie.", way_out="Convert it again.") from cause
    sizes = (read.width_px, read.height_px, read.step_px, read.first_centre_px, read.reach_steps)
    if not (all(1 <= size <= 4096 for size in sizes) and 0 <= read.nms_iou <= 1 and 0 <= read.nms_covered <= 1):
        raise PackRefused("The detector's windows are out of range.", way_out="Convert it again.")
    return read


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows that scored high enough.

    Args:
        boxes: float64, shape (n, 4), left, top, right, bottom on the first level.
        scores: float32, shape (n,).
        levels: int64, shape (n,), the level each was found on.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float32]
    levels: NDArray[np.int64]

    def above(self, score: float) -> Windows:
        """Return those that score at least so much."""
        chosen = self.scores >= score
        return Windows(self.boxes[chosen], self.scores[chosen], self.levels[chosen])

    def faces(self, facts: WindowFacts, most: int = _MOST_BOXES) -> Windows:
        """Return the surest window of each face, the surest face first."""
        order = np.argsort(-self.scores, kind="stable")[:_MOST_BOXES]
        kept = order[_without_repeats(self.boxes[order], facts)][:most]
        return Windows(self.boxes[kept], self.scores[kept], self.levels[kept])


def joined(parts: list[Windows]) -> Windows:
    """Return the windows of all parts."""
    if not parts:
        return Windows(np.empty((0, 4)), np.empty(0, np.float32), np.empty(0, np.int64))
    return Windows(
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.levels for part in parts]),
    )


def _without_repeats(boxes: NDArray[np.float64], facts: WindowFacts) -> NDArray[np.int64]:
    """Return which boxes to keep, the surest first, dropping each that is one face with a surer one.

    Args:
        boxes: float64, shape (n, 4), the surest first.
        facts: how far two boxes of one face overlap.
    """
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    waiting = np.arange(len(boxes))
    while waiting.size:
        best, waiting = int(waiting[0]), waiting[1:]
        kept.append(best)
        inner = np.minimum(boxes[best, 2:], boxes[waiting, 2:]) - np.maximum(boxes[best, :2], boxes[waiting, :2])
        outer = np.maximum(boxes[best, 2:], boxes[waiting, 2:]) - np.minimum(boxes[best, :2], boxes[waiting, :2])
        overlap = np.prod(np.maximum(inner, 0.0), axis=1)
        covered = overlap / np.minimum(areas[best], areas[waiting])
        same = (overlap / np.prod(outer, axis=1) > facts.nms_iou) | (covered > facts.nms_covered)
        waiting = waiting[~same]
    return np.array(kept, np.int64)
