"""Several frames of one capture at a lane: one crossing, one photo at most, and nobody fused with anybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from boarding_fakes import FakeDecoder, FakeVault
from boarding_parts import capture
from boarding_room import Room

from fairgate.services.faces import FaceReader
from fairgate.services.record_crossing import Boarded
from fairgate.vocabulary import Photo, RecordClass


@pytest.fixture
def room() -> Room:
    """A flight staged with three passengers, its lane fusing frames that are alike."""
    room = Room()
    room.faces = FaceReader(
        decoder=FakeDecoder(),
        engine=room.engine,
        timer=room.timer,
        smallest_probe_px=80,
        smallest_reference_px=80,
        least_alike=0.7,
    )
    room.stage()
    return room


def frames(room: Room, *texts: str) -> Callable[[], tuple[Photo, ...]]:
    """Lend several frames of one capture."""
    cameras = [room.camera(text) for text in texts]
    return lambda: tuple(camera() for camera in cameras)


def board(room: Room, *texts: str, claims: str | None = None) -> Boarded:
    """Board whom the frames show."""
    return room.lane()(capture("k", claims=claims), frames(room, *texts))


def sealed(room: Room) -> list[str]:
    """What photos of captures are kept."""
    assert isinstance(room.vault, FakeVault)
    return [plain.decode() for plain, of, _ in room.vault.kept.values() if of is RecordClass.PHOTO]


@pytest.mark.parametrize("claims", [None, "P0001"])
def test_several_frames_are_one_crossing_and_one_photo(room: Room, claims: str | None) -> None:
    """They match together, one of them is sealed, and none is left in memory."""
    boarded = board(room, "person=1 sample=1", "person=1 sample=2", "person=1 sample=3", claims=claims)
    assert (boarded.crossing.outcome, boarded.crossing.passenger_ref) == ("match", "P0001")
    assert len(room.crossings()) == 1
    assert sealed(room) == ["person=1 sample=1"]
    assert room.camera.left == 0
    again = board(room, "person=1 sample=1", "person=1 sample=2", claims=claims)
    assert again.repeated
    assert room.ledger_is_whole()


def test_bad_frames_are_left_out(room: Room) -> None:
    """Those without a face, with several, of poor quality or undecodable; what is left is compared and kept."""
    boarded = board(room, "broken=truncated", "no_face", "several", "person=2 sample=1", "poor=sharpness")
    assert (boarded.crossing.outcome, boarded.crossing.passenger_ref) == ("match", "P0002")
    assert sealed(room) == ["person=2 sample=1"]
    assert room.camera.left == 0


@pytest.mark.parametrize(
    ("texts", "reason", "component", "kept"),
    [
        (("no_face", "poor=roll", "several"), "poor_image", "roll", ["poor=roll"]),
        (("no_face", "several"), "several_faces", None, []),
        (("broken=damaged", "no_face"), "no_face", None, []),
        (("broken=damaged", "broken=truncated"), "unreadable_image", "damaged", []),
        (("person=1 sample=1", "engine_fault"), "engine_fault", None, []),
    ],
)
def test_without_a_good_frame_the_closest_one_gives_the_reason(
    room: Room, texts: tuple[str, ...], reason: str, component: str | None, kept: list[str]
) -> None:
    """An engine that fails on any frame leads to an officer."""
    crossing = board(room, *texts).crossing
    assert (crossing.outcome, crossing.reason, crossing.component) == ("see_officer", reason, component)
    assert sealed(room) == kept
    assert room.camera.left == 0


def test_frames_of_two_people_go_to_the_officer_and_nothing_is_kept(room: Room) -> None:
    """Even where either of them alone would have matched."""
    crossing = board(room, "person=1 sample=1", "person=2 sample=1").crossing
    assert (crossing.outcome, crossing.reason, crossing.was_usable) == ("see_officer", "several_faces", False)
    assert sealed(room) == []
    assert room.camera.left == 0
