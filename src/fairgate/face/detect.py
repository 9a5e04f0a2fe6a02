"""Find faces: one network slid over a pyramid of the frame.

The network looks through a window of fixed size (80 px) at every eighth pixel; smaller copies of the frame show it
larger faces. How fine the pyramid begins follows from the smallest face that a lane cares about, because most of a
pyramid is needless at a gate. Two more savings change no result on faces that matter:

1. Every third level is searched whole, and the levels next to it only around what was found there. A face shows on the
   neighbours of its best level too: on portraits at random sizes with a score of at least 0.5, where 0 is a face.
2. Where the caller asks so, faces much smaller than the widest one found are not looked for.

Source: dlib 19, dnn/input.h and dnn/loss.h (max-margin object detection), read for their facts; DESIGN §6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import FaceContractBroken, PackRefused
from fairgate.face.image import check_rgb, scaled
from fairgate.face.pyramid import SHRINK_DENOMINATOR, SHRINK_NUMERATOR, Level, levels_of, padded_frames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fairgate.face.runtime import Session

MOST_PIXELS = 4_200_000
"""The first level never has more pixels: of a larger frame the smallest faces are missed, and memory stays bounded."""

CONFIDENT_SCORE = 0.5
"""From this score on a face is taken for one beyond doubt. True faces in portraits score 0.97 to 1.1."""

_WHOLE_EVERY = 2
_SEED_BELOW_MINIMUM = 0.3
_MOST_SEEDS = 16
_MOST_BOXES = 2000
_FAR_APART_PX = 1e6
_AROUND = 2
_REACH = 10
"""Windows around a seed, and how far one looks: (4 * (2 + 2 + 2 + 4)) / 4 steps of the map on either side."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Windows that scored high enough.

    Args:
        boxes: float64, shape (n, 4), left, top, right, bottom on the first level.
        scores: float32, shape (n,).
        levels: int, shape (n,), the level each was found on.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float32]
    levels: NDArray[np.int64]

    def best(self, facts: WindowFacts, least_score: float, most: int, *, on_each_level: bool = False) -> _Found:
        """Return those above a score, the surest first, without those that are one face with a surer one.

        ``on_each_level`` keeps the surest of every level instead of the surest of all.
        """
        order = np.argsort(-self.scores, kind="stable")[:_MOST_BOXES]
        order = order[self.scores[order] > least_score]
        apart = self.levels[order, None] * (_FAR_APART_PX if on_each_level else 0)
        kept = order[_without_repeats(self.boxes[order] + apart, facts)][:most]
        return _Found(self.boxes[kept], self.scores[kept], self.levels[kept])


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
        self._mean = np.array(mean_rgb, np.float32)
        self._minimum_score = minimum_score

    def detect(
        self,
        rgb: NDArray[np.uint8],
        *,
        smallest_face_px: float,
        largest_face_px: float | None = None,
        ignore_below: float = 0.0,
        every_level: bool = False,
    ) -> tuple[Face, ...]:
        """Return the faces in a frame, the surest first.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            smallest_face_px: width of the smallest face box looked for; smaller ones may be found or not.
            largest_face_px: width of the largest; ``None`` for as large as the frame.
            ignore_below: faces narrower than this fraction of the widest confident one need not be found; 0 for all.
            every_level: search every level whole, as dlib does, at twice the work.

        Raises:
            FaceContractBroken: the frame is not of the agreed shape, or a bound is not positive.
            EngineFault: the runtime failed.
        """
        check_rgb(rgb)
        if not smallest_face_px > 0 or (largest_face_px is not None and largest_face_px < smallest_face_px):
            raise FaceContractBroken("The bounds of the faces looked for must be positive and in order.")
        factor = self._facts.width_px / smallest_face_px
        first = scaled(rgb, min(factor, math.sqrt(MOST_PIXELS / (rgb.shape[0] * rgb.shape[1]))))
        shrink = None if largest_face_px is None else largest_face_px / smallest_face_px
        levels = levels_of(first.shape[1], first.shape[0], self._facts.step_px, shrink)
        search = _Search(self._session, self._facts, first, levels, self._mean)
        floor = self._minimum_score - _SEED_BELOW_MINIMUM
        found = search.whole(1 if every_level else _WHOLE_EVERY, floor, ignore_below)
        if not every_level:
            seeds = found.best(self._facts, floor, _MOST_SEEDS, on_each_level=True)
            found = search.between(found, seeds, floor)
        best = found.best(self._facts, self._minimum_score, _MOST_BOXES)
        across, down = rgb.shape[1] / first.shape[1], rgb.shape[0] / first.shape[0]
        return tuple(
            Face((float(left), float(top), float(right), float(bottom)), float(score))
            for (left, top, right, bottom), score in zip(
                best.boxes * (across, down, across, down), best.scores, strict=True
            )
        )


class _Search:
    """One frame's pyramid, and the windows looked at so far."""

    def __init__(
        self,
        session: Session,
        facts: WindowFacts,
        first: NDArray[np.uint8],
        levels: tuple[Level, ...],
        fill: NDArray[np.float32],
    ) -> None:
        self._session = session
        self._facts = facts
        self._levels = levels
        self._frames = padded_frames(first, levels, fill)

    def whole(self, every: int, floor: float, ignore_below: float) -> _Found:
        """Search every ``every``-th level whole, the coarsest first."""
        found = _nothing()
        one_level = SHRINK_DENOMINATOR / SHRINK_NUMERATOR
        widest = 0.0
        for number in reversed(range(0, len(self._levels), every)):
            window = self._facts.width_px * self._levels[0].width_px / self._levels[number].width_px
            if window * one_level ** (every - 1) < ignore_below * widest:
                break
            here = self._windows(number, self._run(self._frames[number]), 0, 0, floor)
            sure = here.scores >= CONFIDENT_SCORE
            widest = max(widest, window) if sure.any() else widest
            found = _joined(found, here)
        return found

    def between(self, found: _Found, seeds: _Found, floor: float) -> _Found:
        """Search the levels next to each seed's own, around it."""
        for number in range(len(self._levels)):
            near = np.abs(seeds.levels - number) == 1
            if number % _WHOLE_EVERY == 0 or not near.any():
                continue
            padded = self._frames[number]
            areas = [self._area(number, box, padded) for box in seeds.boxes[near]]
            if sum(area.pixels for area in areas) >= padded[0].size:
                areas = [_Area(0, 0, padded.shape[1], padded.shape[2])]
            for area in areas:
                found = _joined(found, self._part(number, area, padded, floor))
        return found

    def _run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._session.run(np.ascontiguousarray(pixels)[None])[0][0, 0]
        return scores

    def _area(self, number: int, box: NDArray[np.float64], padded: NDArray[np.float32]) -> _Area:
        """Return the part of a padded level that the windows around a box look at."""
        level, first, facts = self._levels[number], self._levels[0], self._facts
        x = (box[0] + box[2]) / 2 * level.width_px / first.width_px + level.left_px
        y = (box[1] + box[3]) / 2 * level.height_px / first.height_px + level.top_px
        sides = []
        for centre, length in ((y, padded.shape[1]), (x, padded.shape[2])):
            cells = (length - 1 - 2 * facts.first_centre_px) // facts.step_px + 1
            cell = min(max(round((centre - 0.5 - facts.first_centre_px) / facts.step_px), 0), cells - 1)
            low, high = max(0, cell - _AROUND - _REACH), min(cells - 1, cell + _AROUND + _REACH)
            sides.append((low * facts.step_px, high * facts.step_px + 2 * facts.first_centre_px + 1))
        (top, bottom), (left, right) = sides
        return _Area(top, left, bottom, right)

    def _part(self, number: int, area: _Area, padded: NDArray[np.float32], floor: float) -> _Found:
        """Search a part of a level; windows whose view the part cuts off do not count."""
        step = self._facts.step_px
        scores = self._run(padded[:, area.top : area.bottom, area.left : area.right])
        cut_top, cut_left = (_REACH if start > 0 else 0 for start in (area.top, area.left))
        cut_bottom = _REACH if area.bottom + step <= padded.shape[1] else 0
        cut_right = _REACH if area.right + step <= padded.shape[2] else 0
        seen = scores[cut_top : scores.shape[0] - cut_bottom, cut_left : scores.shape[1] - cut_right]
        return self._windows(number, seen, area.top // step + cut_top, area.left // step + cut_left, floor)

    def _windows(self, number: int, scores: NDArray[np.float32], top: int, left: int, floor: float) -> _Found:
        """Return the windows that score above the floor, of a map that starts at row ``top`` and column ``left``."""
        level, first, facts = self._levels[number], self._levels[0], self._facts
        rows, columns = np.divmod(np.flatnonzero(scores > floor), scores.shape[1])
        if rows.size == 0:
            return _nothing()
        x = (columns + left) * facts.step_px + (facts.first_centre_px - level.left_px) + 0.5
        y = (rows + top) * facts.step_px + (facts.first_centre_px - level.top_px) + 0.5
        half_width, half_height = facts.width_px / 2, facts.height_px / 2
        boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)
        across, down = first.width_px / level.width_px, first.height_px / level.height_px
        return _Found(boxes * (across, down, across, down), scores[rows, columns], np.full(rows.size, number, np.int64))


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of a padded level, in its pixels."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def pixels(self) -> int:
        return (self.bottom - self.top) * (self.right - self.left)


def _nothing() -> _Found:
    return _Found(np.empty((0, 4)), np.empty(0, np.float32), np.empty(0, np.int64))


def _joined(first: _Found, second: _Found) -> _Found:
    return _Found(
        np.concatenate([first.boxes, second.boxes]),
        np.concatenate([first.scores, second.scores]),
        np.concatenate([first.levels, second.levels]),
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
