"""Motion blur: whether the face is smeared along one direction."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from fairgate.face.quality.component import Component, linear
from fairgate.face.quality.sight import Sight

NAME = "motion_blur"

DIRECTIONS_DEGREES = (0, 45, 90, 135)
"""Of the smear, against the image's rows, clockwise."""

_STEPS: tuple[tuple[int, int], ...] = ((0, 1), (1, 1), (1, 0), (1, -1))
"""Rows and columns to the next pixel along each direction."""

_USUAL = (0.514, 0.643, 0.621, 0.638)
"""What a sharp face loses along each: eyes and mouth lie along the rows, so that less is lost there. Medians over 201
of the 602 portraits."""

_REBLUR_CELLS = 5
_WORST, _BEST = 0.55, 0.20


def measure(sight: Sight) -> Component:
    """Measure how much less detail the face has along one direction than along the others.

    Along each of four directions: the share of the differences between neighbours that a line of 5 px drawn over them
    takes away, as for sharpness, over what a sharp face loses along it. A smeared face loses little along the smear,
    since it is soft there already.

    Native: one minus the smallest of the four shares over the largest, in [0, 1]; 0 is alike in all directions, higher
    is more smeared.

    Source: the measure of each direction is that of Crété and others (see sharpness); holding directions against each
    other is ours; ISO/IEC 29794-5:2025 has sharpness alone. Measured on 201 portraits: untouched 0.01 to 0.25;
    smeared over 0.3 inter-eye distances along one of five directions, 95 % above 0.26 to 0.45; blurred evenly with
    sigma = 0.08 inter-eye distances, 0.17 to 0.44, so that strong blur by focus raises it too.
    """
    shares = tuple(share / usual for share, usual in zip(lost_along(sight), _USUAL, strict=True))
    largest = max(shares)
    native = 1.0 - min(shares) / largest if largest > 0.0 else 0.0
    return Component(native, "share", linear(native, worst=_WORST, best=_BEST))


def lost_along(sight: Sight) -> tuple[float, ...]:
    """Return the share of the differences lost along each of :data:`DIRECTIONS_DEGREES`."""
    luma = sight.luma.astype(np.float32)
    return tuple(_lost(luma, sight.face, *step) for step in _STEPS)


def _lost(luma: NDArray[np.float32], face: NDArray[np.bool_], down: int, across: int) -> float:
    kernel = np.zeros((_REBLUR_CELLS, _REBLUR_CELLS), np.float32)
    middle = _REBLUR_CELLS // 2
    for at in range(-middle, middle + 1):
        kernel[middle + at * down, middle + at * across] = 1.0 / _REBLUR_CELLS
    smeared = np.asarray(cv2.filter2D(luma, -1, kernel))
    here, there = _neighbours(luma.shape[1], down, across)
    inside = face[here] & face[there]
    before, after = (np.abs(values[there] - values[here])[inside] for values in (luma, smeared))
    variation = float(before.sum())
    return float(np.maximum(before - after, 0.0).sum()) / variation if variation > 0.0 else 0.0


def _neighbours(columns: int, down: int, across: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where the pixels are that have a neighbour along the direction, and where those are."""
    here = slice(None, -down or None), slice(max(0, -across), columns - max(0, across))
    there = slice(down, None), slice(max(0, across), columns - max(0, -across))
    return here, there
