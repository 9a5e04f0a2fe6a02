"""Feedback: what a person can do, from what failed; codes are stable, each has a text, none holds a number."""

from __future__ import annotations

import re

import pytest

from fairgate.face.quality import Component, QualityReport
from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.face.quality.feedback import OF_COMPONENT, TEXTS, Feedback, about_capture, about_quality


def report(*failed: str, head: float = 0.4) -> QualityReport:
    """Return a report in which these components failed, the worst first."""
    components = {name: Component(0.0, "share", 0 if name in failed else 100) for name in COMPONENT_NAMES}
    components["head_size"] = Component(head, "share", 0 if "head_size" in failed else 100)
    return QualityReport(components, 0 if failed else 100, failed)


def told(found: tuple[Feedback, ...]) -> list[str]:
    return [advice.value for advice in found]


def test_a_capture_that_passed_needs_no_advice() -> None:
    """Nothing is said where nothing failed."""
    assert about_quality(report()) == ()


def test_every_component_that_can_fail_leads_to_advice() -> None:
    """Whatever the gate is set to, an officer's screen has something to say."""
    for name in COMPONENT_NAMES:
        assert len(about_quality(report(name))) == 1, name
    assert set(OF_COMPONENT) | {"head_size"} == set(COMPONENT_NAMES)


def test_advice_keeps_the_order_of_urgency_and_is_said_once() -> None:
    """Dark and flat light are one piece of advice."""
    found = about_quality(report("sharpness", "under_exposure", "contrast", "yaw"))
    assert told(found) == ["hold_still", "face_the_light", "look_straight"]


@pytest.mark.parametrize(
    ("failed", "head", "advice"),
    [
        (("crop",), 0.3, "move_to_the_middle"),
        (("crop",), 1.4, "step_back"),
        (("crop", "head_position"), 1.4, "step_back"),
        (("head_size",), 0.05, "come_closer"),
        (("head_size",), 1.5, "step_back"),
        (("inter_eye_distance",), 0.05, "come_closer"),
    ],
)
def test_a_head_that_fills_the_frame_steps_back(failed: tuple[str, ...], head: float, advice: str) -> None:
    """A cut face is either too near or beside the middle; a small one is too far."""
    assert told(about_quality(report(*failed, head=head))) == [advice]


def test_a_photo_without_one_subject_says_which_way_it_went_wrong() -> None:
    """Nobody, or several."""
    assert told(about_capture(faces=0)) == ["step_into_view"]
    assert told(about_capture(faces=3)) == ["one_person_please"]


def test_every_code_has_a_sentence_without_figures() -> None:
    """A figure would be a score; a sentence ends with a full stop."""
    assert set(TEXTS) == set(Feedback)
    for code, text in TEXTS.items():
        assert re.fullmatch(r"[a-z_]+", code.value)
        assert re.fullmatch(r"[A-Z][A-Za-z ,]+\.", text), text
