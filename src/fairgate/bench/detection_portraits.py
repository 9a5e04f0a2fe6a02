"""Portraits whose face is known: where two detectors agree on the untouched photo, and what the landmarks say there.

Nobody marked the faces by hand. An official portrait shows one face, large and frontal; a photo in which the detectors
do not both find exactly one face in the same place is left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from fairgate.bench.detection_match import HIT, overlap
from fairgate.bench.drawn_face import drawn_face
from fairgate.errors import InputRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.bench.detection_finders import Finder
    from fairgate.face.recogniser import Recogniser

SMALLEST_FACE_PX = 80
AGREED = HIT
"""Two boxes in one place overlap by at least this share of their union: as much as a hit takes. One portrait of 232
needs it (0.42 to 0.46): the exact network is surest of a box that is a quarter too small there, and its landmarks are
right."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownPortrait:
    """One portrait.

    Args:
        name: of the file, without its ending.
        rgb: uint8, shape (height, width, 3), RGB; enlarged where the photo is small.
        points: float64, shape (5, 2), the landmarks in its pixels.
    """

    name: str
    rgb: NDArray[np.uint8] = field(repr=False)
    points: NDArray[np.float64] = field(repr=False)


def portrait_paths(folder: Path, newer: str = "2024") -> tuple[Path, ...]:
    """Return the portraits of a folder: the newer year's where it has years, else its own.

    Raises:
        InputRefused: there are none.
    """
    inner = folder / newer
    paths = tuple(sorted((inner if inner.is_dir() else folder).glob("*.jpg")))
    if not paths:
        raise InputRefused(f"There are no portraits in {folder}.", way_out="Name a folder of .jpg portraits.")
    return paths


def spread(paths: Sequence[Path], count: int) -> tuple[Path, ...]:
    """Return so many of the paths, evenly spread over them; all where there are fewer."""
    if count >= len(paths):
        return tuple(paths)
    return tuple(paths[place * len(paths) // count] for place in range(count))


def known_portrait(path: Path, recogniser: Recogniser, witness: Finder) -> KnownPortrait | None:
    """Return a portrait with its landmarks; ``None`` where the two do not agree on one face.

    Args:
        path: of the photo.
        recogniser: finds the face and its five points (eye corners and nose).
        witness: another detector.

    Raises:
        InputRefused: the photo cannot be opened.
    """
    try:
        with Image.open(path) as opened:
            photo = np.asarray(opened.convert("RGB"))
    except OSError as cause:
        raise InputRefused(f"{path.name} cannot be opened.", way_out="Take it out of the folder.") from cause
    rgb, _ = recogniser.prepared(photo)
    faces = recogniser.detector.detect(rgb, smallest_face_px=SMALLEST_FACE_PX)
    seen = witness.find(rgb, SMALLEST_FACE_PX)
    if len(faces) != 1 or len(seen) != 1 or overlap(faces[0].box, seen[0]) < AGREED:
        return None
    return KnownPortrait(path.stem, rgb, recogniser.points(rgb, faces[0]).astype(np.float64))


def known_drawing() -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the drawn face and its five points: for machines without a portrait."""
    size_px = 500
    points = np.array([[213, 147], [177, 147], [107, 147], [143, 147], [160, 207]], np.float64)
    return drawn_face(size_px), points * size_px / 320
