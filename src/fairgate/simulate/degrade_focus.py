"""Loss of detail: blur, motion, fewer pixels, noise, compression. Strength 0 leaves the picture as it is.

Lengths are fractions of the inter-eye distance, so that one strength means the same for every size of face.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import EngineFault, FaceContractBroken
from fairgate.face.image import scaled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.simulate.degrade_truth import Picture

BEST_JPEG = 100


def blurred(picture: Picture, sigma: float) -> Picture:
    """Return the picture out of focus.

    Args:
        sigma: of a Gaussian, in inter-eye distances, at least 0.
    """
    _check_strength(sigma)
    sigma_px = sigma * picture.inter_eye_px
    if sigma_px == 0:
        return picture
    return picture.with_pixels(np.asarray(cv2.GaussianBlur(picture.rgb, (0, 0), sigma_px), np.uint8))


def motion_blurred(picture: Picture, length: float, angle_deg: float) -> Picture:
    """Return the picture as if the camera had moved evenly along a line while the shutter was open.

    Args:
        length: of the line, in inter-eye distances, at least 0.
        angle_deg: of the line; 0 is level, positive turns clockwise as seen.
    """
    _check_strength(length)
    half = length * picture.inter_eye_px / 2
    if half < 0.5:
        return picture
    steps = np.linspace(-half, half, 4 * math.ceil(half) + 1)
    reach = math.ceil(half) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    across, down = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    for step in steps:
        x, y = reach + step * across, reach + step * down
        left, top = math.floor(x), math.floor(y)
        for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
            kernel[row, column] += max(0.0, 1 - abs(x - column)) * max(0.0, 1 - abs(y - row))
    moved = cv2.filter2D(picture.rgb, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)
    return picture.with_pixels(np.asarray(moved, np.uint8))


def coarsened(picture: Picture, octaves: float) -> Picture:
    """Return the picture with fewer pixels, enlarged again to its size: what a distant or cheap camera gives.

    Args:
        octaves: how often the number of pixels along each side is halved, at least 0.
    """
    _check_strength(octaves)
    if octaves == 0:
        return picture
    height, width = picture.rgb.shape[:2]
    small = scaled(picture.rgb, 2.0**-octaves)
    return picture.with_pixels(np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8))


def noisy(picture: Picture, sigma_levels: float, rng: np.random.Generator) -> Picture:
    """Return the picture with Gaussian noise, of each pixel and colour by itself.

    Args:
        sigma_levels: in grey levels of 255, at least 0.
        rng: draws the noise.
    """
    _check_strength(sigma_levels)
    if sigma_levels == 0:
        return picture
    noise = rng.standard_normal(picture.rgb.shape, np.float32) * np.float32(sigma_levels)
    return picture.with_pixels(_levels(picture.rgb + noise))


def compressed(picture: Picture, quality_lost: int) -> Picture:
    """Return the picture after JPEG.

    Args:
        quality_lost: 100 minus the encoder's quality, in [0, 99]; 0 leaves the picture unencoded.

    Raises:
        FaceContractBroken: it is out of range.
    """
    if not 0 <= quality_lost < BEST_JPEG:
        raise FaceContractBroken("The quality lost to JPEG must lie in [0, 99].")
    if quality_lost == 0:
        return picture
    bgr = np.ascontiguousarray(picture.rgb[:, :, ::-1])
    done, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, BEST_JPEG - quality_lost])
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if done else None
    if decoded is None:
        raise EngineFault("A picture could not be encoded as JPEG.")
    return picture.with_pixels(np.ascontiguousarray(np.asarray(decoded, np.uint8)[:, :, ::-1]))


def _check_strength(strength: float) -> None:
    if not 0 <= strength < math.inf:
        raise FaceContractBroken("The strength of a degradation must be at least 0.")


def _levels(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return levels
