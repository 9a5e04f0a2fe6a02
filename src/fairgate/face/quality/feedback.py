"""What a person can do about a capture that is not good enough: a stable vocabulary, said in plain English.

Codes are for programs and do not change; texts are for people, and other languages get their own. Nothing here names a
number, and nothing says why a face was not matched.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from fairgate.face.quality import (
    background_uniformity,
    contrast,
    crop,
    dynamic_range,
    eyes_covered,
    head_position,
    head_size,
    illumination_evenness,
    inter_eye_distance,
    motion_blur,
    over_exposure,
    roll,
    sharpness,
    under_exposure,
    yaw,
)

if TYPE_CHECKING:
    from fairgate.face.quality.assess import QualityReport


class Feedback(StrEnum):
    """What to do."""

    STEP_INTO_VIEW = "step_into_view"
    ONE_PERSON_PLEASE = "one_person_please"
    COME_CLOSER = "come_closer"
    STEP_BACK = "step_back"
    MOVE_TO_THE_MIDDLE = "move_to_the_middle"
    LOOK_STRAIGHT = "look_straight"
    HOLD_HEAD_UPRIGHT = "hold_head_upright"
    HOLD_STILL = "hold_still"
    FACE_THE_LIGHT = "face_the_light"
    AVOID_GLARE = "avoid_glare"
    PLAIN_BACKGROUND = "plain_background"
    REMOVE_COVER = "remove_cover"


TEXTS: Mapping[Feedback, str] = MappingProxyType(
    {
        Feedback.STEP_INTO_VIEW: "Step in front of the camera.",
        Feedback.ONE_PERSON_PLEASE: "One person at a time, please.",
        Feedback.COME_CLOSER: "Come closer.",
        Feedback.STEP_BACK: "Step back.",
        Feedback.MOVE_TO_THE_MIDDLE: "Move to the middle.",
        Feedback.LOOK_STRAIGHT: "Look straight at the camera.",
        Feedback.HOLD_HEAD_UPRIGHT: "Hold your head upright.",
        Feedback.HOLD_STILL: "Hold still.",
        Feedback.FACE_THE_LIGHT: "Face the light.",
        Feedback.AVOID_GLARE: "Turn away from the bright light.",
        Feedback.PLAIN_BACKGROUND: "Stand before a plain wall.",
        Feedback.REMOVE_COVER: "Remove what covers your face, such as sunglasses.",
    }
)
"""English. A head covering worn for faith stays on where the face is free from brow to chin: the text says face."""

OF_COMPONENT: Mapping[str, Feedback] = MappingProxyType(
    {
        inter_eye_distance.NAME: Feedback.COME_CLOSER,
        crop.NAME: Feedback.MOVE_TO_THE_MIDDLE,
        head_position.NAME: Feedback.MOVE_TO_THE_MIDDLE,
        yaw.NAME: Feedback.LOOK_STRAIGHT,
        roll.NAME: Feedback.HOLD_HEAD_UPRIGHT,
        sharpness.NAME: Feedback.HOLD_STILL,
        motion_blur.NAME: Feedback.HOLD_STILL,
        under_exposure.NAME: Feedback.FACE_THE_LIGHT,
        illumination_evenness.NAME: Feedback.FACE_THE_LIGHT,
        contrast.NAME: Feedback.FACE_THE_LIGHT,
        dynamic_range.NAME: Feedback.FACE_THE_LIGHT,
        over_exposure.NAME: Feedback.AVOID_GLARE,
        background_uniformity.NAME: Feedback.PLAIN_BACKGROUND,
        eyes_covered.NAME: Feedback.REMOVE_COVER,
    }
)
"""What to do where a component fails. A head that fills the frame is told to step back, whatever is cut or small."""


def about_quality(report: QualityReport) -> tuple[Feedback, ...]:
    """Return what to do about a face that failed, the most urgent first, each once; empty where it passed.

    Args:
        report: what was measured.
    """
    too_close = head_size.fills_frame(report.components[head_size.NAME])
    told: dict[Feedback, None] = {}
    for name in report.failed:
        advice = _of(name, report)
        moves = advice in (Feedback.MOVE_TO_THE_MIDDLE, Feedback.COME_CLOSER)
        told.setdefault(Feedback.STEP_BACK if too_close and moves else advice)
    return tuple(told)


def about_capture(*, faces: int) -> tuple[Feedback, ...]:
    """Return what to do about a photo without one subject.

    Args:
        faces: how many were found.
    """
    return (Feedback.ONE_PERSON_PLEASE if faces else Feedback.STEP_INTO_VIEW,)


def _of(name: str, report: QualityReport) -> Feedback:
    if name == head_size.NAME:
        small = report.components[name].native < head_size.LARGEST_GOOD
        return Feedback.COME_CLOSER if small else Feedback.STEP_BACK
    return OF_COMPONENT[name]
