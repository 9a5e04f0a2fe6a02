"""A reference whose deadline comes while a lane is open is compared with nobody from then on."""

from __future__ import annotations

import pytest
from boarding_parts import reference, traveller
from boarding_room import Room


@pytest.fixture
def room() -> Room:
    """Two citizens, whose templates go after twelve hours, and an alien."""
    room = Room()
    people = [traveller(1, nationality="USA"), traveller(2, nationality="USA"), traveller(3)]
    states = {1: "USA", 2: "USA", 3: "DEU"}
    photos = [
        reference(number, room.camera(f"person={number} sample=0"), nationality=state)
        for number, state in states.items()
    ]
    room.stage(people, photos)
    return room


def test_a_gallery_in_memory_keeps_nobody_past_the_deadline(room: Room) -> None:
    """In time a citizen is matched; later neither by name nor in the gallery, and the alien still is."""
    room.clock.forward(hours=11.5)
    lane = room.lane()
    assert room.walks_up(lane, "person=1 sample=1").crossing.reason == "matched"
    room.clock.forward(hours=0.5)
    assert room.walks_up(lane, "person=2 sample=1").crossing.reason == "no_match"
    assert room.walks_up(lane, "person=2 sample=2", claims="P0002").crossing.reason == "no_reference"
    assert room.walks_up(lane, "person=3 sample=1").crossing.reason == "matched"


def test_what_expires_is_told_the_soonest_first(room: Room) -> None:
    """Moments are those of the envelopes, so a lane need not know the rules."""
    expires = room.opened().expires
    assert [passenger_ref for _, passenger_ref in expires] == ["P0001", "P0002", "P0003"]
    assert [at for at, _ in expires] == sorted(at for at, _ in expires)
