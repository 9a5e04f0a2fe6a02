"""The chip: turned, scaled and moved as its points say, without false detail."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import FaceContractBroken
from fairgate.face.align import chip, similarity, template_points

TEMPLATE = template_points(((0.86, 0.21), (0.65, 0.23), (0.12, 0.21), (0.33, 0.23), (0.49, 0.63)), 0.25, 150)


@given(
    angle=st.floats(-math.pi, math.pi),
    scale=st.floats(0.05, 20),
    x=st.floats(-2000, 2000),
    y=st.floats(-2000, 2000),
)
def test_a_similarity_is_recovered_from_its_points(angle: float, scale: float, x: float, y: float) -> None:
    """Rotation, scale and shift come back exactly where the points follow one."""
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    wanted = np.array([[cos, -sin, x], [sin, cos, y]])
    moved = np.column_stack([TEMPLATE, np.ones(len(TEMPLATE))]) @ wanted.T
    assert similarity(TEMPLATE, moved) == pytest.approx(wanted, abs=1e-6 * max(1.0, scale))


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=5, max_size=5), st.floats(-0.2, 0.2))
def test_no_other_similarity_lies_closer(noise: list[tuple[float, float]], change: float) -> None:
    """Least squares: changing the found rotation and scale makes the residual no smaller."""
    target = TEMPLATE + np.array(noise)
    points = np.column_stack([TEMPLATE, np.ones(len(TEMPLATE))])
    found = similarity(TEMPLATE, target)
    other = found + np.array([[change, -change / 2, change], [change / 2, change, -change]])
    assert ((points @ found.T - target) ** 2).sum() <= ((points @ other.T - target) ** 2).sum() + 1e-6


def test_points_that_coincide_are_a_broken_contract() -> None:
    """They have no scale."""
    with pytest.raises(FaceContractBroken):
        similarity(np.ones((5, 2)), TEMPLATE)


def test_template_points_leave_the_padding_as_margin() -> None:
    """With a padding of a quarter the template fills the middle two thirds."""
    assert template_points(((0.0, 0.0), (1.0, 1.0)), 0.25, 150).tolist() == [[25.0, 25.0], [125.0, 125.0]]


def test_a_chip_of_a_frame_that_is_the_chip_is_the_frame() -> None:
    """Points at their places in the template leave the pixels alone."""
    frame = np.random.default_rng(1).integers(0, 256, (150, 150, 3), dtype=np.uint8)
    assert (chip(frame, TEMPLATE, TEMPLATE, 150) == frame).all()


def test_a_turned_frame_gives_the_chip_of_the_straight_one() -> None:
    """A quarter turn of frame and points together changes nothing but rounding."""
    frame = np.full((200, 200, 3), 90, np.uint8)
    cv2.rectangle(frame, (60, 80), (120, 110), (200, 120, 40), -1)
    straight = chip(frame, TEMPLATE + 25, TEMPLATE, 150)
    turned_points = np.column_stack([199 - (TEMPLATE + 25)[:, 1], (TEMPLATE + 25)[:, 0]])
    turned = chip(np.ascontiguousarray(np.rot90(frame, -1)), turned_points, TEMPLATE, 150)
    assert np.abs(straight.astype(int) - turned).max() <= 2


def test_detail_finer_than_the_chips_pixels_averages_out() -> None:
    """A checkerboard of single pixels at six times the chip's scale is grey in it, not a pattern."""
    board = (np.indices((900, 900)).sum(axis=0) % 2 * 255).astype(np.uint8)
    made = chip(np.repeat(board[..., None], 3, axis=2), TEMPLATE * 6, TEMPLATE, 150)
    inside = made[3:-3, 3:-3].astype(int)
    assert np.abs(inside - 127).max() <= 3


def test_what_lies_outside_the_frame_is_black() -> None:
    """A face cut off by the frame's edge still gives a chip, also where none of it is inside."""
    frame = np.full((100, 100, 3), 255, np.uint8)
    half = chip(frame, TEMPLATE - (75, 0), TEMPLATE, 150)
    assert (half[40:60, :60] == 0).all()
    assert (half[40:60, 100:140] == 255).all()
    assert (chip(frame, TEMPLATE + 5000, TEMPLATE, 150) == 0).all()
