"""The capture subject: chosen by size, place and focus; never a far or blurred face, and never one of two alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.bench.drawn_face import drawn_face
from fairgate.face.detect import Face
from fairgate.face.pipeline import Extracted, Extraction, Pipeline, SeveralFaces
from fairgate.face.subject import COMPARABLE_SIZE, LEAST_WEIGHT, centrality, choose, focus, weight

Rgb = NDArray[np.uint8]
SceneOf = Callable[..., Rgb]
WIDTH, HEIGHT = 640, 480
SURE = 0.5

coordinates = st.floats(-200, 900, allow_nan=False)
sizes = st.floats(4, 600, allow_nan=False)
scores = st.floats(0, 1.2, allow_nan=False)
faces = st.builds(
    lambda x, y, side, score: Face((x, y, x + side, y + side), score), coordinates, coordinates, sizes, scores
)


def face_at(x: float, y: float, width_px: float, score: float = 1.0) -> Face:
    """Return a face by the middle of its box."""
    half = width_px / 2
    return Face((x - half, y - half, x + half, y + half), score)


def test_place_counts_from_the_middle_half_outwards() -> None:
    """Anywhere in the middle half is the middle; at the edge half is left, and no less beyond it."""
    for x, y in ((320, 240), (200, 240), (320, 350)):
        assert centrality(face_at(x, y, 100).box, WIDTH, HEIGHT) == 1.0
    away = [centrality(face_at(x, 240, 100).box, WIDTH, HEIGHT) for x in (480, 530, 580, 640)]
    assert away == sorted(away, reverse=True)
    assert away[-1] == LEAST_WEIGHT
    assert centrality(face_at(900, -100, 100).box, WIDTH, HEIGHT) == LEAST_WEIGHT


def test_focus_falls_with_blur_whatever_the_size(scene_of: SceneOf) -> None:
    """A sharp face keeps its whole claim, a blurred one loses of it."""
    for side in (120, 240, 400):
        frame = scene_of((60, 40, side))
        box = (60 + 0.25 * side, 40 + 0.2 * side, 60 + 0.75 * side, 40 + 0.8 * side)
        kept = [
            focus(np.asarray(cv2.GaussianBlur(frame, (0, 0), sigma * side), np.uint8), box)
            for sigma in (0.002, 0.02, 0.06)
        ]
        assert kept[0] > 0.9
        assert kept == sorted(kept, reverse=True)
        assert kept[-1] < 0.85


def test_a_box_outside_the_frame_has_no_focus() -> None:
    """Nothing of it can be seen."""
    assert focus(np.zeros((100, 100, 3), np.uint8), (150.0, 20.0, 190.0, 60.0)) == LEAST_WEIGHT


@given(st.lists(st.tuples(faces, st.floats(0.25, 1.0)), min_size=1, max_size=12))
def test_the_subject_is_never_far_nor_unsure_where_another_is_sure(found: list[tuple[Face, float]]) -> None:
    """It is one of the faces; a sure one where there is one, at least a quarter as wide as the widest of them."""
    seen = [face for face, _ in found]
    chosen = choose(seen, [own for _, own in found], SURE)
    assert chosen.subject in seen
    sure = [face for face in seen if face.score >= SURE]
    assert 0 <= chosen.rivals <= max(0, len(sure) - 1)
    if sure:
        assert chosen.subject.score >= SURE
        assert chosen.subject.width_px >= 0.25 * max(face.width_px for face in sure) * (1 - 1e-9)
    else:
        assert chosen.rivals == 0


@given(st.lists(st.tuples(faces, st.floats(0.25, 1.0)), min_size=2, max_size=12))
def test_two_sure_faces_of_one_size_always_are_several(found: list[tuple[Face, float]]) -> None:
    """Neither place nor focus decides between people who stand side by side."""
    chosen = choose([face for face, _ in found], [own for _, own in found], SURE)
    wide = chosen.subject.width_px
    alike = [
        face
        for face, _ in found
        if face.score >= SURE and wide * COMPARABLE_SIZE <= face.width_px <= wide / COMPARABLE_SIZE * (1 - 1e-9)
    ]
    if chosen.subject.score >= SURE:
        assert chosen.rivals >= len(alike) - 1


@given(st.lists(faces, min_size=1, max_size=12))
def test_by_size_alone_the_widest_sure_face_is_the_subject(found: list[Face]) -> None:
    """As of a reference photo."""
    chosen = choose(found, [1.0] * len(found), SURE)
    sure = [face for face in found if face.score >= SURE] or found
    assert chosen.subject.width_px == max(face.width_px for face in sure)


@given(faces, faces, st.floats(0.25, 1.0))
def test_nothing_narrower_than_the_widest_faces_weight_can_win(wide: Face, other: Face, own: float) -> None:
    """So a narrower search after the first misses no stronger claim."""
    widest, narrow = (wide, other) if wide.width_px >= other.width_px else (other, wide)
    if narrow.width_px < own * widest.width_px:
        assert choose([widest, narrow], [own, 1.0], 0.0).subject is widest


def test_a_larger_face_is_set_aside_only_where_it_is_plainly_beside_the_point() -> None:
    """At the edge and blurred at once; at the edge alone, or blurred alone, it could be somebody who came close."""
    person = face_at(320, 240, 100)
    poster = face_at(600, 240, 160)
    for own, rivals in ((1.0, None), (0.5, 1), (0.25, 0)):
        chosen = choose([poster, person], [own, 1.0], SURE)
        if rivals is None:
            assert chosen.subject is poster
        else:
            assert chosen.subject is person
            assert chosen.rivals == rivals


def pasted(frame: Rgb, face: Rgb, left: int, top: int) -> None:
    """Lay a square picture over a frame, cut off where it reaches over the edge."""
    height, width = min(face.shape[0], frame.shape[0] - top), min(face.shape[1], frame.shape[1] - left)
    frame[top : top + height, left : left + width] = face[:height, :width]


def extract(engine: Pipeline, rgb: Rgb) -> Extraction:
    ticks = itertools.count()
    return engine.extract(rgb, smallest_face_px=60, timer=lambda: next(ticks) / 1000)


@pytest.mark.needs_component
def test_a_small_print_in_the_background_is_no_subject(engine: Pipeline, scene_of: SceneOf) -> None:
    """As sharp and more in the middle, but small."""
    frame = scene_of((20, 90, 380))
    pasted(frame, np.asarray(cv2.resize(drawn_face(320), (150, 150), interpolation=cv2.INTER_AREA)), 440, 20)
    found = extract(engine, frame)
    assert isinstance(found, Extracted)
    assert found.face.box[2] < 420


@pytest.mark.needs_component
def test_a_large_blurred_poster_at_the_edge_is_set_aside_for_the_person(engine: Pipeline) -> None:
    """The person in the middle is the subject, although the poster is more than half as wide again."""
    frame = np.full((480, 960, 3), 150, np.uint8)
    poster = cv2.GaussianBlur(np.asarray(cv2.resize(drawn_face(320), (420, 420))), (0, 0), 9)
    pasted(frame, np.asarray(poster, np.uint8), 690, 20)
    pasted(frame, np.asarray(cv2.resize(drawn_face(320), (220, 220), interpolation=cv2.INTER_AREA)), 370, 130)
    found = extract(engine, frame)
    assert isinstance(found, Extracted)
    assert 370 < found.face.box[0] < found.face.box[2] < 590
    assert found.face_count >= 1


@pytest.mark.needs_component
def test_a_large_sharp_poster_is_not_decided_upon(engine: Pipeline) -> None:
    """One frame does not tell it from a person, so the frame goes to the officer or shows the person too late."""
    frame = np.full((480, 960, 3), 150, np.uint8)
    pasted(frame, np.asarray(cv2.resize(drawn_face(320), (420, 420))), 690, 20)
    pasted(frame, np.asarray(cv2.resize(drawn_face(320), (260, 260), interpolation=cv2.INTER_AREA)), 350, 130)
    found = extract(engine, frame)
    assert isinstance(found, SeveralFaces)


@pytest.mark.needs_component
def test_an_inspection_shows_every_face_and_says_which_is_the_subject(engine: Pipeline, scene_of: SceneOf) -> None:
    """From left to right, with points and quality in the photo's own pixels; no subject where several could be."""
    one = engine.inspect(scene_of((10, 40, 400), (430, 200, 180)), smallest_face_px=60)
    assert len(one.seen) == 2
    assert one.subject == 0
    assert one.feedback == ()
    for seen in one.seen:
        left, top, right, bottom = seen.face.box
        assert all(left < x < right and top < y < bottom for x, y in seen.landmarks)
        assert "sharpness" in seen.quality.components
    two = engine.inspect(scene_of((10, 90, 300), (330, 100, 290)), smallest_face_px=60)
    assert (len(two.seen), two.subject) == (2, None)
    assert [advice.value for advice in two.feedback] == ["one_person_please"]
    none = engine.inspect(np.full((480, 640, 3), 120, np.uint8), smallest_face_px=60)
    assert (none.seen, none.subject) == ((), None)
    assert [advice.value for advice in none.feedback] == ["step_into_view"]


def test_the_weight_is_place_times_focus(scene_of: SceneOf) -> None:
    """From a quarter to one."""
    frame = scene_of((60, 40, 400))
    sharp = Face((160.0, 120.0, 360.0, 360.0), 1.0)
    aside = Face((540.0, 380.0, 740.0, 580.0), 1.0)
    assert weight(frame, sharp) == pytest.approx(1.0)
    assert weight(frame, aside) == pytest.approx(LEAST_WEIGHT**2, abs=0.05)
