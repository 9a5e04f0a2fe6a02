"""Things worn on the face, drawn as plain shapes where its points say. Coverage 0 leaves the picture as it is.

Shapes are given in inter-eye distances from the middle between the eyes, along the eyes and down the face, so they turn
and scale with it. They are crude: they hide what the real thing hides and do not look like it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.simulate.degrade_truth import check_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.simulate.degrade_truth import Picture, TrueFace

_MASK = (185, 205, 220)
_HAT = (45, 50, 70)
_GLASSES = (18, 18, 22)
_SUBPIXEL_BITS = 4
_CHIN, _MASK_HIGHEST = 1.95, 0.3
_CROWN, _HAT_LOWEST = -2.2, -0.3


def masked(picture: Picture, coverage: float) -> Picture:
    """Return the picture with a mask on every face, from below the chin upwards.

    Args:
        coverage: in [0, 1]; 0.5 covers mouth and chin, 1 reaches up the bridge of the nose.
    """
    check_share(coverage)
    if coverage == 0:
        return picture
    top = _CHIN - coverage * (_CHIN - _MASK_HIGHEST)
    outline = [(-1.05, top + 0.15), (-0.45, top), (0.45, top), (1.05, top + 0.15), (0.95, 1.3), (0.5, 1.85), (0, _CHIN)]
    outline += [(-0.5, 1.85), (-0.95, 1.3)]
    shape = [(along, max(down, top)) for along, down in outline]
    return _painted(picture, (shape,), _MASK, 1.0)


def hatted(picture: Picture, coverage: float) -> Picture:
    """Return the picture with a hat on every head, from above the crown downwards.

    Args:
        coverage: in [0, 1]; 0.5 covers the hair, 1 reaches the brows.
    """
    check_share(coverage)
    if coverage == 0:
        return picture
    brim = _CROWN + coverage * (_HAT_LOWEST - _CROWN)
    crown = [(-1.2, brim), (-1.2, _CROWN + 0.5), (-0.8, _CROWN), (0.8, _CROWN), (1.2, _CROWN + 0.5), (1.2, brim)]
    edge = [(-1.6, brim - 0.2), (1.6, brim - 0.2), (1.6, brim), (-1.6, brim)]
    return _painted(picture, ([(along, min(down, brim)) for along, down in crown], edge), _HAT, 1.0)


def sunglassed(picture: Picture, darkness: float) -> Picture:
    """Return the picture with glasses on every face.

    Args:
        darkness: how much of the light the lenses keep back, in [0, 1]; 1 shows nothing of the eyes.
    """
    check_share(darkness)
    if darkness == 0:
        return picture
    angles = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    lenses = [[(side * 0.52 + 0.42 * np.cos(a), 0.05 + 0.32 * np.sin(a)) for a in angles] for side in (-1, 1)]
    rims = [[(-1.1, -0.08), (1.1, -0.08), (1.1, 0.0), (-1.1, 0.0)]]
    return _painted(picture, (*lenses, *rims), _GLASSES, darkness)


def _painted(
    picture: Picture,
    shapes: tuple[list[tuple[float, float]], ...] | list[list[tuple[float, float]]],
    colour: tuple[int, int, int],
    opacity: float,
) -> Picture:
    cover = np.zeros(picture.rgb.shape[:2], np.uint8)
    for face in picture.faces:
        for shape in shapes:
            cv2.fillPoly(cover, [_outline(face, shape)], 255, cv2.LINE_AA, _SUBPIXEL_BITS)
    share = (opacity / 255 * cover.astype(np.float32))[:, :, None]
    painted = picture.rgb * (1 - share) + np.array(colour, np.float32) * share
    return picture.with_pixels(np.rint(painted).astype(np.uint8))


def _outline(face: TrueFace, shape: list[tuple[float, float]]) -> NDArray[np.int32]:
    places = np.stack([face.at(along, down) for along, down in shape])
    outline: NDArray[np.int32] = np.rint(places * 2**_SUBPIXEL_BITS).astype(np.int32)[:, None]
    return outline
