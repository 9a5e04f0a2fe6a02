"""Hits and false detections: each face once, each box once, whichever way a detector draws its boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.bench.detection_match import HIT, Box, Tally, agreed, hits, overlap

SIZE = (640, 480)
FACE: Box = (100, 100, 200, 200)

boxes = st.builds(
    lambda x, y, w, h: (float(x), float(y), float(x + w), float(y + h)),
    st.integers(-50, 600),
    st.integers(-50, 440),
    st.integers(1, 200),
    st.integers(1, 200),
)


def around(box: Box, factor: float) -> Box:
    """The same centre, so many times as wide."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, factor * (box[2] - box[0]) / 2
    return (x - half, y - half, x + half, y + half)


@pytest.mark.parametrize(("factor", "hit"), [(0.62, False), (0.64, True), (1, True), (1.57, True), (1.6, False)])
def test_a_box_in_the_right_place_may_differ_in_size_so_much(factor: float, hit: bool) -> None:
    """The bound that the module states."""
    assert hits([FACE], [around(FACE, factor)], SIZE) == int(hit)


def test_the_conventions_of_the_detectors_pass() -> None:
    """Square, or higher than wide as YuNet's, in inter-eye distances around the eyes."""
    for left, top, right, bottom in ((-1.28, -0.8, 1.04, 1.5), (-1.12, -1.24, 1.14, 1.86), (-1.2, -0.71, 1.23, 1.72)):
        assert hits([(-1.2, -0.82, 1.2, 1.58)], [(left, top, right, bottom)], SIZE) == 1


def test_a_second_box_on_one_face_is_false() -> None:
    """So is one on nothing; a face without a box is missed."""
    tally = Tally().with_picture([FACE, (400, 100, 500, 200)], [FACE, around(FACE, 1.1), (0, 300, 90, 390)], SIZE)
    assert tally == Tally(found=1, faces=2, false=2, pictures=1, pictures_with_false=1)
    assert tally.with_picture([], [], SIZE) == Tally(1, 2, 2, 2, 1)


def test_a_cut_face_may_be_drawn_whole_or_as_far_as_it_shows() -> None:
    """Both are right."""
    whole = (-60.0, 100.0, 60.0, 220.0)
    for drawn in (whole, (0.0, 100.0, 60.0, 220.0)):
        assert hits([whole], [drawn], SIZE) == 1


@given(st.lists(boxes, max_size=6), st.lists(boxes, max_size=6))
def test_no_more_hits_than_faces_or_boxes(truth: list[Box], given_boxes: list[Box]) -> None:
    """And the faces themselves are always hit where they do not overlap one another."""
    assert 0 <= hits(truth, given_boxes, SIZE) <= min(len(truth), len(given_boxes))
    apart = [box for n, box in enumerate(truth) if all(overlap(box, other) < HIT for other in truth[:n])]
    assert hits(apart, list(reversed(apart)), SIZE) == len(apart)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_share(first: Box, second: Box) -> None:
    """One of a box with itself."""
    assert overlap(first, second) == overlap(second, first)
    assert 0 <= overlap(first, second) <= 1
    assert overlap(first, first) == 1


def test_a_face_that_nobody_marked_is_what_two_detectors_see() -> None:
    """One alone does not make a face, nor do two boxes of one detector."""
    lonely: Box = (400, 100, 480, 180)
    found = agreed({"a": [FACE, lonely], "b": [around(FACE, 1.1)], "c": [around(FACE, 0.9)]})
    assert np.allclose(found, [FACE])
    assert agreed({"a": [FACE, around(FACE, 1.05)], "b": []}) == ()
