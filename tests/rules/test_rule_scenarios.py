"""One table of scenarios, two states, two golden answers: the same code reads both rulebooks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fairgate.rules.explanation import permission_of
from fairgate.rules.permission import Facts, may_ask
from fairgate.rules.retention import erase_by
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, RecordClass, Status

ADULT = Facts(Status.ALIEN, Direction.ENTRY, LaneKind.ARRIVAL, "QMX", born_on=date(1980, 1, 1))
LEAVING = replace(ADULT, direction=Direction.EXIT, lane=LaneKind.BOARDING)
PRINTS = replace(ADULT, modality=Modality.FINGERPRINTS)
CHILD = replace(ADULT, born_on=date(2014, 6, 1), guardian=Guardian.PRESENT)
BEFORE, AFTER = date(2025, 12, 25), date(2025, 12, 26)


@dataclass(frozen=True)
class Scenario:
    """Somebody on a day, and what each of the two states answers."""

    name: str
    facts: Facts
    on: date
    us: str
    eu: str


SCENARIOS = (
    Scenario("citizen", replace(ADULT, status=Status.CITIZEN), AFTER, "voluntary", "not_asked"),
    Scenario("national", replace(ADULT, status=Status.NATIONAL), AFTER, "voluntary", "not_asked"),
    Scenario("status not known", replace(ADULT, status=Status.UNKNOWN), AFTER, "voluntary", "not_asked"),
    Scenario("resident", replace(ADULT, status=Status.PERMANENT_RESIDENT), BEFORE, "required", "required"),
    Scenario(
        "resident's fingerprints", replace(PRINTS, status=Status.PERMANENT_RESIDENT), AFTER, "required", "not_asked"
    ),
    Scenario("alien entering, before", ADULT, BEFORE, "required", "required"),
    Scenario("alien leaving, before", LEAVING, BEFORE, "not_asked", "required"),
    Scenario("alien leaving a pilot port, before", replace(LEAVING, port="ORD"), BEFORE, "required", "required"),
    Scenario("alien leaving, after", LEAVING, AFTER, "required", "required"),
    Scenario("child of eleven, before", CHILD, BEFORE, "not_asked", "required"),
    Scenario("child of eleven, after", CHILD, AFTER, "required", "required"),
    Scenario("child alone", replace(CHILD, guardian=Guardian.ABSENT), AFTER, "guardian_absent", "guardian_absent"),
    Scenario(
        "fifteen and alone",
        replace(CHILD, born_on=date(2010, 6, 1), guardian=Guardian.ABSENT),
        AFTER,
        "required",
        "guardian_absent",
    ),
    Scenario(
        "fingerprints of a child of eleven",
        replace(CHILD, modality=Modality.FINGERPRINTS),
        AFTER,
        "not_asked",
        "not_asked",
    ),
    Scenario(
        "fingerprints at twelve",
        replace(PRINTS, born_on=date(2013, 12, 26), guardian=Guardian.PRESENT),
        AFTER,
        "not_asked",
        "required",
    ),
    Scenario("fingerprints at eighty", replace(PRINTS, born_on=date(1945, 12, 26)), AFTER, "not_asked", "required"),
    Scenario("fingerprints on leaving", replace(PRINTS, direction=Direction.EXIT), AFTER, "required", "voluntary"),
    Scenario("Canadian visitor, before", replace(ADULT, nationality="CAN"), BEFORE, "exempt", "required"),
    Scenario("Canadian visitor, after", replace(ADULT, nationality="CAN"), AFTER, "required", "required"),
    Scenario("Canadian's fingerprints, after", replace(PRINTS, nationality="CAN"), AFTER, "exempt", "required"),
    Scenario(
        "Canadian resident, before",
        replace(ADULT, nationality="CAN", status=Status.PERMANENT_RESIDENT),
        BEFORE,
        "required",
        "required",
    ),
    Scenario(
        "Canadian student, before", replace(ADULT, nationality="CAN", visa_class="F-1"), BEFORE, "required", "required"
    ),
    Scenario(
        "Canadian by a second nationality",
        replace(ADULT, nationality="GBR", further_nationalities=("CAN",)),
        BEFORE,
        "exempt",
        "required",
    ),
    Scenario("diplomat, before", replace(ADULT, visa_class="A-1"), BEFORE, "exempt", "required"),
    Scenario("diplomat, after", replace(ADULT, visa_class="A-1"), AFTER, "required", "required"),
    Scenario("diplomat's fingerprints, after", replace(PRINTS, visa_class="A-1"), AFTER, "exempt", "required"),
    Scenario("Taiwan official", replace(ADULT, nationality="TWN", visa_class="E-1"), BEFORE, "exempt", "required"),
    Scenario(
        "trader with the same visa", replace(ADULT, nationality="JPN", visa_class="E-1"), BEFORE, "required", "required"
    ),
    Scenario("on a waiver", replace(PRINTS, on_waiver=True), AFTER, "required", "required"),
    Scenario("short-stay visa", replace(PRINTS, visa_class="C"), AFTER, "required", "exempt"),
    Scenario(
        "that visa, but on a waiver", replace(PRINTS, visa_class="C", on_waiver=True), AFTER, "required", "required"
    ),
    Scenario("long-stay visa", replace(ADULT, visa_class="D"), AFTER, "required", "exempt"),
    Scenario("trusted traveller", replace(PRINTS, trusted_traveller=True), AFTER, "required", "exempt"),
    Scenario("trusted traveller's photograph", replace(ADULT, trusted_traveller=True), AFTER, "required", "required"),
    Scenario(
        "citizen declining", replace(ADULT, status=Status.CITIZEN, opted_out=True), AFTER, "opted_out", "opted_out"
    ),
    Scenario("alien declining", replace(ADULT, opted_out=True), AFTER, "declined", "declined"),
    Scenario(
        "alien declining fingerprints on leaving",
        replace(PRINTS, direction=Direction.EXIT, opted_out=True),
        AFTER,
        "declined",
        "opted_out",
    ),
    Scenario(
        "exempt and declining", replace(ADULT, nationality="CAN", opted_out=True), BEFORE, "opted_out", "declined"
    ),
    Scenario("an officer's phone", replace(ADULT, lane=LaneKind.OFFICER_PHONE), AFTER, "required", "no_rule"),
    Scenario("after one of the books", ADULT, date(2031, 1, 1), "required", "no_rule"),
    Scenario("before both", ADULT, date(2018, 11, 13), "no_rule", "no_rule"),
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_two_states_answer_the_same_question(us_cbp: Rulebook, example_eu: Rulebook, scenario: Scenario) -> None:
    """What differs is in the books, not in the code."""
    answers = [permission_of(may_ask(book, scenario.facts, scenario.on)) for book in (us_cbp, example_eu)]
    assert answers == [scenario.us, scenario.eu]


def test_every_answer_occurs_and_the_two_differ_in_every_one_of_them() -> None:
    """A table in which one of the answers never came up would prove less than it seems to."""
    every = {"required", "voluntary", "not_asked", "exempt", "opted_out", "declined", "guardian_absent", "no_rule"}
    assert {one.us for one in SCENARIOS} == {one.eu for one in SCENARIOS} == every
    assert {one.us for one in SCENARIOS if one.us != one.eu} == every - {"guardian_absent", "no_rule"}


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record_class", "status", "exempt", "us", "eu"),
    [
        (RecordClass.PHOTO, Status.CITIZEN, False, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.PHOTO, Status.NATIONAL, False, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.PHOTO, Status.UNKNOWN, False, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.PHOTO, Status.ALIEN, False, timedelta(days=14), timedelta(days=2)),
        (RecordClass.PHOTO, Status.ALIEN, True, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.PHOTO, Status.PERMANENT_RESIDENT, False, timedelta(days=14), timedelta(days=2)),
        (RecordClass.PHOTO, Status.PERMANENT_RESIDENT, True, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.TEMPLATE, Status.ALIEN, False, timedelta(days=14), timedelta(days=2)),
        (RecordClass.REFERENCE, Status.CITIZEN, False, timedelta(hours=12), timedelta(hours=1)),
        (RecordClass.CHIP_DATA, Status.ALIEN, False, timedelta(days=14), timedelta(days=2)),
        (RecordClass.PASSENGER_LIST, Status.CITIZEN, False, timedelta(days=365), timedelta(days=30)),
        (RecordClass.CROSSING, Status.CITIZEN, False, 15, 3),
        (RecordClass.CROSSING, Status.PERMANENT_RESIDENT, False, 15, 3),
        (RecordClass.CROSSING, Status.ALIEN, False, 75, 3),
        (RecordClass.CROSSING, Status.ALIEN, True, 75, 3),
        (RecordClass.CROSSING, Status.UNKNOWN, False, 15, 3),
        (RecordClass.CASE, Status.ALIEN, False, 75, 3),
        (RecordClass.CASE, Status.NATIONAL, False, 15, 3),
    ],
)
def test_two_states_keep_the_same_record(
    us_cbp: Rulebook,
    example_eu: Rulebook,
    record_class: RecordClass,
    status: Status,
    exempt: bool,
    us: timedelta | int,
    eu: timedelta | int,
) -> None:
    """A number is calendar years; whoever the rules did not ask is kept no longer than a citizen."""
    for book, kept in ((us_cbp, us), (example_eu, eu)):
        gone = erase_by(book, record_class, status, NOON, exempt=exempt)
        assert gone == (NOON.replace(year=NOON.year + kept) if isinstance(kept, int) else NOON + kept)


def test_the_two_books_have_nothing_in_common(us_cbp: Rulebook, example_eu: Rulebook) -> None:
    """Languages, ages, waiting, changes, coverage, deadlines, purposes and error rates all differ."""
    for part in ("languages", "coverage", "state", "care", "opting_out", "changes", "operating_point", "exemptions"):
        assert getattr(us_cbp, part) != getattr(example_eu, part)
    ours, theirs = us_cbp.care, example_eu.care
    assert (ours.child_under, ours.older_from) == (14, 80)
    assert (theirs.child_under, theirs.older_from) == (12, 75)
    assert all(us_cbp.retention[key] != example_eu.retention[key] for key in us_cbp.retention)
    assert not us_cbp.calendar.named_ports & example_eu.calendar.named_ports
    for book in (us_cbp, example_eu):
        assert (book.others.partners_keep_hours, book.others.bystanders_kept_hours) == (0, 0)
