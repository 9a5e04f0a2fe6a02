"""Head position: how far from the middle of the frame the head stands."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "head_position"

_WORST, _BEST = 1.0, 0.25


def measure(sight: Sight) -> Component:
    """Measure the distance of the detected face from the frame's middle.

    Native: the larger of the horizontal and vertical distance from the box's centre to the frame's, as a share of half
    the frame's width or height; 0 is the middle, 1 the edge; lower is better.

    Source: ours; ISO/IEC 29794-5:2025 has margins to each side instead. A lane that photographs people in
    passing should not gate on it.
    """
    left, top, right, bottom = sight.box
    across = abs((left + right) / sight.frame_width_px - 1.0)
    down = abs((top + bottom) / sight.frame_height_px - 1.0)
    native = max(across, down)
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))
