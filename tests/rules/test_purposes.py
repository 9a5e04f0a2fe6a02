"""Purposes and the operating point."""

from __future__ import annotations

import pytest

from fairgate.errors import PurposeRefused
from fairgate.rules.purposes import permitted_purpose
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass


def test_a_named_purpose_is_permitted_for_its_classes(us_cbp: Rulebook) -> None:
    """Comparing faces is what photographs and templates are for."""
    assert permitted_purpose(us_cbp, "identity_confirmation", RecordClass.TEMPLATE).id == "identity_confirmation"


@pytest.mark.parametrize(
    ("purpose", "record_class"),
    [
        ("tuning", RecordClass.PHOTO),
        ("", RecordClass.PHOTO),
        ("IDENTITY_CONFIRMATION", RecordClass.PHOTO),
        ("audit", RecordClass.PHOTO),
        ("identity_confirmation", RecordClass.CASE),
    ],
)
def test_an_invented_or_stretched_purpose_is_refused(us_cbp: Rulebook, purpose: str, record_class: RecordClass) -> None:
    """A purpose the rulebook does not name, or not for that class of record, is no purpose."""
    with pytest.raises(PurposeRefused):
        permitted_purpose(us_cbp, purpose, record_class)


def test_operating_points_are_the_rulebooks_own(us_cbp: Rulebook, example_eu: Rulebook) -> None:
    """Error rates and the floor are data, and differ from state to state."""
    point = us_cbp.operating_point
    assert (point.fmr, point.fpir, point.match_floor) == (1e-4, 0.003, 0.97)
    other = example_eu.operating_point
    assert (other.fmr, other.fpir, other.match_floor) == (5e-4, 0.001, 0.95)
