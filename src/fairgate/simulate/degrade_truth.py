"""What a degraded picture shows, known because it was put there: faces with their points, moved as the pixels moved.

Positions are in pixels with the centre of the first pixel at (0, 0), as everywhere in the face part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import FaceContractBroken
from fairgate.face.image import check_rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACE_WIDTH = 2.4
"""Side of a face's box in inter-eye distances.

Source: medians of three detectors on 58 untouched portraits: 2.32 (dlib's CNN, square), 2.43 (dlib's HOG, square),
2.26 wide and 3.10 high (YuNet).
"""

FACE_DROP = 0.38
"""How far the box's centre lies below the eyes, in inter-eye distances; the same three gave 0.36, 0.51 and 0.31."""


def check_share(share: float) -> None:
    """Refuse what is no share.

    Raises:
        FaceContractBroken: it lies outside [0, 1].
    """
    if not 0 <= share <= 1:
        raise FaceContractBroken("A share must lie in [0, 1].")


@dataclass(frozen=True, slots=True, eq=False)
class TrueFace:
    """One face that a picture shows.

    Args:
        points: float64, shape (5, 2), x and y in pixels: corners of the subject's left eye (outer, inner), of the right
            eye (outer, inner), base of the nose. They may lie outside a picture that cuts the face.
        shortened_to: share of the inter-eye distance that a turn of the head leaves to see, in (0, 1].
        aside: how far a turn put the middle of the face towards the subject's left of the middle between the eyes, in
            inter-eye distances of the face before its turn.
    """

    points: NDArray[np.float64] = field(repr=False)
    shortened_to: float = 1.0
    aside: float = 0.0

    def __post_init__(self) -> None:
        if self.points.shape != (5, 2) or not np.isfinite(self.points).all() or not self.inter_eye_px > 0:
            raise FaceContractBroken("A true face must have five finite points and two eyes.")

    @property
    def eyes(self) -> NDArray[np.float64]:
        """Return the centres of the eyes: float64, shape (2, 2), the subject's right eye first."""
        centres: NDArray[np.float64] = np.stack([self.points[2:4].mean(axis=0), self.points[:2].mean(axis=0)])
        return centres

    @property
    def inter_eye_px(self) -> float:
        """Return the distance between the centres of the eyes."""
        right, left = self.eyes
        return float(np.hypot(*(left - right)))

    @property
    def axes(self) -> NDArray[np.float64]:
        """Return the face's own directions as unit vectors, shape (2, 2): along the eyes, and down the face."""
        right, left = self.eyes
        along = (left - right) / self.inter_eye_px
        return np.array([along, [-along[1], along[0]]])

    @property
    def centre(self) -> NDArray[np.float64]:
        """Return the middle of the face, shape (2,)."""
        own_px = self.inter_eye_px / self.shortened_to
        middle: NDArray[np.float64] = self.eyes.mean(axis=0) + own_px * (np.array([self.aside, FACE_DROP]) @ self.axes)
        return middle

    @property
    def width_px(self) -> float:
        """Return the side of the face's box."""
        return FACE_WIDTH * self.inter_eye_px / self.shortened_to

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of an upright square around the face, however the face is turned."""
        (x, y), half = self.centre, self.width_px / 2
        return (float(x - half), float(y - half), float(x + half), float(y + half))

    def at(self, along: float, down: float) -> NDArray[np.float64]:
        """Return a place on the face, shape (2,).

        Args:
            along: from the middle between the eyes towards the subject's left, in inter-eye distances.
            down: from there down the face, likewise.
        """
        place: NDArray[np.float64] = self.eyes.mean(axis=0) + self.inter_eye_px * (np.array([along, down]) @ self.axes)
        return place

    def moved(self, matrix: NDArray[np.float64]) -> TrueFace:
        """Return the face where a transformation of the picture puts it.

        Args:
            matrix: float64, shape (2, 3): old pixel positions (x, y, 1) to new ones; turns, scales and shifts only.
        """
        return replace(self, points=self.points @ matrix[:, :2].T + matrix[:, 2])


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels and the faces that they show.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
        faces: every one.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    faces: tuple[TrueFace, ...]

    def __post_init__(self) -> None:
        check_rgb(self.rgb)

    def with_pixels(self, rgb: NDArray[np.uint8]) -> Picture:
        """Return the same faces in other pixels, which lie where the old ones lay."""
        return replace(self, rgb=rgb)

    @property
    def inter_eye_px(self) -> float:
        """Return the inter-eye distance of the largest face.

        Raises:
            FaceContractBroken: there is no face.
        """
        if not self.faces:
            raise FaceContractBroken("A picture without faces has no inter-eye distance.")
        return max(face.inter_eye_px for face in self.faces)
