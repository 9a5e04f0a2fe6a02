"""What became of everybody: ways that add up, minutes, and bands of age."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.ending_words import counts_in_words
from fairgate.measure.endings import CaseSeen, Ending, count_bands, count_endings

CASES = st.lists(
    st.builds(
        CaseSeen,
        ending=st.sampled_from([ending.value for ending in Ending]),
        captured=st.booleans(),
        passenger_ref=st.sampled_from([None, "P1", "P2"]),
        minutes=st.one_of(st.none(), st.integers(0, 90)),
        waited_minutes=st.one_of(st.none(), st.floats(0, 90)),
    ),
    max_size=30,
)


@given(CASES)
def test_the_ways_add_up(cases: list[CaseSeen]) -> None:
    """Captures and people without one, each by their endings; nobody is aboard twice."""
    endings = count_endings(cases)
    assert endings.captures + endings.without_capture == len(cases)
    assert endings.captures == sum(endings.of_captures.values())
    assert endings.without_capture == sum(endings.of_others.values())
    assert endings.boarded <= 2
    assert endings.served.median <= endings.served.longest


def test_minutes_are_told_apart() -> None:
    """Those with an officer, those until somebody came, and those of whoever waits still."""
    endings = count_endings(
        [
            CaseSeen("confirmed", minutes=4, waited_minutes=2.0),
            CaseSeen("left", minutes=10, waited_minutes=9.0),
            CaseSeen("waiting", waited_minutes=30.0),
            CaseSeen("matched"),
        ]
    )
    assert (endings.served.people, endings.served.median, endings.served.longest) == (2, 7.0, 10.0)
    assert (endings.waited.people, endings.waited.longest) == (2, 9.0)
    assert (endings.still_waiting.people, endings.still_waiting.longest) == (1, 30.0)
    assert counts_in_words(endings) == [
        "4 captures: 1 matched, 1 confirmed by an officer, 1 left, 1 still waiting.",
        "Aboard: 0, each counted once.",
        "Minutes with an officer, as stated: median 7, longest 10 (2 people).",
        "Minutes waited until called or served: median 5.5, longest 9 (2 people).",
        "Minutes waited so far: median 30, longest 30 (1 person).",
    ]


def test_an_ending_that_does_not_exist_is_refused() -> None:
    """A machine denies nobody anything, so there is no such way to end."""
    with pytest.raises(ScoresRefused):
        count_endings([CaseSeen("denied")])


def test_bands_count_the_list() -> None:
    """Somebody matched and confirmed counts as matched; whoever was not recognised is in no band."""
    cases = [
        CaseSeen("matched", passenger_ref="P1"),
        CaseSeen("confirmed", passenger_ref="P1"),
        CaseSeen("confirmed", passenger_ref="P3"),
        CaseSeen("waiting"),
    ]
    bands = count_bands(cases, {"P1": "child", "P2": "child", "P3": "older"}, frozenset({"P1", "P2"}))
    assert [(row.band, row.listed, row.enrolled, row.matched, row.confirmed) for row in bands] == [
        ("child", 2, 2, 1, 0),
        ("older", 1, 0, 0, 1),
    ]
