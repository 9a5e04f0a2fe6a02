"""Where the face is: turned, sized, cut by the frame, alone or with others in a large frame. The truth moves along."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import FaceContractBroken
from fairgate.face.image import LARGEST_SIDE_PX, scaled
from fairgate.simulate.degrade_truth import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.simulate.degrade_truth import TrueFace

FRAME_WIDTH_PX, FRAME_HEIGHT_PX = 1280, 720
MOST_FACES = 12
_COLUMNS, _ROWS = 4, 3


class Side(StrEnum):
    """An edge of the frame."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


def rotated(picture: Picture, degrees: float) -> Picture:
    """Return the picture turned about the middle of its largest face, in a frame of the same size.

    Args:
        degrees: positive turns clockwise as seen. What comes in at the corners repeats the edge.
    """
    if degrees == 0:
        return picture
    middle = _largest(picture).centre
    turn = math.radians(degrees)
    linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    matrix = np.hstack([linear, (middle - linear @ middle)[:, None]])
    height, width = picture.rgb.shape[:2]
    turned = cv2.warpAffine(
        picture.rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Picture(np.asarray(turned, np.uint8), tuple(face.moved(matrix) for face in picture.faces))


def resized(picture: Picture, face_width_px: float) -> Picture:
    """Return the whole picture scaled so that the box of its largest face is so wide; to 1 % of it.

    Raises:
        FaceContractBroken: the width is not positive, or the picture would become too large.
    """
    width_px = _largest(picture).width_px
    height, width = picture.rgb.shape[:2]
    if not face_width_px > 0 or max(height, width) * face_width_px / width_px > LARGEST_SIDE_PX:
        raise FaceContractBroken("The width asked for is not positive, or makes the picture too large.")
    factor = face_width_px / width_px
    if factor == 1:
        return picture
    if factor > 1:
        size = (round(width * factor), round(height * factor))
        rgb = np.asarray(cv2.resize(picture.rgb, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    else:
        rgb = scaled(picture.rgb, factor)
    across, down = rgb.shape[1] / width, rgb.shape[0] / height
    matrix = np.array([[across, 0, across / 2 - 0.5], [0, down, down / 2 - 0.5]])
    return Picture(rgb, tuple(face.moved(matrix) for face in picture.faces))


def cut(picture: Picture, share: float, side: Side) -> Picture:
    """Return the picture without what lies beyond a line through its largest face.

    Args:
        share: of the face's box that is lost, in [0, 1); 0 leaves the picture as it is.
        side: where it is cut.

    Raises:
        FaceContractBroken: the share is out of range.
    """
    if not 0 <= share < 1:
        raise FaceContractBroken("The share cut off must lie in [0, 1).")
    if share == 0:
        return picture
    height, width = picture.rgb.shape[:2]
    face = _largest(picture)
    left, top, right, bottom = face.box
    lost = share * face.width_px
    first_column = _within(round(left + lost), width) if side is Side.LEFT else 0
    last_column = _within(round(right - lost), width) if side is Side.RIGHT else width
    first_row = _within(round(top + lost), height) if side is Side.TOP else 0
    last_row = _within(round(bottom - lost), height) if side is Side.BOTTOM else height
    matrix = np.array([[1.0, 0, -first_column], [0, 1.0, -first_row]])
    rgb = np.ascontiguousarray(picture.rgb[first_row:last_row, first_column:last_column])
    return Picture(rgb, tuple(one.moved(matrix) for one in picture.faces))


def clutter(
    scraps: Sequence[NDArray[np.uint8]],
    rng: np.random.Generator,
    *,
    width_px: int = FRAME_WIDTH_PX,
    height_px: int = FRAME_HEIGHT_PX,
    tile_px: int = 160,
) -> NDArray[np.uint8]:
    """Return a background without a face: tiles of things that are none, in any order, mirrored or not.

    Args:
        scraps: uint8, shape (rows, columns, 3), RGB, each at least 2 px a side; none gives a grey wall.
        rng: draws them.
        width_px, height_px: of the background.
        tile_px: side of a tile; a scrap is scaled to fill it.
    """
    wall = np.full((height_px, width_px, 3), 128, np.uint8)
    if not scraps:
        return wall
    for top in range(0, height_px, tile_px):
        for left in range(0, width_px, tile_px):
            scrap = scraps[int(rng.integers(len(scraps)))]
            tile = np.asarray(cv2.resize(scrap, (tile_px, tile_px), interpolation=cv2.INTER_LINEAR), np.uint8)
            if rng.integers(2):
                tile = tile[:, ::-1]
            room = wall[top : top + tile_px, left : left + tile_px]
            room[:] = tile[: room.shape[0], : room.shape[1]]
    return wall


def in_frame(
    pictures: Sequence[Picture], face_width_px: float, background: NDArray[np.uint8], rng: np.random.Generator
) -> Picture:
    """Return a frame with several pictures pasted into it, each in a cell of its own so that no face is hidden.

    Args:
        pictures: 1 to 12; of each the largest face is scaled to the width asked for, and lies wholly in the frame.
        face_width_px: of every face's box.
        background: uint8, shape (height, width, 3), RGB: what lies around them.
        rng: draws where each stands.

    Raises:
        FaceContractBroken: too many pictures, or the faces do not fit.
    """
    if not 1 <= len(pictures) <= MOST_FACES:
        raise FaceContractBroken(f"A frame takes 1 to {MOST_FACES} pictures.")
    frame = np.array(background)
    columns, rows = (1, 1) if len(pictures) == 1 else (_COLUMNS, _ROWS)
    cell = np.array([frame.shape[1] / columns, frame.shape[0] / rows])
    room = cell - 1.2 * face_width_px
    if room.min() < 0:
        raise FaceContractBroken("The faces do not fit into their part of the frame.")
    faces: list[TrueFace] = []
    for place, picture in zip(rng.permutation(columns * rows), pictures, strict=False):
        corner = np.array([place % columns, place // columns]) * cell
        wanted = corner + 0.6 * face_width_px + rng.random(2) * room
        sized = resized(picture, face_width_px)
        shift = np.rint(wanted - _largest(sized).centre).astype(int)
        low = np.maximum(shift, np.ceil(corner).astype(int))
        high = np.minimum(shift + sized.rgb.shape[1::-1], np.floor(corner + cell).astype(int))
        start, end = low - shift, high - shift
        frame[low[1] : high[1], low[0] : high[0]] = sized.rgb[start[1] : end[1], start[0] : end[0]]
        faces.append(_largest(sized).moved(np.hstack([np.eye(2), shift[:, None]])))
    return Picture(frame, tuple(faces))


def _largest(picture: Picture) -> TrueFace:
    if not picture.faces:
        raise FaceContractBroken("The picture has no face to go by.")
    return max(picture.faces, key=lambda face: face.inter_eye_px)


def _within(line: int, side: int) -> int:
    return min(max(line, 1), side - 1)
