"""A head turned to the side, from one frontal photo: an ellipsoid with the photo on it, turned and seen again.

A crude head: half as deep as wide again, without ears or hair of its own, and with a nose that only stands out. It
shortens one half of the face, widens the other, hides what the nose and the curve hide, and smears what the photo
never saw. What it cannot show is how a cheek really looks from the side; pictures of turned people would.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import FaceContractBroken
from fairgate.simulate.degrade_truth import FACE_DROP, Picture, TrueFace

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DEGREES = 60.0

# In inter-eye distances (the adult mean is 63 mm): half the head's breadth (152 mm), half its height (232 mm), and half
# its depth (197 mm); the nose stands out by 20 mm. Source: ISO 7250-3, means of adults, rounded.
_HALF_WIDTH, _HALF_HEIGHT, _HALF_DEPTH = 1.2, 1.85, 1.5
_NOSE_OUT, _NOSE_WIDTH, _NOSE_HEIGHT, _NOSE_DOWN = 0.3, 0.22, 0.35, 0.62
_BACK_FROM_EYES = 0.4
"""The eyes lie on the front of the head and move further than the middle of what is seen of the face, by this share of
their way. Source: boxes of two detectors on turned portraits."""

_RISE_OF_CENTRE = 0.15
"""How far the head's centre lies above the middle of the face."""


def head_turned(picture: Picture, degrees: float) -> Picture:
    """Return the picture with its largest face turned about the head's own upright axis.

    Args:
        picture: one upright face or more; the others stay as they are.
        degrees: positive turns the face towards the picture's right; up to 60 either way, 0 leaves it as it is.

    Raises:
        FaceContractBroken: there is no face, or the turn is too far.
    """
    if not abs(degrees) <= MOST_DEGREES:
        raise FaceContractBroken(f"A head can be turned by {MOST_DEGREES:g} degrees at most.")
    if not picture.faces:
        raise FaceContractBroken("The picture has no face to turn.")
    if degrees == 0:
        return picture
    face = max(picture.faces, key=lambda one: one.inter_eye_px)
    turn = math.radians(degrees)
    rgb = _rendered(picture.rgb, face, turn)
    turned = _turned_truth(face, turn)
    return Picture(rgb, tuple(turned if one is face else one for one in picture.faces))


def _depth(along: NDArray[np.float64], down: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the head stands out of its middle plane, in inter-eye distances; 0 beyond its outline.

    Args:
        along, down: places measured from the head's centre, in inter-eye distances.
    """
    round_part = _HALF_DEPTH * np.sqrt(np.maximum(0, 1 - (along / _HALF_WIDTH) ** 2 - (down / _HALF_HEIGHT) ** 2))
    nose_down = _NOSE_DOWN - (FACE_DROP - _RISE_OF_CENTRE)
    nose = _NOSE_OUT * np.exp(-((along / _NOSE_WIDTH) ** 2) - ((down - nose_down) / _NOSE_HEIGHT) ** 2)
    stands_out: NDArray[np.float64] = np.where(round_part > 0, round_part + nose, 0.0)
    return stands_out


def _rendered(rgb: NDArray[np.uint8], face: TrueFace, turn: float) -> NDArray[np.uint8]:
    """Return the pixels, drawn row by row of the head: of all points that fall on one place, the nearest is seen."""
    unit = face.inter_eye_px
    reach_x, reach_y = round(2.0 * unit), round(_HALF_HEIGHT * unit) + 1
    across = np.arange(-reach_x, reach_x + 1) / unit
    source_x = np.zeros((2 * reach_y + 1, across.size))
    is_head = np.zeros(source_x.shape, bool)
    fine = np.linspace(-_HALF_WIDTH, _HALF_WIDTH, 8 * across.size)
    for row, down in enumerate(np.arange(-reach_y, reach_y + 1) / unit):
        depth = _depth(fine, np.full(fine.size, down))
        on_head = depth > 0
        if not on_head.any():
            continue
        places, depths = fine[on_head], depth[on_head]
        seen_at = places * math.cos(turn) + depths * math.sin(turn)
        nearness = depths * math.cos(turn) - places * math.sin(turn)
        columns = np.rint(seen_at * unit).astype(int) + reach_x
        order = np.argsort(nearness, kind="stable")  # the nearest is written last
        inside = (columns[order] >= 0) & (columns[order] < across.size)
        source_x[row, columns[order][inside]] = places[order][inside]
        is_head[row, columns[order][inside]] = True
    return _pasted(rgb, face, source_x * unit, is_head, (reach_x, reach_y))


def _pasted(
    rgb: NDArray[np.uint8],
    face: TrueFace,
    source_x: NDArray[np.float64],
    is_head: NDArray[np.bool_],
    reach: tuple[int, int],
) -> NDArray[np.uint8]:
    """Return the photo with the turned head in it, its outline softened over two pixels."""
    height, width = rgb.shape[:2]
    centre = _head_centre(face)
    along, down = face.axes
    lines = np.arange(-reach[1], reach[1] + 1, dtype=np.float64)[:, None]
    map_x = (centre[0] + source_x * along[0] + lines * down[0]).astype(np.float32)
    map_y = (centre[1] + source_x * along[1] + lines * down[1]).astype(np.float32)
    head = cv2.remap(rgb, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(is_head.astype(np.float32), (5, 5), 1.0) * is_head
    # The head was drawn upright; put it back as the face stands in the picture.
    placed = np.array(
        [
            [along[0], down[0], centre[0] - along[0] * reach[0] - down[0] * reach[1]],
            [along[1], down[1], centre[1] - along[1] * reach[0] - down[1] * reach[1]],
        ]
    )
    size = (width, height)
    over = cv2.warpAffine(head, placed, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(soft, placed, size, flags=cv2.INTER_LINEAR)[:, :, None]
    return np.asarray(np.rint(over * share + rgb * (1 - share)), np.uint8)


def _turned_truth(face: TrueFace, turn: float) -> TrueFace:
    """Return where the points are after the turn; the face's own size stays what it was."""
    unit, centre, axes = face.inter_eye_px, _head_centre(face), face.axes
    own = (face.points - centre) @ axes.T / unit
    depth = _depth(own[:, 0], own[:, 1])
    moved = np.column_stack([own[:, 0] * math.cos(turn) + depth * math.sin(turn), own[:, 1]])
    turned = TrueFace(moved * unit @ axes + centre)
    shift = float((turned.eyes.mean(axis=0) - face.eyes.mean(axis=0)) @ axes[0]) / unit
    return replace(turned, shortened_to=turned.inter_eye_px / unit, aside=-_BACK_FROM_EYES * shift)


def _head_centre(face: TrueFace) -> NDArray[np.float64]:
    centre: NDArray[np.float64] = face.centre - _RISE_OF_CENTRE * face.inter_eye_px * face.axes[1]
    return centre
