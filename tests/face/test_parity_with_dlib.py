"""The same numbers as dlib itself, on the same pixels: what the pack's name promises."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from fairgate.bench.drawn_face import drawn_face
from fairgate.face.detect import WindowDetector
from fairgate.face.landmarks import TreeLandmarks
from fairgate.face.pipeline import Pipeline

pytestmark = pytest.mark.needs_component

Rgb = NDArray[np.uint8]

FEATURES_WITHIN = 1e-5
SCORES_WITHIN = 0.1
BOXES_WITHIN_PX = 8
POINTS_WITHIN_PX = 1.0
"""Source: issue 2, section on the default pack."""


@pytest.fixture(scope="module")
def dlib() -> Any:
    """dlib itself; skipped where the extra ``bench`` is not installed."""
    try:
        return importlib.import_module("dlib")
    except ImportError:
        pytest.skip("dlib is not installed (extra 'bench')")


@pytest.fixture(scope="module")
def photos(request: pytest.FixtureRequest) -> list[Rgb]:
    """Two portraits where the shared data exist, and the drawn face twice everywhere."""
    beside = np.full((300, 420, 3), 150, np.uint8)
    beside[20:280, 130:390] = drawn_face(260)
    drawn = [drawn_face(240), beside]
    try:
        folder: Path = request.getfixturevalue("shared_data")
    except pytest.skip.Exception:
        return drawn
    chosen = sorted((folder / "portraits" / "2024").glob("*.jpg"))[4:60:50]
    return drawn + [np.asarray(Image.open(path).convert("RGB")) for path in chosen]


def test_features_of_a_chip_are_dlibs(dlib: Any, engine: Pipeline, model_files: dict[str, Path]) -> None:
    """One forward pass, not normalised."""
    theirs = dlib.face_recognition_model_v1(str(model_files["embedder"]))
    noise = np.random.default_rng(5).integers(0, 256, (150, 150, 3), dtype=np.uint8)
    for chip in (drawn_face(150), noise, np.zeros((150, 150, 3), np.uint8)):
        expected = np.array(theirs.compute_face_descriptor(chip))
        assert engine.first.embedder.raw(chip[None])[0] == pytest.approx(expected, abs=FEATURES_WITHIN)


def test_scores_and_best_boxes_are_dlibs(
    dlib: Any, windows: WindowDetector, model_files: dict[str, Path], photos: list[Rgb]
) -> None:
    """By the thorough search, box for box; the quick one finds the same face with a score as close."""
    theirs = dlib.cnn_face_detection_model_v1(str(model_files["detector"]))
    for photo in photos:
        expected = theirs(photo, 0)
        thorough = windows.detect(photo, smallest_face_px=80, thorough=True)
        quick = windows.detect(photo, smallest_face_px=80)
        assert len(thorough) == len(expected) == len(quick) == 1
        box = expected[0].rect
        wanted = (box.left(), box.top(), box.right(), box.bottom())
        assert thorough[0].score == pytest.approx(expected[0].confidence, abs=SCORES_WITHIN)
        assert thorough[0].box == pytest.approx(wanted, abs=BOXES_WITHIN_PX)
        assert quick[0].score == pytest.approx(expected[0].confidence, abs=SCORES_WITHIN)


@pytest.mark.parametrize("shift", [(0, 0), (20, -10), (-60, 30)])
def test_points_in_a_box_are_dlibs(
    dlib: Any,
    windows: WindowDetector,
    trees: TreeLandmarks,
    model_files: dict[str, Path],
    photos: list[Rgb],
    shift: tuple[int, int],
) -> None:
    """Also in a box that is off the face, or reaches over the edge."""
    theirs = dlib.shape_predictor(str(model_files["landmarks"]))
    for photo in photos:
        face = windows.detect(photo, smallest_face_px=80)[0]
        left, top, right, bottom = (round(side) for side in face.box)
        left, top, right, bottom = left + shift[0], top + shift[1], right + shift[0], bottom + shift[1]
        parts = theirs(photo, dlib.rectangle(left, top, right - 1, bottom - 1)).parts()
        expected = np.array([(part.x, part.y) for part in parts])
        assert trees.find(photo, (left, top, right, bottom)) == pytest.approx(expected, abs=POINTS_WITHIN_PX)


def test_the_chip_is_close_to_dlibs(
    dlib: Any, engine: Pipeline, windows: WindowDetector, trees: TreeLandmarks, scene_of: Callable[..., Rgb]
) -> None:
    """Half a pixel and a smoother way down apart: features of both chips are nearly the same."""
    frame = scene_of((100, 40, 400))
    points = trees.find(frame, windows.detect(frame, smallest_face_px=80)[0].box)
    parts = [dlib.point(round(float(x)), round(float(y))) for x, y in points]
    theirs = dlib.get_face_chip(frame, dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), parts), 150, 0.25)
    ours = np.asarray(_chip(engine, frame, points))
    assert float(np.abs(cv2.blur(ours, (5, 5)).astype(int) - cv2.blur(theirs, (5, 5))).mean()) < 3
    first, second = engine.first.embedder.embed(np.stack([ours, theirs]))
    assert float(first @ second) > 0.98


def _chip(engine: Pipeline, frame: Rgb, points: NDArray[np.float32]) -> Rgb:
    chip = importlib.import_module("fairgate.face.align").chip
    made: Rgb = chip(frame, points, engine.first.template, 150)
    return made
