"""Frames are enlarged and shrunk without losing their place or gaining false detail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import FaceContractBroken
from fairgate.face.image import check_rgb, enlarged, scaled


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.02, 3))
def test_a_scaled_frame_has_the_size_asked_for(width: int, height: int, factor: float) -> None:
    """Down to one pixel, and with the colour it had."""
    frame = np.full((height, width, 3), (200, 100, 50), np.uint8)
    found = scaled(frame, factor)
    assert found.shape == (max(1, round(height * factor)), max(1, round(width * factor)), 3)
    assert (found == frame[0, 0]).all()


@pytest.mark.parametrize("factor", [0.5, 0.4, 1 / 3, 0.21])
def test_a_bright_spot_stays_at_its_place(factor: float) -> None:
    """To within a pixel of the small frame."""
    frame = np.zeros((300, 400, 3), np.uint8)
    frame[150:170, 240:280] = 255
    found = scaled(frame, factor)[..., 0].astype(float)
    rows, columns = np.indices(found.shape)
    assert (rows * found).sum() / found.sum() == pytest.approx(159.5 * factor, abs=1)
    assert (columns * found).sum() / found.sum() == pytest.approx(259.5 * factor, abs=1)


@pytest.mark.parametrize("factor", [0.5, 0.4, 0.3])
def test_a_checkerboard_of_single_pixels_turns_grey(factor: float) -> None:
    """A tenth of the pattern's strength is left at most, where the blocks are of an odd number of pixels."""
    board = (np.indices((240, 240)).sum(axis=0) % 2 * 255).astype(np.uint8)
    found = scaled(np.repeat(board[..., None], 3, axis=2), factor)
    assert np.abs(found.astype(int) - 127).max() <= 13


@given(st.integers(1, 900), st.integers(1, 900))
def test_only_small_photos_are_enlarged(width: int, height: int) -> None:
    """Until the longer side is 500 px, both sides by the same factor."""
    frame = np.zeros((height, width, 3), np.uint8)
    found, factor = enlarged(frame, 500)
    assert max(found.shape[:2]) == max(500, width, height)
    assert factor == pytest.approx(max(found.shape[:2]) / max(width, height))
    assert factor >= 1


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_pixels_of_another_shape_are_a_broken_contract(wrong: np.typing.NDArray[np.uint8]) -> None:
    """No shape is guessed."""
    with pytest.raises(FaceContractBroken):
        check_rgb(wrong)
