"""Under-exposure: how much of the face is black."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight, share_of_face

NAME = "under_exposure"

_DARKEST = 25
_WORST, _BEST = 0.85, 0.10


def measure(sight: Sight) -> Component:
    """Measure the share of the face that is so dark that detail is lost.

    Native: share of the face with luma at or below 25 of 255, in [0, 1]; lower is better.

    Source: ISO/IEC 29794-5:2025, "under-exposure prevention", where the same bound of 25 is used on luminance. The
    mapping is lenient on purpose: the bound is near black, so that dark skin in fair light does not reach it.
    """
    native = share_of_face(sight, sight.luma <= _DARKEST)
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))
