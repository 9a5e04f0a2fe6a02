"""The sentences themselves, at their edges: a check of the checker, by hand from the sources that it cites."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.simulate.rules_by_the_text import (
    Asked,
    Kept,
    Person,
    Place,
    most_protective,
    perhaps_reached,
    surely_reached,
    years_after,
)
from fairgate.simulate.rules_by_the_text_changed import ExampleUnion, UnitedStates

US, UNION = UnitedStates(), ExampleUnion()
ATLANTA = Place("exit", "boarding", "ATL", ZoneInfo("America/New_York"))
BOSTON = Place("exit", "boarding", "BOS", ZoneInfo("America/New_York"))
ARRIVAL = Place("entry", "arrival", "SFO", ZoneInfo("America/Los_Angeles"))
GERMAN = Person(("DEU",), date(1980, 5, 1), (("P", "DEU"),))
LAST_NIGHT = datetime(2025, 12, 26, 4, 59, tzinfo=UTC)
"""23:59 in New York on the last day of the pilot; five hours into the next day in UTC."""


@pytest.mark.parametrize(
    ("person", "place", "moment", "asked"),
    [
        (GERMAN, ATLANTA, LAST_NIGHT, Asked.REQUIRED),
        (GERMAN, BOSTON, LAST_NIGHT, Asked.NOT_ASKED),
        (GERMAN, BOSTON, LAST_NIGHT.replace(hour=5, minute=0), Asked.REQUIRED),
        (GERMAN, ARRIVAL, LAST_NIGHT, Asked.REQUIRED),
        (Person(("USA",), None, alone=False), BOSTON, LAST_NIGHT, Asked.VOLUNTARY),
        (Person(("DEU", "USA"), date(1980, 5, 1)), ATLANTA, LAST_NIGHT, Asked.VOLUNTARY),
        (Person(("ASM",), date(1980, 5, 1)), ATLANTA, LAST_NIGHT, Asked.VOLUNTARY),
        (Person(("CAN",), date(1980, 5, 1)), ATLANTA, LAST_NIGHT, Asked.NOT_ASKED),
        (Person(("CAN",), date(1980, 5, 1), resident=True), ATLANTA, LAST_NIGHT, Asked.REQUIRED),
        (Person(("CAN",), date(1980, 5, 1), visa_class="F-1"), ATLANTA, LAST_NIGHT, Asked.REQUIRED),
        (Person(("FRA",), date(1980, 5, 1), visa_class="A-1"), ATLANTA, LAST_NIGHT, Asked.NOT_ASKED),
        (Person(("FRA",), date(2011, 12, 26)), ATLANTA, LAST_NIGHT, Asked.NOT_ASKED),
        (Person(("FRA",), date(2011, 12, 25)), ATLANTA, LAST_NIGHT, Asked.REQUIRED),
        (Person(("FRA",), date(1945, 12, 25)), ATLANTA, LAST_NIGHT, Asked.NOT_ASKED),
        (Person(("FRA",), date(1945, 12, 26)), ATLANTA, LAST_NIGHT, Asked.REQUIRED),
        (Person(("FRA",), date(2015, 1, 1), alone=False), BOSTON, LAST_NIGHT.replace(day=27), Asked.REQUIRED),
        (Person(("FRA",), date(2015, 1, 1), alone=True), BOSTON, LAST_NIGHT.replace(day=27), Asked.NOT_ASKED),
        (Person(("FRA",), date(2015, 1, 1), alone=False), BOSTON, LAST_NIGHT.replace(day=28), Asked.VOLUNTARY),
        (Person(("XXX",), date(1980, 5, 1)), BOSTON, LAST_NIGHT, Asked.NOT_ASKED),
        (Person(("XXX",), date(1980, 5, 1)), BOSTON, LAST_NIGHT.replace(day=27), Asked.VOLUNTARY),
    ],
)
def test_who_is_asked_in_the_united_states(person: Person, place: Place, moment: datetime, asked: Asked) -> None:
    """Aliens before and after the day, by port, age, nationality and visa; its own people may decline throughout."""
    assert US.asked(person, place, moment) is asked


@pytest.mark.parametrize(
    ("person", "day", "asked"),
    [
        (GERMAN, 26, Asked.REQUIRED),
        (Person(("DEU",), date(1980, 5, 1), visa_class="D"), 26, Asked.NOT_ASKED),
        (Person(("QMA",), date(1980, 5, 1)), 26, Asked.NOT_ASKED),
        (Person(("QMA",), date(1980, 5, 1)), 28, Asked.VOLUNTARY),
        (Person((), date(1980, 5, 1)), 26, Asked.NOT_ASKED),
        (Person(("DEU",), date(1980, 5, 1), (("P", "DEU"), ("IR", "QMA")), resident=True), 26, Asked.REQUIRED),
        (Person(("DEU",), date(1980, 5, 1), (("P", "DEU"), ("I", "QMA"))), 26, Asked.NOT_ASKED),
        (Person(("DEU",), date(2010, 5, 1)), 26, Asked.NOT_ASKED),
        (Person(("DEU",), date(2010, 5, 1), alone=False), 26, Asked.REQUIRED),
    ],
)
def test_who_is_asked_in_the_union(person: Person, day: int, asked: Asked) -> None:
    """Foreigners, except on a long stay; citizens only from the change on; nobody under 16 alone."""
    assert UNION.asked(person, ATLANTA, LAST_NIGHT.replace(day=day)) is asked


@pytest.mark.parametrize(
    ("kept", "person", "until"),
    [
        (Kept.PHOTO, GERMAN, datetime(2025, 12, 26, 16, 59, tzinfo=UTC)),
        (Kept.TEMPLATE, GERMAN, datetime(2026, 1, 9, 4, 59, tzinfo=UTC)),
        (Kept.TEMPLATE, Person(("USA",)), datetime(2025, 12, 26, 16, 59, tzinfo=UTC)),
        (Kept.PASSENGER_LIST, GERMAN, datetime(2026, 12, 26, 4, 59, tzinfo=UTC)),
        (Kept.CROSSING, GERMAN, datetime(2100, 12, 26, 4, 59, tzinfo=UTC)),
        (Kept.CROSSING, Person(("DEU",), resident=True), datetime(2040, 12, 26, 4, 59, tzinfo=UTC)),
        (Kept.CROSSING, Person(("USA",)), datetime(2040, 12, 26, 4, 59, tzinfo=UTC)),
        (Kept.CROSSING, Person(), datetime(2040, 12, 26, 4, 59, tzinfo=UTC)),
    ],
)
def test_how_long_something_is_kept(kept: Kept, person: Person, until: datetime) -> None:
    """Citizens and whoever nobody knows the sooner."""
    assert US.kept_until(kept, person, ATLANTA, LAST_NIGHT) == until


def test_a_leap_day_is_read_protectively() -> None:
    """Born on 29 February, somebody may be 14 on 28 February and surely is on 1 March; nothing is kept a day more."""
    born = Person(born_on=date(2008, 2, 29))
    assert perhaps_reached(14, born, date(2022, 2, 28))
    assert not surely_reached(14, born, date(2022, 2, 28))
    assert surely_reached(14, born, date(2022, 3, 1))
    assert years_after(datetime(2024, 2, 29, 8, tzinfo=UTC), 1) == datetime(2025, 2, 28, 8, tzinfo=UTC)
    assert years_after(datetime(2024, 2, 29, 8, tzinfo=UTC), 4) == datetime(2028, 2, 29, 8, tzinfo=UTC)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.integers(1, 90))
def test_a_birthday_is_in_doubt_on_one_day_in_four_years_at_most(born: date, on: date, years: int) -> None:
    """Whoever surely has it has it perhaps; the two differ for those born on 29 February, on 28 February."""
    surely, perhaps = surely_reached(years, Person(born_on=born), on), perhaps_reached(years, Person(born_on=born), on)
    if born > on:
        assert (surely, perhaps) == (False, True)
    elif surely is not perhaps:
        assert ((born.month, born.day), (on.month, on.day)) == ((2, 29), (2, 28))
        assert perhaps


def test_not_being_asked_protects_more_than_being_free_to_decline() -> None:
    """And that more than being required."""
    assert most_protective(Asked.REQUIRED, Asked.VOLUNTARY) is Asked.VOLUNTARY
    assert most_protective(Asked.VOLUNTARY, Asked.NOT_ASKED) is Asked.NOT_ASKED
    assert most_protective(Asked.REQUIRED) is Asked.REQUIRED
