"""The rulebook in force is the one that was adopted, by the day at the port; what says so is checked at the start."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from boarding_parts import traveller
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook_room import ANNA, BERT, FIRST, KEYS, SECOND, THIRD, RulebookRoom

from fairgate.errors import PurposeRefused, RulebookNotAdopted
from fairgate.services.enrol_actor import withdraw_actor
from fairgate.services.permissions import LaneRules
from fairgate.services.records import FlightRecord
from fairgate.services.rulebook_line import adopted, staged_under
from fairgate.services.rulebook_records import Signed
from fairgate.store.memory import MemoryStore
from fairgate.vocabulary import Direction, LaneKind

NEW_YORK = ZoneInfo("America/New_York")


def sha_of(room: RulebookRoom, number: int) -> str:
    with room.store.reading() as transaction:
        return transaction.rulebook_adoptions()[number].sha256


def test_nothing_adopted_refuses_to_start() -> None:
    """Neither does what is proposed, what one person signed, or another state's rulebook."""
    room = RulebookRoom()
    with pytest.raises(RulebookNotAdopted, match="was not adopted in this data folder"):
        room.line()
    proposal = room.propose()
    room.clock.now = proposal.terms.comments_until
    room.adopt(proposal, ANNA)
    with pytest.raises(RulebookNotAdopted):
        room.line()
    assert adopted(room.store) == frozenset()
    room.adopt(proposal, BERT)
    assert room.line().today().sha256 == proposal.terms.sha256
    assert adopted(room.store) == {proposal.terms.sha256}


def test_an_adopted_rulebook_waits_for_its_first_day() -> None:
    """Before it, the one before holds; where there is none, nothing starts."""
    room = RulebookRoom(port_zone=NEW_YORK)
    first_day = room.in_days(60)
    room.adopted(FIRST, effective_from=first_day)
    with pytest.raises(RulebookNotAdopted, match=f"not in force before {first_day}"):
        room.line()
    room.clock.now = datetime.combine(first_day, datetime.min.time(), NEW_YORK).astimezone(UTC)
    assert room.line().today().sha256 == sha_of(room, 0)


def test_a_boarding_that_runs_across_the_change_answers_by_the_day_at_the_port() -> None:
    """Not by the day in Greenwich, not by the day when it began; and it need not be started again."""
    room = RulebookRoom(port_zone=NEW_YORK)
    room.adopted(FIRST)
    line = room.line()
    rules = LaneRules(line, lane=LaneKind.BOARDING, purpose="identity_confirmation", port_zone=NEW_YORK)
    first_day = room.in_days(45)
    room.adopted(SECOND, effective_from=first_day)
    midnight = datetime.combine(first_day, datetime.min.time(), NEW_YORK)
    flight = FlightRecord("F", Direction.EXIT, "BOS", "11" * 32, "22" * 32, sha_of(room, 0), midnight)

    def asked_under(at: datetime) -> str:
        room.clock.now = at.astimezone(UTC)
        permission = rules.may_ask(flight, traveller(1), at)
        return permission.rulebook_sha256

    assert asked_under(midnight - timedelta(seconds=1)) == sha_of(room, 0)
    assert rules.rulebook_sha256 == sha_of(room, 0)
    assert asked_under(midnight) == sha_of(room, 1)
    assert rules.rulebook_sha256 == sha_of(room, 1)
    assert rules.may_ask(flight, traveller(1), midnight - timedelta(hours=1)).rulebook_sha256 == sha_of(room, 0)


def test_a_rulebook_adopted_now_applies_at_once_to_a_lane_that_is_open() -> None:
    """Also where it takes the lane's purpose away: then nobody is compared any more."""
    room = RulebookRoom()
    room.adopted(FIRST)
    rules = LaneRules(room.line(), lane=LaneKind.BOARDING, purpose="identity_confirmation", port_zone=UTC)
    room.adopted(SECOND)
    room.clock.forward(seconds=2)
    assert rules.rulebook_sha256 == sha_of(room, 1)
    room.adopted(FIRST.replace('id = "identity_confirmation"', 'id = "something_else"'))
    room.clock.forward(seconds=2)
    with pytest.raises(PurposeRefused):
        rules.require_allowed()


def test_a_gallery_staged_under_an_earlier_rulebook_goes_on() -> None:
    """Staging again is neither required nor a conflict within one line; another line's rulebook is one."""
    room = RulebookRoom()
    room.adopted(FIRST)
    kept = FlightRecord("F", Direction.EXIT, "BOS", "11" * 32, "22" * 32, sha_of(room, 0), room.clock())
    with room.store.writing() as transaction:
        transaction.add_flight(kept)
    room.adopted(SECOND)
    offered = dataclasses.replace(kept, rulebook_sha256=sha_of(room, 1), staged_at=room.clock())
    assert staged_under(room.store, room.line(), offered).rulebook_sha256 == sha_of(room, 0)
    elsewhere = dataclasses.replace(kept, flight_key="G", rulebook_sha256="ee" * 32)
    with room.store.writing() as transaction:
        transaction.add_flight(elsewhere)
    other = dataclasses.replace(offered, flight_key="G")
    assert staged_under(room.store, room.line(), other) == other


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=4), st.integers(-5, 300))
def test_the_newest_whose_day_has_come_is_in_force(waits: list[int], day: int) -> None:
    """For any first days, in any order of adoption that is allowed: one answers, and it is the newest that may."""
    room = RulebookRoom()
    begins = room.today()
    texts = [FIRST, SECOND, THIRD, FIRST]
    first_days: list[date] = []
    for text, wait in zip(texts, waits, strict=False):
        least = max([room.in_days(30), *first_days])
        first_days.append(least + timedelta(days=wait))
        room.adopted(text, effective_from=first_days[-1])
    room.clock.now = max(room.clock.now, datetime.combine(first_days[-1], datetime.min.time(), UTC))
    asked = begins + timedelta(days=day)
    due = [number for number, first_day in enumerate(first_days) if first_day <= asked] or [0]
    assert room.line().on(asked).sha256 == sha_of(room, due[-1])


def test_a_withdrawal_after_the_adoption_changes_nothing() -> None:
    """What two people adopted stays adopted when one of them leaves."""
    room = RulebookRoom()
    room.adopted(FIRST)
    room.clock.forward(days=1)
    withdraw_actor(room.desk, ANNA)
    assert room.line().today().id == "us-cbp"


def _forge(change: Callable[[Any], None]) -> RulebookRoom:
    store = MemoryStore()
    room = RulebookRoom(store=store)
    room.adopted(FIRST)
    change(store._tables.rulebooks)
    return room


def _another_text(tables: Any) -> None:
    for key, one in tables.proposals.items():
        tables.proposals[key] = dataclasses.replace(one, text=SECOND)


def _an_earlier_day(tables: Any) -> None:
    for key, one in tables.adoptions.items():
        tables.adoptions[key] = dataclasses.replace(one, effective_from=one.effective_from - timedelta(days=9))


def _one_signature(tables: Any) -> None:
    for key, one in tables.adoptions.items():
        tables.adoptions[key] = dataclasses.replace(one, signed=one.signed[:1])


def _one_person_under_two_names(tables: Any) -> None:
    for key, one in tables.adoptions.items():
        again = Signed(BERT, KEYS[ANNA].public_key, one.signed[0].signature)
        tables.adoptions[key] = dataclasses.replace(one, signed=(one.signed[0], again))


def _nobody_enrolled(tables: Any) -> None:
    tables.actors.clear()


def _another_salt(tables: Any) -> None:
    for key, one in tables.adoptions.items():
        tables.adoptions[key] = dataclasses.replace(one, salt=bytes(32))


@pytest.mark.parametrize(
    "change",
    [
        _another_text,
        _an_earlier_day,
        _one_signature,
        _one_person_under_two_names,
        _nobody_enrolled,
        _another_salt,
    ],
)
def test_an_adoption_that_was_altered_refuses_to_start(change: Callable[[Any], None]) -> None:
    """Whoever can write into the database adopts nothing with it."""
    with pytest.raises(RulebookNotAdopted, match="not as it was signed"):
        _forge(change).line()
