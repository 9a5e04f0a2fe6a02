"""Dates of passenger lists: forms, centuries, and texts that are no dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.papers.paxlst.dates import birth_date, nearest_date, nearest_time

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("780706", "", date(1978, 7, 6)),
        ("541016", "", date(1954, 10, 16)),
        ("261122", "", date(2026, 11, 22)),
        ("261123", "", date(1926, 11, 23)),
        ("000229", "", date(2000, 2, 29)),
        ("280229", "", date(1928, 2, 29)),
        ("270229", "", None),
        ("19260101", "", date(1926, 1, 1)),
        ("19260101", "102", date(1926, 1, 1)),
        ("780706", "101", date(1978, 7, 6)),
        ("780706", "102", None),
        ("20270101", "102", None),
        ("18900101", "102", None),
        ("781306", "", None),
        ("780732", "", None),
        ("78070", "", None),
        ("７８０７０６", "", None),
        ("²80706", "", None),
        ("", "", None),
        ("780706", "718", None),
    ],
)
def test_birth_dates_lie_in_the_past(text: str, form: str, expected: date | None) -> None:
    """A two-digit year is the latest that is not in the future; what cannot be a birth date is none."""
    assert birth_date(text, form, ON) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("310101", date(2031, 1, 1)),
        ("610218", date(2061, 2, 18)),
        ("090916", date(2009, 9, 16)),
        ("760101", date(2076, 1, 1)),
        ("780101", date(1978, 1, 1)),
        ("21990101", date(2199, 1, 1)),
    ],
)
def test_expiry_dates_are_the_nearest(text: str, expected: date) -> None:
    """A two-digit year is the one nearest to the day of reading, before or after."""
    assert nearest_date(text, "", ON) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1701271725", "201", datetime.fromisoformat("2017-01-27T17:25")),
        ("201701271725", "203", datetime.fromisoformat("2017-01-27T17:25")),
        ("1701271725", "", datetime.fromisoformat("2017-01-27T17:25")),
        ("1701271725", "203", None),
        ("1701272400", "201", None),
        ("1701271760", "201", None),
        ("170127", "", None),
    ],
)
def test_times_are_local_to_the_minute(text: str, form: str, expected: datetime | None) -> None:
    """A flight's time has a date, an hour and a minute that exist, and no zone."""
    assert nearest_time(text, form, ON) == expected


@given(st.dates(date(1700, 1, 1), date(2300, 1, 1)), st.integers(0, 36523))
@settings(deadline=None)
def test_two_digits_are_enough_within_a_century(on: date, age_days: int) -> None:
    """Whoever is younger than a hundred gets their own birth date back."""
    born_on = on - timedelta(days=age_days)
    assert birth_date(f"{born_on:%y%m%d}", "", on) == born_on


@given(st.dates(date(1700, 1, 1), date(2300, 1, 1)), st.integers(-18200, 18200))
@settings(deadline=None)
def test_two_digits_are_enough_within_half_a_century(on: date, away_days: int) -> None:
    """An expiry less than fifty years away is found in its own century."""
    day = on + timedelta(days=away_days)
    assert nearest_date(f"{day:%y%m%d}", "", on) == day


@given(st.text(max_size=14), st.text(max_size=4), st.dates())
@settings(deadline=None)
def test_any_text_is_a_date_or_none(text: str, form: str, on: date) -> None:
    """Nothing is raised, whatever stands in the place of a date."""
    for found in (birth_date(text, form, on), nearest_date(text, form, on), nearest_time(text, form, on)):
        assert found is None or isinstance(found, date)
