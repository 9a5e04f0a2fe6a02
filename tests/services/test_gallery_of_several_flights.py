"""An arrivals hall or a ship: one named, bounded gallery, asked for by the rules of its own lane."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from boarding_parts import OPERATOR, PURPOSE, reference, traveller
from boarding_room import Room
from hypothesis import given, settings
from hypothesis import strategies as st
from list_messages import FLIGHT, message
from list_room import ListRoom

from fairgate.errors import CalibrationMissing, InputRefused, StagingConflict
from fairgate.services.gallery_from_lists import Place
from fairgate.services.permissions import LaneRules
from fairgate.services.stage_flight import FlightToStage, StageFlight
from fairgate.vocabulary import Direction, LaneKind

OTHER = FLIGHT.replace("0420", "0421")
HALL = Place(lane=LaneKind.ARRIVAL, port="LHR", name="LHR-morning")
FIRST = message(0, "", "FL:A", "FL:B")
SECOND = message(1, "", "FL:C", "FL:D", flight=OTHER)


def flights_of(room: ListRoom) -> dict[str, tuple[str, ...]]:
    """Return which flights list whom."""
    rows = [row for row in room.rows() if row.is_listed]
    listed = room.open_gallery().listed(rows)
    return {ref: tuple(booking.flight for booking in one.bookings) for ref, one in listed.items()}


def test_everybody_keeps_the_flight_that_lists_them() -> None:
    """The same reference on two lists is two people; the gallery's record says lane, direction, port and flights."""
    room = ListRoom(place=HALL)
    report = room.stage_lists(SECOND, FIRST)
    assert (report.flight_key, report.enrolled, report.lane) == ("LHR-morning", 4, LaneKind.ARRIVAL)
    assert flights_of(room) == {
        "P0001": ("FG420 BOS 2026-11-22",),
        "P0002": ("FG420 BOS 2026-11-22",),
        "P0003": ("FG421 BOS 2026-11-22",),
        "P0004": ("FG421 BOS 2026-11-22",),
    }
    with room.store.reading() as transaction:
        kept = transaction.flight("LHR-morning")
    assert kept is not None
    assert (kept.direction, kept.port, kept.lane) == (Direction.ENTRY, "LHR", LaneKind.ARRIVAL)
    assert kept.flights == ("FG420 BOS 2026-11-22", "FG421 BOS 2026-11-22")


def test_one_person_on_two_lists_is_in_the_gallery_once() -> None:
    """With one reference and both flights; taken off one of them they stay, taken off both they go."""
    room = ListRoom(place=HALL)
    both = message(1, "", "FL:B", "FL:C", flight=OTHER)
    assert room.stage_lists(FIRST, both).enrolled == 3
    assert flights_of(room)["P0002"] == ("FG420 BOS 2026-11-22", "FG421 BOS 2026-11-22")
    off_first = message(2, "XR", "FL:B")
    room.stage_lists(FIRST, both, off_first)
    assert flights_of(room)["P0002"] == ("FG421 BOS 2026-11-22",)
    report = room.stage_lists(FIRST, both, off_first, message(3, "XR", "FL:B", flight=OTHER))
    assert set(room.states()) == {"P0001", "P0003"}
    assert report.change is not None
    assert report.change.cancelled == 1


def test_a_name_alone_does_not_join_two_lists() -> None:
    """Two of one name and birth date with passports of their own are two people."""
    room = ListRoom(place=HALL)
    assert room.stage_lists(FIRST, message(1, "", "FL:A2", flight=OTHER)).listed == 3


def test_a_flight_that_joins_or_is_cancelled_changes_the_gallery() -> None:
    """References of the others stay as they were."""
    room = ListRoom(place=HALL)
    room.stage_lists(SECOND)
    assert room.states() == {"P0001": "enrolled", "P0002": "enrolled"}
    room.stage_lists(SECOND, FIRST)
    assert flights_of(room)["P0001"] == ("FG421 BOS 2026-11-22",)
    assert len(room.states()) == 4
    room.stage_lists(SECOND, FIRST, message(4, "XF", flight=OTHER))
    assert set(room.states()) == {"P0003", "P0004"}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(), "2 flights"),
        (Place(lane=LaneKind.ARRIVAL, direction=Direction.EXIT, name="x"), "Nobody leaves"),
        (Place(lane=LaneKind.VEHICLE, name="x"), "No gallery is made"),
        (Place(name="../x"), "up to 64 letters"),
        (Place(lane=LaneKind.SEA, port="XYZ", name="x"), "leaves XYZ"),
    ],
)
def test_what_is_no_gallery_is_refused(place: Place, words: str) -> None:
    """Before anything is opened or written."""
    room = ListRoom(place=place)
    with pytest.raises(InputRefused, match=words):
        room.stage_lists(FIRST, SECOND)
    assert room.rows() == []


def test_a_gallery_stays_with_its_lane() -> None:
    """The same lists for another lane or direction are another gallery, and need another name."""
    room = ListRoom(place=HALL)
    room.stage_lists(FIRST, SECOND)
    room.place = Place(lane=LaneKind.SEA, direction=Direction.ENTRY, port="LHR", name="LHR-morning")
    with pytest.raises(StagingConflict, match="lane"):
        room.stage_lists(FIRST, SECOND)


def test_so_many_references_need_a_threshold_before_anything_is_done() -> None:
    """The bound is what the pack was calibrated for."""
    room = Room(passengers=3)

    def up_to_two(references: int) -> None:
        if references > 2:
            raise CalibrationMissing("No threshold for so many.")

    rules = LaneRules(room.rulebook, lane=LaneKind.SEA, purpose=PURPOSE, port_zone=room.port_zone)
    people = [traveller(number) for number in range(1, 4)]
    with pytest.raises(CalibrationMissing):
        _stage(room, rules)(
            FlightToStage(room.flight(lane=LaneKind.SEA), people),
            [reference(number, room.camera(f"person={number} sample=0")) for number in range(1, 4)],
            require_ready=up_to_two,
        )
    assert room.camera.lent == []


def test_each_lane_asks_by_its_own_rules() -> None:
    """Under us-cbp, before 2025-12-26, an alien arriving at an airport is asked; one leaving from there is not."""
    day = date(2025, 12, 20)
    answers = {}
    for lane, direction in ((LaneKind.ARRIVAL, Direction.ENTRY), (LaneKind.BOARDING, Direction.EXIT)):
        room = ListRoom(place=Place(lane=lane, direction=direction))
        room.clock.now = room.clock.now.replace(year=day.year, month=day.month, day=day.day)
        answers[lane] = sorted(room.stage_lists(FIRST).flight_key and room.states().values())
    assert answers == {LaneKind.ARRIVAL: ["enrolled"] * 2, LaneKind.BOARDING: ["not_asked"] * 2}


def test_a_ship_of_thousands_is_staged_from_the_service_alone() -> None:
    """A record and travellers are enough; every one has a row."""
    room = Room(passengers=0)
    rules = LaneRules(room.rulebook, lane=LaneKind.SEA, purpose=PURPOSE, port_zone=room.port_zone)
    people = [traveller(number) for number in range(1, 1001)]
    report = _stage(room, rules)(
        FlightToStage(room.flight(lane=LaneKind.SEA, direction=Direction.ENTRY, port="MIA"), people),
        [reference(number, room.camera(f"person={number} sample=0")) for number in range(1, 1001)],
    )
    assert (report.listed, report.enrolled) == (1000, 1000)
    assert room.opened().gallery.bound == 1000


@given(st.permutations([FIRST, SECOND, message(2, "XR", "FL:A"), message(3, "CP", "FL:C", flight=OTHER)]), st.data())
@settings(deadline=None, max_examples=25)
def test_flights_may_come_in_any_order(files: list[bytes], data: st.DataObject) -> None:
    """A hall's gallery is a function of the set of its messages too."""
    at_once, in_steps = ListRoom(place=HALL), ListRoom(place=HALL)
    at_once.stage_lists(*files)
    cut = data.draw(st.integers(1, len(files) - 1))
    with suppress(InputRefused):
        in_steps.stage_lists(*files[:cut])
    in_steps.stage_lists(*files)
    assert in_steps.people() == at_once.people()


def _stage(room: Room, rules: LaneRules) -> StageFlight:
    return StageFlight(
        store=room.store,
        vault=room.vault,
        faces=room.faces,
        rules=rules,
        registrar=room.registrar,
        open_gallery=room.open_gallery(),
        clock=room.clock,
        entropy=room.entropy,
        actor=OPERATOR,
    )
