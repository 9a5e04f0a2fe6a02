"""Light: exposure, gamma, contrast, light from one side, reflections. Strength 0 leaves the picture as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.simulate.degrade_truth import check_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.simulate.degrade_truth import Picture


def exposed(picture: Picture, stops: float) -> Picture:
    """Return the picture as if it had been exposed differently.

    Args:
        stops: +1 doubles the light, -1 halves it; what leaves the range is lost.
    """
    if stops == 0:
        return picture
    table = _encoded(np.clip(_linear(np.arange(256)) * 2.0**stops, 0, 1))
    return picture.with_pixels(_looked_up(picture, table))


def gamma_changed(picture: Picture, octaves: float) -> Picture:
    """Return the picture with its middle tones moved, black and white kept.

    Args:
        octaves: the exponent's logarithm to base 2; above 0 darkens, below 0 brightens.
    """
    if octaves == 0:
        return picture
    return picture.with_pixels(_looked_up(picture, 255 * (np.arange(256) / 255) ** (2.0**octaves)))


def contrast_lost(picture: Picture, share: float) -> Picture:
    """Return the picture with every pixel drawn towards the mean grey, as through haze or a dirty pane.

    Args:
        share: of the contrast lost, in [0, 1].

    Raises:
        FaceContractBroken: it is out of range.
    """
    check_share(share)
    if share == 0:
        return picture
    mean = float(picture.rgb.mean())
    return picture.with_pixels(_looked_up(picture, mean + (np.arange(256) - mean) * (1 - share)))


def lit_from_one_side(picture: Picture, stops: float) -> Picture:
    """Return the picture with the light falling off across each face, in the face's own direction.

    Args:
        stops: difference between two places one face box apart, positive for the subject's right side in the dark.
            The middle of the largest face keeps its light.
    """
    if stops == 0:
        return picture
    face = max(picture.faces, key=lambda one: one.inter_eye_px)
    rows, columns = np.mgrid[: picture.rgb.shape[0], : picture.rgb.shape[1]].astype(np.float64)
    along = (columns - face.centre[0]) * face.axes[0, 0] + (rows - face.centre[1]) * face.axes[0, 1]
    gain = 2.0 ** (stops * np.clip(along / face.width_px, -1, 1))
    lit = _encoded(np.clip(_linear(picture.rgb) * gain[:, :, None], 0, 1))
    return picture.with_pixels(np.rint(lit).astype(np.uint8))


def reflecting(picture: Picture, share: float, rng: np.random.Generator) -> Picture:
    """Return the picture as through a window or glasses in which bright stripes and a lamp are mirrored.

    Args:
        share: of the light that comes from the mirrored things where they are brightest, in [0, 1].
        rng: draws where they lie: two slanting stripes, and a lamp near the eyes of each face.

    Raises:
        FaceContractBroken: the share is out of range.
    """
    check_share(share)
    if share == 0:
        return picture
    height, width = picture.rgb.shape[:2]
    glare = np.zeros((height, width), np.float32)
    for face in picture.faces:
        unit = face.inter_eye_px
        slant = math.radians(rng.uniform(20, 70))
        direction = np.array([math.cos(slant), -math.sin(slant)])
        for _ in range(2):
            middle = face.at(float(rng.uniform(-1, 1)), float(rng.uniform(-0.3, 1.2)))
            reach, width_px = 3 * unit * direction, max(1, round(rng.uniform(0.15, 0.4) * unit))
            cv2.line(glare, _place(middle - reach), _place(middle + reach), 0.8, width_px)
        lamp = face.at(float(rng.uniform(-0.7, 0.7)), float(rng.uniform(-0.15, 0.15)))
        cv2.circle(glare, _place(lamp), max(1, round(0.25 * unit)), 1.0, -1)
    soft = np.asarray(cv2.GaussianBlur(glare, (0, 0), max(0.3, 0.05 * picture.inter_eye_px)), np.float32)
    mirrored = (share * np.clip(soft, 0, 1))[:, :, None]
    return picture.with_pixels(np.rint(picture.rgb * (1 - mirrored) + 255 * mirrored).astype(np.uint8))


def _place(point: NDArray[np.float64]) -> tuple[int, int]:
    return (round(float(point[0])), round(float(point[1])))


def _linear(levels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return light in [0, 1] of sRGB levels. Source: IEC 61966-2-1:1999, transfer function."""
    value = np.asarray(levels, np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sRGB levels in [0, 255] of light. Source: as :func:`_linear`."""
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _looked_up(picture: Picture, table: NDArray[np.floating]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.clip(np.rint(table), 0, 255).astype(np.uint8)
    return levels[picture.rgb]
