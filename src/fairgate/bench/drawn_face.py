"""A drawn face, for machines without a photograph: the detector takes it for a face, the recogniser for nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNIT_PX = 320.0
_SKIN, _SHADE, _HAIR, _DARK = (215, 175, 150), (175, 135, 113), (60, 45, 35), (90, 55, 45)

_Ellipse = tuple[tuple[float, float], tuple[float, float], tuple[int, int, int], float]


def _both_sides(*ellipses: _Ellipse) -> tuple[_Ellipse, ...]:
    """Return each ellipse and its mirror image."""
    return tuple(
        ((x, y), axes, colour, blur) for (left, y), axes, colour, blur in ellipses for x in (left, _UNIT_PX - left)
    )


_ELLIPSES: tuple[_Ellipse, ...] = (
    ((160, 150), (98, 120), _HAIR, 3),
    ((160, 300), (120, 60), (50, 60, 90), 2),
    ((160, 235), (45, 60), (190, 150, 125), 3),
    ((160, 165), (80, 105), _SKIN, 2),
    ((160, 250), (60, 18), _SHADE, 8),
    *_both_sides(
        ((125, 145), (26, 14), _SHADE, 6),
        ((125, 147), (18, 8), (240, 235, 230), 1),
        ((125, 147), (8, 8), (50, 35, 30), 1),
        ((125, 138), (20, 4), (80, 55, 45), 1.5),
        ((125, 122), (26, 6), (70, 50, 40), 2),
    ),
    ((160, 175), (10, 35), (225, 190, 165), 5),
    ((160, 205), (18, 9), _SHADE, 4),
    *_both_sides(((150, 208), (5, 3), _DARK, 1.5)),
    ((160, 235), (30, 9), (165, 80, 80), 2),
    ((160, 235), (28, 2), (110, 50, 50), 1),
)
"""Centre, half axes, colour and softness, in units of a square of 320, painted in this order."""


def drawn_face(size_px: int = 320) -> NDArray[np.uint8]:
    """Return the face on a grey ground.

    Args:
        size_px: side of the square; the face box is about half as wide.

    Returns:
        uint8, shape (size_px, size_px, 3), RGB.
    """
    scale = size_px / _UNIT_PX
    picture = np.full((size_px, size_px, 3), 150, np.float32)
    for (x, y), (across, down), colour, blur in _ELLIPSES:
        mask = np.zeros((size_px, size_px), np.float32)
        centre = (int(x * scale), int(y * scale))
        axes = (max(1, int(across * scale)), max(1, int(down * scale)))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.3, blur * scale)), np.float32)
        picture += (np.array(colour, np.float32) - picture) * mask[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)
