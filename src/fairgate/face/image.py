"""Pixels to pixels: enlarging, and shrinking without false detail.

Positions are in pixels with the centre of the first pixel at (0, 0); scaling by ``s`` sends ``x`` to
``(x + 0.5) * s - 0.5``, as OpenCV does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import FaceContractBroken

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_SIDE_PX = 16384


def check_rgb(rgb: NDArray[np.uint8]) -> None:
    """Refuse pixels that are not of the agreed type and shape.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255, colour order RGB, origin top left.

    Raises:
        FaceContractBroken: they are not.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or min(rgb.shape) < 1:
        raise FaceContractBroken("A frame must be uint8 with the shape (height, width, 3).")
    if max(rgb.shape) > LARGEST_SIDE_PX:
        raise FaceContractBroken(f"A frame's side must be at most {LARGEST_SIDE_PX} px.")


def enlarged(rgb: NDArray[np.uint8], longer_side_px: int) -> tuple[NDArray[np.uint8], float]:
    """Return the frame with its longer side at least ``longer_side_px`` long, and the factor; larger ones as they are.

    Landmarks found on an enlarged small photo are finer than its pixels. Cubic, because it keeps edges.
    """
    height, width = rgb.shape[:2]
    if max(height, width) >= longer_side_px:
        return rgb, 1.0
    factor = longer_side_px / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC), np.uint8), factor


def scaled(rgb: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """Return the frame scaled by ``factor``.

    Where it shrinks, whole blocks of pixels are averaged first, as far as they go into the factor: what is left, less
    than a halving, needs no averaging that a linear step does not do. That is ten times as quick as averaging over
    parts of pixels.
    """
    height, width = rgb.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    block = min(int(1 / factor), width, height)
    if block > 1:
        whole = rgb[: height // block * block, : width // block * block]
        rgb = np.asarray(cv2.resize(whole, None, fx=1 / block, fy=1 / block, interpolation=cv2.INTER_AREA), np.uint8)
    if size == (rgb.shape[1], rgb.shape[0]):
        return rgb
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR), np.uint8)
