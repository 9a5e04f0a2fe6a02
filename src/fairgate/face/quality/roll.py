"""Roll: the head leaning towards one shoulder."""

from __future__ import annotations

import math

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "roll"

_WORST, _BEST = 60.0, 8.0


def measure(sight: Sight) -> Component:
    """Measure the angle of the line through the eyes against the frame's rows.

    Native: degrees in (-180, 180]; 0 is upright, positive where the subject's left eye is the lower one. The mapping
    takes the absolute value.

    Source: ISO/IEC 29794-5:2025, "head pose: roll"; alignment takes roll out, so that the mapping is wide.
    """
    across, down = sight.eye_axis
    native = math.degrees(math.atan2(down, across))
    return Component(native, "degree", linear(abs(native), worst=_WORST, best=_BEST))
