"""Sharpness: how much of the face's fine variation is lost when it is blurred once more."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "sharpness"

_REBLUR_CELLS = 5
_WORST, _BEST = 0.10, 0.50


def measure(sight: Sight) -> Component:
    """Measure sharpness on the face at the fixed scale.

    A sharp image loses much of the difference between neighbouring pixels when a box of 5 is drawn over it; one that
    is blurred already loses little. The smaller loss of the two directions counts, so that motion along one of them
    shows. The measure does not change with brightness or contrast.

    Native: share of the neighbouring differences lost, in [0, 1]; higher is sharper.

    Source: F. Crété, T. Dolmiere, P. Ladret, M. Nicolas, "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric", SPIE 6492 (2007), with box 5 in place of 9 for the smaller patch; the
    component is that of ISO/IEC 29794-5:2025, "sharpness". Ends of the mapping: the portraits of 2014 (100×122 px)
    measure 0.36 to 0.64, portraits blurred with sigma = 0.12 inter-eye distances 0.09 to 0.18.
    """
    native = differences_lost(sight.luma.astype(np.float32), sight.face)
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))


def differences_lost(luma: NDArray[np.float32], face: NDArray[np.bool_]) -> float:
    """Return the share of the neighbouring differences lost to the box, in the direction that loses less.

    Args:
        luma: float32, shape (h, w), 0–255, at the scale of :mod:`fairgate.face.quality.sight`.
        face: bool, same shape: where to look.
    """
    return min(_loss(luma, face), _loss(np.ascontiguousarray(luma.T), face.T))


def _loss(luma: NDArray[np.float32], face: NDArray[np.bool_]) -> float:
    """Return the share of the differences along the rows that a box over the rows takes away."""
    inside = face[:, 1:] & face[:, :-1]
    before = np.abs(np.diff(luma, axis=1))[inside]
    after = np.abs(np.diff(np.asarray(cv2.blur(luma, (_REBLUR_CELLS, 1))), axis=1))[inside]
    variation = float(before.sum())
    return float(np.maximum(before - after, 0.0).sum()) / variation if variation > 0.0 else 0.0
