"""What the benchmark looks at: a frame of one megapixel as a gate's camera delivers it, with one face."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from fairgate.bench.drawn_face import drawn_face

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PROBE_WIDTH_PX, PROBE_HEIGHT_PX = 1152, 864
FRAME_WIDTH_PX, FRAME_HEIGHT_PX = 640, 480
_JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One face in front of a wall.

    Args:
        source: what the face is, in words for the report.
        probe_jpeg: the megapixel frame, encoded.
        probe: uint8, shape (864, 1152, 3), RGB, as decoded from it.
        frame: uint8, shape (480, 640, 3), RGB, the same scene for the detectors.
    """

    source: str
    probe_jpeg: bytes = field(repr=False)
    probe: NDArray[np.uint8] = field(repr=False)
    frame: NDArray[np.uint8] = field(repr=False)


def make_scene(photo: Path | None = None) -> Scene:
    """Return the scene with the face of a photo, or with a drawn one.

    Args:
        photo: a portrait; ``None`` for the drawn face.
    """
    if photo is None:
        face, source = drawn_face(PROBE_HEIGHT_PX), "a drawn face (no photograph at hand)"
    else:
        with Image.open(photo) as opened:
            face, source = np.asarray(opened.convert("RGB")), "one of the portraits"
    wall = np.random.default_rng(1).normal(128, 12, (PROBE_HEIGHT_PX // 4, PROBE_WIDTH_PX // 4, 3))
    size = (PROBE_WIDTH_PX, PROBE_HEIGHT_PX)
    scene = np.clip(cv2.resize(wall, size, interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
    height = PROBE_HEIGHT_PX * 9 // 10
    width = round(face.shape[1] * height / face.shape[0])
    top, left = PROBE_HEIGHT_PX - height, (PROBE_WIDTH_PX - width) // 2
    scene[top:, left : left + width] = cv2.resize(face, (width, height), interpolation=cv2.INTER_CUBIC)
    encoded = io.BytesIO()
    Image.fromarray(scene).save(encoded, "JPEG", quality=_JPEG_QUALITY)
    probe = decode(encoded.getvalue())
    frame = cv2.resize(probe, (FRAME_WIDTH_PX, FRAME_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return Scene(source, encoded.getvalue(), probe, np.asarray(frame, np.uint8))


def decode(jpeg: bytes) -> NDArray[np.uint8]:
    """Return the pixels of the benchmark's own JPEG, with the library that the decode worker uses."""
    with Image.open(io.BytesIO(jpeg)) as opened:
        return np.asarray(opened.convert("RGB"))
