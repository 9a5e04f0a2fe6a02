"""What was sealed opens again, before its deadline, for an entered read, unaltered; and never otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import FairgateError, LedgerFault, PurposeRefused, RecordExpired, VaultFault
from fairgate.ledger.entry import EntryKind
from fairgate.vault.epoch import Epoch
from fairgate.vault.sealed_record import SealedRecord
from fairgate.vocabulary import Actor, ActorKind, Photo, RecordClass

if TYPE_CHECKING:
    from tests.vault.conftest import Room

NOW = datetime.fromisoformat("2026-11-22T10:15:00+00:00")
GATE = Actor(ActorKind.LANE, "gate-b22")
PURPOSE = "exit_boarding"
IDENTIFIERS = st.text("abcXYZ019-_./:{}@!~", min_size=1, max_size=40)


@settings(max_examples=60)
@given(
    st.binary(max_size=2000), st.sampled_from(RecordClass), IDENTIFIERS, IDENTIFIERS, st.floats(1, 1e5, allow_nan=False)
)
def test_what_was_sealed_opens(
    shared_room: Room, content: bytes, of: RecordClass, record_id: str, crossing_id: str, hours: float
) -> None:
    """Any bytes of any class come back, and the envelope names class, deadline and owner."""
    envelope = shared_room.seal(content, of=of, hours=hours, record_id=record_id, crossing_id=crossing_id)
    assert shared_room.open(envelope) == content
    header = SealedRecord.decode(envelope).header
    assert (header.record_id, header.crossing_id) == (record_id, crossing_id)
    assert header.epoch == Epoch(of, NOW + timedelta(hours=hours))
    assert NOW + timedelta(hours=hours - 1) < header.epoch.hour <= NOW + timedelta(hours=hours)


@settings(max_examples=300)
@given(st.data())
def test_a_changed_bit_anywhere_keeps_it_shut(shared_room: Room, data: st.DataObject) -> None:
    """Magic, lengths, header, wrapped key, nonce, ciphertext and tag: one bit changed, and nothing opens."""
    envelope = bytearray(shared_room.seal(b"a template of some length"))
    envelope[data.draw(st.integers(0, len(envelope) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(VaultFault):
        shared_room.open(bytes(envelope))


@given(st.data())
def test_a_cut_or_lengthened_envelope_stays_shut(shared_room: Room, data: st.DataObject) -> None:
    """An envelope cut short anywhere, or with bytes added, does not open."""
    envelope = shared_room.seal(b"a template")
    cut = data.draw(st.integers(0, len(envelope) - 1))
    for other in (envelope[:cut], envelope + data.draw(st.binary(min_size=1, max_size=9))):
        with pytest.raises(VaultFault):
            shared_room.open(other)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(shared_room: Room, content: bytes) -> None:
    """What is no envelope is refused with a fault of the vault, whatever it is."""
    for junk in (content, b"FGV1" + content):
        with pytest.raises(VaultFault):
            SealedRecord.decode(junk)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"crossing":"c-1"', b'"crossing":"c-2"'),
        (b'"record":"r-1"', b'"record":"r-2"'),
        (b"photo", b"chip_"),
        (b"2026-11-22T22", b"2026-11-22T23"),
        (b"2026-11-22T22", b"2036-11-22T22"),
        (b'"v":1', b'"v":2'),
    ],
)
def test_a_rewritten_header_stays_shut(room: Room, old: bytes, new: bytes) -> None:
    """Class, deadline and owner are authenticated: an envelope cannot be given to another row or a later hour."""
    envelope = room.seal(hours=12)
    room.seal(hours=13)
    assert old in envelope
    with pytest.raises(VaultFault):
        room.open(envelope.replace(old, new))


def test_parts_of_two_envelopes_do_not_open_together(room: Room) -> None:
    """The wrapped key, nonce and ciphertext of one crossing do not open under the header of another."""
    mine, yours = room.seal(b"mine", crossing_id="c-1"), room.seal(b"yours", crossing_id="c-2")
    header_bytes = len(SealedRecord.decode(mine).authenticated)
    with pytest.raises(VaultFault):
        room.open(mine[:header_bytes] + yours[header_bytes:])


def test_equal_contents_have_unlike_envelopes(room: Room) -> None:
    """Data keys and nonces are random: nothing shows that two records are the same."""
    first, second = SealedRecord.decode(room.seal(b"same")), SealedRecord.decode(room.seal(b"same"))
    assert bytes(first.ciphertext) != bytes(second.ciphertext)
    assert first.nonce != second.nonce
    assert first.wrapped_key != second.wrapped_key


def test_a_photo_goes_in_and_comes_out_as_a_photo(room: Room) -> None:
    """The bytes come back in the type that cannot be printed, and the photo handed in is left whole."""
    photo = Photo(b"\xff\xd8 some jpeg \xff\xd9")
    envelope = room.seal(photo)
    opened = room.vault.open_photo(envelope, actor=GATE, purpose=PURPOSE, ledger_index=room.enter(), now=NOW)
    with photo.open() as before, opened.open() as after:
        assert bytes(before) == bytes(after)


def test_an_altered_photo_stays_shut(room: Room) -> None:
    """Opening as a photo authenticates as well."""
    envelope = room.seal(Photo(b"\xff\xd8 some jpeg \xff\xd9"))
    with pytest.raises(VaultFault):
        room.vault.open_photo(envelope[:-1] + b"\x00", actor=GATE, purpose=PURPOSE, ledger_index=room.enter(), now=NOW)


@pytest.mark.parametrize("late", [timedelta(hours=12), timedelta(hours=13), timedelta(days=400)])
def test_nothing_opens_from_its_deadline_on(room: Room, late: timedelta) -> None:
    """The deadline's hour itself is too late; a minute before it is not."""
    envelope = room.seal(hours=12)
    deadline = SealedRecord.decode(envelope).header.epoch.hour
    assert room.open(envelope, now=deadline - timedelta(minutes=1)) == b"content"
    with pytest.raises(RecordExpired):
        room.open(envelope, now=deadline.replace(minute=0) + late - timedelta(hours=12))


def test_a_clock_set_back_revives_nothing(room: Room) -> None:
    """An hour that was seen once is remembered, also by a vault opened anew."""
    envelope, later = room.seal(hours=12), NOW + timedelta(hours=13)
    with pytest.raises(RecordExpired):
        room.open(envelope, now=later)
    with pytest.raises(RecordExpired):
        room.open(envelope, now=NOW)
    room.reopen()
    with pytest.raises(RecordExpired):
        room.open(envelope, now=NOW)


def test_a_sweep_is_remembered_by_the_clock(room: Room) -> None:
    """Sweeping takes note of the time: a key swept is not made again for the same hour."""
    room.seal(hours=12)
    room.vault.destroy_expired(NOW + timedelta(hours=12))
    with pytest.raises(RecordExpired):
        room.seal(hours=12)


def test_a_key_destroyed_early_takes_its_records_along(room: Room) -> None:
    """Without its key a record is expired, whatever its deadline says."""
    envelope = room.seal(hours=12)
    for slot in room.folder.rglob("*.slot"):
        slot.unlink()
    with pytest.raises(RecordExpired):
        room.open(envelope)
    room.seal(hours=12)
    with pytest.raises(RecordExpired):
        room.open(envelope)


def test_a_deadline_in_the_past_is_refused(room: Room) -> None:
    """Nothing is sealed that could never be opened."""
    room.vault.destroy_expired(NOW)
    with pytest.raises(RecordExpired):
        room.seal(hours=-1)


@pytest.mark.parametrize("purpose", ["", " ", "\n"])
def test_no_purpose_no_reading(room: Room, purpose: str) -> None:
    """A read names what it is for."""
    with pytest.raises(PurposeRefused):
        room.vault.open(room.seal(), actor=GATE, purpose=purpose, ledger_index=room.enter(), now=NOW)


def test_a_read_is_entered_before_it_happens(room: Room) -> None:
    """An index that the ledger does not hold, or holds for something else, opens nothing."""
    envelope = room.seal()
    others = [
        room.enter(actor=Actor(ActorKind.OFFICER, "o-7")),
        room.enter(purpose="photo_search"),
        room.enter(kind=EntryKind.CROSSING),
        room.enter(count=0),
        99,
        -1,
    ]
    for index in others:
        with pytest.raises(LedgerFault):
            room.vault.open(envelope, actor=GATE, purpose=PURPOSE, ledger_index=index, now=NOW)


def test_an_entry_stands_for_as_many_reads_as_it_counts(room: Room) -> None:
    """Two records may be opened under an entry that counts two, and not a third."""
    envelope, index = room.seal(), room.enter(count=2)
    for _ in range(2):
        room.vault.open(envelope, actor=GATE, purpose=PURPOSE, ledger_index=index, now=NOW)
    with pytest.raises(LedgerFault):
        room.vault.open(envelope, actor=GATE, purpose=PURPOSE, ledger_index=index, now=NOW)


@pytest.mark.parametrize("identifier", ["", "Jane Doe", 'a"b', "a\\b", "García", "x" * 257, "line\n"])
def test_identifiers_that_break_the_header_are_refused(room: Room, identifier: str) -> None:
    """Identifiers are opaque printable words; anything else could be mistaken for another header."""
    with pytest.raises(VaultFault):
        room.seal(record_id=identifier)
    with pytest.raises(VaultFault):
        room.seal(crossing_id=identifier)


def test_times_need_a_zone(room: Room) -> None:
    """A deadline or a present moment without a zone is refused."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(VaultFault):
        room.vault.seal(b"x", record_class=RecordClass.PHOTO, record_id="r", crossing_id="c", erase_by=naive)
    with pytest.raises(FairgateError):
        room.open(room.seal(), now=naive)


def test_the_format_is_fixed(room: Room) -> None:
    """Version 1 of the envelope: changing its layout orphans every record ever sealed."""
    envelope = room.seal(b"content", record_id="r-1", crossing_id="c-1")
    key_id = room.vault.held_keys()[0]
    header = (
        '{"class":"photo","crossing":"c-1","erase_by":"2026-11-22T22:00:00Z","key":"'
        + key_id
        + '","record":"r-1","v":1}'
    ).encode()
    assert envelope.startswith(b"FGV1" + len(header).to_bytes(2, "big") + header + (60).to_bytes(2, "big"))
    assert len(envelope) == 4 + 2 + len(header) + 2 + 60 + 12 + len(b"content") + 16


def test_nothing_of_a_record_lies_on_disk_in_the_clear(room: Room) -> None:
    """A canary sealed and stored is found in no file; planted in the clear, the same scan finds it."""
    canary = b"CANARY-7f3a-of-a-face"

    def files_with_canary() -> list[str]:
        return [path.name for path in room.folder.parent.rglob("*") if path.is_file() and canary in path.read_bytes()]

    (room.folder.parent / "database").write_bytes(room.seal(Photo(b"\xff\xd8" + canary)) + room.seal(canary))
    room.vault.destroy_expired(NOW + timedelta(hours=12))
    assert files_with_canary() == []
    (room.folder.parent / "planted").write_bytes(b"..." + canary)
    assert files_with_canary() == ["planted"]
