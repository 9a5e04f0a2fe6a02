"""Cut the chip: the face turned, scaled and moved so that its points lie where the recogniser expects them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import FaceContractBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REACH_PX = 4


def template_points(template: tuple[tuple[float, float], ...], padding: float, size_px: int) -> NDArray[np.float64]:
    """Return where the points belong in the chip.

    Args:
        template: fractions of the chip's side before padding, x and y.
        padding: margin around it as a fraction of that side.
        size_px: side of the chip.

    Returns:
        float64, shape (points, 2), pixels.
    """
    return (np.array(template, np.float64) + padding) / (2 * padding + 1) * size_px


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the rotation, uniform scale and shift that bring ``source`` closest to ``target``, by least squares.

    Args:
        source, target: float, shape (points, 2).

    Returns:
        float64, shape (2, 3): ``target ≈ matrix @ (x, y, 1)``.

    Raises:
        FaceContractBroken: the source points coincide.

    Source: S. Umeyama, IEEE TPAMI 13 (1991); in two dimensions it is a division of complex numbers.
    """
    start = source[:, 0].astype(np.float64) + 1j * source[:, 1].astype(np.float64)
    end = target[:, 0].astype(np.float64) + 1j * target[:, 1].astype(np.float64)
    start_mean, end_mean = complex(start.mean()), complex(end.mean())
    power = float((np.abs(start - start_mean) ** 2).sum())
    if not power > 0 or not math.isfinite(power):
        raise FaceContractBroken("A similarity was asked of points that coincide or are not finite.")
    turn = complex(np.vdot(start - start_mean, end - end_mean)) / power
    shift = end_mean - turn * start_mean
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def chip(
    rgb: NDArray[np.uint8], landmarks: NDArray[np.floating], template: NDArray[np.float64], size_px: int
) -> NDArray[np.uint8]:
    """Return the aligned chip.

    Where the face is larger than the chip its surroundings are first averaged down to the chip's scale, so that no
    detail finer than the chip's pixels turns into false detail; where it is smaller it is enlarged with cubics.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
        landmarks: float, shape (points, 2), pixels.
        template: as :func:`template_points` returns it.
        size_px: side of the chip.

    Returns:
        uint8, shape (size_px, size_px, 3), RGB; black where the frame ends.
    """
    to_frame = similarity(template, landmarks)
    shrink = math.hypot(to_frame[0, 0], to_frame[1, 0])
    corners = np.array([[0, 0, 1], [size_px, 0, 1], [0, size_px, 1], [size_px, size_px, 1]], np.float64) @ to_frame.T
    reach = _REACH_PX * max(1.0, shrink)
    height, width = rgb.shape[:2]
    left = int(np.clip(math.floor(corners[:, 0].min() - reach), 0, width - 1))
    top = int(np.clip(math.floor(corners[:, 1].min() - reach), 0, height - 1))
    right = int(np.clip(math.ceil(corners[:, 0].max() + reach), left + 1, width))
    bottom = int(np.clip(math.ceil(corners[:, 1].max() + reach), top + 1, height))
    region = np.ascontiguousarray(rgb[top:bottom, left:right])
    to_region = to_frame - np.array([[0, 0, left], [0, 0, top]])
    if shrink > 1:
        size = (max(1, round(region.shape[1] / shrink)), max(1, round(region.shape[0] / shrink)))
        ratio = np.array([[size[0] / region.shape[1]], [size[1] / region.shape[0]]])
        region = np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA), np.uint8)
        to_region[:, 2:] = (to_region[:, 2:] + 0.5) * ratio - 0.5
        to_region[:, :2] *= ratio
    how = (cv2.INTER_CUBIC if shrink < 1 else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(region, to_region, (size_px, size_px), flags=how), np.uint8)
