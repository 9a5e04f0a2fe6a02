"""Which of the faces in a frame is the capture subject's: the one with the strongest claim by size, place and focus.

A claim is the width of the face, lessened where the face stands towards the frame's edge and where it is blurred. Both
lessen it by half at most, so a face less than a quarter as wide as another never wins, and nobody far away does.

What one frame cannot tell: a sharp print in the middle of the frame is a face like any other. It is set aside only for
being small, or for standing at the edge and being blurred at once; a print of the person's size goes to the officer as
one of several faces, and a much larger one is taken for the subject. Telling a print from a person takes several frames
or a liveness stage.

Source: the rule and its bounds are ours. No frames of gates with bystanders, labelled, were at hand to fit weights on;
the bounds are those of the quality gate, and the halves are a choice. Measured on people alone before a camera (the
602 portraits, and 122 frames of 20 clips): no subject's weight fell below 0.74, so for none was a second look needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.face.quality.sharpness import differences_lost
from fairgate.face.quality.sight import INTER_EYE_CELLS, LUMA_BT709

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.detect import Face

COMPARABLE_SIZE = 0.7
"""Two faces are of one size where the narrower box is at least this fraction of the other: someone beside the subject,
not in the queue behind. A person at 1.4 times the subject's distance appears 0.7 times as wide."""

LEAST_WEIGHT = 0.5
"""What is left of a claim at the frame's very edge, and what is left of it without any sharpness."""

_MIDDLE = 0.5
"""A face whose centre lies in the middle half of the frame, across and down, is in the middle: people step up as they
like, and are not of one height."""

_BLURRED, _SHARP = 0.10, 0.25
"""Ends of the sharpness that counts, in the native value of the quality component: at the first it maps to 0, at the
second it passes the gate."""

_CELLS = 2 * INTER_EYE_CELLS
"""Width of the patch that sharpness is measured on: a face box is about two inter-eye distances wide, so this is the
scale of the quality component."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the frame is about.

    Args:
        subject: the face with the strongest claim.
        rivals: how many other faces could be the subject as well; 0 where the subject is beyond doubt.
    """

    subject: Face
    rivals: int


def centrality(box: tuple[float, float, float, float], width_px: int, height_px: int) -> float:
    """Return 1 for a face in the middle of the frame, :data:`LEAST_WEIGHT` for one centred on its edge.

    Args:
        box: left, top, right, bottom in pixels of the frame; may reach over its edge.
        width_px: the frame's.
        height_px: the frame's.
    """
    left, top, right, bottom = box
    away = max(abs((left + right) / width_px - 1.0), abs((top + bottom) / height_px - 1.0))
    return _weight((1.0 - away) / (1.0 - _MIDDLE))


def focus(rgb: NDArray[np.uint8], box: tuple[float, float, float, float]) -> float:
    """Return 1 for a face as sharp as the quality gate asks for, :data:`LEAST_WEIGHT` for one without detail.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
        box: left, top, right, bottom in pixels of it.
    """
    height, width = rgb.shape[:2]
    left, top, right, bottom = (round(side) for side in box)
    inside = rgb[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    if min(inside.shape[:2]) < 2:
        return LEAST_WEIGHT
    size = (_CELLS, max(2, min(4 * _CELLS, round(_CELLS * inside.shape[0] / inside.shape[1]))))
    shrinks = inside.shape[1] > _CELLS
    luma = cv2.transform(inside, LUMA_BT709)
    patch = np.asarray(
        cv2.resize(luma, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.float32
    )
    native = differences_lost(patch, np.ones(patch.shape, np.bool_))
    return _weight((native - _BLURRED) / (_SHARP - _BLURRED))


def weight(rgb: NDArray[np.uint8], face: Face) -> float:
    """Return what is left of a face's claim after place and focus, from a quarter to 1.

    Where nothing narrower than this share of the widest face is looked for, no stronger claim is missed.

    Args:
        rgb: the frame: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
        face: found in it.
    """
    return centrality(face.box, rgb.shape[1], rgb.shape[0]) * focus(rgb, face.box)


def choose(faces: Sequence[Face], weights: Sequence[float], least_score: float) -> Choice:
    """Return the face with the strongest claim, and how many others could be meant as well.

    1. A face that the detector is not sure of is the subject only where it is sure of none.
    2. The subject is the face whose width times weight is the largest.
    3. Another sure face is a rival where it is of comparable size, or wider than that with a claim of comparable
       strength.

    Args:
        faces: at least one.
        weights: one each, as :func:`weight` gives them; all 1 to choose by size alone.
        least_score: from this detector's score on, a face is sure.
    """
    claims = [(face.width_px * own, face) for face, own in zip(faces, weights, strict=True)]
    sure = [one for one in claims if one[1].score >= least_score]
    strongest, subject = max(sure or claims, key=lambda one: one[0])
    rivals = 0
    for claim, face in sure:
        if face is subject or face.width_px < COMPARABLE_SIZE * subject.width_px:
            continue
        of_one_size = COMPARABLE_SIZE * face.width_px <= subject.width_px
        rivals += of_one_size or claim >= COMPARABLE_SIZE * strongest
    return Choice(subject, rivals)


def _weight(share: float) -> float:
    """Return the weight of a property that is there to this share; below 0 and above 1 it is cut off."""
    return LEAST_WEIGHT + (1.0 - LEAST_WEIGHT) * min(1.0, max(0.0, share))
