"""Frames of video clips, evenly spaced; nobody marked the faces in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_ENDINGS = (".mkv", ".mp4")
_WALK_ENDING = ".mp4"
SMALLEST_FACE_PX = 40
"""What a detector is told to look for in them: some who sit before the camera have faces 60 px wide."""

FRAMES_A_CLIP = 4
FRAMES_A_WALK = 24


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip.

    Args:
        path: where it lies.
        group: ``"facing"`` (somebody sits before the camera) or ``"walking"`` (people pass, their faces small).
        frames: how many frames are taken of it.
    """

    path: Path = field(repr=False)
    group: str
    frames: int


def clips_in(folder: Path) -> tuple[Clip, ...]:
    """Return the clips of a folder, by name; none where it is absent."""
    paths = sorted(path for path in folder.glob("*") if path.suffix in _ENDINGS)
    return tuple(
        Clip(path, "walking", FRAMES_A_WALK) if path.suffix == _WALK_ENDING else Clip(path, "facing", FRAMES_A_CLIP)
        for path in paths
    )


def frames_of(clip: Clip) -> Iterator[NDArray[np.uint8]]:
    """Yield frames from all over a clip: uint8, shape (height, width, 3), RGB.

    Raises:
        InputRefused: the clip cannot be read.
    """
    video = cv2.VideoCapture(str(clip.path))
    try:
        length = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
        wanted = {place * length // clip.frames for place in range(clip.frames)} if length > 0 else set()
        if not video.isOpened() or not wanted:
            raise InputRefused(f"{clip.path.name} cannot be read as a video.", way_out="Take it out of the folder.")
        for number in range(length):
            if number not in wanted:
                if not video.grab():
                    return
                continue
            read, bgr = video.read()
            if not read:
                return
            yield np.ascontiguousarray(np.asarray(bgr, np.uint8)[:, :, ::-1])
    finally:
        video.release()
