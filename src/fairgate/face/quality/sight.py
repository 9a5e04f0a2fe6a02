"""What every component looks at: the face cut out at one fixed scale, and where it stood in the frame.

Measuring at a fixed scale (a fixed inter-eye distance) makes a component say the same of a small and of a large photo
of the same scene, and costs a few thousand pixels whatever the camera delivers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from fairgate.errors import FaceContractBroken
from fairgate.face.five_points import PointScheme, anchors
from fairgate.face.quality.upright import upright_face

INTER_EYE_CELLS = 24
"""Inter-eye distance of the patch in its own pixels: what the smallest reference photos have (100×122 px portraits)."""

_HALF_WIDTH = 0.85
_HALF_HEIGHT = 1.05
_CENTRE_BELOW_EYES = 0.35
"""The face ellipse in inter-eye distances: brows to lower lip, cheek to cheek; little hair and no background."""

LUMA_BT709 = np.array([[0.2126, 0.7152, 0.0722]], dtype=np.float32)
"""Weights of R, G and B on gamma-encoded values. Source: ITU-R BT.709-6, clause 3.2."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One face as the components see it.

    Args:
        rgb: uint8, shape (h, w, 3), 0–255: the whole frame.
        luma: uint8, shape (rows, columns), 0–255: the face at the fixed scale, as it stands (not levelled).
        face: bool, same shape: inside the face ellipse and inside the frame.
        subjects_right_half: bool, same shape: on the side of the subject's right eye.
        upright: uint8, shape (84, 68, 3), RGB: the face turned upright (:mod:`fairgate.face.quality.upright`).
        left_eye: subject's left eye, midpoint of its corners, in frame pixels (x, y), origin top left.
        right_eye: subject's right eye, likewise.
        nose: likewise.
        nose_depth: how far the nose's point stands before the eyes, in inter-eye distances of a frontal face.
        eye_axis: unit vector from the subject's right eye to the left one; along the rows where both coincide.
        inter_eye_px: distance of the two eye midpoints in frame pixels.
        box: detected face in frame pixels: left, top, right, bottom.
        frame_width_px: width of the frame.
        frame_height_px: height of the frame.
    """

    rgb: NDArray[np.uint8] = field(repr=False)
    luma: NDArray[np.uint8] = field(repr=False)
    face: NDArray[np.bool_] = field(repr=False)
    subjects_right_half: NDArray[np.bool_] = field(repr=False)
    upright: NDArray[np.uint8] = field(repr=False)
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    nose: tuple[float, float]
    nose_depth: float
    eye_axis: tuple[float, float]
    inter_eye_px: float
    box: tuple[float, float, float, float]
    frame_width_px: int
    frame_height_px: int

    @property
    def between_eyes(self) -> tuple[float, float]:
        """Return the midpoint between the eyes in frame pixels."""
        return (self.left_eye[0] + self.right_eye[0]) / 2, (self.left_eye[1] + self.right_eye[1]) / 2


def look(
    rgb: NDArray[np.uint8],
    landmarks: NDArray[np.floating],
    box: tuple[float, float, float, float],
    scheme: PointScheme = PointScheme.EYE_CORNERS,
) -> Sight:
    """Cut the face out of the frame.

    Args:
        rgb: uint8, shape (h, w, 3), 0–255, RGB, origin top left.
        landmarks: float, shape (5, 2), pixels (x, y).
        box: left, top, right, bottom in pixels.
        scheme: the landmarks' order.

    Raises:
        FaceContractBroken: a shape or type is not the agreed one, or a number is not finite.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise FaceContractBroken("Quality was asked of pixels that are not uint8 of shape (h, w, 3).")
    if not all(map(math.isfinite, box)):
        raise FaceContractBroken("Quality was asked with a box that is not finite.")
    seen = anchors(landmarks, scheme)
    left, right, nose = seen.left_eye, seen.right_eye, seen.nose
    inter_eye = float(np.hypot(*(left - right)))
    axis = (left - right) / inter_eye if inter_eye > 0.0 else np.array([1.0, 0.0])
    luma, face, right_half = _patch(rgb, (left + right) / 2, axis, max(1.0, inter_eye))
    left_eye, right_eye = (float(left[0]), float(left[1])), (float(right[0]), float(right[1]))
    return Sight(
        rgb=rgb,
        luma=luma,
        face=face,
        subjects_right_half=right_half,
        upright=upright_face(rgb, left_eye, right_eye),
        left_eye=left_eye,
        right_eye=right_eye,
        nose=(float(nose[0]), float(nose[1])),
        nose_depth=seen.nose_depth,
        eye_axis=(float(axis[0]), float(axis[1])),
        inter_eye_px=inter_eye,
        box=box,
        frame_width_px=rgb.shape[1],
        frame_height_px=rgb.shape[0],
    )


def share_of_face(sight: Sight, where: NDArray[np.bool_]) -> float:
    """Return the share of the face's pixels at which ``where`` holds; 0 where no face pixel is inside the frame."""
    return float(where[sight.face].mean()) if sight.face.any() else 0.0


def _patch(
    rgb: NDArray[np.uint8], between: NDArray[np.float64], axis: NDArray[np.float64], inter_eye: float
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    height, width = rgb.shape[:2]
    down = np.array([-axis[1], axis[0]])
    centre = between + down * (_CENTRE_BELOW_EYES * inter_eye)
    reach = max(_HALF_WIDTH, _HALF_HEIGHT) * inter_eye
    x0 = int(np.clip(math.floor(centre[0] - reach), 0, width - 1))
    y0 = int(np.clip(math.floor(centre[1] - reach), 0, height - 1))
    x1 = int(np.clip(math.ceil(centre[0] + reach), x0 + 1, width))
    y1 = int(np.clip(math.ceil(centre[1] + reach), y0 + 1, height))
    scale = INTER_EYE_CELLS / inter_eye
    size = (max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale)))
    shrunk = cv2.resize(rgb[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR)
    luma = np.asarray(cv2.transform(shrunk, LUMA_BT709), dtype=np.uint8)
    xs = x0 - 0.5 + (np.arange(size[0]) + 0.5) * ((x1 - x0) / size[0]) - centre[0]
    ys = (y0 - 0.5 + (np.arange(size[1]) + 0.5) * ((y1 - y0) / size[1]) - centre[1])[:, None]
    across, along = xs * axis[0] + ys * axis[1], xs * down[0] + ys * down[1]
    face = (across / (_HALF_WIDTH * inter_eye)) ** 2 + (along / (_HALF_HEIGHT * inter_eye)) ** 2 <= 1.0
    return luma, face, across < 0
