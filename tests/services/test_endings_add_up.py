"""Whatever lane and officers do, in whatever order: each capture ends in exactly one way, and the ways add up."""

from __future__ import annotations

from boarding_parts import FLIGHT, capture, never
from boarding_room import Room
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manual_room import OFFICER, AtTheDesk

from fairgate.errors import InputRefused
from fairgate.measure.endings import Ending
from fairgate.services.describe_gallery import describe_gallery
from fairgate.vocabulary import Matched

PEOPLE = 3

_PERSON = st.integers(1, PEOPLE)
_SHOWN = st.sampled_from(["no_face", "person=77 sample=1", "poor=sharpness"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("walks up"), _PERSON),
        st.tuples(st.just("fails"), _SHOWN),
        st.tuples(st.just("declines"), st.none()),
        st.tuples(st.just("waits without a capture"), st.none()),
        st.tuples(st.just("is confirmed"), _PERSON),
        st.tuples(st.just("is sent on"), st.none()),
        st.tuples(st.just("leaves"), st.none()),
        st.tuples(st.just("match undone"), st.integers(0, 5)),
        st.tuples(st.just("undone and named"), st.tuples(st.integers(0, 5), _PERSON)),
        st.tuples(st.just("minutes pass"), st.integers(1, 9)),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_every_capture_ends_in_one_way(steps: list[tuple[str, object]]) -> None:
    """The sums hold after each step, nobody is aboard twice, and gallery and queue say the same."""
    room = Room(passengers=PEOPLE)
    room.stage()
    lane, desk = room.lane(), AtTheDesk(room)
    for number, (step, of) in enumerate(steps):
        try:
            match step, of:
                case "walks up", int(person):
                    room.walks_up(lane, f"person={person} sample={number + 1}")
                case "fails", str(shown):
                    room.walks_up(lane, shown, key=f"k{number}")
                case "declines", _:
                    lane(capture(f"k{number}", opted_out=True), never)
                case "waits without a capture", _:
                    desk.opens()
                case "is confirmed", int(person):
                    desk.confirms(desk.numbers()[0][0] if desk.numbers() else 0, f"P{person:04d}")
                case "is sent on", _:
                    desk.states(desk.numbers()[-1][0] if desk.numbers() else 0, "sent_on", "not_confirmed")
                case "leaves", _:
                    desk.states(desk.numbers()[0][0] if desk.numbers() else 0, "left", "went_away")
                case "match undone", int(which):
                    desk.undoes(_some_crossing(room, which))
                case "undone and named", (int(which), int(person)):
                    desk.undoes(_some_crossing(room, which), really=f"P{person:04d}")
                case "minutes pass", int(minutes):
                    room.clock.forward(minutes=minutes)
        except InputRefused:
            pass
        _adds_up(room, desk)
    assert room.ledger_is_whole()


def _some_crossing(room: Room, which: int) -> str:
    crossings = room.crossings()
    return crossings[which % len(crossings)].crossing_id if crossings else "none"


def _adds_up(room: Room, desk: AtTheDesk) -> None:
    endings, crossings = desk.endings(), room.crossings()
    assert endings.captures == len(crossings) == sum(endings.of_captures.values())
    assert endings.without_capture == sum(endings.of_others.values())
    assert endings.of_captures[Ending.NOT_QUEUED] == 0
    waiting = endings.of_captures[Ending.WAITING] + endings.of_others[Ending.WAITING]
    assert waiting == len(desk.queue.waiting(FLIGHT)) == endings.still_waiting.people
    assert describe_gallery(room.store, FLIGHT, room.clock()).endings == endings
    with room.store.reading() as transaction:
        refs = [row.passenger_ref for row in transaction.passengers(FLIGHT)]
        aboard = [ref for ref in refs if transaction.boarding_of(FLIGHT, ref) is not None]
        undone = {one.crossing_id for one in transaction.undos(FLIGHT)}
        standing = [one for one in crossings if one.outcome == Matched.kind and one.crossing_id not in undone]
        assert all(transaction.match_of(FLIGHT, one.passenger_ref or "") == one for one in standing)
    assert endings.boarded == len(aboard)
    assert endings.of_captures[Ending.MATCHED] == len(standing)


def test_an_officer_calls_whoever_waits() -> None:
    """Minutes waited are those to the call, not to the decision."""
    room = Room()
    room.stage()
    desk = AtTheDesk(room)
    room.walks_up(room.lane(), "no_face")
    room.clock.forward(minutes=4)
    desk.queue.call(1, OFFICER, flight_key=FLIGHT)
    room.clock.forward(minutes=3)
    desk.confirms(1, "P0001")
    endings = desk.endings()
    assert (endings.waited.longest, endings.served.longest, endings.still_waiting.people) == (4.0, 3.0, 0)
