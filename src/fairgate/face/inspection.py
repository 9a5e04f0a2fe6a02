"""What a look at a whole photo gives: every face in it with its points and quality, and no features."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fairgate.face.quality import QualityReport
from fairgate.face.quality.feedback import Feedback, about_capture, about_quality

if TYPE_CHECKING:
    from fairgate.face.detect import Face
    from fairgate.face.five_points import PointScheme


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One face.

    Args:
        face: box in pixels of the frame handed in, and the detector's score.
        landmarks: five points (x, y) in pixels of the frame handed in.
        quality: what was measured.
    """

    face: Face
    landmarks: tuple[tuple[float, float], ...] = field(repr=False)
    quality: QualityReport = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """One photo.

    Args:
        width_px: the frame's.
        height_px: the frame's.
        scheme: which five points the landmarks are.
        seen: every face found, from left to right.
        subject: place in ``seen`` of the face that a live photo would be about; ``None`` where there is none, or
            where several could be meant.
    """

    width_px: int
    height_px: int
    scheme: PointScheme
    seen: tuple[Seen, ...]
    subject: int | None

    @property
    def feedback(self) -> tuple[Feedback, ...]:
        """Return what the person before the camera can do, the most urgent first; empty where all is well."""
        if self.subject is None:
            return about_capture(faces=len(self.seen))
        return about_quality(self.seen[self.subject].quality)
