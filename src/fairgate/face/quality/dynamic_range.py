"""Dynamic range: how many different grey levels the face uses."""

from __future__ import annotations

import numpy as np

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "dynamic_range"

_WORST, _BEST = 2.0, 6.5


def measure(sight: Sight) -> Component:
    """Measure the entropy of the face's brightness histogram.

    Native: Shannon entropy of luma in 256 bins over the face, in bit, in [0, 8]; higher is better.

    Source: ISO/IEC 29794-5:2025, "dynamic range" (entropy of the luminance histogram).
    """
    counts = np.bincount(sight.luma[sight.face], minlength=256).astype(np.float64)
    shares = counts[counts > 0] / max(1.0, float(counts.sum()))
    native = float(-(shares * np.log2(shares)).sum()) + 0.0
    return Component(native, "bit", linear(native, worst=_WORST, best=_BEST))
