"""Waiting times out of what is on record: who counts on which path, and who on neither."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from boarding_fakes import NOW
from boarding_parts import FLIGHT, capture, never
from boarding_room import Room
from opt_out_room import SELF, opt_out_service

from fairgate.ledger.manual_codes import ManualReason, ManualResult
from fairgate.services.compare_waiting import WaitingFacts, compare_waiting
from fairgate.services.desk import Desk
from fairgate.services.enter_opt_out import Declared
from fairgate.services.record_manual_result import RecordManualResult, Stated
from fairgate.vocabulary import Actor, ActorKind

OFFICER = Actor(ActorKind.OFFICER, "o-1")


def facts(room: Room) -> WaitingFacts:
    return compare_waiting(room.store, FLIGHT, within_minutes=5, rng=np.random.default_rng(1))


def served(room: Room, reason: str, passenger: str, *, left: bool = False) -> None:
    """Let an officer decide about whoever waits for a reason."""
    with room.store.reading() as transaction:
        done = {one.entry_id for one in transaction.manual_results(FLIGHT)}
        entry = next(
            one for one in transaction.queue_entries(FLIGHT) if one.reason == reason and one.entry_id not in done
        )
    desk = Desk(room.store, room.registrar, room.rules, room.clock, room.entropy)
    stated = (
        Stated(ManualResult.LEFT, ManualReason.WENT_AWAY, 1)
        if left
        else Stated(ManualResult.CONFIRMED, ManualReason.PAPERS_CHECKED, 1, passenger)
    )
    RecordManualResult(desk)(entry.number, stated, OFFICER, flight_key=FLIGHT)


def test_each_path_is_measured_from_its_own_beginning_to_its_own_end() -> None:
    """Machine: capture to record. Declined: from saying so to the officer's decision, also after a match."""
    room = Room()
    room.stage()
    lane = room.lane()
    room.clock.forward(minutes=1)
    lane(capture("m", taken_at=NOW), room.camera("person=1 sample=1"))
    lane(capture("d", opted_out=True, claims="P0002", taken_at=NOW), never)
    lane(capture("n", taken_at=NOW), room.camera("no_face"))
    room.clock.forward(minutes=3)
    served(room, "opted_out", "P0002")
    opt_out_service(room)(Declared("B22", room.clock(), FLIGHT, "P0001"), SELF)
    found = facts(room)
    assert found.compared.machine.people == 0
    assert found.compared.opted_out.mean == pytest.approx(4.0)
    assert (found.still_waiting, found.left, found.see_officer_minutes) == (1, 0, ())
    room.clock.forward(minutes=6)
    served(room, "match_undone", "P0001")
    served(room, "no_face", "P0003")
    found = facts(room)
    assert found.compared.opted_out.people == 2
    assert found.compared.opted_out.mean == pytest.approx(5.0)
    assert len(found.see_officer_minutes) == 1
    assert found.still_waiting == 0


def test_whoever_left_and_whoever_a_wrong_clock_concerns_are_counted_apart() -> None:
    """They are in no figure, and said to be so."""
    room = Room()
    room.stage()
    lane = room.lane()
    lane(capture("m", taken_at=NOW + timedelta(minutes=2)), room.camera("person=1 sample=1"))
    lane(capture("d", opted_out=True, claims="P0002"), never)
    served(room, "opted_out", "P0002", left=True)
    found = facts(room)
    assert (found.clock_faults, found.left) == (1, 1)
    assert (found.compared.machine.people, found.compared.opted_out.people) == (0, 0)
