"""A lane serves everybody in order, whatever became of the one before, and stops only where nothing can be recorded."""

from __future__ import annotations

import pytest
from boarding_fakes import vanished
from boarding_parts import FLIGHT, KEY, capture, never
from boarding_room import Room

from fairgate.errors import LedgerFault
from fairgate.lanes.boarding import Arrival, board
from fairgate.ledger.entry import Entry
from fairgate.services.append_entry import Registrar
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow


def arrivals(room: Room) -> list[Arrival]:
    """Return bad ones and good ones, and one that comes twice."""
    good = Arrival(capture("good"), room.camera("person=1 sample=1"))
    return [
        Arrival(capture("gone"), vanished),
        Arrival(capture("broken"), room.camera("broken=out_of_memory")),
        Arrival(capture("fault"), room.camera("engine_fault")),
        Arrival(capture("declines", opted_out=True, claims="P0002"), never),
        good,
        good,
        Arrival(capture("last"), room.camera("person=3 sample=1")),
    ]


def test_bad_captures_do_not_stop_the_lane() -> None:
    """Each is told of once it is durable, in order, with the progress; the last commit's time is written at the end."""
    room = Room()
    room.stage()
    told: list[tuple[str, str, bool]] = []
    steps: list[tuple[int, int]] = []
    board(
        room.lane(),
        arrivals(room),
        on_boarded=lambda one, boarded: told.append((one.capture_key, boarded.crossing.reason, boarded.repeated)),
        progress=lambda done, total: steps.append((done, total)),
    )
    assert told == [
        ("gone", "capture_missing", False),
        ("broken", "unreadable_image", False),
        ("fault", "engine_fault", False),
        ("declines", "opted_out", False),
        ("good", "matched", False),
        ("good", "matched", True),
        ("last", "matched", False),
    ]
    assert steps == [(done, 7) for done in range(8)]
    with room.store.reading() as transaction:
        assert len(transaction.stage_times(FLIGHT)["total"]) == 6
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_boarding_again_tells_the_same_and_writes_nothing() -> None:
    """No crossing, no entry beyond the reads of opening, no photo."""
    room = Room()
    room.stage()
    board(room.lane(), arrivals(room))
    lane, crossings = room.lane(), room.crossings()
    entries, lent = room.leaves(), len(room.camera.lent)
    repeated: list[bool] = []
    board(lane, arrivals(room), on_boarded=lambda _, boarded: repeated.append(boarded.repeated))
    assert repeated == [True] * 7
    assert (room.crossings(), room.leaves(), len(room.camera.lent)) == (crossings, entries, lent)


class _Fills(Registrar):
    """A registrar whose ledger is full after some entries."""

    left = 3

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        if not self.left:
            raise LedgerFault("No entry can be appended.")
        self.left -= 1
        return super().append(transaction, entry)


def test_a_ledger_that_takes_nothing_stops_the_lane() -> None:
    """Those before are served, nobody after; with a ledger that works the rest is."""
    room = Room()
    room.stage()
    opened, registrar = room.opened(), room.registrar
    room.registrar = _Fills(KEY, room.anchor)
    told: list[str] = []
    with pytest.raises(LedgerFault):
        board(room.lane(opened), arrivals(room), on_boarded=lambda one, _: told.append(one.capture_key))
    assert told == [one.capture_key for one in room.crossings()] == ["gone", "broken", "fault"]
    room.registrar = registrar
    board(room.lane(), arrivals(room))
    assert len(room.crossings()) == 6
    assert room.ledger_is_whole()
