"""A head turned to the side: what is drawn and what is said to be true move together."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.errors import FaceContractBroken
from fairgate.simulate.degrade_place import rotated
from fairgate.simulate.degrade_truth import Picture, TrueFace
from fairgate.simulate.degrade_turn import head_turned

EYES_Y, NOSE = 150.0, (160.0, 190.0)
POINTS = np.array([[200, EYES_Y], [180, EYES_Y], [120, EYES_Y], [140, EYES_Y], NOSE])


def marked() -> Picture:
    """A grey picture with a bright dot on each eye's inner corner and the nose, in colours of their own."""
    rgb = np.full((360, 320, 3), 90, np.uint8)
    for (x, y), channel in zip((POINTS[1], POINTS[3], POINTS[4]), range(3), strict=True):
        rgb[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3] = 0
        rgb[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3, channel] = 255
    return Picture(rgb, (TrueFace(POINTS),))


def dot(rgb: NDArray[np.uint8], channel: int) -> NDArray[np.float64]:
    """Where the dot of a colour lies."""
    others = [one for one in range(3) if one != channel]
    rows, columns = np.nonzero(rgb[:, :, channel].astype(int) - rgb[:, :, others].max(axis=2) > 100)
    return np.array([columns.mean(), rows.mean()])


@pytest.mark.parametrize("degrees", [-30.0, -15.0, 15.0, 30.0])
def test_the_truth_lies_where_the_pixels_went(degrees: float) -> None:
    """Within two pixels, for the two inner eye corners and the nose."""
    turned = head_turned(marked(), degrees)
    for channel, point in enumerate((1, 3, 4)):
        assert np.abs(dot(turned.rgb, channel) - turned.faces[0].points[point]).max() < 2


@pytest.mark.parametrize("degrees", [20.0, 45.0])
def test_turning_either_way_is_mirrored(degrees: float) -> None:
    """A positive turn takes the nose towards the picture's right, a negative one as far to the left."""
    right, left = (head_turned(marked(), one).faces[0] for one in (degrees, -degrees))
    assert right.points[4, 0] > NOSE[0]
    assert right.points[4, 0] - NOSE[0] == pytest.approx(NOSE[0] - left.points[4, 0])


def test_the_face_keeps_its_size() -> None:
    """The eyes come nearer to each other, and the box does not shrink with them."""
    before, after = marked().faces[0], head_turned(marked(), 45).faces[0]
    assert after.inter_eye_px < 0.9 * before.inter_eye_px
    assert after.width_px == pytest.approx(before.width_px)


def test_a_turned_face_moves_with_the_picture() -> None:
    """What is known of the turn is not lost when the picture is turned after it."""
    turned = head_turned(marked(), 45)
    assert rotated(turned, 20).faces[0].width_px == pytest.approx(turned.faces[0].width_px)


def test_what_is_far_from_the_head_stays() -> None:
    """The frame's corners keep their pixels."""
    before, after = marked(), head_turned(marked(), 45)
    assert np.array_equal(before.rgb[-20:], after.rgb[-20:])


def test_no_turn_leaves_the_picture_as_it_is() -> None:
    """To the last bit."""
    picture = marked()
    assert head_turned(picture, 0) is picture


def test_too_far_is_refused() -> None:
    """Beyond sixty degrees the crude head says nothing."""
    with pytest.raises(FaceContractBroken, match="60"):
        head_turned(marked(), 61)


def test_a_picture_without_a_face_is_refused() -> None:
    """There is nothing to turn."""
    with pytest.raises(FaceContractBroken, match="no face"):
        head_turned(Picture(marked().rgb, ()), 10)
