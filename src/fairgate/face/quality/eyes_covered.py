"""Eyes covered: whether something dark, such as sunglasses, lies over the eyes."""

from __future__ import annotations

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.ratios import light_below_eyes
from fairgate.face.quality.sight import Sight

NAME = "eyes_covered"

_WORST, _BEST = -1.2, 0.0


def measure(sight: Sight) -> Component:
    """Measure how much darker the skin right below the eyes is than the cheeks beneath it.

    Glasses reach below the eye: a dark lens takes light from the skin there, and none from the cheek. Skin is held
    against the same person's skin in nearly the same light, so that neither its tone nor the exposure counts. Clear
    spectacles take next to nothing away.

    Native: stops (differences of logarithms to base 2 of the median luma, with 8 of 255 added to both), the mean of
    both eyes; 0 is alike, below it the eyes' side is darker.

    Source: ours; ISO/IEC 29794-5:2025 has "eyes visible" and "no head coverings", by networks that mark what is skin.
    Measured: 602 untouched portraits -0.38 to 0.72, half of them above 0.17; drawn glasses that keep back half to two
    thirds of the light, 95 % below -0.24 and half below -0.69.
    """
    left, right = light_below_eyes(sight.upright)
    native = (left + right) / 2
    return Component(native, "stop", linear(native, worst=_WORST, best=_BEST))
