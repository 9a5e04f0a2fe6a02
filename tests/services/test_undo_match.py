"""A wrong match is taken back before departure, both passengers are put right, and no record is changed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from boarding_parts import FLIGHT
from boarding_room import Room
from manual_room import LANE, OFFICER, AtTheDesk

from fairgate.errors import (
    FairgateError,
    FlightDeparted,
    ManualResultRefused,
    NothingStaged,
    StoreFault,
    UndoRefused,
)
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.manual_codes import OpenedReason
from fairgate.measure.endings import Ending
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import Actor, ActorKind


@pytest.fixture
def room() -> Room:
    """A flight staged with three passengers."""
    room = Room()
    room.stage()
    return room


def test_who_was_boarded_wrongly_boards_and_who_stood_there_waits(room: Room) -> None:
    """The match stays on record as it was; the undoing refers to it; the passenger is not already boarded."""
    lane, desk = room.lane(), AtTheDesk(room)
    match = room.walks_up(lane, "person=1 sample=1").crossing
    undone = desk.undoes(match.crossing_id)
    assert room.crossings() == [match]
    assert undone.entry is not None
    assert desk.numbers() == [(undone.entry.number, "match_undone")]
    entry = parse_leaf(room.leaves()[undone.undo.ledger_index])
    assert (entry.kind, entry.reason, entry.refers_to) == (EntryKind.MATCH_UNDONE, "wrong_person", match.ledger_index)
    assert room.walks_up(lane, "person=1 sample=2").crossing.outcome == "match"
    assert desk.confirms(undone.entry.number, "P0002").result.boards == "P0002"
    endings = desk.endings()
    assert (endings.captures, endings.boarded, endings.undone) == (2, 2, 1)
    assert (endings.of_captures[Ending.MATCHED], endings.of_captures[Ending.CONFIRMED]) == (1, 1)
    assert room.ledger_is_whole()


def test_both_are_put_right_at_once_where_the_officer_knows(room: Room) -> None:
    """The real one is confirmed in the same transaction, and the machine then finds them aboard."""
    lane, desk = room.lane(), AtTheDesk(room)
    match = room.walks_up(lane, "person=1 sample=1").crossing
    undone = desk.undoes(match.crossing_id, really="P0002")
    assert undone.result is not None
    assert (undone.result.boards, desk.numbers()) == ("P0002", [])
    assert room.walks_up(lane, "person=2 sample=1").crossing.reason == "already_boarded"
    assert room.walks_up(lane, "person=1 sample=2").crossing.outcome == "match"
    assert desk.endings().boarded == 2
    assert room.ledger_is_whole()


def test_who_was_turned_to_an_officer_by_the_wrong_match_is_simply_confirmed(room: Room) -> None:
    """Their doubt is settled by the undoing; the queue says so, and nothing is reopened again."""
    lane, desk = room.lane(), AtTheDesk(room)
    match = room.walks_up(lane, "person=1 sample=1").crossing
    room.walks_up(lane, "person=1 sample=2")
    assert not desk.queue.waiting()[0].doubt_settled
    desk.undoes(match.crossing_id, really="P0002")
    assert desk.queue.waiting()[0].doubt_settled
    assert desk.confirms(1, "P0001").result.reopens is None
    assert desk.endings().boarded == 2


def test_undone_twice_is_undone_once(room: Room) -> None:
    """The same words again are the first answer; other words are refused."""
    desk = AtTheDesk(room)
    match = room.walks_up(room.lane(), "person=1 sample=1").crossing
    first = desk.undoes(match.crossing_id)
    leaves = room.leaves()
    again = desk.undoes(match.crossing_id)
    assert (again.undo, again.repeated) == (first.undo, True)
    with pytest.raises(UndoRefused):
        desk.undoes(match.crossing_id, really="P0003")
    assert room.leaves() == leaves


def test_a_confirmation_is_undone_too(room: Room) -> None:
    """An officer errs as well: whoever was confirmed wrongly may board, and the capture waits again."""
    lane, desk = room.lane(), AtTheDesk(room)
    crossing = room.walks_up(lane, "no_face").crossing
    desk.confirms(1, "P0003")
    undone = desk.undoes(crossing.crossing_id)
    assert (undone.undo.passenger_ref, undone.undo.crossing_id) == ("P0003", None)
    assert room.walks_up(lane, "person=3 sample=1").crossing.outcome == "match"
    endings = desk.endings()
    assert (endings.captures, endings.of_captures[Ending.WAITING], endings.boarded) == (2, 1, 1)
    assert undone.entry is not None
    desk.confirms(undone.entry.number, "P0001")
    assert desk.endings().boarded == 2
    assert room.ledger_is_whole()


def test_a_confirmation_without_a_capture_is_undone_by_its_entry(room: Room) -> None:
    """It is counted once, before and after."""
    desk = AtTheDesk(room)
    number = desk.opens(OpenedReason.CAMERA_DOWN)
    recorded = desk.confirms(number, "P0003")
    desk.undoes(recorded.entry.entry_id, really="P0002")
    endings = desk.endings()
    assert (endings.without_capture, endings.of_others[Ending.CONFIRMED], endings.boarded) == (1, 1, 1)
    assert room.ledger_is_whole()


@pytest.mark.parametrize("really", ["P0001", "P0099"])
def test_the_real_one_is_somebody_else_on_the_list(room: Room, really: str) -> None:
    """Refused, and nothing is half undone."""
    desk = AtTheDesk(room)
    match = room.walks_up(room.lane(), "person=1 sample=1").crossing
    leaves = room.leaves()
    with pytest.raises((UndoRefused, ManualResultRefused)):
        desk.undoes(match.crossing_id, really=really)
    assert (room.leaves(), desk.endings().of_captures[Ending.MATCHED]) == (leaves, 1)


def test_what_boarded_nobody_is_not_undone(room: Room) -> None:
    """Neither a crossing that ended at the officer, nor one that does not exist; and only an officer undoes."""
    lane, desk = room.lane(), AtTheDesk(room)
    crossing = room.walks_up(lane, "no_face").crossing
    match = room.walks_up(lane, "person=1 sample=1").crossing
    for identifier in (crossing.crossing_id, "nothing"):
        with pytest.raises(UndoRefused):
            desk.undoes(identifier)
    for actor in (LANE, Actor(ActorKind.OPERATOR, "x")):
        with pytest.raises(ManualResultRefused):
            desk.undoes(match.crossing_id, actor=actor)


def test_after_departure_nothing_is_undone(room: Room) -> None:
    """The refusal says what to do; before the stated time it still works, and a departure past is not moved."""
    lane, desk = room.lane(), AtTheDesk(room)
    matches = [room.walks_up(lane, f"person={number} sample=1").crossing for number in (1, 2)]
    desk.close(FLIGHT, OFFICER, departs_at=room.clock.now + timedelta(minutes=10))
    desk.undoes(matches[0].crossing_id)
    room.clock.forward(minutes=10)
    with pytest.raises(FlightDeparted) as refused:
        desk.undoes(matches[1].crossing_id)
    assert "case" in refused.value.way_out
    with pytest.raises(FlightDeparted):
        desk.close(FLIGHT, OFFICER, departs_at=room.clock.now + timedelta(hours=1))
    with pytest.raises(NothingStaged):
        desk.close("OTHER", OFFICER)
    assert desk.endings().undone == 1
    assert room.ledger_is_whole()


def test_a_flight_closed_without_a_time_has_left_now(room: Room) -> None:
    """Officers still state results of whoever waits: a person is never stuck."""
    lane, desk = room.lane(), AtTheDesk(room)
    match = room.walks_up(lane, "person=1 sample=1").crossing
    room.walks_up(lane, "no_face")
    desk.close(FLIGHT, OFFICER)
    with pytest.raises(FlightDeparted):
        desk.undoes(match.crossing_id)
    assert desk.states(1, "left", "not_there_when_called").result.minutes == 0


@pytest.mark.parametrize("turn", range(4))
def test_an_undoing_races_with_a_second_match_of_the_same_passenger(tmp_path: Path, turn: int) -> None:
    """Two processes, one writer at a time: whichever is first, exactly one boarding stands in the end."""
    path = tmp_path / str(turn) / "fairgate.db"
    with SqliteStore.open(path) as here, SqliteStore.open(path) as there:
        room = Room(store=here, entropy=os.urandom)
        room.stage()
        elsewhere = Room(store=there, vault=room.vault, anchor=room.anchor, entropy=os.urandom, camera=room.camera)
        match = room.walks_up(room.lane(), "person=1 sample=1").crossing
        lane, desk, start = elsewhere.lane(elsewhere.opened()), AtTheDesk(room), Barrier(2)
        faults: list[FairgateError] = []

        def undo() -> None:
            start.wait()
            try:
                desk.undoes(match.crossing_id)
            except FairgateError as fault:
                faults.append(fault)

        other = Thread(target=undo)
        other.start()
        start.wait()
        second = elsewhere.walks_up(lane, "person=1 sample=2").crossing
        other.join()
        endings = desk.endings()
        assert faults == []
        assert second.reason in {"matched", "already_boarded"}
        assert endings.boarded == (second.reason == "matched")
        assert endings.of_captures[Ending.WAITING] == 2 - endings.boarded
        if second.reason == "already_boarded":
            assert second.reopens == match.crossing_id
            assert [one.doubt_settled for one in desk.queue.waiting() if one.entry.crossing_id] == [True, False]
        assert room.ledger_is_whole()


def test_many_undo_one_match_at_once(tmp_path: Path) -> None:
    """Four officers: one undoing, and one number in the queue."""
    with SqliteStore.open(tmp_path / "fairgate" / "fairgate.db") as store:
        room = Room(store=store, entropy=os.urandom)
        room.stage()
        match = room.walks_up(room.lane(), "person=1 sample=1").crossing
        desk, refused = AtTheDesk(room), list[FairgateError]()

        def undo(number: int) -> None:
            try:
                desk.undoes(match.crossing_id, actor=Actor(ActorKind.OFFICER, f"o-{number}"))
            except UndoRefused as fault:
                refused.append(fault)

        threads = [Thread(target=undo, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 3
        assert len(desk.numbers()) == 1
        assert room.ledger_is_whole()


def test_what_the_manual_path_wrote_is_never_changed(tmp_path: Path) -> None:
    """The database itself refuses, whoever asks."""
    path = tmp_path / "fairgate" / "fairgate.db"
    with SqliteStore.open(path) as store:
        room = Room(store=store, entropy=os.urandom)
        room.stage()
        desk = AtTheDesk(room)
        match = room.walks_up(room.lane(), "person=1 sample=1").crossing
        undone = desk.undoes(match.crossing_id)
        assert undone.entry is not None
        desk.queue.call(undone.entry.number, OFFICER, flight_key=FLIGHT)
        desk.confirms(undone.entry.number, "P0002")
        desk.close(FLIGHT, OFFICER)
    with closing(sqlite3.connect(path)) as raw:
        for table, column in (
            ("officer_entry", "lane"),
            ("officer_call", "called_by"),
            ("manual_result", "officer"),
            ("match_undo", "actor"),
            ("departure", "actor"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="written once"):
                raw.execute(f"UPDATE {table} SET {column} = 'x'")  # names from the list above
    with pytest.raises(StoreFault), SqliteStore.open(path) as store, store.writing() as transaction:
        transaction.add_call("nobody", room.clock.now, "officer:x")
