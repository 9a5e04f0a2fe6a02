"""The levels of a frame: sizes step by step, and grids of windows where dlib's lie."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fairgate.face.pyramid import SMALLEST_LEVEL_PX, Pyramid, levels_of

SIDES = st.integers(1, 3000)


@given(SIDES, SIDES)
def test_levels_shrink_by_a_sixth_and_the_first_is_the_frame(width: int, height: int) -> None:
    """However small the frame, its own size is searched."""
    levels = levels_of(width, height, 8)
    assert (levels[0].width_px, levels[0].height_px) == (width, height)
    for before, after in itertools.pairwise(levels):
        assert after.width_px == before.width_px * 5 // 6
        assert after.height_px == before.height_px * 5 // 6
        assert min(after.width_px, after.height_px) >= SMALLEST_LEVEL_PX


@given(SIDES, SIDES)
def test_every_level_is_large_enough_for_one_window(width: int, height: int) -> None:
    """With its margins a level holds at least the 29 px that one position of the map looks at."""
    for level in levels_of(width, height, 8):
        assert min(level.padded_size) >= 15 + min(level.width_px, level.height_px)
        assert level.left_px >= 7
        assert level.top_px >= 7


def test_grids_lie_where_dlibs_tiles_put_them() -> None:
    """Left and top margins modulo the step, for a frame of 640 x 480.

    The canvas was worked out by hand from dlib's rule: levels down the left edge from (11, 11) with gaps of 10 px until
    the next fits beside, then up the right edge.
    """
    levels = levels_of(640, 480, 8)
    assert [(level.left_px % 8, level.top_px % 8) for level in levels[:4]] == [(3, 3), (3, 5), (3, 7), (3, 6)]


def test_the_largest_face_bounds_the_coarsest_level() -> None:
    """Levels for faces more than a step larger than asked for are left out."""
    assert len(levels_of(640, 480, 8, largest_shrink=1.2)) < len(levels_of(640, 480, 8))


def test_frames_stand_inside_margins_of_the_fill_colour() -> None:
    """Channels in the order R, G, B; every level has the frame's own colour inside."""
    rgb = np.full((120, 160, 3), (10, 20, 30), np.uint8)
    levels = levels_of(160, 120, 8)
    pyramid = Pyramid(rgb, levels, np.array([1, 2, 3], np.float32))
    for number, level in enumerate(levels):
        frame = pyramid.whole(number)
        assert frame.shape == (3, *level.padded_size)
        assert frame[:, 0, 0].tolist() == frame[:, -1, -1].tolist() == [1, 2, 3]
        inside = frame[:, level.top_px : level.top_px + level.height_px, level.left_px : level.left_px + level.width_px]
        assert (inside == np.array([10, 20, 30], np.float32)[:, None, None]).all()


@given(st.tuples(st.integers(0, 120), st.integers(0, 160)), st.tuples(st.integers(1, 60), st.integers(1, 60)))
def test_a_part_of_a_level_is_what_stands_there(start: tuple[int, int], size: tuple[int, int]) -> None:
    """Also where it reaches over the frame into the margins, or lies in them alone."""
    rgb = np.random.default_rng(1).integers(0, 256, (90, 130, 3), dtype=np.uint8)
    levels = levels_of(130, 90, 8)
    pyramid = Pyramid(rgb, levels, np.array([1, 2, 3], np.float32))
    for number, level in enumerate(levels):
        end = (min(start[0] + size[0], level.padded_size[0]), min(start[1] + size[1], level.padded_size[1]))
        if end[0] > start[0] and end[1] > start[1]:
            whole = pyramid.whole(number)[:, start[0] : end[0], start[1] : end[1]]
            assert (pyramid.part(number, start, end) == whole).all()
