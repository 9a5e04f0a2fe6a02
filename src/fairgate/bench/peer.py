"""dlib's own detectors and recogniser, the field's most used open library, as the other side of the comparison.

Only here is dlib loaded; the product never needs it.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import ConfigurationRefused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def bench_package(name: str) -> ModuleType:
    """Return a Python package that only benchmarks need.

    Raises:
        ConfigurationRefused: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        raise ConfigurationRefused(
            f"The benchmark needs the Python package {name}, which is not installed.",
            way_out="Install Fairgate with its extra 'bench'.",
        ) from cause


class DlibPeer:
    """dlib's models, loaded from the same files that the pack was converted from.

    Args:
        detector: path of ``mmod_human_face_detector.dat``.
        recogniser: path of ``dlib_face_recognition_resnet_model_v1.dat``.

    Raises:
        ConfigurationRefused: dlib is not installed.
    """

    def __init__(self, detector: Path, recogniser: Path) -> None:
        dlib = bench_package("dlib")
        self._cnn = dlib.cnn_face_detection_model_v1(str(detector))
        self._hog = dlib.get_frontal_face_detector()
        self._recogniser = dlib.face_recognition_model_v1(str(recogniser))
        self.version = str(dlib.__version__)
        self.uses_blas = bool(getattr(dlib, "DLIB_USE_BLAS", False))
        self.uses_cuda = bool(getattr(dlib, "DLIB_USE_CUDA", False))

    def detect_cnn(self, rgb: NDArray[np.uint8]) -> list[tuple[tuple[int, int, int, int], float]]:
        """Return box and score of every face that the CNN detector finds, without enlarging the frame."""
        found = self._cnn(rgb, 0)
        return [((d.rect.left(), d.rect.top(), d.rect.right(), d.rect.bottom()), float(d.confidence)) for d in found]

    def detect_hog(self, rgb: NDArray[np.uint8]) -> int:
        """Return how many faces the HOG detector finds, without enlarging the frame."""
        return len(self._hog(rgb, 0))

    def embed(self, chip: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the 128 numbers of one aligned chip of 150 x 150 px, one forward pass."""
        return np.array(self._recogniser.compute_face_descriptor(chip))
