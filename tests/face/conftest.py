"""What the face tests share: the default pack's model files, its pipeline, and faces that are nobody's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.bench.drawn_face import drawn_face
from fairgate.errors import PackModelMissing
from fairgate.face.detect import WindowDetector
from fairgate.face.landmarks import TreeLandmarks
from fairgate.face.pipeline import Pipeline
from fairgate.outside.pack_files import load_models, locate, open_pack

Rgb = NDArray[np.uint8]
Place = tuple[int, int, int]


@pytest.fixture(scope="session")
def model_files() -> dict[str, Path]:
    """Where the default pack's own files lie, by stage; skipped where they are not installed."""
    pack = open_pack("dlib-cc0").pack
    try:
        return {stage: locate(model, None) for stage, model in pack.models().items()}
    except PackModelMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def engine(model_files: dict[str, Path]) -> Pipeline:
    """The default pack's pipeline, one thread."""
    assert model_files
    installed = open_pack("dlib-cc0")
    return Pipeline(installed.pack, load_models(installed), threads=1)


@pytest.fixture(scope="session")
def windows(engine: Pipeline) -> WindowDetector:
    """The default pack's detector."""
    assert isinstance(engine.first.detector, WindowDetector)
    return engine.first.detector


@pytest.fixture(scope="session")
def trees(engine: Pipeline) -> TreeLandmarks:
    """The default pack's landmark predictor."""
    assert engine.first.landmarks is not None
    return engine.first.landmarks


@pytest.fixture(scope="session")
def scene_of() -> Callable[..., Rgb]:
    """Return a grey frame with drawn faces: each is (left, top, side of its square)."""

    def make(*faces: Place, width: int = 640, height: int = 480) -> Rgb:
        frame = np.full((height, width, 3), 150, np.uint8)
        for left, top, side in faces:
            frame[top : top + side, left : left + side] = cv2.resize(
                drawn_face(320), (side, side), interpolation=cv2.INTER_AREA
            )
        return frame

    return make
