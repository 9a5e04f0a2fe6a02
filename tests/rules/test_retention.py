"""How long records may live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.rules.retention import erase_by
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass, Status

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record_class", "status", "expected"),
    [
        (RecordClass.PHOTO, Status.CITIZEN, NOON + timedelta(hours=12)),
        (RecordClass.PHOTO, Status.UNKNOWN, NOON + timedelta(hours=12)),
        (RecordClass.PHOTO, Status.ALIEN, NOON + timedelta(days=14)),
        (RecordClass.TEMPLATE, Status.CITIZEN, NOON + timedelta(hours=12)),
        (RecordClass.REFERENCE, Status.ALIEN, NOON + timedelta(days=14)),
        (RecordClass.CHIP_DATA, Status.UNKNOWN, NOON + timedelta(hours=12)),
        (RecordClass.PASSENGER_LIST, Status.CITIZEN, NOON.replace(year=2027)),
        (RecordClass.CROSSING, Status.CITIZEN, NOON.replace(year=2041)),
        (RecordClass.CROSSING, Status.UNKNOWN, NOON.replace(year=2041)),
        (RecordClass.CROSSING, Status.ALIEN, NOON.replace(year=2101)),
        (RecordClass.CASE, Status.ALIEN, NOON.replace(year=2101)),
    ],
)
def test_deadlines_of_the_united_states(
    us_cbp: Rulebook, record_class: RecordClass, status: Status, expected: datetime
) -> None:
    """Twelve hours, fourteen days, fifteen years or seventy-five, by class and person; unknown is the sooner."""
    assert erase_by(us_cbp, record_class, status, NOON) == expected


def test_the_other_rulebook_keeps_for_less(example_eu: Rulebook) -> None:
    """The same code gives the other state's deadlines."""
    assert erase_by(example_eu, RecordClass.PHOTO, Status.UNKNOWN, NOON) == NOON + timedelta(hours=1)
    assert erase_by(example_eu, RecordClass.CROSSING, Status.ALIEN, NOON) == NOON.replace(year=2029)


def test_a_leap_day_is_kept_no_day_too_long(us_cbp: Rulebook) -> None:
    """Fifteen years after 29 February ends on 28 February where the year has no 29th."""
    captured = datetime(2028, 2, 29, 23, 30, tzinfo=UTC)
    expected = datetime(2043, 2, 28, 23, 30, tzinfo=UTC)
    assert erase_by(us_cbp, RecordClass.CROSSING, Status.CITIZEN, captured) == expected


def test_a_time_without_a_zone_is_refused(us_cbp: Rulebook) -> None:
    """A deadline counted from nowhere in particular is none."""
    with pytest.raises(ValueError, match="zone"):
        erase_by(us_cbp, RecordClass.PHOTO, Status.CITIZEN, NOON.replace(tzinfo=None))


MOMENTS = st.datetimes(datetime.fromisoformat("1980-01-01"), datetime.fromisoformat("2500-01-01"))
ZONES = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))


@given(st.builds(lambda moment, zone: moment.replace(tzinfo=zone), MOMENTS, ZONES), st.sampled_from(RecordClass))
@settings(deadline=None)
def test_deadlines_follow_capture_and_do_not_depend_on_the_zone(
    us_cbp: Rulebook, captured: datetime, record_class: RecordClass
) -> None:
    """A deadline lies after capture, is the same moment in every zone, and unknown is never later than known."""
    deadlines = {status: erase_by(us_cbp, record_class, status, captured) for status in Status}
    assert deadlines == {status: erase_by(us_cbp, record_class, status, captured.astimezone(UTC)) for status in Status}
    assert all(deadline > captured for deadline in deadlines.values())
    assert deadlines[Status.UNKNOWN] == min(deadlines.values())


@given(st.builds(lambda moment: moment.replace(tzinfo=UTC), MOMENTS))
@settings(deadline=None)
def test_no_citizens_photograph_outlives_twelve_hours(us_cbp: Rulebook, captured: datetime) -> None:
    """Nor that of anybody who might be one."""
    for status in (Status.CITIZEN, Status.UNKNOWN):
        assert erase_by(us_cbp, RecordClass.PHOTO, status, captured) - captured <= timedelta(hours=12)
