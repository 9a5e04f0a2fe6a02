"""Over-exposure: how much of the face is white."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight, share_of_face

NAME = "over_exposure"

_BRIGHTEST = 247
_WORST, _BEST = 0.60, 0.05


def measure(sight: Sight) -> Component:
    """Measure the share of the face that is so bright that detail is lost.

    Native: share of the face with luma at or above 247 of 255, in [0, 1]; lower is better.

    Source: ISO/IEC 29794-5:2025, "over-exposure prevention", where the same bound of 247 is used on luminance.
    """
    native = share_of_face(sight, sight.luma >= _BRIGHTEST)
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))
