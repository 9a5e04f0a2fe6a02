"""Opting out, unknown facts and birthdays: the reading that protects more wins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.permission import Facts, Permission, Refusal, RefusalReason, may_ask
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, LaneKind, Modality, Status

DAY = date(2026, 11, 22)
ADULT, CHILD = date(1990, 1, 1), date(2020, 1, 1)


def facts(
    status: Status, *, port: str = "AAA", born_on: date | None = ADULT, nationality: str = "", opted_out: bool = False
) -> Facts:
    return Facts(
        status,
        Direction.EXIT,
        LaneKind.BOARDING,
        port,
        nationality=nationality,
        born_on=born_on,
        opted_out=opted_out,
    )


@pytest.mark.parametrize(
    ("status", "port", "born_on", "nationality", "rule_id", "reason"),
    [
        (Status.CITIZEN, "AAA", ADULT, "", "citizen", RefusalReason.OPTED_OUT),
        (Status.ALIEN, "ZZZ", ADULT, "", "alien-elsewhere", RefusalReason.OPTED_OUT),
        (Status.ALIEN, "AAA", ADULT, "", "alien-pilot", RefusalReason.DECLINED),
        (Status.ALIEN, "AAA", ADULT, "QZZ", "alien-pilot", RefusalReason.OPTED_OUT),
        (Status.ALIEN, "AAA", CHILD, "", "alien-young", RefusalReason.OPTED_OUT),
        (Status.UNKNOWN, "AAA", ADULT, "", "citizen", RefusalReason.OPTED_OUT),
    ],
)
def test_whoever_opts_out_is_never_compared(
    small: Rulebook,
    status: Status,
    port: str,
    born_on: date | None,
    nationality: str,
    rule_id: str,
    reason: RefusalReason,
) -> None:
    """Declining ends it under every rule; where the rule required, the reason says so to the officer."""
    declining = facts(status, port=port, born_on=born_on, nationality=nationality, opted_out=True)
    assert may_ask(small, declining, DAY) == Refusal(rule_id, reason, small.sha256)


def test_an_opt_out_that_no_rule_covers_is_still_an_opt_out(small: Rulebook) -> None:
    """What the traveller said is what is recorded."""
    declining = facts(Status.CITIZEN, opted_out=True)
    assert may_ask(small, declining, date(2024, 12, 31)) == Refusal(None, RefusalReason.OPTED_OUT, small.sha256)


@pytest.mark.parametrize(
    ("status", "born_on", "port", "rule_id"),
    [
        (Status.UNKNOWN, ADULT, "AAA", "citizen"),
        (Status.UNKNOWN, CHILD, "AAA", "alien-young"),
        (Status.UNKNOWN, None, "AAA", "alien-young"),
        (Status.ALIEN, None, "AAA", "alien-young"),
        (Status.ALIEN, date(2027, 1, 1), "AAA", "alien-young"),
        (Status.CITIZEN, None, "AAA", "citizen"),
    ],
)
def test_what_is_not_known_is_read_for_the_traveller(
    small: Rulebook, status: Status, born_on: date | None, port: str, rule_id: str
) -> None:
    """Unknown status, unknown age and an impossible birth date get the rule that protects most."""
    assert may_ask(small, facts(status, born_on=born_on, port=port), DAY).rule_id == rule_id


BORN_ON_LEAP_DAY = date(2012, 2, 29)


@pytest.mark.parametrize(
    ("on", "ages"),
    [
        (date(2026, 2, 27), (13,)),
        (date(2026, 2, 28), (13, 14)),
        (date(2026, 3, 1), (14,)),
        (date(2024, 2, 28), (11,)),
        (date(2024, 2, 29), (12,)),
        (date(2100, 2, 28), (87, 88)),
        (date(2012, 2, 29), (0,)),
        (date(2012, 2, 28), ()),
    ],
)
def test_the_age_of_somebody_born_on_a_leap_day(on: date, ages: tuple[int, ...]) -> None:
    """On 28 February of a common year either age is possible; on 1 March it is settled."""
    assert possible_ages(BORN_ON_LEAP_DAY, on) == ages


def test_turning_fourteen_on_a_day_that_does_not_exist(small: Rulebook) -> None:
    """The exemption of the young lasts through 28 February and ends on 1 March."""
    child = facts(Status.ALIEN, born_on=BORN_ON_LEAP_DAY)
    assert may_ask(small, child, date(2026, 2, 28)) == Refusal("alien-young", RefusalReason.NOT_ASKED, small.sha256)
    assert isinstance(may_ask(small, child, date(2026, 3, 1)), Permission)


def test_turning_eighty_on_a_leap_day(us_cbp: Rulebook) -> None:
    """The exemption of the old begins on the birthday itself, which every eightieth year has until 2100."""
    elder = Facts(Status.ALIEN, Direction.ENTRY, LaneKind.ARRIVAL, "BOS", born_on=date(1944, 2, 29))
    assert may_ask(us_cbp, elder, date(2024, 2, 28)).rule_id == "us-alien-entry-2018"
    assert may_ask(us_cbp, elder, date(2024, 2, 29)).rule_id == "us-alien-entry-old-2018"


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(DAYS, st.integers(0, 45000))
@settings(deadline=None)
def test_ages_grow_by_one_a_year(born_on: date, days: int) -> None:
    """An age is the number of birthdays passed, and never falls from one day to the next."""
    on = born_on + timedelta(days=days)
    ages, tomorrow = possible_ages(born_on, on), possible_ages(born_on, on + timedelta(days=1))
    assert abs(ages[0] - days / 365.2425) < 1.01
    assert ages[0] <= tomorrow[0] <= ages[-1] + 1


RANK = {"not asked": 0, "voluntary": 1, "required": 2}


def rank(book: Rulebook, answer: Permission | Refusal) -> int:
    if isinstance(answer, Refusal):
        return 0
    rule = book.rule(answer.rule_id)
    assert rule is not None
    return RANK[rule.ask]


@given(
    DAYS.filter(lambda day: day >= date(2018, 11, 14)),
    st.none() | DAYS,
    st.sampled_from(Direction),
    st.sampled_from(LaneKind),
    st.sampled_from(["BOS", "ORD", "MIASEA", "", "ors"]),
)
@settings(deadline=None)
def test_knowing_less_never_asks_more(
    us_cbp: Rulebook, on: date, born_on: date | None, direction: Direction, lane: LaneKind, port: str
) -> None:
    """On any day at any place, an unknown status or age is asked no more than any status or age would be."""

    def asked(status: Status, born: date | None) -> int:
        return rank(us_cbp, may_ask(us_cbp, Facts(status, direction, lane, port, born_on=born), on))

    for born in (born_on, None):
        assert asked(Status.UNKNOWN, born) == min(asked(status, born) for status in KNOWN_STATUSES)
    for status in Status:
        assert asked(status, None) <= asked(status, born_on)


@given(DAYS, st.sampled_from(Status), st.none() | DAYS, st.sampled_from(Direction), st.sampled_from(LaneKind))
@settings(deadline=None)
def test_every_opt_out_is_refused_on_every_day(
    us_cbp: Rulebook, on: date, status: Status, born_on: date | None, direction: Direction, lane: LaneKind
) -> None:
    """There is no day, place or person for which a declared opt-out is compared."""
    answer = may_ask(us_cbp, Facts(status, direction, lane, "ORD", born_on=born_on, opted_out=True), on)
    assert isinstance(answer, Refusal)
    assert answer.reason in (RefusalReason.OPTED_OUT, RefusalReason.DECLINED)


@given(DAYS.filter(lambda day: day >= date(2018, 11, 14)), st.sampled_from(KNOWN_STATUSES), DAYS)
@settings(deadline=None)
def test_the_answer_is_the_one_rule_whose_text_fits(us_cbp: Rulebook, on: date, status: Status, born_on: date) -> None:
    """Read rule by rule and without the index, exactly one rule in force fits, and it is the one that answers."""
    facts_now = Facts(status, Direction.EXIT, LaneKind.BOARDING, "ORD", born_on=born_on)
    ages = possible_ages(born_on, on)
    if len(ages) != 1:
        return
    fitting = [
        rule.id
        for rule in us_cbp.rules
        if rule.status == "in force"
        and rule.effective_from is not None
        and rule.effective_from <= on <= (rule.effective_to or date.max)
        and status in rule.who.statuses
        and Direction.EXIT in rule.directions
        and LaneKind.BOARDING in rule.lanes
        and Modality.PHOTOGRAPH in rule.modalities
        and not rule.ports.isdisjoint({"any", "ORD"})
        and rule.who.age_from <= ages[0] <= (999 if rule.who.age_to is None else rule.who.age_to)
    ]
    assert fitting == [may_ask(us_cbp, facts_now, on).rule_id]
