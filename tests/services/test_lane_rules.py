"""The rulebook at one lane, at the edges: midnight, time zones, clocks put forward and back, birthdays, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fairgate.outside.rulebook_files import open_rulebook
from fairgate.rules.permission import Permission, Refusal, RefusalReason
from fairgate.services.permissions import LaneRules
from fairgate.vocabulary import Direction, Guardian, LaneKind, RecordClass, Status, TravelDocument, Traveller

NEW_YORK, HONOLULU, GUAM = ZoneInfo("America/New_York"), ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Guam")
ALIEN = Traveller("P0001", "ERIKSSON", "ANNA", born_on=date(1980, 5, 1), nationality="SWE")


def lane(zone: ZoneInfo = NEW_YORK) -> LaneRules:
    return LaneRules(open_rulebook("us-cbp"), lane=LaneKind.BOARDING, purpose="identity_confirmation", port_zone=zone)


def leaving(
    rules: LaneRules, traveller: Traveller, at: datetime, *, guardian: Guardian = Guardian.UNKNOWN
) -> Permission | Refusal:
    return rules.may_ask_at("BOS", Direction.EXIT, traveller, at, guardian=guardian)


@pytest.mark.parametrize(
    ("zone", "last_before", "first_after"),
    [
        (NEW_YORK, "2025-12-26T04:59:59Z", "2025-12-26T05:00:00Z"),
        (HONOLULU, "2025-12-26T09:59:59Z", "2025-12-26T10:00:00Z"),
        (GUAM, "2025-12-25T13:59:59Z", "2025-12-25T14:00:00Z"),
        (ZoneInfo("UTC"), "2025-12-25T23:59:59Z", "2025-12-26T00:00:00Z"),
    ],
)
def test_a_rule_changes_at_midnight_of_the_port(zone: ZoneInfo, last_before: str, first_after: str) -> None:
    """During one boarding, whoever is photographed a second before midnight there is judged by the old rule."""
    rules = lane(zone)
    before = leaving(rules, ALIEN, datetime.fromisoformat(last_before))
    after = leaving(rules, ALIEN, datetime.fromisoformat(first_after))
    assert (before.rule_id, after.rule_id) == ("us-alien-exit-elsewhere-2018", "us-alien-exit-2025")
    assert isinstance(before, Refusal)
    assert isinstance(after, Permission)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-08T06:59:59Z", date(2026, 3, 8)),  # a second to two, before clocks go forward
        ("2026-03-08T07:00:00Z", date(2026, 3, 8)),  # three o'clock: the hour between never was
        ("2026-03-09T03:59:59Z", date(2026, 3, 8)),  # the day has 23 hours
        ("2026-03-09T04:00:00Z", date(2026, 3, 9)),
        ("2026-11-01T05:30:00Z", date(2026, 11, 1)),  # half past one, for the first time
        ("2026-11-01T06:30:00Z", date(2026, 11, 1)),  # half past one again
        ("2026-11-02T04:59:59Z", date(2026, 11, 1)),  # the day has 25 hours
        ("2026-11-02T05:00:00Z", date(2026, 11, 2)),
    ],
)
def test_clocks_put_forward_or_back_make_no_other_day(moment: str, day: date) -> None:
    """A day of 23 or of 25 hours is one day."""
    assert lane().day(datetime.fromisoformat(moment)) == day


def test_a_birthday_between_gallery_and_gate() -> None:
    """Until the change, somebody staged at 79 is not asked at the gate once they are 80: from midnight there."""
    rules = lane()
    elder = replace(ALIEN, born_on=date(1945, 12, 20))
    staged, at_gate = datetime(2025, 12, 20, 3, tzinfo=UTC), datetime(2025, 12, 20, 6, tzinfo=UTC)
    asked_at_staging = rules.may_ask_at("ORD", Direction.EXIT, elder, staged)
    asked_at_gate = rules.may_ask_at("ORD", Direction.EXIT, elder, at_gate)
    assert isinstance(asked_at_staging, Permission)
    assert asked_at_gate == Refusal("us-alien-exit-old-2018", RefusalReason.NOT_ASKED, rules.rulebook_sha256)
    child = replace(ALIEN, born_on=date(2011, 12, 20))
    assert isinstance(rules.may_ask_at("ORD", Direction.EXIT, child, staged), Refusal)
    assert isinstance(rules.may_ask_at("ORD", Direction.EXIT, child, at_gate), Permission)


def test_what_is_listed_of_a_traveller_reaches_the_rules() -> None:
    """Nationalities, visa class, waiver, membership and who stands beside a child."""
    rules = lane()
    card = TravelDocument("F", "1", "USA")
    known = replace(
        ALIEN, visa_class="A-1", on_waiver=True, documents=(card,), further_nationalities=("CAN",), born_on=None
    )
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    facts = rules.facts("BOS", Direction.EXIT, known, at, guardian=Guardian.PRESENT, opted_out=True)
    assert (facts.status, facts.nationality, facts.further_nationalities) == (Status.ALIEN, "SWE", ("CAN",))
    assert (facts.visa_class, facts.on_waiver, facts.trusted_traveller) == ("A-1", True, True)
    assert (facts.guardian, facts.opted_out, facts.born_on) == (Guardian.PRESENT, True, None)
    plain = rules.facts("BOS", Direction.EXIT, ALIEN, at)
    assert (plain.visa_class, plain.on_waiver, plain.trusted_traveller) == ("", False, False)
    assert plain.guardian is Guardian.UNKNOWN


@pytest.mark.parametrize(
    ("guardian", "expected"),
    [(Guardian.PRESENT, "asked"), (Guardian.UNKNOWN, "asked beside a guardian"), (Guardian.ABSENT, "not asked")],
)
def test_a_child_is_asked_beside_a_guardian(guardian: Guardian, expected: str) -> None:
    """Where nobody has said that there is one, the permission says that one is needed."""
    answer = leaving(
        lane(), replace(ALIEN, born_on=date(2015, 1, 1)), datetime(2026, 6, 1, tzinfo=UTC), guardian=guardian
    )
    match answer:
        case Permission(guardian_needed=True):
            assert expected == "asked beside a guardian"
        case Permission():
            assert expected == "asked"
        case Refusal(reason=reason):
            assert (expected, reason) == ("not asked", RefusalReason.GUARDIAN_ABSENT)


def test_a_dual_national_is_a_citizen_wherever_it_counts() -> None:
    """One passport of the state among several nationalities makes the photograph voluntary and short-lived."""
    rules = lane()
    dual = replace(ALIEN, documents=(TravelDocument("P", "1", "SWE"), TravelDocument("P", "2", "USA")))
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert rules.status(dual) is Status.CITIZEN
    answer = leaving(rules, dual, at)
    assert isinstance(answer, Permission)
    assert answer.voluntary
    assert rules.erase_by(RecordClass.PHOTO, rules.status(dual), at) == at + timedelta(hours=12)


def test_a_status_corrected_after_the_capture() -> None:
    """To citizen: twelve hours from the capture, past or not. To alien: nothing is lengthened."""
    rules = lane()
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    sooner = at + timedelta(hours=12)
    assert rules.erase_by(RecordClass.PHOTO, Status.ALIEN, at) == at + timedelta(days=14)
    assert rules.corrected_erase_by(RecordClass.PHOTO, Status.ALIEN, Status.CITIZEN, at) == sooner
    assert rules.corrected_erase_by(RecordClass.PHOTO, Status.CITIZEN, Status.ALIEN, at) == sooner
    assert rules.corrected_erase_by(RecordClass.CROSSING, Status.ALIEN, Status.PERMANENT_RESIDENT, at).year == 2041


def test_whoever_the_rules_did_not_ask_is_kept_no_longer_than_a_citizen() -> None:
    """The lane learns the exemption from the rules of the day, and the deadline from the exemption."""
    rules = lane()
    official = replace(ALIEN, visa_class="G-4")
    at = datetime(2025, 12, 1, 12, tzinfo=UTC)
    exempt = rules.is_exempt("ORD", Direction.EXIT, official, at)
    assert exempt
    assert not rules.is_exempt("ORD", Direction.EXIT, ALIEN, at)
    assert not rules.is_exempt("ORD", Direction.EXIT, official, datetime(2025, 12, 27, tzinfo=UTC))
    assert rules.erase_by(RecordClass.PHOTO, Status.ALIEN, at, exempt=exempt) == at + timedelta(hours=12)


def test_a_leap_day_ends_in_february() -> None:
    """Nothing captured on 29 February is kept a day too long, and a birthday then is settled on 1 March."""
    rules = lane()
    at = datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert rules.erase_by(RecordClass.CROSSING, Status.CITIZEN, at) == datetime(2039, 2, 28, 12, tzinfo=UTC)
    turning_eighty = replace(ALIEN, born_on=date(1940, 2, 29))
    for day, expected in ((28, Permission), (29, Refusal)):
        answer = rules.may_ask_at("ORD", Direction.EXIT, turning_eighty, datetime(2020, 2, day, 12, tzinfo=UTC))
        assert isinstance(answer, expected)
