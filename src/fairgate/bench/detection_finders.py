"""The detectors side by side, each as it is shipped and used: pixels and a smallest face in, boxes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fairgate.bench.peer import bench_package

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from fairgate.bench.detection_match import Box
    from fairgate.face.detect import Face

_DLIB_WINDOW_PX = 80
"""dlib's two detectors look through a window of 80 px; for smaller faces the frame is doubled first."""


class OwnDetector(Protocol):
    """A pack's detector."""

    def detect(self, rgb: NDArray[np.uint8], *, smallest_face_px: float) -> tuple[Face, ...]:
        """Return the faces in a frame, the surest first."""
        ...


@dataclass(frozen=True, slots=True)
class Finder:
    """One detector.

    Args:
        name: stable word.
        title: what it is, in words.
        find: uint8 RGB pixels and the width of the smallest face looked for → boxes, the surest first.
        share: of the pictures, one in so many is shown to it; above 1 for a detector that takes seconds.
        least_face_px: pictures in which smaller faces are looked for are not shown to it.
    """

    name: str
    title: str
    find: Callable[[NDArray[np.uint8], float], tuple[Box, ...]] = field(repr=False)
    share: int = 1
    least_face_px: int = 0

    def sees(self, number: int, smallest_face_px: int) -> bool:
        """Return whether a picture is shown to it."""
        return number % self.share == 0 and smallest_face_px >= self.least_face_px


def own_finder(name: str, title: str, detector: OwnDetector) -> Finder:
    """Return a pack's detector."""
    return Finder(
        name, title, lambda rgb, least: tuple(face.box for face in detector.detect(rgb, smallest_face_px=least))
    )


def dlib_hog() -> Finder:
    """Return dlib's frontal face detector on gradients, with its own threshold.

    Raises:
        ConfigurationRefused: dlib is not installed.
    """
    detector = bench_package("dlib").get_frontal_face_detector()

    def find(rgb: NDArray[np.uint8], least: float) -> tuple[Box, ...]:
        return tuple(_sides(found) for found in detector(rgb, int(least < _DLIB_WINDOW_PX)))

    return Finder("dlib-hog", "dlib's HOG detector", find)


def dlib_cnn(model: Path, share: int) -> Finder:
    """Return dlib's CNN detector, the network that the default pack's was converted from, as dlib runs it.

    It is not shown pictures in which faces below its window of 80 px are looked for.

    Args:
        model: path of ``mmod_human_face_detector.dat``.
        share: one picture in so many is shown to it.

    Raises:
        ConfigurationRefused: dlib is not installed.
    """
    detector = bench_package("dlib").cnn_face_detection_model_v1(str(model))

    def find(rgb: NDArray[np.uint8], least: float) -> tuple[Box, ...]:
        return tuple(_sides(found.rect) for found in detector(rgb, int(least < _DLIB_WINDOW_PX)))

    # Doubling a frame of 1280×720 px would take it half a minute.
    return Finder("dlib-cnn", "dlib's CNN detector", find, share, _DLIB_WINDOW_PX)


class _Rectangle(Protocol):
    def left(self) -> int: ...
    def top(self) -> int: ...
    def right(self) -> int: ...
    def bottom(self) -> int: ...


def _sides(found: _Rectangle) -> Box:
    return (float(found.left()), float(found.top()), float(found.right()), float(found.bottom()))
