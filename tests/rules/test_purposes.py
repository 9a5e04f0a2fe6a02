"""Purposes and the operating point."""

from __future__ import annotations

from datetime import date

import pytest

from fairgate.errors import PurposeRefused
from fairgate.rules.care import AgeGroup
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


def test_photos_of_children_and_older_people_tune_nothing(us_cbp: Rulebook) -> None:
    """Nor those of people whose age is not known, nor a batch of anybody's."""
    care, on = us_cbp.care, date(2026, 11, 22)
    tuning = "accuracy_tuning"
    adult = care.groups(date(1980, 1, 1), on)
    assert permitted_purpose(us_cbp, tuning, RecordClass.PHOTO, groups=adult).id == tuning
    for born_on in (date(2012, 11, 23), date(1946, 11, 22), None):
        with pytest.raises(PurposeRefused, match="does not extend to records of people who may be"):
            permitted_purpose(us_cbp, tuning, RecordClass.PHOTO, groups=care.groups(born_on, on))
    with pytest.raises(PurposeRefused):
        permitted_purpose(us_cbp, tuning, RecordClass.PHOTO)


def test_another_state_has_no_such_purpose_and_bars_others(example_eu: Rulebook) -> None:
    """A purpose that a rulebook does not name is refused there, whatever another one says."""
    with pytest.raises(PurposeRefused, match="names no purpose 'accuracy_tuning'"):
        permitted_purpose(example_eu, "accuracy_tuning", RecordClass.PHOTO, groups=frozenset({AgeGroup.ADULT}))
    with pytest.raises(PurposeRefused, match="may be: child"):
        permitted_purpose(example_eu, "audit", RecordClass.CROSSING, groups=frozenset({AgeGroup.CHILD}))
    assert permitted_purpose(example_eu, "audit", RecordClass.CROSSING, groups=frozenset({AgeGroup.OLDER}))


@pytest.mark.parametrize(
    ("born_on", "groups", "years"),
    [
        (date(2012, 3, 1), {AgeGroup.CHILD}, 5),
        (date(2012, 2, 28), {AgeGroup.ADULT}, 10),
        (date(2012, 2, 29), {AgeGroup.CHILD, AgeGroup.ADULT}, 5),
        (date(1946, 3, 1), {AgeGroup.ADULT}, 10),
        (date(1946, 2, 28), {AgeGroup.OLDER}, 10),
        (None, set(AgeGroup), 5),
        (date(2027, 1, 1), set(AgeGroup), 5),
    ],
)
def test_age_bands_and_the_age_of_a_reference_photo(
    us_cbp: Rulebook, born_on: date | None, groups: set[AgeGroup], years: int
) -> None:
    """On 28 February 2026; whoever may be in several bands has the photo of the strictest."""
    on = date(2026, 2, 28)
    assert us_cbp.care.groups(born_on, on) == groups
    assert us_cbp.care.longest_reference_age_years(born_on, on) == years
