"""Faces are found where they are drawn, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.bench.drawn_face import drawn_face
from fairgate.errors import FaceContractBroken, PackRefused
from fairgate.face.detect import ALL_EDGES, CONFIDENT_SCORE, Face, WindowDetector
from fairgate.face.runtime import Session
from fairgate.face.windows import read_facts
from fairgate.outside.pack_files import load_models, open_pack

pytestmark = pytest.mark.needs_component

Rgb = NDArray[np.uint8]
SceneOf = Callable[..., Rgb]


def centre(face: Face) -> tuple[float, float]:
    return (face.box[0] + face.box[2]) / 2, (face.box[1] + face.box[3]) / 2


@pytest.mark.parametrize("side", [170, 260, 400])
def test_a_drawn_face_is_found_at_its_place_and_size(windows: WindowDetector, scene_of: SceneOf, side: int) -> None:
    """The box is about half as wide as the drawing, wherever between two levels its size falls."""
    (face,) = windows.detect(scene_of((100, 60, side)), smallest_face_px=80)
    assert centre(face) == pytest.approx((100 + side / 2, 60 + side / 2), abs=0.12 * side)
    assert face.width_px == pytest.approx(0.52 * side, rel=0.25)
    assert face.score >= CONFIDENT_SCORE


def test_faces_of_all_sizes_are_found_and_the_surest_comes_first(windows: WindowDetector, scene_of: SceneOf) -> None:
    """A large and a small face in one frame."""
    faces = windows.detect(scene_of((20, 40, 400), (430, 200, 180)), smallest_face_px=80)
    assert len(faces) == 2
    assert [face.score for face in faces] == sorted((face.score for face in faces), reverse=True)


def test_much_smaller_faces_are_left_where_the_caller_says_so(windows: WindowDetector, scene_of: SceneOf) -> None:
    """The widest face stays."""
    frame = scene_of((20, 40, 400), (430, 200, 180))
    widest = max(windows.detect(frame, smallest_face_px=80), key=lambda face: face.width_px)
    assert windows.detect(frame, smallest_face_px=80, ignore_below=0.9) == (widest,)


def test_bounds_on_the_size_are_kept(windows: WindowDetector, scene_of: SceneOf) -> None:
    """A face of half the smallest size is not found, nor one of twice the largest."""
    frame = scene_of((100, 60, 260))
    assert windows.detect(frame, smallest_face_px=280) == ()
    assert windows.detect(frame, smallest_face_px=40, largest_face_px=60) == ()


@pytest.mark.parametrize("side", [60, 100, 170, 300, 420])
def test_the_quick_search_finds_what_the_thorough_one_does(
    windows: WindowDetector, scene_of: SceneOf, side: int
) -> None:
    """With scores within 0.1 of each other."""
    frame = scene_of((90, 50, side))
    quick = windows.detect(frame, smallest_face_px=40)
    thorough = windows.detect(frame, smallest_face_px=40, thorough=True)
    assert len(quick) == len(thorough)
    for one, other in zip(quick, thorough, strict=True):
        assert centre(one) == pytest.approx(centre(other), abs=0.2 * other.width_px)
        assert one.score == pytest.approx(other.score, abs=0.1)


def test_a_cut_out_scores_as_the_whole_level_does(model_files: dict[str, Path]) -> None:
    """To the last bit, whichever of its sides were cut: only windows whose view was cut off are left out."""
    assert model_files
    session = Session(load_models(open_pack("dlib-cc0"))["detector"], threads=1, varying_sizes=True)
    pixels = np.random.default_rng(8).uniform(0, 255, (1, 3, 301, 317)).astype(np.float32)
    exact, reach, step = np.array(True), 10, 8
    whole = session.run(pixels, exact, ALL_EDGES)[0][0, 0]
    for top, left in ((False, True), (True, False), (True, True)):
        down, across = (3 * step if cut else 0 for cut in (top, left))
        edges = np.array([0, 0, not top, not left, 0, 0, 1, 1], np.int64)
        part = session.run(np.ascontiguousarray(pixels[:, :, down:, across:]), exact, edges)[0][0, 0]
        row, column = (3 + reach if cut else 0 for cut in (top, left))
        assert (part == whole[row:, column:]).all()


def test_a_face_that_fills_the_frame_is_found(windows: WindowDetector) -> None:
    """As in a chip's photo that was cut close."""
    cut = cv2.resize(drawn_face(640)[130:500, 130:510], (160, 156), interpolation=cv2.INTER_AREA)
    assert len(windows.detect(np.asarray(cut, np.uint8), smallest_face_px=80)) == 1


def test_noise_and_flat_colour_hold_no_face(windows: WindowDetector) -> None:
    """Also where every level had to be searched."""
    noise = np.random.default_rng(3).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    for frame in (noise, np.full((300, 400, 3), 200, np.uint8)):
        assert not [f for f in windows.detect(frame, smallest_face_px=60) if f.score >= CONFIDENT_SCORE]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 140), st.integers(1, 140), st.floats(40, 400))
def test_frames_of_any_size_are_searched(windows: WindowDetector, width: int, height: int, smallest: float) -> None:
    """Down to a single pixel."""
    frame = np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    for face in windows.detect(frame, smallest_face_px=smallest):
        assert face.box[2] > face.box[0]


def test_a_frame_of_another_shape_is_a_broken_contract(windows: WindowDetector) -> None:
    """Also bounds that make no sense."""
    with pytest.raises(FaceContractBroken):
        windows.detect(np.zeros((10, 10), np.uint8), smallest_face_px=80)
    with pytest.raises(FaceContractBroken):
        windows.detect(np.zeros((10, 10, 3), np.uint8), smallest_face_px=0)
    with pytest.raises(FaceContractBroken):
        windows.detect(np.zeros((10, 10, 3), np.uint8), smallest_face_px=80, largest_face_px=40)


@pytest.mark.parametrize("wrong", [{}, {"step_px": "0"}, {"nms_iou": "2"}, {"window_width_px": "wide"}])
def test_a_detector_that_does_not_say_how_its_windows_lie_is_refused(wrong: dict[str, str]) -> None:
    """What was converted by something else cannot be decoded."""
    right = {"window_height_px": "80", "first_centre_px": "14", "reach_steps": "10", "nms_covered": "1.0"}
    facts = right | {"window_width_px": "80", "step_px": "8", "nms_iou": "0.3"} | wrong if wrong else {}
    with pytest.raises(PackRefused):
        read_facts(facts)
