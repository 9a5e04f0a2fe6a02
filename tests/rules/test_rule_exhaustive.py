"""Over all combinations of both rulebooks: one rule, the protective reading, and nobody compared who declined."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.bench.rules import RuleByRule
from fairgate.rules.ages import possible_ages
from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.explanation import PERMISSIONS, explain, languages_of
from fairgate.rules.permission import Facts, Permission, Refusal, RefusalReason, is_exempt, may_ask
from fairgate.rules.retention import corrected_erase_by, erase_by
from fairgate.rules.rule import ANY_PORT, ELSEWHERE, RuleStatus
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, RecordClass, Status

DAYS = (date(2025, 12, 25), date(2025, 12, 26))
PORTS = ("ORD", "MIASEA", "ZZZ")
VISA_CLASSES = ("", "A-1", "B-2", "E-1", "C", "D", "F-1")
ASKED = {
    RefusalReason.NOT_ASKED: 0,
    RefusalReason.EXEMPT: 0,
    RefusalReason.NO_RULE: 0,
    RefusalReason.GUARDIAN_ABSENT: 0,
}


def books(us_cbp: Rulebook, example_eu: Rulebook) -> tuple[Rulebook, Rulebook]:
    return us_cbp, example_eu


def asked(answer: Permission | Refusal) -> int:
    """Return how much is asked: nothing, what one may decline, or what is required."""
    if isinstance(answer, Permission):
        return 1 if answer.voluntary else 2
    return ASKED[answer.reason]


def born(age_years: int, on: date) -> date:
    """Return a date of birth in the middle of the year that makes somebody of that age."""
    return date(on.year - age_years - 1, 12, 31)


@pytest.mark.parametrize("on", DAYS)
def test_every_age_at_every_place_has_exactly_one_rule(us_cbp: Rulebook, example_eu: Rulebook, on: date) -> None:
    """Ages 0 to 120, every status, direction, lane, biometric and port: read rule by rule, one fits, and it answers."""
    for book in books(us_cbp, example_eu):
        in_force = [
            rule
            for rule in book.rules
            if rule.status is RuleStatus.IN_FORCE
            and rule.effective_from is not None
            and rule.effective_from <= on <= (rule.effective_to or date.max)
        ]
        for direction, lane, modality, port, status in product(
            book.coverage.directions, book.coverage.lanes, book.coverage.modalities, PORTS, KNOWN_STATUSES
        ):
            place = port if port in book.calendar.named_ports else ELSEWHERE
            there = [
                rule
                for rule in in_force
                if direction in rule.directions
                and lane in rule.lanes
                and modality in rule.modalities
                and not rule.ports.isdisjoint({ANY_PORT, place})
                and status in rule.who.statuses
            ]
            for age in range(121):
                fitting = [
                    rule.id
                    for rule in there
                    if rule.who.age_from <= age and (rule.who.age_to is None or age <= rule.who.age_to)
                ]
                facts = Facts(status, direction, lane, port, modality, born_on=born(age, on))
                assert possible_ages(facts.born_on, on) == (age,)
                assert [may_ask(book, facts, on).rule_id] == fitting


FACTS = st.builds(
    Facts,
    status=st.sampled_from(Status),
    direction=st.sampled_from(Direction),
    lane=st.sampled_from(LaneKind),
    port=st.sampled_from(PORTS),
    modality=st.sampled_from(Modality),
    nationality=st.sampled_from(["", "CAN", "TWN", "GBR"]),
    born_on=st.none() | st.dates(date(1905, 1, 1), date(2026, 12, 31)),
    visa_class=st.sampled_from(VISA_CLASSES),
    on_waiver=st.booleans(),
    trusted_traveller=st.booleans(),
    exemptions=st.sampled_from(
        [frozenset[str](), frozenset({"jointly-exempted"}), frozenset({"local-border-traffic"})]
    ),
    guardian=st.sampled_from(Guardian),
    further_nationalities=st.sampled_from([(), ("CAN",)]),
)
SOME_DAY = st.sampled_from(DAYS) | st.dates(date(2018, 1, 1), date(2031, 12, 31))


def with_(facts: Facts, **changed: object) -> Facts:
    """Return the facts with some of them changed."""
    values = {name: getattr(facts, name) for name in Facts.__dataclass_fields__}
    return Facts(**{**values, **changed})


@given(FACTS, SOME_DAY)
@settings(deadline=None, max_examples=300)
def test_knowing_less_never_asks_more(us_cbp: Rulebook, example_eu: Rulebook, facts: Facts, on: date) -> None:
    """An unknown status or date of birth is asked no more than any reading of it would be."""
    for book in books(us_cbp, example_eu):
        answer = asked(may_ask(book, facts, on))
        assert asked(may_ask(book, with_(facts, status=Status.UNKNOWN), on)) <= answer
        assert asked(may_ask(book, with_(facts, born_on=None), on)) <= answer
        assert asked(may_ask(book, with_(facts, status=Status.UNKNOWN, born_on=None), on)) <= answer
        assert asked(may_ask(book, with_(facts, guardian=Guardian.ABSENT), on)) <= answer


@given(FACTS, SOME_DAY)
@settings(deadline=None, max_examples=300)
def test_nobody_who_declines_is_ever_permitted(us_cbp: Rulebook, example_eu: Rulebook, facts: Facts, on: date) -> None:
    """And the rule that is named is the one that would have decided otherwise."""
    for book in books(us_cbp, example_eu):
        answer = may_ask(book, with_(facts, opted_out=True), on)
        otherwise = may_ask(book, facts, on)
        assert isinstance(answer, Refusal)
        assert answer.rule_id == otherwise.rule_id
        was_required = asked(may_ask(book, with_(facts, guardian=Guardian.PRESENT), on)) == 2
        assert answer.reason is (RefusalReason.DECLINED if was_required else RefusalReason.OPTED_OUT)


@given(FACTS, SOME_DAY)
@settings(deadline=None, max_examples=300)
def test_the_index_and_the_rules_read_one_by_one_agree(
    us_cbp: Rulebook, example_eu: Rulebook, facts: Facts, on: date
) -> None:
    """The rival of the benchmark reads every rule and finds the same."""
    for book in books(us_cbp, example_eu):
        assert may_ask(book, facts, on).rule_id == RuleByRule(book).decides(facts, on)


@given(FACTS, SOME_DAY, st.booleans(), st.sampled_from(["en", "es"]))
@settings(deadline=None, max_examples=300)
def test_every_answer_is_explained_in_one_sentence(
    us_cbp: Rulebook, example_eu: Rulebook, facts: Facts, on: date, opted_out: bool, language: str
) -> None:
    """With the rule's identifier and citation, in every language, and nothing left to fill in."""
    for book in books(us_cbp, example_eu):
        assert language in languages_of(book)
        told = explain(book, with_(facts, opted_out=opted_out), on, language)
        assert told.permission in PERMISSIONS
        assert told.sentence.endswith(".")
        assert told.sentence.count(". ") == 0
        assert "{" not in told.sentence
        assert "  " not in told.sentence
        if told.rule_id is not None:
            rule = book.rule(told.rule_id)
            assert rule is not None
            assert rule.status is RuleStatus.IN_FORCE
            assert f"{told.rule_id}: {told.citation}" in told.sentence
        else:
            assert told.citation == ""
            assert book.id in told.sentence


@given(FACTS)
@settings(deadline=None, max_examples=200)
def test_for_photographs_the_change_of_2025_lifts_every_exemption(us_cbp: Rulebook, facts: Facts) -> None:
    """From that day no alien is spared for age, nationality or visa; fingerprints keep their exemptions."""
    for status in (Status.ALIEN, Status.PERMANENT_RESIDENT):
        before, after = (
            may_ask(us_cbp, with_(facts, status=status, modality=Modality.PHOTOGRAPH, guardian=Guardian.PRESENT), on)
            for on in DAYS
        )
        assert asked(after) == 2
        assert asked(before) <= asked(after)
        entering = with_(facts, status=status, modality=Modality.FINGERPRINTS, direction=Direction.ENTRY)
        assert asked(may_ask(us_cbp, entering, DAYS[0])) == asked(may_ask(us_cbp, entering, DAYS[1]))


@given(st.sampled_from(RecordClass), st.sampled_from(Status), st.sampled_from(Status), st.datetimes(), st.booleans())
@settings(deadline=None)
def test_a_correction_never_lengthens_a_deadline(
    us_cbp: Rulebook, record_class: RecordClass, before: Status, after: Status, captured: datetime, exempt: bool
) -> None:
    """Whatever was believed first, the sooner deadline holds; nobody's depends on the order of the two."""
    moment = captured.replace(tzinfo=UTC, year=2000 + captured.year % 100, day=min(captured.day, 28))
    corrected = corrected_erase_by(us_cbp, record_class, before, after, moment, exempt=exempt)
    assert corrected <= erase_by(us_cbp, record_class, before, moment, exempt=exempt)
    assert corrected <= erase_by(us_cbp, record_class, after, moment, exempt=exempt)
    assert corrected == corrected_erase_by(us_cbp, record_class, after, before, moment, exempt=exempt)


@given(FACTS, SOME_DAY)
@settings(deadline=None)
def test_whoever_is_not_asked_is_kept_no_longer_than_a_citizen(us_cbp: Rulebook, facts: Facts, on: date) -> None:
    """A photo of an exempt alien, however it came about, is gone within twelve hours."""
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    exempt = is_exempt(us_cbp, facts, on)
    gone = erase_by(us_cbp, RecordClass.PHOTO, facts.status, noon, exempt=exempt)
    if exempt:
        assert gone - noon <= timedelta(hours=12)
    assert exempt == (asked(may_ask(us_cbp, with_(facts, guardian=Guardian.PRESENT), on)) == 0)
