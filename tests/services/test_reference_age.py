"""A reference photo too old for its person's age is not compared; an officer looks, and the reason says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from boarding_parts import capture, never, reference, traveller
from boarding_room import Room
from hypothesis import given
from hypothesis import strategies as st

from fairgate.services.care_at_lane import is_older
from fairgate.services.records import ReferenceState
from fairgate.vocabulary import AgeBand, BiometricClaim, Guardian

CHILD, GROWN = date(2015, 1, 1), date(1980, 1, 1)


def staged(born_on: date | None, *taken_on: date | None) -> Room:
    """Return a flight with one passenger and photos of these days."""
    room = Room(passengers=1)
    photos = [
        replace(reference(1, room.camera(f"person=1 sample={number}")), taken_on=day, label=f"row {number}")
        for number, day in enumerate(taken_on)
    ]
    room.stage([replace(traveller(1), born_on=born_on)], photos)
    return room


@pytest.mark.parametrize(
    ("born_on", "taken_on", "state"),
    [
        (CHILD, date(2021, 11, 22), ReferenceState.ENROLLED),
        (CHILD, date(2021, 11, 21), ReferenceState.NOT_ENROLLABLE),
        (GROWN, date(2021, 11, 21), ReferenceState.ENROLLED),
        (GROWN, date(2016, 11, 21), ReferenceState.NOT_ENROLLABLE),
        (None, date(2021, 11, 21), ReferenceState.NOT_ENROLLABLE),
        (CHILD, None, ReferenceState.ENROLLED),
        (CHILD, date(2027, 1, 1), ReferenceState.ENROLLED),
    ],
)
def test_the_rulebook_says_how_old_a_photo_may_be(
    born_on: date | None, taken_on: date | None, state: ReferenceState
) -> None:
    """Five years for a child and ten for others, on 22 November 2026; of an unknown age the least counts."""
    row = staged(born_on, taken_on).passenger("P0001")
    assert row.state is state
    assert row.reason == (None if state is ReferenceState.ENROLLED else "reference_too_old")


def test_a_claim_of_whose_photo_is_too_old_is_not_compared() -> None:
    """For a child too: the reason is a date in a document, and nothing of a face."""
    room = staged(CHILD, date(2015, 6, 1))
    claim = BiometricClaim(False, "P0001", Guardian.PRESENT, AgeBand.CHILD)
    crossing = room.lane()(replace(capture("a"), claim=claim), never).crossing
    assert (crossing.outcome, crossing.reason, crossing.had_photo) == ("see_officer", "reference_too_old", False)
    assert room.engine.seen == []


def test_a_younger_photo_beside_it_is_compared() -> None:
    """One that is too old is left out, and is not even decoded."""
    room = staged(CHILD, date(2015, 6, 1), date(2025, 6, 1))
    assert len(room.passenger("P0001").sealed_templates) == 1
    assert room.engine.seen == ["person=1 sample=1"]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 15), st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_the_limit_lies_on_the_anniversary(taken_on: date, years: int, today: date) -> None:
    """Older from the day after; of 29 February on 1 March, or where there is none, from the day it would have been."""
    try:
        anniversary = taken_on.replace(year=taken_on.year + years)
    except ValueError:
        anniversary = date(taken_on.year + years, 2, 28)
    expected = taken_on <= today and today > anniversary
    if (taken_on.month, taken_on.day) == (2, 29) and today == anniversary:
        return
    assert is_older(taken_on, years, today) == expected
