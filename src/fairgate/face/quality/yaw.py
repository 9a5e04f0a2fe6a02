"""Yaw: the head turned to one side."""

from __future__ import annotations

import math

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "yaw"

_WORST, _BEST = 55.0, 15.0


def measure(sight: Sight) -> Component:
    """Estimate how far the head is turned, from how far the nose has moved along the line of the eyes.

    With the head turned by an angle a, seen from afar, the eyes come closer by cos a and the nose's point moves by
    its depth times sin a: the ratio of both is depth times tan a.

    Native: degrees in (-90, 90); 0 is frontal, positive towards the subject's left. An estimate: some 5 degrees of
    error are usual, since faces are not symmetrical. The mapping takes the absolute value.

    Source: ISO/IEC 29794-5:2025, "head pose: yaw", which uses a model; the geometry above is ours.
    """
    middle = sight.between_eyes
    nose = sight.nose[0] - middle[0], sight.nose[1] - middle[1]
    axis = sight.eye_axis
    moved = nose[0] * axis[0] + nose[1] * axis[1]
    native = math.degrees(math.atan2(moved, sight.nose_depth * max(1.0, sight.inter_eye_px)))
    return Component(native, "degree", linear(abs(native), worst=_WORST, best=_BEST))
