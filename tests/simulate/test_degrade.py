"""Degraded pictures: what is asked for is what is done, the truth moves with the pixels, strength 0 does nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.bench.detection_portraits import known_drawing
from fairgate.errors import FaceContractBroken
from fairgate.simulate.degrade import KINDS, degraded
from fairgate.simulate.degrade_cover import hatted, masked, sunglassed
from fairgate.simulate.degrade_focus import blurred, coarsened, compressed, motion_blurred, noisy
from fairgate.simulate.degrade_light import contrast_lost, exposed, gamma_changed, lit_from_one_side
from fairgate.simulate.degrade_place import Side, clutter, cut, in_frame, resized, rotated
from fairgate.simulate.degrade_truth import Picture, TrueFace


@cache
def drawing(face_width_px: float = 120) -> Picture:
    """The drawn face, with a dot of pure red on the base of its nose."""
    rgb, points = known_drawing()
    return resized(Picture(rgb, (TrueFace(points),)), face_width_px)


def dotted() -> Picture:
    """A picture whose only red thing lies on the face's fifth point."""
    plain = drawing(200)
    points = np.rint(plain.faces[0].points)
    rgb = np.full_like(plain.rgb, 90)
    cv2.circle(rgb, (int(points[4, 0]), int(points[4, 1])), 4, (255, 0, 0), -1)
    return Picture(rgb, (TrueFace(points),))


def red_dot(rgb: np.ndarray) -> np.ndarray:
    """Where the red thing is: mean position of what is far redder than green."""
    rows, columns = np.nonzero(rgb[:, :, 0].astype(int) - rgb[:, :, 1] > 80)
    return np.array([columns.mean(), rows.mean()])


@pytest.mark.parametrize("kind", KINDS)
def test_strength_zero_is_the_untouched_picture(kind: str) -> None:
    """So that a curve over strengths begins at the truth."""
    plain = drawing()
    same = degraded(plain, kind, 0, np.random.default_rng(0))
    assert np.array_equal(same.rgb, plain.rgb)
    assert np.array_equal(same.faces[0].points, plain.faces[0].points)


@pytest.mark.parametrize("kind", KINDS)
def test_every_strength_keeps_the_form_changes_the_pixels_and_repeats(kind: str) -> None:
    """Pixels stay RGB bytes, the given picture is left alone, the same generator gives the same again."""
    plain = drawing()
    before = plain.rgb.copy()
    for strength in KINDS[kind].strengths:
        first, second = (degraded(plain, kind, strength, np.random.default_rng(7)) for _ in range(2))
        assert first.rgb.dtype == np.uint8
        assert np.array_equal(first.rgb, second.rgb)
        assert len(first.faces) == 1
        if kind == "cut":
            assert min(first.rgb.shape[:2]) < min(plain.rgb.shape[:2])
        else:
            assert first.rgb.shape == plain.rgb.shape
            assert not np.array_equal(first.rgb, plain.rgb)
    assert np.array_equal(plain.rgb, before)


@given(
    kind=st.sampled_from(sorted(set(KINDS) - {"cut"})),
    part=st.floats(0, 1),
    rows=st.integers(40, 90),
    columns=st.integers(40, 90),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=40, deadline=None)
def test_any_pixels_keep_their_form(kind: str, part: float, rows: int, columns: int, seed: int) -> None:
    """Whatever the picture shows and wherever its face lies, even outside it."""
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 256, (rows, columns, 3), np.uint8)
    points = np.array([[30, 0], [20, 0], [0, 0], [10, 0], [15, 15]], np.float64) + rng.uniform(-30, 90, 2)
    picture = Picture(rgb, (TrueFace(points),))
    shown = degraded(picture, kind, part * KINDS[kind].strengths[-1], rng)
    assert shown.rgb.shape == rgb.shape
    assert shown.rgb.dtype == np.uint8


@given(degrees=st.floats(-60, 60))
@settings(max_examples=15, deadline=None)
def test_a_turn_moves_the_truth_with_the_pixels(degrees: float) -> None:
    """The dot is found where the point says, and the eyes' line has turned clockwise as seen."""
    turned = rotated(dotted(), degrees)
    assert red_dot(turned.rgb) == pytest.approx(turned.faces[0].points[4], abs=0.7)
    right, left = turned.faces[0].eyes
    assert math.degrees(math.atan2(left[1] - right[1], left[0] - right[0])) == pytest.approx(degrees, abs=0.1)
    assert turned.faces[0].width_px == pytest.approx(200, rel=0.02)


@given(width_px=st.floats(60, 400))
@settings(max_examples=15, deadline=None)
def test_sizing_moves_the_truth_with_the_pixels(width_px: float) -> None:
    """The face's box has the width asked for."""
    sized = resized(dotted(), width_px)
    assert sized.faces[0].width_px == pytest.approx(width_px, rel=0.02)
    assert red_dot(sized.rgb) == pytest.approx(sized.faces[0].points[4], abs=0.7)


@pytest.mark.parametrize("side", Side)
@given(share=st.floats(0.01, 0.45))
@settings(max_examples=10, deadline=None)
def test_a_cut_takes_the_share_of_the_face_that_was_asked_for(side: Side, share: float) -> None:
    """And moves the truth with the pixels; a point may then lie outside."""
    shown = cut(dotted(), share, side)
    left, top, right, bottom = shown.faces[0].box
    height, width = shown.rgb.shape[:2]
    outside = {Side.LEFT: -left, Side.TOP: -top, Side.RIGHT: right - width, Side.BOTTOM: bottom - height}[side]
    assert outside / (right - left) == pytest.approx(share, abs=0.01)
    x, y = shown.faces[0].points[4]
    if 8 < x < width - 8 and 8 < y < height - 8:
        assert red_dot(shown.rgb) == pytest.approx((x, y), abs=0.7)


@given(count=st.integers(1, 12), seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_a_frame_shows_every_face_whole_and_none_over_another(count: int, seed: int) -> None:
    """Each box lies in the frame, has its width, overlaps no other, and its dot is where its point says."""
    rng = np.random.default_rng(seed)
    frame = in_frame([dotted()] * count, 80, clutter((), rng), rng)
    assert frame.rgb.shape == (720, 1280, 3)
    assert len(frame.faces) == count
    boxes = [face.box for face in frame.faces]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= 1280
        assert bottom <= 720
        assert right - left == pytest.approx(80, rel=0.03)
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
    for face in frame.faces:
        x, y = (round(float(value)) for value in face.points[4])
        assert frame.rgb[y, x, 0] > frame.rgb[y, x, 1] + 60


def test_too_many_faces_or_too_large_ones_are_refused() -> None:
    """A frame that cannot be made is not made wrongly."""
    rng = np.random.default_rng(0)
    for count, width_px in ((0, 80), (13, 80), (12, 300)):
        with pytest.raises(FaceContractBroken):
            in_frame([drawing()] * count, width_px, clutter((), rng), rng)


def test_a_background_is_made_of_the_scraps_alone() -> None:
    """Nothing else gets in; without scraps it is a grey wall."""
    rng = np.random.default_rng(0)
    red, blue = (np.full((40, 40, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 0, 200)))
    colours = {tuple(int(level) for level in colour) for colour in clutter((red, blue), rng).reshape(-1, 3)[::97]}
    assert colours == {(200, 0, 0), (0, 0, 200)}
    assert set(clutter((), rng).flat) == {128}


def test_strengths_mean_the_same_for_every_size_of_face() -> None:
    """A blur given in inter-eye distances looks alike on a face twice as large."""
    small, large = (blurred(drawing(width), 0.08).rgb for width in (100, 200))
    shrunk = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk.astype(int) - small).mean() < 2


def test_light_goes_where_it_was_sent() -> None:
    """Stops double the light, gamma keeps black and white, contrast falls by the share, one side is darker."""
    plain = drawing()
    grey = Picture(np.full((60, 60, 3), 100, np.uint8), plain.faces)
    assert exposed(grey, 1).rgb[0, 0, 0] == 138  # linear 0.1274 doubled, back to sRGB
    ramp = Picture(np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, 2).repeat(2, 0), plain.faces)
    darker = gamma_changed(ramp, 1).rgb[0, :, 0]
    assert (int(darker[0]), int(darker[128]), int(darker[255])) == (0, 64, 255)
    assert contrast_lost(ramp, 0.8).rgb.std() == pytest.approx(0.2 * ramp.rgb.std(), rel=0.02)
    face = plain.faces[0]
    lit = lit_from_one_side(plain, 4).rgb
    (right_x, right_y), (left_x, left_y) = (face.at(side, 0.5) for side in (-0.7, 0.7))
    assert lit[round(left_y), round(left_x)].sum() > 1.5 * lit[round(right_y), round(right_x)].sum()


def test_things_worn_hide_what_they_hide_and_no_more() -> None:
    """A mask leaves the eyes, glasses the mouth, a hat both; the thing turns with the face."""
    for plain in (drawing(), rotated(drawing(), 25)):
        face = plain.faces[0]
        for wear, hidden, shown in (
            (masked, (0, 1.0), (0.5, 0)),
            (sunglassed, (0.5, 0), (0, 1.0)),
            (hatted, (0, -0.6), (0, 1.0)),
        ):
            worn = wear(plain, 1).rgb
            for place, changed in ((hidden, True), (shown, False)):
                x, y = (round(float(value)) for value in face.at(*place))
                assert bool((worn[y, x] != plain.rgb[y, x]).any()) is changed


def test_motion_blurs_along_its_line_only() -> None:
    """A level stroke survives a level motion and is washed out by an upright one."""
    face = drawing().faces
    rgb = np.zeros((200, 200, 3), np.uint8)
    rgb[100] = 255
    level, upright = (motion_blurred(Picture(rgb, face), 0.3, angle).rgb[100, 100, 0] for angle in (0, 90))
    assert level == 255
    assert upright < 40


def test_noise_has_the_spread_asked_for() -> None:
    """In grey levels."""
    grey = Picture(np.full((200, 200, 3), 128, np.uint8), drawing().faces)
    assert noisy(grey, 20, np.random.default_rng(3)).rgb.std() == pytest.approx(20, rel=0.03)


@pytest.mark.parametrize("strength", [-1.0, math.nan, math.inf])
def test_a_strength_that_means_nothing_is_refused(strength: float) -> None:
    """Nothing is guessed."""
    plain, rng = drawing(), np.random.default_rng(0)
    degradations: tuple[Callable[[], object], ...] = (
        lambda: blurred(plain, strength),
        lambda: motion_blurred(plain, strength, 0),
        lambda: coarsened(plain, strength),
        lambda: noisy(plain, strength, rng),
        lambda: masked(plain, strength),
        lambda: contrast_lost(plain, strength),
        lambda: cut(plain, strength, Side.LEFT),
        lambda: resized(plain, strength),
    )
    for degrade in degradations:
        with pytest.raises(FaceContractBroken):
            degrade()
    with pytest.raises(FaceContractBroken):
        compressed(plain, 100)


def test_a_true_face_needs_five_points_and_two_eyes() -> None:
    """A face without a size has no box."""
    for points in (np.zeros((5, 2)), np.zeros((4, 2)), np.full((5, 2), np.nan)):
        with pytest.raises(FaceContractBroken):
            TrueFace(points)
    with pytest.raises(FaceContractBroken):
        rotated(Picture(np.zeros((9, 9, 3), np.uint8), ()), 10)
