"""Crop: whether the frame cuts the head."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "crop"

_SIDE, _ABOVE, _BELOW = 1.0, 0.9, 1.7
"""The part of the face that comparison needs, in inter-eye distances from the midpoint between the eyes."""

_WORST, _BEST = 0.55, 1.0


def measure(sight: Sight) -> Component:
    """Measure how much of the face lies inside the frame.

    Native: share of a box around the face (cheek to cheek, forehead to chin) that the frame holds, in [0, 1].

    Source: ISO/IEC 29794-5:2025, "crop of the face image" (leftward, rightward, upward, downward), taken together.
    """
    x, y = sight.between_eyes
    eye = max(1.0, sight.inter_eye_px)
    left, right, top, bottom = x - _SIDE * eye, x + _SIDE * eye, y - _ABOVE * eye, y + _BELOW * eye
    wide = max(0.0, min(right, float(sight.frame_width_px)) - max(left, 0.0))
    high = max(0.0, min(bottom, float(sight.frame_height_px)) - max(top, 0.0))
    native = wide * high / ((right - left) * (bottom - top))
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))
