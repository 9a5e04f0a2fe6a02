"""The face turned upright at one fixed scale, in colour, with named zones: what is told of one zone against another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from fairgate.face.align import similarity

CELLS = 24
"""Distance between the eyes in pixels of the patch: what the smallest reference photos have (100×122 px portraits)."""

COLUMNS, ROWS = 68, 84
"""Of the patch: 1.4 such distances to either side of the middle between the eyes, 1.4 above and 2.1 below it."""

MIDDLE = (34.0, 34.0)
"""Where the middle between the eyes lies in the patch, x and y."""

_REACH_CELLS = 3.0

_BOUNDS: Mapping[str, tuple[float, float, float, float]] = MappingProxyType(
    {
        "left_lens": (0.12, 0.92, -0.25, 0.35),
        "right_lens": (-0.92, -0.12, -0.25, 0.35),
        "below_left_eye": (0.32, 0.74, 0.17, 0.36),
        "below_right_eye": (-0.74, -0.32, 0.17, 0.36),
        "left_cheek": (0.28, 0.76, 0.48, 0.80),
        "right_cheek": (-0.76, -0.28, 0.48, 0.80),
        "forehead": (-0.50, 0.50, -0.80, -0.42),
        "bridge": (-0.12, 0.12, -0.12, 0.15),
        "nose": (-0.20, 0.20, 0.30, 0.75),
        "mouth": (-0.45, 0.45, 0.90, 1.30),
        "chin": (-0.30, 0.30, 1.35, 1.65),
        "eyes": (-0.92, 0.92, -0.25, 0.35),
        "lower_face": (-0.70, 0.70, 0.42, 1.30),
        "face": (-0.80, 0.80, -0.65, 1.35),
    }
)
"""Left, right, top and bottom of each zone in distances between the eyes, from the middle between them; x grows towards
the subject's left eye. Where glasses, cheeks and mouth lie in a frontal face; the bounds are ours."""


def _place(bounds: tuple[float, float, float, float]) -> tuple[slice, slice]:
    left, right, top, bottom = bounds
    rows = slice(round(MIDDLE[1] + top * CELLS), round(MIDDLE[1] + bottom * CELLS))
    return rows, slice(round(MIDDLE[0] + left * CELLS), round(MIDDLE[0] + right * CELLS))


ZONES: Mapping[str, tuple[slice, slice]] = MappingProxyType({name: _place(bounds) for name, bounds in _BOUNDS.items()})
"""Rows and columns of each zone in the patch."""


def upright_face(
    rgb: NDArray[np.uint8], left_eye: tuple[float, float], right_eye: tuple[float, float]
) -> NDArray[np.uint8]:
    """Cut the face out of the frame, upright and at the fixed scale.

    Args:
        rgb: uint8, shape (h, w, 3), 0–255, RGB, origin top left.
        left_eye: the subject's, x and y in pixels.
        right_eye: likewise.

    Returns:
        uint8, shape (``ROWS``, ``COLUMNS``, 3), RGB; where the frame ends its last pixels go on.
    """
    left, right = np.array(left_eye, np.float64), np.array(right_eye, np.float64)
    if np.hypot(*(left - right)) < 1.0:
        left = right + np.array([1.0, 0.0])
    half = CELLS / 2
    eyes = np.array([[MIDDLE[0] + half, MIDDLE[1]], [MIDDLE[0] - half, MIDDLE[1]]])
    to_frame = similarity(eyes, np.stack([left, right]))
    scale = math.hypot(to_frame[0, 0], to_frame[1, 0])
    corners = np.array([[0, 0, 1], [COLUMNS, 0, 1], [0, ROWS, 1], [COLUMNS, ROWS, 1]], np.float64) @ to_frame.T
    reach = _REACH_CELLS * max(1.0, scale)
    height, width = rgb.shape[:2]
    x0 = int(np.clip(math.floor(corners[:, 0].min() - reach), 0, width - 1))
    y0 = int(np.clip(math.floor(corners[:, 1].min() - reach), 0, height - 1))
    x1 = int(np.clip(math.ceil(corners[:, 0].max() + reach), x0 + 1, width))
    y1 = int(np.clip(math.ceil(corners[:, 1].max() + reach), y0 + 1, height))
    region = np.ascontiguousarray(rgb[y0:y1, x0:x1])
    to_region = to_frame - np.array([[0, 0, x0], [0, 0, y0]])
    if scale > 1.0:
        size = (max(1, round(region.shape[1] / scale)), max(1, round(region.shape[0] / scale)))
        ratio = np.array([[size[0] / region.shape[1]], [size[1] / region.shape[0]]])
        region = np.asarray(cv2.resize(region, size, interpolation=cv2.INTER_AREA), np.uint8)
        to_region[:, 2:] = (to_region[:, 2:] + 0.5) * ratio - 0.5
        to_region[:, :2] *= ratio
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(region, to_region, (COLUMNS, ROWS), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8)
