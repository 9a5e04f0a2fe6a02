"""Which of the boxes that a detector gave are the faces that were there.

A box is a hit where it overlaps a face's own box by at least 0.4 of their union, each face being hit once. Detectors
draw their boxes by different conventions: on 60 untouched portraits those of dlib's two detectors and of YuNet overlap
the true square by 0.73 to 0.82 in the median and by 0.60 at the least. So 0.4 lets every convention pass and still asks
for the right place and about the right size: a box of the right shape in the right place may be 1.57 times as wide as
the face, or 0.64 times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels; may reach over the frame's edge."""

HIT = 0.4


@dataclass(frozen=True, slots=True)
class Tally:
    """What a detector did on some pictures.

    Args:
        found: faces hit.
        faces: faces there were.
        false: boxes that hit none; a second box on one face is one of them.
        pictures: how many were looked at.
        pictures_with_false: on how many of them a box hit none.
    """

    found: int = 0
    faces: int = 0
    false: int = 0
    pictures: int = 0
    pictures_with_false: int = 0

    def with_picture(self, truth: Sequence[Box], boxes: Sequence[Box], size: tuple[int, int]) -> Tally:
        """Return the tally after one more picture.

        Args:
            truth: the faces in it.
            boxes: what the detector gave.
            size: the picture's width and height in pixels.
        """
        found = hits(truth, boxes, size)
        false = len(boxes) - found
        return Tally(
            self.found + found,
            self.faces + len(truth),
            self.false + false,
            self.pictures + 1,
            self.pictures_with_false + (false > 0),
        )


def overlap(first: Box, second: Box) -> float:
    """Return the area that two boxes share, as a part of what they cover together, in [0, 1]."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(0.0, across) * max(0.0, down)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return shared / (areas - shared) if areas > shared else 0.0


def hits(truth: Sequence[Box], boxes: Sequence[Box], size: tuple[int, int]) -> int:
    """Return how many faces were hit, the best overlap given away first.

    Some detectors draw a cut face whole and some only what the frame shows, so the boxes are compared both ways and
    the better counts.

    Args:
        truth: the faces.
        boxes: what was given.
        size: the picture's width and height in pixels.
    """
    pairs = sorted(
        (
            (max(overlap(face, box), overlap(_shown(face, size), _shown(box, size))), row, column)
            for row, face in enumerate(truth)
            for column, box in enumerate(boxes)
        ),
        reverse=True,
    )
    hit: set[int] = set()
    used: set[int] = set()
    for share, row, column in pairs:
        if share >= HIT and row not in hit and column not in used:
            hit.add(row)
            used.add(column)
    return len(hit)


def agreed(boxes_by_finder: Mapping[str, Sequence[Box]]) -> tuple[Box, ...]:
    """Return the faces that at least two detectors saw, where nobody marked any.

    Args:
        boxes_by_finder: what each gave for one frame, the surest first.

    Returns:
        One box each: the mean of those that agree.
    """
    waiting = [(name, box) for name, boxes in boxes_by_finder.items() for box in boxes]
    faces = []
    while waiting:
        name, box = waiting.pop(0)
        same = [(other, one) for other, one in waiting if other != name and overlap(box, one) >= HIT]
        if same:
            group = [box, *(one for _, one in same)]
            faces.append(_mean(group))
            waiting = [one for one in waiting if overlap(one[1], faces[-1]) < HIT]
    return tuple(faces)


def _mean(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = (sum(side) / len(boxes) for side in zip(*boxes, strict=True))
    return (left, top, right, bottom)


def _shown(box: Box, size: tuple[int, int]) -> Box:
    width, height = size
    return (max(0.0, box[0]), max(0.0, box[1]), min(float(width), box[2]), min(float(height), box[3]))
