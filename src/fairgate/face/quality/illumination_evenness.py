"""Illumination evenness: whether both halves of the face are lit alike."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "illumination_evenness"

_WORST, _BEST = 5.0, 1.2
_FLOOR = 8.0


def measure(sight: Sight) -> Component:
    """Measure how much brighter one half of the face is than the other.

    Native: ratio of the brighter half's mean luma to the darker one's, at least 1; lower is better. Eight grey levels
    are added to both, so that noise in a black image says nothing.

    Source: the component is that of ISO/IEC 29794-5:2025, "illumination uniformity", which intersects the halves'
    histograms; the ratio of means is used here because it does not depend on the number of pixels, and because a ratio
    stays the same when all of the face is darker.
    """
    own_right = sight.luma[sight.face & sight.subjects_right_half]
    own_left = sight.luma[sight.face & ~sight.subjects_right_half]
    if own_right.size == 0 or own_left.size == 0:
        return Component(_WORST, "ratio", 0)
    one, other = float(own_right.mean()) + _FLOOR, float(own_left.mean()) + _FLOOR
    native = max(one, other) / min(one, other)
    return Component(native, "ratio", linear(native, worst=_WORST, best=_BEST))
