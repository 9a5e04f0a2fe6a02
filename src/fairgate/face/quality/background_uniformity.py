"""Background uniformity: whether the wall behind the head is plain."""

from __future__ import annotations

import math

import cv2
import numpy as np

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import LUMA_BT709, Sight

NAME = "background_uniformity"

_CELLS = 8
"""Inter-eye distance at the scale that is measured at: what is smaller than an eye does not count."""

_ASIDE, _ABOVE, _BELOW = 2.6, 2.8, 0.6
"""The part of the frame that is looked at, in inter-eye distances from the midpoint between the eyes: beside and above
the head, down to where shoulders begin."""

_HEAD_ASIDE, _HEAD_ABOVE = 1.6, 2.3
"""Half axes of the ellipse around that midpoint that head and hair are taken to fill."""

_WORST, _BEST = 20.0, 4.0


def measure(sight: Sight) -> Component:
    """Measure the mean step in brightness between neighbouring places behind the head.

    Native: mean size of the gradient of luma, in grey levels of 255 for an eighth of the distance between the eyes;
    from 0, lower is plainer; 0 too where nothing is seen beside the head. Wide hair counts as background.

    Source: ISO/IEC 29794-5:2025, "background uniformity", a mean gradient too, over a background that a network cuts
    out; the ellipse in its place is ours. For reference photos: a lane has no say in what stands behind people.
    """
    x, y = sight.between_eyes
    eye = max(1.0, sight.inter_eye_px)
    left, right = max(0, math.floor(x - _ASIDE * eye)), min(sight.frame_width_px, math.ceil(x + _ASIDE * eye))
    top, bottom = max(0, math.floor(y - _ABOVE * eye)), min(sight.frame_height_px, math.ceil(y + _BELOW * eye))
    scale = _CELLS / eye
    columns, rows = round((right - left) * scale), round((bottom - top) * scale)
    if min(columns, rows) < 3:
        return Component(0.0, "grey level", 100)
    method = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    patch = cv2.resize(sight.rgb[top:bottom, left:right], (columns, rows), interpolation=method)
    luma = np.asarray(cv2.transform(patch, LUMA_BT709), np.float32)
    down, across = np.gradient(luma)
    xs = (left + (np.arange(columns) + 0.5) * (right - left) / columns - 0.5 - x) / (_HEAD_ASIDE * eye)
    ys = (top + (np.arange(rows) + 0.5) * (bottom - top) / rows - 0.5 - y) / (_HEAD_ABOVE * eye)
    outside = xs[None, :] ** 2 + ys[:, None] ** 2 > 1.0
    native = float(np.hypot(down, across)[outside].mean()) if outside.any() else 0.0
    return Component(native, "grey level", linear(native, worst=_WORST, best=_BEST))
