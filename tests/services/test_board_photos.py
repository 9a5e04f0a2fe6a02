"""What becomes of a face: photos are erased on every path, kept sealed for hours at most, and never of who declined."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from boarding_fakes import NOW, FakeVault, vector_of
from boarding_parts import BEFORE_THE_RULE, capture, never, real_vault, reference, traveller
from boarding_room import Room

from fairgate.errors import LedgerFault, RecordExpired, VaultFault
from fairgate.ledger.entry import EntryKind, ErasureReason
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.records import ReferenceState
from fairgate.store.sqlite import SqliteStore
from fairgate.vocabulary import RecordClass

KEPT = ("person=1 sample=1", "person=77 sample=1", "poor=sharpness")
NOT_KEPT = ("no_face", "several", "broken=truncated", "engine_fault")


@pytest.fixture
def room() -> Room:
    """A flight staged with three passengers."""
    room = Room()
    room.stage()
    return room


def photos_of(room: Room) -> list[tuple[bytes, datetime]]:
    """Return every photo that the fake vault was given, with its deadline."""
    assert isinstance(room.vault, FakeVault)
    return [(plain, due) for plain, of, due in room.vault.kept.values() if of is RecordClass.PHOTO]


# --- Erased and sealed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*KEPT, *NOT_KEPT])
def test_the_photo_in_memory_is_erased_whatever_the_outcome(room: Room, text: str) -> None:
    """Staging and boarding leave no byte of a photo behind, and only what may be kept is sealed."""
    crossing = room.walks_up(room.lane(), text).crossing
    assert len(room.camera.lent) == 4
    assert room.camera.left == 0
    assert (crossing.sealed_photo is not None) == (text in KEPT)
    assert [plain.decode() for plain, _ in photos_of(room)] == ([text] if text in KEPT else [])


class _Fails:
    """A decoder, engine, vault or registrar that raises whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object, **__: object) -> object:
            raise self._error

        return fail


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("vault", VaultFault("The key cannot be had.")),
        ("registrar", LedgerFault("No entry can be appended.")),
        ("engine", MemoryError()),
    ],
)
def test_the_photo_is_erased_when_something_breaks(room: Room, part: str, error: Exception) -> None:
    """The exception goes on its way; there is no crossing and no answer."""
    opened = room.opened()
    setattr(room, part, _Fails(error))
    if part == "engine":
        room.__post_init__()
    with pytest.raises(type(error)):
        room.walks_up(room.lane(opened), "person=1 sample=1")
    assert room.camera.left == 0
    assert room.crossings() == []


@pytest.mark.parametrize("late_h", [0.0, 5.0, 11.5])
@pytest.mark.parametrize("text", KEPT)
def test_a_sealed_photo_is_due_twelve_hours_after_capture_at_most(room: Room, text: str, late_h: float) -> None:
    """Even an alien's, who may be kept for 14 days, and however late it is recorded."""
    lane = room.lane()
    room.clock.forward(hours=late_h)
    room.walks_up(lane, text, taken_at=NOW)
    ((_, due),) = photos_of(room)
    assert room.clock.now < due <= NOW + timedelta(hours=12)


@pytest.mark.parametrize("age_h", [12.0, 13.0, 400.0])
def test_a_capture_older_than_its_deadline_is_decided_and_not_kept(room: Room, age_h: float) -> None:
    """The service need not ask the vault to know that."""
    room.stage()
    crossing = room.walks_up(room.lane(), "person=1 sample=1", taken_at=NOW - timedelta(hours=age_h)).crossing
    assert (crossing.outcome, crossing.sealed_photo) == ("match", None)
    assert photos_of(room) == []
    assert room.ledger_is_whole()


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=400), datetime(9999, 12, 31, tzinfo=UTC) - NOW])
def test_a_lane_whose_clock_runs_ahead_keeps_nothing_longer(room: Room, ahead: timedelta) -> None:
    """Twelve hours are counted from now where the capture claims to be from the future, be it the last day of all."""
    crossing = room.walks_up(room.lane(), "person=1 sample=1", taken_at=NOW + ahead).crossing
    assert crossing.outcome == "match"
    assert [due for _, due in photos_of(room)] == [NOW + timedelta(hours=12)]
    assert room.ledger_is_whole()


def test_with_the_real_vault_no_face_lies_on_the_disk(tmp_path: Path) -> None:
    """Neither live photo nor reference nor template nor name; the envelope opens for a read that was entered."""
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        room = Room(store=store, vault=real_vault(tmp_path / "keys", store))
        room.stage()
        crossing = room.walks_up(room.lane(), "person=1 sample=1", key="first").crossing
        old = room.walks_up(room.lane(), "person=2 sample=1", key="old", taken_at=NOW - timedelta(hours=12)).crossing
        assert (old.outcome, old.sealed_photo) == ("match", None)
        assert crossing.sealed_photo is not None
        assert room.ledger_is_whole()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert crossing.crossing_id.encode() in content
    for secret in (b"person=1", b"person=2", b"Number 1", vector_of(1, 0).tobytes()):
        assert secret not in content


def test_what_is_sealed_opens_until_its_hour_and_not_after(tmp_path: Path) -> None:
    """The real vault, through the gallery: a flight whose deadline passed boards nobody."""
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        room = Room(store=store, vault=real_vault(tmp_path / "keys", store))
        room.stage(
            [traveller(1, nationality="USA")], [reference(1, room.camera("person=1 sample=0"), nationality="USA")]
        )
        assert room.opened().gallery.size == 1
        room.clock.forward(hours=12)
        with pytest.raises(RecordExpired):
            room.opened()


# --- Opted out ------------------------------------------------------------------------------------------------------


def test_who_declines_is_never_photographed(room: Room) -> None:
    """Nothing is read, sealed or withdrawn where nobody said who they are."""
    lane = room.lane()
    crossing = lane(capture("c", opted_out=True), never).crossing
    assert (crossing.outcome, crossing.reason) == ("not_attempted", "opted_out")
    assert (crossing.had_photo, crossing.sealed_photo, crossing.passenger_ref) == (False, None, None)
    assert room.passenger("P0001").state is ReferenceState.ENROLLED
    assert room.ledger_is_whole()


def test_who_declines_by_name_has_the_reference_withdrawn(room: Room) -> None:
    """From the store, with an entry that says so, and from the gallery that this lane holds in memory."""
    lane = room.lane(identification=0.8)
    crossing = lane(capture("c", opted_out=True, claims="P0002"), never).crossing
    assert (crossing.reason, crossing.passenger_ref, crossing.rule_id) == ("opted_out", "P0002", "us-alien-exit-2025")
    row = room.passenger("P0002")
    assert (row.state, row.sealed_templates) == (ReferenceState.OPTED_OUT, ())
    after = [parse_leaf(leaf) for leaf in room.leaves()[crossing.ledger_index + 1 :]]
    (erasure,) = (entry for entry in after if entry.kind is EntryKind.ERASURE)
    assert erasure.reason == ErasureReason.OPTED_OUT
    assert ("templates", 1) in erasure.counts
    assert room.walks_up(lane, "person=2 sample=1").crossing.reason == "no_match"
    assert room.walks_up(lane, "person=2 sample=2", claims="P0002").crossing.reason == "opted_out"
    assert room.walks_up(lane, "person=1 sample=1").crossing.reason == "matched"
    assert room.opened().gallery.passenger_refs == ("P0001", "P0003")
    assert room.ledger_is_whole()


@pytest.mark.parametrize("twice", [False, True])
def test_an_erasure_is_entered_only_where_something_was_erased(twice: bool) -> None:
    """Not for a passenger without a reference, nor a second time for one who had it."""
    room = Room()
    room.stage(photos=[reference(1, room.camera("person=1 sample=0"))])
    lane = room.lane()
    if twice:
        lane(capture("first", opted_out=True, claims="P0001"), never)
    entries = len(room.leaves())
    lane(capture("c", opted_out=True, claims="P0001" if twice else "P0002"), never)
    kinds = [parse_leaf(leaf).kind for leaf in room.leaves()[entries:]]
    assert EntryKind.CROSSING in kinds
    assert EntryKind.ERASURE not in kinds


def test_an_opt_out_that_another_process_recorded_counts_here_too(room: Room) -> None:
    """The same delivery comes to a lane that opened the gallery before: it takes the reference out of memory."""
    here, there = room.lane(), room.lane()
    there(capture("c", opted_out=True, claims="P0002"), never)
    assert here(capture("c", opted_out=True, claims="P0002"), never).repeated
    assert room.walks_up(here, "person=2 sample=1").crossing.reason == "no_match"


def test_who_declined_before_is_not_photographed_at_any_lane(room: Room) -> None:
    """A boarding pass says who it is before the camera is used; a lane that opened earlier knows it too."""
    first, second = room.lane(), room.lane()
    first(capture("a", opted_out=True, claims="P0002"), never)
    for lane, key in ((first, "b"), (second, "c"), (room.lane(), "d")):
        assert lane(capture(key, claims="P0002"), never).crossing.reason == "opted_out"


def test_who_opted_out_elsewhere_is_in_no_gallery_here(room: Room) -> None:
    """The lane opened its gallery before; at its next crossing it is without them, and they are nobody it knows."""
    lane = room.lane()
    room.lane()(capture("other", opted_out=True, claims="P0002"), never)
    boarded = room.walks_up(lane, "person=2 sample=1")
    assert (boarded.crossing.outcome, boarded.crossing.reason) == ("see_officer", "no_match")
    assert boarded.crossing.passenger_ref is None
    assert room.camera.left == 0
    assert room.ledger_is_whole()


def test_who_declines_is_not_asked_by_any_rule_either(room: Room) -> None:
    """An opt-out comes before the rules: its reason is recorded, whatever they say."""
    crossing = room.lane()(capture("c", opted_out=True, claims="P0001", taken_at=BEFORE_THE_RULE), never).crossing
    assert (crossing.reason, crossing.rule_id) == ("opted_out", "us-alien-exit-elsewhere-2018")
