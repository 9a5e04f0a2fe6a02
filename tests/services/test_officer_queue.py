"""Whoever the machine did not match waits under a number, in the crossing's own transaction; results come once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from boarding_fakes import NOW
from boarding_parts import FLIGHT, capture, never
from boarding_room import Room
from manual_room import LANE, OFFICER, AtTheDesk

from fairgate.errors import ManualResultRefused, QueueNumberUnknown
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.ledger.manual_codes import ManualReason, ManualResult, OpenedReason
from fairgate.measure.endings import Ending
from fairgate.services.officer_queue import Opening
from fairgate.services.record_manual_result import RecordManualResult, Stated
from fairgate.vocabulary import Actor, ActorKind


@pytest.fixture
def room() -> Room:
    """A flight staged with three passengers."""
    room = Room()
    room.stage()
    return room


def test_everybody_but_a_match_gets_a_number(room: Room) -> None:
    """From 1 in the order of arrival; a delivery repeated keeps its number, and nothing is counted twice."""
    lane, desk = room.lane(), AtTheDesk(room)
    numbers = [
        room.walks_up(lane, text).queue_number for text in ("no_face", "person=1 sample=1", "person=77 sample=1")
    ]
    numbers.append(lane(capture("declines", opted_out=True), never).queue_number)
    assert numbers == [1, None, 2, 3]
    assert desk.numbers() == [(1, "no_face"), (2, "no_match"), (3, "opted_out")]
    again = lane(capture("declines", opted_out=True), never)
    assert (again.repeated, again.queue_number) == (True, 3)
    assert room.ledger_is_whole()


def test_the_oldest_waits_on_top_with_whole_minutes(room: Room) -> None:
    """Rounded down; the call stands beside, and the first call counts."""
    lane, desk = room.lane(), AtTheDesk(room)
    room.walks_up(lane, "no_face")
    room.clock.forward(minutes=3, seconds=40)
    room.walks_up(lane, "poor=sharpness")
    first, second = desk.queue.waiting()
    assert (first.entry.number, first.minutes, second.entry.number, second.minutes) == (1, 3, 2, 0)
    _, called_at = desk.queue.call(1, OFFICER, flight_key=FLIGHT)
    room.clock.forward(minutes=5)
    assert desk.queue.call(1, OFFICER, flight_key=FLIGHT)[1] == called_at
    assert desk.queue.waiting()[0].called_at == called_at


def test_numbers_begin_anew_with_the_port_s_day(room: Room) -> None:
    """So a number is short enough to be called, and yesterday's is still told apart by its day."""
    lane, desk = room.lane(), AtTheDesk(room)
    room.walks_up(lane, "no_face")
    room.clock.forward(hours=14)
    assert room.walks_up(lane, "several").queue_number == 1
    assert [one.entry.day.day for one in desk.queue.waiting()] == [22, 23]


def test_an_officer_s_confirmation_boards_and_is_written_once(room: Room) -> None:
    """The same statement delivered again is the first one; another is refused; the machine answers already boarded."""
    lane, desk = room.lane(), AtTheDesk(room)
    room.walks_up(lane, "no_face")
    recorded = desk.confirms(1, "P0002")
    assert (recorded.result.boards, recorded.result.minutes, recorded.result.reopens) == ("P0002", 3, None)
    assert desk.confirms(1, "P0002").repeated
    with pytest.raises(ManualResultRefused):
        desk.confirms(1, "P0003")
    assert desk.numbers() == []
    entry = parse_leaf(room.leaves()[recorded.result.ledger_index])
    assert (entry.kind, entry.reason, dict(entry.counts)) == (
        EntryKind.MANUAL_RESULT,
        "papers_checked",
        {"confirmed": 1, "minutes": 3},
    )
    again = room.walks_up(lane, "person=2 sample=1").crossing
    assert (again.reason, again.reopens) == ("already_boarded", recorded.result.result_id)
    assert room.ledger_is_whole()


def test_a_confirmation_of_somebody_aboard_reopens_the_match_and_counts_once(room: Room) -> None:
    """The result is kept, the doubt is shown, and boarded passengers are still one."""
    lane, desk = room.lane(), AtTheDesk(room)
    match = room.walks_up(lane, "person=1 sample=1").crossing
    room.walks_up(lane, "no_face")
    recorded = desk.confirms(1, "P0001")
    assert recorded.result.reopens == match.crossing_id
    reopening = parse_leaf(room.leaves()[-1])
    assert (reopening.kind, reopening.refers_to) == (EntryKind.REOPENING, match.ledger_index)
    endings = desk.endings()
    assert (endings.boarded, endings.in_doubt, endings.captures) == (1, 1, 2)
    desk.undoes(match.crossing_id)
    endings = desk.endings()
    assert (endings.boarded, endings.in_doubt, endings.of_captures[Ending.WAITING]) == (1, 0, 1)
    assert room.ledger_is_whole()


def test_the_same_person_again_boards_nobody(room: Room) -> None:
    """An officer settles already boarded without a doubt; of somebody who is not aboard it cannot be said."""
    lane, desk = room.lane(), AtTheDesk(room)
    room.walks_up(lane, "person=1 sample=1")
    room.walks_up(lane, "person=1 sample=2")
    recorded = desk.confirms(1, "P0001", reason="same_person_again")
    assert (recorded.result.boards, recorded.result.reopens) == (None, None)
    room.walks_up(lane, "no_face")
    with pytest.raises(ManualResultRefused):
        desk.confirms(2, "P0003", reason="same_person_again")
    assert room.ledger_is_whole()


@pytest.mark.parametrize(
    ("result", "reason", "passenger_ref", "minutes"),
    [
        ("confirmed", "went_away", "P0001", 1),
        ("left", "papers_checked", None, 1),
        ("sent_on", "not_confirmed", "P0001", 1),
        ("confirmed", "papers_checked", None, 1),
        ("confirmed", "papers_checked", "P0099", 1),
        ("confirmed", "listed_nowhere", "P0001", 1),
        ("left", "went_away", None, -1),
        ("left", "went_away", None, 1441),
    ],
)
def test_a_statement_that_contradicts_itself_is_refused(
    room: Room, result: str, reason: str, passenger_ref: str | None, minutes: int
) -> None:
    """Nothing of it is kept, and the person waits on."""
    desk = AtTheDesk(room)
    room.walks_up(room.lane(), "no_face")
    leaves = room.leaves()
    stated = Stated(ManualResult(result), ManualReason(reason), minutes, passenger_ref)
    with pytest.raises(ManualResultRefused):
        RecordManualResult(desk.desk)(1, stated, OFFICER, flight_key=FLIGHT)
    assert (desk.numbers(), room.leaves()) == ([(1, "no_face")], leaves)


def test_a_distractor_is_nobody_to_confirm() -> None:
    """A synthetic row is on no list."""
    room = Room()
    room.stage(top_up_to=5)
    room.walks_up(room.lane(), "no_face")
    with pytest.raises(ManualResultRefused):
        AtTheDesk(room).confirms(1, "D0001")


@pytest.mark.parametrize("kind", [ActorKind.LANE, ActorKind.OPERATOR, ActorKind.PARTNER, ActorKind.SYSTEM])
def test_only_an_officer_states_a_result(room: Room, kind: ActorKind) -> None:
    """No lane, partner or program confirms anybody in an officer's name."""
    desk = AtTheDesk(room)
    room.walks_up(room.lane(), "no_face")
    stated = Stated(ManualResult.LEFT, ManualReason.WENT_AWAY)
    with pytest.raises(ManualResultRefused):
        RecordManualResult(desk.desk)(1, stated, Actor(kind, "x"), flight_key=FLIGHT)


def test_the_photo_kept_for_the_officer_goes_with_the_decision(room: Room) -> None:
    """It was sealed until somebody decided, and no longer; the result says that it went."""
    desk, lane = AtTheDesk(room), room.lane()
    crossing = room.walks_up(lane, "person=77 sample=1").crossing
    assert crossing.sealed_photo is not None
    assert desk.states(1, "sent_on", "not_confirmed").result.photo_erased
    assert room.crossings()[0].sealed_photo is None
    assert room.ledger_is_whole()


def test_minutes_are_those_from_joining_unless_stated(room: Room) -> None:
    """Rounded up: a minute begun is a minute lost."""
    desk = AtTheDesk(room)
    room.walks_up(room.lane(), "no_face")
    room.clock.forward(minutes=4, seconds=1)
    assert desk.states(1, "left", "went_away").result.minutes == 5


def test_people_wait_without_a_capture(room: Room) -> None:
    """The camera is down: a lane or an officer lets them wait, each with an entry in the ledger; numbers go on."""
    desk = AtTheDesk(room)
    room.walks_up(room.lane(), "no_face")
    assert desk.opens(OpenedReason.CAMERA_DOWN) == 2
    assert desk.queue.open(Opening("B23", OpenedReason.ENGINE_DOWN, FLIGHT), LANE).number == 3
    assert desk.queue.open(Opening("F1", OpenedReason.LANE_CLOSED), OFFICER).number == 1
    assert parse_leaf(room.leaves()[-1]).kind is EntryKind.OFFICER_QUEUE
    desk.confirms(2, "P0001")
    endings = desk.endings()
    assert (endings.captures, endings.without_capture, endings.of_others[Ending.CONFIRMED]) == (1, 2, 1)
    assert room.ledger_is_whole()


def test_a_form_s_line_is_entered_once_with_its_own_times(room: Room) -> None:
    """It is marked late, counts on the day it was written, and a second delivery is the first."""
    desk = AtTheDesk(room)
    record = RecordManualResult(desk.desk)
    opening = Opening("B22", OpenedReason.CENTRE_DOWN, FLIGHT, NOW - timedelta(days=1), "K7QF/3")
    stated = Stated(
        ManualResult.CONFIRMED,
        ManualReason.PAPERS_CHECKED,
        passenger_ref="P0001",
        decided_at=NOW - timedelta(days=1, minutes=-6),
    )
    first, second = record.from_paper(opening, stated, OFFICER), record.from_paper(opening, stated, OFFICER)
    assert (first.entry.late, first.result.late, first.result.minutes) == (True, True, 6)
    assert (first.entry.day.isoformat(), first.entry.number) == ("2026-11-21", 1)
    assert (second.result, second.repeated) == (first.result, True)
    assert desk.endings().without_capture == 1
    assert room.ledger_is_whole()


@pytest.mark.parametrize("joined_at", [NOW + timedelta(seconds=1), NOW.replace(tzinfo=None)])
def test_nobody_joins_in_the_future(room: Room, joined_at: datetime) -> None:
    """Nor at a time without a zone."""
    opening = Opening("B22", OpenedReason.CAMERA_DOWN, FLIGHT, joined_at)
    with pytest.raises(ManualResultRefused):
        AtTheDesk(room).queue.open(opening, OFFICER)


def test_a_number_that_nobody_has_is_unknown(room: Room) -> None:
    """And one that two flights gave wants the flight."""
    desk = AtTheDesk(room)
    with pytest.raises(QueueNumberUnknown):
        desk.queue.call(9, OFFICER, flight_key=FLIGHT)
    desk.opens()
    desk.queue.open(Opening("B23", OpenedReason.CAMERA_DOWN, "OTHER"), OFFICER)
    with pytest.raises(QueueNumberUnknown) as refused:
        desk.queue.call(1, OFFICER)
    assert "OTHER" in refused.value.way_out
    assert desk.queue.call(1, OFFICER, lane="OTHER")[0].flight_key == "OTHER"
