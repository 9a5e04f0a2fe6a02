"""Inter-eye distance: how many pixels the face has to show."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "inter_eye_distance"

_WORST, _BEST = 6.0, 60.0


def measure(sight: Sight) -> Component:
    """Measure the distance between the midpoints of the two eyes.

    Native: pixels of the frame; higher is better.

    Source: ISO/IEC 29794-5:2025, "inter-eye distance" (there divided by the cosine of yaw, which five points do not
    give well enough). 60 px is about what the default recogniser's chip of 150 px shows.
    """
    native = sight.inter_eye_px
    return Component(native, "px", linear(native, worst=_WORST, best=_BEST))
