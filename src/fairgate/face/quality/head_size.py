"""Head size: how much of the frame's height the head takes."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "head_size"

HEAD_IN_INTER_EYE = 3.9
"""Height of a head, chin to crown, in distances between the eyes; a tenth more or less is usual.

Source: the proportions of a passport photo, 35 mm by 45 mm: the head takes 70 to 80 % of its height (ICAO Doc 9303,
part 3) and the distance between the eyes a quarter of its width (ISO/IEC 19794-5:2011, geometry of the full frontal
image).
"""

_SMALLEST, _SMALLEST_GOOD = 0.04, 0.20
LARGEST_GOOD = 0.95
_LARGEST = 1.60


def measure(sight: Sight) -> Component:
    """Estimate the head's height as a share of the frame's, from the distance between the eyes.

    Native: share, above 0; 1 is a head as high as the frame. From 0.20 to 0.95 maps to 100, 0.04 and 1.60 to 0.

    Source: ISO/IEC 29794-5:2025, "head size", which measures from the eyes to the chin and wants a portrait's
    proportions; the bounds here are wide, because a gate's camera also shows people at a distance. A turned head looks
    smaller than it is.
    """
    native = HEAD_IN_INTER_EYE * sight.inter_eye_px / sight.frame_height_px
    small = linear(native, worst=_SMALLEST, best=_SMALLEST_GOOD)
    return Component(native, "share", min(small, linear(native, worst=_LARGEST, best=LARGEST_GOOD)))


def fills_frame(head: Component) -> bool:
    """Return whether a head is larger than a frame holds well.

    Args:
        head: as :func:`measure` gave it.
    """
    return head.native > LARGEST_GOOD
