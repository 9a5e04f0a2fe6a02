"""Find faces: one network slid over a pyramid of the frame.

The network looks through a window of fixed size (80 px) at every eighth pixel; smaller copies of the frame show it
larger faces. How fine the pyramid begins follows from the smallest face that a lane cares about, because most of a
pyramid is needless at a gate. Two more savings:

1. A scout, the same network at half the work, searches every second level, from the second finest on; the exact one
   scores what lies around its finds, on their level and the next ones. Boxes and scores are the exact network's alone.
   Where that shows no face beyond doubt, the scout searches the other levels too. Of 602 portraits it missed none of
   the faces that a thorough search finds; the best boxes were the same in 584, and scores at most 0.022 lower.
2. Where the caller asks so, faces much smaller than the widest one found are not looked for: levels are searched from
   the coarsest to the finest, and the rest is left.

Source: dlib 19, dnn/input.h and dnn/loss.h (max-margin object detection), read for their facts; DESIGN §6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import FaceContractBroken
from fairgate.face.image import check_rgb, scaled
from fairgate.face.pyramid import SHRINK_DENOMINATOR, SHRINK_NUMERATOR, Level, Pyramid, levels_of
from fairgate.face.windows import Windows, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.runtime import Network
    from fairgate.face.windows import WindowFacts

MOST_PIXELS = 4_200_000
"""The first level never has more pixels: of a larger frame the smallest faces are missed, and memory stays bounded."""

CONFIDENT_SCORE = 0.5
"""From this score on a face is taken for one beyond doubt. True faces in portraits score 0.97 to 1.1."""

_SCOUT_BELOW_MINIMUM = 0.2
_MOST_SEEDS = 16
_PEAK_SCORE = 0.9
"""Where the scout gives less, a finer level often gives more: looking closely there would be done twice."""

_AROUND = 2
_REACHED = SHRINK_DENOMINATOR / SHRINK_NUMERATOR
"""A level shows faces of its window's width, and those so many times as wide or narrow: those of the next levels."""

_EVERYWHERE = (-9, -9)
_EXACT, _SCOUT = np.array(True), np.array(False)
ALL_EDGES = np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64)
"""For pixels that are a whole level: :func:`fairgate.face.dlib_detector.detector_to_onnx`."""


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face.

    Args:
        box: left, top, right, bottom in pixels of the frame, origin top left; may reach over its edge.
        score: the detector's own, higher is surer; not a probability.
        points: five landmarks (x, y) in pixels of the frame, where the detector gives them; empty where not.
    """

    box: tuple[float, float, float, float]
    score: float
    points: tuple[tuple[float, float], ...] = field(default=(), repr=False)

    @property
    def width_px(self) -> float:
        """Return the width of the box."""
        return self.box[2] - self.box[0]


class WindowDetector:
    """The sliding-window detector.

    Args:
        session: the two networks: float32 (1, 3, rows, columns) RGB 0-255 and a truth value in, a map of scores out.
        facts: how its windows lie.
        mean_rgb: what the network takes for nothing; margins are filled with it.
        minimum_score: a window scoring lower is no face.
    """

    def __init__(
        self, session: Network, facts: WindowFacts, mean_rgb: tuple[float, float, float], minimum_score: float
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
        thorough: bool = False,
    ) -> tuple[Face, ...]:
        """Return the faces in a frame, the surest first.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            smallest_face_px: width of the smallest face box looked for; smaller ones may be found or not.
            largest_face_px: width of the largest; ``None`` for as large as the frame.
            ignore_below: faces narrower than this fraction of the widest confident one need not be found; 0 for all.
            thorough: search with the exact network everywhere, as dlib does, at twice the work.

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
        floor = self._minimum_score
        found = search.thorough(floor, ignore_below) if thorough else self._scouted(search, ignore_below)
        best = found.faces(self._facts)
        across, down = rgb.shape[1] / first.shape[1], rgb.shape[0] / first.shape[0]
        return tuple(
            Face((float(left), float(top), float(right), float(bottom)), float(score))
            for (left, top, right, bottom), score in zip(
                best.boxes * (across, down, across, down), best.scores, strict=True
            )
        )

    def _scouted(self, search: _Search, ignore_below: float) -> Windows:
        floor = self._minimum_score - _SCOUT_BELOW_MINIMUM
        seeds, left = search.every_second(floor, ignore_below)
        found = search.around(seeds.faces(self._facts, _MOST_SEEDS), self._minimum_score)
        if found.above(CONFIDENT_SCORE).scores.size == 0:
            seeds = joined([seeds, *(search.scout(number, floor) for number in left)])
            found = search.around(seeds.faces(self._facts, _MOST_SEEDS), self._minimum_score)
        return found


@dataclass(frozen=True, slots=True)
class _Area:
    """A part of a padded level, in its pixels, around one position on the map of scores."""

    top: int
    left: int
    bottom: int
    right: int
    row: int
    column: int

    def is_near(self, other: _Area) -> bool:
        """Say whether what is around the other's position is also around this one's."""
        return abs(self.row - other.row) <= 1 and abs(self.column - other.column) <= 1

    @property
    def pixels(self) -> int:
        return (self.bottom - self.top) * (self.right - self.left)


class _Search:
    """One frame's pyramid, and the ways to search it."""

    def __init__(
        self,
        session: Network,
        facts: WindowFacts,
        first: NDArray[np.uint8],
        levels: tuple[Level, ...],
        fill: NDArray[np.float32],
    ) -> None:
        self._session = session
        self._facts = facts
        self._levels = levels
        self._pyramid = Pyramid(first, levels, fill)
        self._scored: dict[int, list[tuple[_Area, NDArray[np.float32]]]] = {}

    def thorough(self, floor: float, ignore_below: float) -> Windows:
        """Search every level whole with the exact network, the coarsest first."""
        found = joined([])
        for number in reversed(range(len(self._levels))):
            least_width = self._window(number) * math.sqrt(_REACHED) / ignore_below if ignore_below > 0 else math.inf
            if _widest(found.above(CONFIDENT_SCORE)) >= least_width:
                break
            scores = self._run(self._pyramid.whole(number), _EXACT)
            found = joined([found, self._windows(number, scores, 0, 0, floor)])
        return found

    def scout(self, number: int, floor: float) -> Windows:
        """Search a level whole with the scout."""
        return self._windows(number, self._run(self._pyramid.whole(number), _SCOUT), 0, 0, floor)

    def every_second(self, floor: float, ignore_below: float) -> tuple[Windows, list[int]]:
        """Search every second level with the scout, from the coarsest down to where the smallest faces show.

        Since a level shows the faces of the next finer one too, that is the second one, or a coarser one where faces
        much narrower than one already found do not matter.

        Returns:
            What was found, and the levels left out.
        """
        found = joined([])
        finest = min(1, len(self._levels) - 1)
        left = set(range(len(self._levels)))
        number = len(self._levels) - 1 - (len(self._levels) - 1 - finest) % 2
        while number >= finest:
            found = joined([found, self.scout(number, floor)])
            left.discard(number)
            finest = max(finest, self._finest_needed(found, number, ignore_below))
            if number <= finest:
                break
            number = max(number - 2, finest)
        return found, sorted(left)

    def _finest_needed(self, found: Windows, searched: int, ignore_below: float) -> int:
        """Return the finest level that is to be searched; the scout's word on how wide a face is, is not enough."""
        sure = found.above(_PEAK_SCORE)
        if self._level_for(_widest(sure) * ignore_below) <= max(searched - 2, 0):
            return 0
        exact = self.around(sure.faces(self._facts, _MOST_SEEDS), CONFIDENT_SCORE)
        return self._level_for(_widest(exact.faces(self._facts)) * ignore_below)

    def _level_for(self, width: float) -> int:
        """Return the coarsest level that shows faces of this width and wider ones, or the first."""
        return max((n for n in range(len(self._levels)) if self._window(n) <= width * _REACHED), default=0)

    def _window(self, number: int) -> float:
        """Return how wide a window of a level is, in pixels of the first."""
        return self._facts.width_px * self._levels[0].width_px / self._levels[number].width_px

    def around(self, seeds: Windows, floor: float) -> Windows:
        """Search with the exact network around each seed, on its own level and the ones next to it."""
        found: list[Windows] = []
        for number in range(len(self._levels)):
            found += self._parts(number, seeds.boxes[np.abs(seeds.levels - number) <= 1], floor)
        return joined(found)

    def _parts(self, number: int, boxes: NDArray[np.float64], floor: float) -> list[Windows]:
        """Search one level with the exact network around each box, or whole where that is less work."""
        rows, columns = self._levels[number].padded_size
        areas = [self._area(number, box) for box in boxes]
        if sum(area.pixels for area in areas) >= rows * columns:
            areas = [_Area(0, 0, rows, columns, *_EVERYWHERE)]
        return [self._part(number, area, floor) for area in areas]

    def _run(
        self, pixels: NDArray[np.float32], network: NDArray[np.bool_], edges: NDArray[np.int64] = ALL_EDGES
    ) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self._session.run(pixels[None], network, edges)[0][0, 0]
        return scores

    def _area(self, number: int, box: NDArray[np.float64]) -> _Area:
        """Return the part of a padded level that the windows around a box look at."""
        level, first, facts = self._levels[number], self._levels[0], self._facts
        x = (box[0] + box[2]) / 2 * level.width_px / first.width_px + level.left_px
        y = (box[1] + box[3]) / 2 * level.height_px / first.height_px + level.top_px
        margin = _AROUND + facts.reach_steps
        sides, cells_at = [], []
        for centre, length in zip((y, x), level.padded_size, strict=True):
            cells = (length - 1 - 2 * facts.first_centre_px) // facts.step_px + 1
            cell = min(max(round((centre - 0.5 - facts.first_centre_px) / facts.step_px), 0), cells - 1)
            low, high = max(0, cell - margin), min(cells - 1, cell + margin)
            sides.append((low * facts.step_px, high * facts.step_px + 2 * facts.first_centre_px + 1))
            cells_at.append(cell)
        (top, bottom), (left, right) = sides
        return _Area(top, left, bottom, right, *cells_at)

    def _part(self, number: int, area: _Area, floor: float) -> Windows:
        """Search a part of a level; windows whose view the part cuts off are not computed."""
        step, reach = self._facts.step_px, self._facts.reach_steps
        known = self._scored.setdefault(number, [])
        near = [one for one in known if one[0].is_near(area)]
        if not near:
            rows, columns = self._levels[number].padded_size
            pixels = self._pyramid.part(number, (area.top, area.left), (area.bottom, area.right))
            ends = (area.bottom + step > rows, area.right + step > columns)
            edges = np.array([0, 0, area.top == 0, area.left == 0, 0, 0, *ends], np.int64)
            near = [(area, self._run(pixels, _EXACT, edges))]
            known += near
        area, scores = near[0]
        top, left = (start // step + (reach if start > 0 else 0) for start in (area.top, area.left))
        return self._windows(number, scores, top, left, floor)

    def _windows(self, number: int, scores: NDArray[np.float32], top: int, left: int, floor: float) -> Windows:
        """Return the windows that score above the floor, of a map that starts at row ``top`` and column ``left``."""
        level, first, facts = self._levels[number], self._levels[0], self._facts
        rows, columns = np.divmod(np.flatnonzero(scores > floor), scores.shape[1])
        if rows.size == 0:
            return joined([])
        x = (columns + left) * facts.step_px + (facts.first_centre_px - level.left_px) + 0.5
        y = (rows + top) * facts.step_px + (facts.first_centre_px - level.top_px) + 0.5
        half_width, half_height = facts.width_px / 2, facts.height_px / 2
        boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)
        across, down = first.width_px / level.width_px, first.height_px / level.height_px
        numbers = np.full(rows.size, number, np.int64)
        return Windows(boxes * (across, down, across, down), scores[rows, columns], numbers)


def _widest(found: Windows) -> float:
    """Return the width of the widest window; 0 where there is none."""
    return float((found.boxes[:, 2] - found.boxes[:, 0]).max(initial=0.0))
