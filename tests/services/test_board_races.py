"""A crossing happens once or not at all: stores that fail, lanes that race, deliveries repeated, commits unheard of."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from boarding_parts import FLIGHT, KEY, capture, never
from boarding_room import Room

from fairgate.errors import FairgateError, LedgerFault, StoreFault
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.append_entry import Registrar
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.record_crossing import Finding
from fairgate.store.memory import MemoryStore
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Matched


class Trap:
    """A store whose write transactions fail where they are told to.

    Args:
        store: the one behind.
    """

    def __init__(self, store: Store) -> None:
        self.reading = store.reading
        self._store = store
        self.fails_in = ""

    @contextmanager
    def writing(self) -> Iterator[Any]:
        if self.fails_in == "beginning":
            raise StoreFault("Another writer kept the store for too long.")
        with self._store.writing() as transaction:
            yield _Trapped(transaction, self.fails_in)
            if self.fails_in == "committing":
                raise StoreFault("The disk is full.")
        if self.fails_in == "after the commit":
            raise StoreFault("The write-ahead log cannot be emptied.")


class _Trapped:
    def __init__(self, transaction: WriteTransaction, fails_in: str) -> None:
        self._transaction = transaction
        self._fails_in = fails_in

    def __getattr__(self, name: str) -> Any:
        if name == self._fails_in:
            raise StoreFault("The database refused an operation.")
        return getattr(self._transaction, name)


STEPS = ("beginning", "append_ledger", "add_crossing", "add_stage_times", "committing")


@pytest.mark.parametrize("step", STEPS)
def test_a_store_that_fails_denies(step: str) -> None:
    """No crossing, no entry, no answer; the same capture is decided once the store works again."""
    trap = Trap(MemoryStore())
    room = Room(store=trap)
    room.stage()
    lane = room.lane()
    entries = room.leaves()
    trap.fails_in = step
    with pytest.raises(StoreFault):
        room.walks_up(lane, "person=1 sample=1")
    assert room.crossings() == []
    assert room.leaves() == entries
    trap.fails_in = ""
    boarded = room.walks_up(lane, "person=1 sample=1")
    assert (boarded.repeated, boarded.crossing.outcome) == (False, "match")
    assert len(room.crossings()) == 1
    assert room.ledger_is_whole()


@pytest.mark.parametrize("step", ["withdraw_reference", "committing"])
def test_an_opt_out_that_cannot_be_recorded_withdraws_nothing(step: str) -> None:
    """Template, crossing and entries go together; tried again, all of it happens."""
    trap = Trap(MemoryStore())
    room = Room(store=trap)
    room.stage()
    lane = room.lane()
    trap.fails_in = step
    with pytest.raises(StoreFault):
        lane(capture("c", opted_out=True, claims="P0002"), never)
    assert room.passenger("P0002").sealed_templates
    trap.fails_in = ""
    lane(capture("c", opted_out=True, claims="P0002"), never)
    assert not room.passenger("P0002").sealed_templates
    assert room.ledger_is_whole()


def test_a_commit_whose_end_is_not_heard_of_happened_once() -> None:
    """The caller gets an error, the crossing is there; delivered again it is recognised, and the next one is served."""
    trap = Trap(MemoryStore())
    room = Room(store=trap)
    room.stage()
    lane = room.lane()
    room.walks_up(lane, "person=1 sample=1")
    trap.fails_in = "after the commit"
    with pytest.raises(StoreFault):
        room.walks_up(lane, "person=2 sample=1")
    trap.fails_in = ""
    again = room.walks_up(lane, "person=2 sample=1")
    assert (again.repeated, again.crossing.outcome) == (True, "match")
    assert room.walks_up(lane, "person=3 sample=1").crossing.outcome == "match"
    lane.finish()
    assert [one.passenger_ref for one in room.crossings()] == ["P0001", "P0002", "P0003"]
    assert room.ledger_is_whole()


class _NoAnchor:
    def newest(self) -> bytes | None:
        return None

    def advance(self, note: bytes, size: int) -> None:
        raise LedgerFault("The newest checkpoint cannot be written.")


def test_a_checkpoint_that_cannot_be_kept_gives_no_answer() -> None:
    """The crossing stands, since it was committed; it is recognised and not done twice."""
    room = Room()
    room.stage()
    opened = room.opened()
    room.registrar = Registrar(KEY, _NoAnchor())
    with pytest.raises(LedgerFault):
        room.walks_up(room.lane(opened), "person=1 sample=1")
    assert room.camera.left == 0
    room.registrar = Registrar(KEY, room.anchor)
    assert room.walks_up(room.lane(opened), "person=1 sample=1").repeated
    room.walks_up(room.lane(opened), "person=2 sample=1")
    assert len(room.crossings()) == 2
    assert room.ledger_is_whole()


def test_a_capture_delivered_twice_is_read_once() -> None:
    """The second delivery gets the first crossing, whatever it claims by then."""
    room = Room()
    room.stage()
    lane = room.lane()
    first = room.walks_up(lane, "person=1 sample=1", key="c").crossing
    again = lane(capture("c", opted_out=True, claims="P0001"), never)
    assert (again.crossing, again.repeated, again.features) == (first, True, None)
    assert room.passenger("P0001").sealed_templates


def test_two_recorders_of_one_capture_give_the_first() -> None:
    """Both had looked before either wrote; the slower one's entry is rolled back with its crossing."""
    room = Room()
    room.stage()
    opened = room.opened()
    here, there = room.recorder(opened), room.recorder(opened)
    one = capture("c")
    assert (here.before(one), there.before(one)) == (None, None)
    first = there(one, Finding(Matched("P0001"), rule_id="r"), None, began=0.0)
    entries = room.leaves()
    second = here(one, Finding(Matched("P0002"), rule_id="r"), None, began=0.0)
    assert (second.crossing, second.repeated) == (first.crossing, True)
    assert room.leaves() == entries
    assert here(capture("d"), Finding(Matched("P0002"), rule_id="r"), None, began=0.0).crossing.outcome == "match"
    assert room.ledger_is_whole()


def test_two_lanes_board_one_passenger_once() -> None:
    """The slower lane reopens the faster one's match."""
    room = Room()
    room.stage()
    here, there = room.lane(), room.lane()
    first = room.walks_up(there, "person=1 sample=1", lane="B23").crossing
    second = room.walks_up(here, "person=1 sample=2", lane="B22").crossing
    assert (first.outcome, second.reason, second.reopens) == ("match", "already_boarded", first.crossing_id)
    assert room.ledger_is_whole()


def test_many_lanes_at_once_keep_one_history(tmp_path: Path) -> None:
    """Four threads deliver the same twelve captures of three passengers to one database."""
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        room = Room(store=store, entropy=os.urandom, timer=time.perf_counter)
        room.stage()
        opened = room.opened()
        lanes = [room.lane(opened) for _ in range(4)]
        told: list[bool] = []
        faults: list[FairgateError] = []

        def serve(number: int) -> None:
            for turn in range(12):
                at = (turn + 3 * number) % 12
                try:
                    told.append(room.walks_up(lanes[number], f"person={at % 3 + 1} sample={at}").repeated)
                except FairgateError as fault:
                    faults.append(fault)

        threads = [Thread(target=serve, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        crossings = room.crossings()
        kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
        assert faults == []
        assert (len(told), told.count(False)) == (48, 12)
        assert len(crossings) == len({one.capture_key for one in crossings}) == 12
        assert sorted(one.passenger_ref or "" for one in crossings if one.outcome == "match") == [
            "P0001",
            "P0002",
            "P0003",
        ]
        assert (kinds.count(EntryKind.CROSSING), kinds.count(EntryKind.REOPENING)) == (3, 9)
        assert room.camera.left == 0
        assert room.ledger_is_whole()


def test_times_of_the_commit_travel_with_the_next_crossing() -> None:
    """And the last one's with the end; a boarding whose end never came lacks only those."""
    room = Room()
    room.stage()
    lane = room.lane()
    room.walks_up(lane, "person=1 sample=1")
    room.walks_up(lane, "no_face")
    with room.store.reading() as transaction:
        assert len(transaction.stage_times(FLIGHT)["total"]) == 1
    lane.finish()
    lane.finish()
    with room.store.reading() as transaction:
        times = transaction.stage_times(FLIGHT)
    assert {stage: len(found) for stage, found in times.items()} == {
        "decode": 2, "detect": 2, "embed": 2, "search": 1, "seal": 2, "record": 2, "total": 2
    }  # fmt: skip
