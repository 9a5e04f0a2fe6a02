"""A study's cells: every kind at every strength, and frames with one small face, several, or none.

Each picture has a generator of its own, seeded by the study's seed, the cell and the picture's number: leaving a cell
out changes nothing in the others.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fairgate.simulate.degrade import KINDS, Kind
from fairgate.simulate.degrade_place import clutter, in_frame, resized
from fairgate.simulate.degrade_truth import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACE_WIDTH_PX = 120.0
"""Portraits are scaled to this width of face before anything else, so that a strength means one thing."""

FRAME_FACE_WIDTHS_PX = (150.0, 100.0, 60.0, 40.0, 30.0)
CROWDS = (3, 6, 12)
CROWD_FACE_WIDTH_PX = 80.0
EMPTY_FRAMES = 12
_SMALLEST_IN_PORTRAITS_PX = 80
_SMALLEST_IN_FRAMES_PX = 40
_LEAST_SCRAP_PX = 32


@dataclass(frozen=True, slots=True)
class Cell:
    """Pictures of one kind and strength.

    Args:
        kind: stable word.
        strength: in ``unit``.
        unit: what the strength counts.
        smallest_face_px: what a detector is told to look for.
        count: how many pictures there are.
        picture: number of the picture, below ``count`` → the picture; the same every time.
    """

    kind: str
    strength: float
    unit: str
    smallest_face_px: int
    count: int
    picture: Callable[[int], Picture] = field(repr=False)

    def pictures(self) -> Iterator[Picture]:
        """Make the pictures, one after the other."""
        return (self.picture(number) for number in range(self.count))


def study_cells(portraits: Sequence[Picture], seed: int) -> tuple[Cell, ...]:
    """Return every cell over some portraits, the untouched ones first.

    Args:
        portraits: one face each.
        seed: of everything drawn.
    """
    sized = [resized(portrait, FACE_WIDTH_PX) for portrait in portraits]
    scraps = [scrap for portrait in sized for scrap in _scraps(portrait)]
    return (
        Cell("untouched", 0.0, "", _SMALLEST_IN_PORTRAITS_PX, len(sized), sized.__getitem__),
        *(_of_kind(sized, kind, strength, seed) for kind in KINDS.values() for strength in kind.strengths),
        *(_small(sized, scraps, width_px, seed) for width_px in FRAME_FACE_WIDTHS_PX),
        *(_crowd(sized, scraps, size, seed) for size in CROWDS),
        _empty(scraps, seed),
    )


def _of_kind(sized: Sequence[Picture], kind: Kind, strength: float, seed: int) -> Cell:
    def picture(number: int) -> Picture:
        return kind.apply(sized[number], strength, _rng(seed, kind.name, strength, number))

    return Cell(kind.name, strength, kind.unit, _SMALLEST_IN_PORTRAITS_PX, len(sized), picture)


def _small(sized: Sequence[Picture], scraps: Sequence[NDArray[np.uint8]], width_px: float, seed: int) -> Cell:
    def picture(number: int) -> Picture:
        rng = _rng(seed, "small", width_px, number)
        return in_frame([sized[number]], width_px, clutter(scraps, rng), rng)

    # Faces that are large enough are looked for at the gate's own setting, which takes a quarter of the work.
    smallest_px = _SMALLEST_IN_PORTRAITS_PX if width_px >= FACE_WIDTH_PX * 0.8 else _SMALLEST_IN_FRAMES_PX
    return Cell("small", width_px, "px of face width in 1280×720", smallest_px, len(sized), picture)


def _crowd(sized: Sequence[Picture], scraps: Sequence[NDArray[np.uint8]], size: int, seed: int) -> Cell:
    count = len(sized) // size

    def picture(number: int) -> Picture:
        rng = _rng(seed, "crowd", size, number)
        people = sized[number * size : (number + 1) * size]
        return in_frame(people, CROWD_FACE_WIDTH_PX, clutter(scraps, rng), rng)

    return Cell("crowd", size, "faces of 80 px in 1280×720", _SMALLEST_IN_FRAMES_PX, count, picture)


def _empty(scraps: Sequence[NDArray[np.uint8]], seed: int) -> Cell:
    def picture(number: int) -> Picture:
        return Picture(clutter(scraps, _rng(seed, "empty", 0, number)), ())

    return Cell("empty", 0.0, "frames of 1280×720 without a face", _SMALLEST_IN_FRAMES_PX, EMPTY_FRAMES, picture)


def _scraps(portrait: Picture) -> Iterator[NDArray[np.uint8]]:
    """Yield what lies below the face and beside it: clothes, walls, flags."""
    left, _, right, bottom = (round(side) for side in portrait.faces[0].box)
    below = portrait.rgb[bottom + round(0.3 * portrait.faces[0].width_px) :]
    beside = (portrait.rgb[:, : max(0, left - 20)], portrait.rgb[:, max(0, right + 20) :])
    return (scrap for scrap in (below, *beside) if min(scrap.shape[:2]) >= _LEAST_SCRAP_PX)


def _rng(seed: int, kind: str, strength: float, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(kind.encode()), round(strength * 1000), number])
