"""Golden tables: who may be asked for a photograph on the day before the rule of 2025 and on its first day."""

from __future__ import annotations

from datetime import date

import pytest

from fairgate.rules.permission import Facts, Permission, Refusal, RefusalReason, may_ask
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import Direction, Guardian, LaneKind, Modality, Status

BEFORE, AFTER = date(2025, 12, 25), date(2025, 12, 26)
CITIZEN, ALIEN, UNKNOWN = Status.CITIZEN, Status.ALIEN, Status.UNKNOWN
ENTRY, EXIT = Direction.ENTRY, Direction.EXIT
BIRTHS = {
    13: date(2012, 6, 1),
    14: date(2011, 12, 25),
    45: date(1980, 1, 1),
    79: date(1946, 6, 1),
    80: date(1945, 12, 25),
}

# status, age (None: not known), direction, port, day before, first day.
# R required, v voluntary, - not asked.
GOLDEN = [
    (CITIZEN, 13, ENTRY, "BOS", "v us-citizen", "v us-citizen"),
    (CITIZEN, 45, ENTRY, "BOS", "v us-citizen", "v us-citizen"),
    (CITIZEN, 80, EXIT, "ORD", "v us-citizen", "v us-citizen"),
    (CITIZEN, None, EXIT, "BOS", "v us-citizen", "v us-citizen"),
    (ALIEN, 13, ENTRY, "BOS", "- us-alien-entry-young-2018", "R us-alien-entry-2025"),
    (ALIEN, 14, ENTRY, "BOS", "R us-alien-entry-2018", "R us-alien-entry-2025"),
    (ALIEN, 79, ENTRY, "BOS", "R us-alien-entry-2018", "R us-alien-entry-2025"),
    (ALIEN, 80, ENTRY, "BOS", "- us-alien-entry-old-2018", "R us-alien-entry-2025"),
    (ALIEN, 13, EXIT, "ORD", "- us-alien-exit-young-2018", "R us-alien-exit-2025"),
    (ALIEN, 14, EXIT, "ORD", "R us-alien-exit-pilot-2018", "R us-alien-exit-2025"),
    (ALIEN, 45, EXIT, "ORD", "R us-alien-exit-pilot-2018", "R us-alien-exit-2025"),
    (ALIEN, 45, EXIT, "BOS", "- us-alien-exit-elsewhere-2018", "R us-alien-exit-2025"),
    (ALIEN, 79, EXIT, "ORD", "R us-alien-exit-pilot-2018", "R us-alien-exit-2025"),
    (ALIEN, 80, EXIT, "ORD", "- us-alien-exit-old-2018", "R us-alien-exit-2025"),
    (ALIEN, None, EXIT, "ORD", "- us-alien-exit-young-2018", "R us-alien-exit-2025"),
    (UNKNOWN, 13, EXIT, "ORD", "- us-alien-exit-young-2018", "v us-citizen"),
    (UNKNOWN, 45, EXIT, "ORD", "v us-citizen", "v us-citizen"),
    (UNKNOWN, 45, EXIT, "BOS", "- us-alien-exit-elsewhere-2018", "v us-citizen"),
    (UNKNOWN, None, ENTRY, "BOS", "- us-alien-entry-young-2018", "v us-citizen"),
]


def words(answer: Permission | Refusal) -> str:
    """Return an answer as the table writes it."""
    match answer:
        case Permission(rule_id=rule_id, voluntary=voluntary):
            return f"{'v' if voluntary else 'R'} {rule_id}"
        case Refusal(rule_id=rule_id, reason=RefusalReason.NOT_ASKED):
            return f"- {rule_id}"
        case Refusal(rule_id=rule_id, reason=reason):
            return f"{reason} {rule_id}"


@pytest.mark.parametrize(("status", "age", "direction", "port", "before", "after"), GOLDEN)
def test_who_may_be_asked_before_and_after(
    us_cbp: Rulebook, status: Status, age: int | None, direction: Direction, port: str, before: str, after: str
) -> None:
    """By status, age, direction and port, on 25 and on 26 December 2025."""
    lane = LaneKind.BOARDING if direction is EXIT else LaneKind.ARRIVAL
    facts = Facts(status, direction, lane, port, born_on=BIRTHS[age] if age else None)
    assert words(may_ask(us_cbp, facts, BEFORE)) == before
    assert words(may_ask(us_cbp, facts, AFTER)) == after


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("lane", LaneKind)
@pytest.mark.parametrize("day", [date(2018, 11, 14), BEFORE, AFTER, date(2019, 12, 5), date(2099, 1, 1)])
def test_citizens_are_never_required(us_cbp: Rulebook, direction: Direction, lane: LaneKind, day: date) -> None:
    """At every lane and on every day a citizen may decline; the plan of 2019 never applies."""
    for born_on in (None, *BIRTHS.values()):
        facts = Facts(CITIZEN, direction, lane, "ORD", born_on=born_on, guardian=Guardian.PRESENT)
        answer = may_ask(us_cbp, facts, day)
        assert answer == Permission("us-citizen", us_cbp.rules[0].basis, voluntary=True, rulebook_sha256=us_cbp.sha256)


@pytest.mark.parametrize(
    ("nationality", "exemptions"),
    [("CAN", frozenset[str]()), ("GBR", frozenset({"official-visa"})), ("TWN", frozenset({"taiwan-official"}))],
)
@pytest.mark.parametrize(("direction", "rule"), [(ENTRY, "us-alien-entry-2018"), (EXIT, "us-alien-exit-pilot-2018")])
def test_exemptions_end_with_the_rule_of_2025(
    us_cbp: Rulebook, nationality: str, exemptions: frozenset[str], direction: Direction, rule: str
) -> None:
    """Canadians, diplomats and officials were spared until 25 December 2025, and for photographs are no longer."""
    facts = Facts(
        ALIEN,
        direction,
        LaneKind.BOARDING,
        "ORD",
        nationality=nationality,
        born_on=BIRTHS[45],
        exemptions=exemptions,
    )
    assert may_ask(us_cbp, facts, BEFORE) == Refusal(rule, RefusalReason.EXEMPT, us_cbp.sha256)
    assert isinstance(may_ask(us_cbp, facts, AFTER), Permission)


@pytest.mark.parametrize("modality", Modality)
def test_what_the_rulebook_does_not_cover_is_not_allowed(us_cbp: Rulebook, modality: Modality) -> None:
    """No rule, no permission."""
    facts = Facts(ALIEN, EXIT, LaneKind.BOARDING, "ORD", modality, born_on=BIRTHS[45])
    assert may_ask(us_cbp, facts, date(2018, 11, 13)) == Refusal(None, RefusalReason.NO_RULE, us_cbp.sha256)


@pytest.mark.parametrize(
    ("status", "direction", "modality", "age", "expected"),
    [
        (CITIZEN, ENTRY, Modality.PHOTOGRAPH, 45, "- union-citizen"),
        (ALIEN, ENTRY, Modality.PHOTOGRAPH, 13, "R third-country-face"),
        (ALIEN, ENTRY, Modality.FINGERPRINTS, 45, "R third-country-fingerprints"),
        (ALIEN, EXIT, Modality.FINGERPRINTS, 45, "v third-country-fingerprints-exit"),
        (UNKNOWN, ENTRY, Modality.PHOTOGRAPH, 45, "- union-citizen"),
    ],
)
def test_another_state_runs_through_the_same_code(
    example_eu: Rulebook, status: Status, direction: Direction, modality: Modality, age: int, expected: str
) -> None:
    """An invented union that asks aliens for fingerprints and its citizens for nothing."""
    facts = Facts(status, direction, LaneKind.ARRIVAL, "QMX", modality, born_on=BIRTHS[age])
    assert words(may_ask(example_eu, facts, AFTER)) == expected


def test_a_child_of_eleven_gives_no_fingerprints_to_the_union(example_eu: Rulebook) -> None:
    """The second rulebook's own age limit, on the birthday and on the day before it."""
    facts = Facts(ALIEN, ENTRY, LaneKind.ARRIVAL, "QMX", Modality.FINGERPRINTS, born_on=date(2014, 3, 1))
    assert words(may_ask(example_eu, facts, date(2026, 2, 28))) == "- third-country-fingerprints-child"
    assert words(may_ask(example_eu, facts, date(2026, 3, 1))) == "R third-country-fingerprints"
    assert may_ask(example_eu, facts, date(2031, 1, 1)) == Refusal(None, RefusalReason.NO_RULE, example_eu.sha256)
