"""Contrast: how far light and dark lie apart in the face."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "contrast"

_WORST, _BEST = 2.0, 25.0


def measure(sight: Sight) -> Component:
    """Measure the spread of brightness in the face.

    Native: standard deviation of luma over the face, in grey levels of 255, in [0, 127.5]; higher is better.

    Source: ISO/IEC 29794-5:2025 lists it among the moments of the luminance distribution ("luminance variance").
    """
    native = float(sight.luma[sight.face].std()) if sight.face.any() else 0.0
    return Component(native, "grey level", linear(native, worst=_WORST, best=_BEST))
