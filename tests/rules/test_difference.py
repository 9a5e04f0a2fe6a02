"""Who is treated differently by another text, and what a rulebook holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fairgate.errors import InputRefused
from fairgate.rules.difference import DeadlineChange, People, diff
from fairgate.rules.inventory import inventory
from fairgate.rules.permission import Facts
from fairgate.rules.rule import RuleStatus
from fairgate.rules.rulebook import Rulebook, read_rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, RecordClass, Status

DAY = date(2026, 3, 1)
ALIEN = Facts(Status.ALIEN, Direction.EXIT, LaneKind.BOARDING, "AAA", born_on=date(1990, 1, 1))
POPULATION = [
    People(ALIEN, 7),
    People(replace(ALIEN, port="ZZZ"), 5),
    People(replace(ALIEN, status=Status.CITIZEN), 20),
    People(replace(ALIEN, born_on=date(2013, 1, 1), guardian=Guardian.PRESENT), 3),
    People(replace(ALIEN, opted_out=True)),
]


def test_nothing_changes_where_nothing_is_changed(small: Rulebook, small_text: str) -> None:
    """A comment makes another digest and no other treatment."""
    commented = read_rulebook(f"# Nothing.\n{small_text}")
    found = diff(small, commented, POPULATION, DAY, language="en")
    assert (found.people, found.treated_differently, found.by_another_rule) == (36, 0, 0)
    assert (found.changes, found.deadlines, found.parts) == ((), (), ())


def test_each_kind_of_change_is_counted_and_told(small: Rulebook, small_text: str) -> None:
    """Those who go from one answer to another are counted, with what one of them is told before and after."""
    text = small_text.replace("age_to = 13", "age_to = 10").replace("age_from = 14", "age_from = 11")
    new = read_rulebook(
        text.replace(
            'ask = "voluntary"\ncitation = "Example Act, section 6"',
            'ask = "required"\ncitation = "Example Act, section 6"',
        )
    )
    found = diff(small, new, POPULATION, DAY, language="en")
    assert (found.people, found.treated_differently, found.by_another_rule) == (36, 8, 0)
    assert [(change.count, change.before.permission, change.after.permission) for change in found.changes] == [
        (5, "voluntary", "required"),
        (3, "not_asked", "required"),
    ]
    assert "you are free to decline" in found.changes[0].before.sentence
    assert "it is required here of people aged 11 or older" in found.changes[0].after.sentence
    assert found.changes[1].example.born_on == date(2013, 1, 1)


def test_a_rule_of_another_name_is_not_another_treatment(small: Rulebook, small_text: str) -> None:
    """It is counted apart, and comes after whatever changes for people."""
    new = read_rulebook(small_text.replace('id = "citizen"', 'id = "citizen-2027"'))
    found = diff(small, new, POPULATION, DAY, language="en")
    assert (found.treated_differently, found.by_another_rule) == (0, 20)
    assert [(change.count, change.is_other_treatment) for change in found.changes] == [(20, False)]


def test_longer_and_shorter_deadlines_are_listed(small: Rulebook, small_text: str) -> None:
    """For every class and status, and for those of unknown status where it touches them."""
    found = diff(small, read_rulebook(small_text.replace("hours = 12", "hours = 24")), POPULATION, DAY, language="es")
    before, after = datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert DeadlineChange(RecordClass.PHOTO, Status.CITIZEN, False, before, after) in found.deadlines
    assert {one.status for one in found.deadlines} == {Status.CITIZEN, Status.NATIONAL, Status.UNKNOWN}
    assert {one.record_class for one in found.deadlines} == set(RecordClass)


def test_other_parts_that_differ_are_named(small: Rulebook, small_text: str) -> None:
    """What is not a rule changes people's treatment too."""
    new = read_rulebook(small_text.replace("comment_days = 30", "comment_days = 3").replace("5, adult", "6, adult"))
    assert diff(small, new, POPULATION, DAY, language="en").parts == ("care", "changes")


def test_a_book_may_be_compared_with_itself_across_a_day(us_cbp: Rulebook) -> None:
    """The rules' own dates are a change too."""
    found = diff(us_cbp, us_cbp, POPULATION, date(2025, 12, 25), language="en", new_on=date(2025, 12, 26))
    assert found.treated_differently == 16
    assert {(change.before.permission, change.after.permission) for change in found.changes} == {
        ("not_asked", "required"),
        ("opted_out", "declined"),
    }


def test_sentences_in_a_language_that_one_of_the_two_lacks_are_refused(small: Rulebook, us_cbp: Rulebook) -> None:
    """Both must be explained in it."""
    with pytest.raises(InputRefused, match="not explained in 'de'"):
        diff(small, us_cbp, POPULATION, DAY, language="de")


def test_what_a_rulebook_holds(us_cbp: Rulebook) -> None:
    """Its periods, its rules by status, and everything that was not compared with its source, with the reason."""
    held = inventory(us_cbp)
    assert [(period.first_day, period.last_day) for period in held.periods] == [
        (date(2018, 11, 14), date(2025, 12, 25)),
        (date(2025, 12, 26), None),
    ]
    assert held.rules_by_status[RuleStatus.DROPPED] == 1
    assert sum(held.rules_by_status.values()) == len(us_cbp.rules)
    assert "rules us-alien-exit-2025" in {one.what for one in held.unchecked}
    assert all(one.basis.note for one in held.unchecked)
    assert len(held.unchecked) < held.sources


def test_an_end_of_the_coverage_ends_the_last_period(example_eu: Rulebook) -> None:
    """After it nothing is in force."""
    held = inventory(example_eu)
    assert held.periods[-1].last_day == date(2030, 12, 31)
    assert held.rules_by_status[RuleStatus.PLANNED] == held.rules_by_status[RuleStatus.REPEALED] == 1
    assert held.unchecked == ()
