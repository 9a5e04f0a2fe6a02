"""Opening a flight: only a complete one, only with its own pack, and each read is in the ledger before it happens."""

from __future__ import annotations

from datetime import datetime

import pytest
from boarding_fakes import PACK_DIGEST, FakeVault
from boarding_parts import FLIGHT, KEY, OPERATOR, PURPOSE
from boarding_room import Room

from fairgate.errors import LedgerFault, NothingStaged, PackMismatch, RecordExpired
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.append_entry import Registrar
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow, PassengerRecord, ReferenceState
from fairgate.vocabulary import Actor


class WatchfulVault(FakeVault):
    """Opens nothing unless the entry that the reader names is a committed read by that reader."""

    room: Room

    def open(self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime) -> bytes:
        entry = parse_leaf(self.room.leaves()[ledger_index])
        assert (entry.kind, entry.actor, entry.purpose) == (EntryKind.READ, actor, purpose)
        return super().open(envelope, actor=actor, purpose=purpose, ledger_index=ledger_index, now=now)


def test_reads_are_entered_before_anything_is_opened() -> None:
    """One entry for the templates, one for the list, each with its count; nothing is opened beyond those counts."""
    vault = WatchfulVault()
    room = vault.room = Room(vault=vault)
    room.stage()
    entries = len(room.leaves())
    opened = room.opened()
    read = [parse_leaf(leaf) for leaf in room.leaves()[entries:]]
    assert [(entry.kind, entry.counts, entry.pack_sha256) for entry in read] == [
        (EntryKind.READ, (("templates", 3),), PACK_DIGEST),
        (EntryKind.READ, (("list_entries", 3),), None),
    ]
    assert vault.reads == [(OPERATOR, PURPOSE, entries)] * 3 + [(OPERATOR, PURPOSE, entries + 1)] * 3
    assert opened.gallery.passenger_refs == tuple(opened.references) == ("P0001", "P0002", "P0003")
    assert room.ledger_is_whole()


class _TakesNothing(Registrar):
    """A registrar whose ledger is closed."""

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        raise LedgerFault("No entry can be appended.")


def test_what_cannot_be_entered_is_not_opened() -> None:
    """The vault is not even asked."""
    vault = FakeVault()
    room = Room(vault=vault)
    room.stage()
    room.registrar = _TakesNothing(KEY, room.anchor)
    with pytest.raises(LedgerFault):
        room.opened()
    assert vault.reads == []


def test_a_flight_that_is_not_staged_or_not_complete_boards_nobody() -> None:
    """And nothing of it is opened or entered."""
    room = Room()
    with pytest.raises(NothingStaged):
        room.opened()
    with room.store.writing() as transaction:
        transaction.add_flight(room.flight())
        transaction.put_passenger(PassengerRecord(FLIGHT, "P0001", ReferenceState.NO_PHOTO, sealed_traveller=b"?"))
    with pytest.raises(NothingStaged):
        room.opened()
    assert room.leaves() == []


def test_another_pack_is_refused_before_anything_is_opened() -> None:
    """Features of two packs are never compared."""
    room = Room()
    room.stage()
    entries = len(room.leaves())
    with pytest.raises(PackMismatch):
        room.open_gallery()(FLIGHT, pack_digest="44" * 32)
    assert len(room.leaves()) == entries


def test_a_flight_of_which_nobody_is_enrolled_opens() -> None:
    """Everybody goes to an officer; the gallery is empty and bounded all the same."""
    room = Room()
    room.stage(photos=[])
    opened = room.opened()
    assert (opened.gallery.size, len(opened.travellers)) == (0, 3)
    assert room.walks_up(room.lane(opened), "person=1 sample=1").crossing.reason == "no_match"


def test_distractors_have_neither_name_nor_template_of_their_own() -> None:
    """They are searched and are nobody; no claim can be made to one."""
    room = Room()
    room.stage(top_up_to=8)
    opened = room.opened()
    assert (opened.gallery.size, opened.gallery.distractor_count) == (8, 5)
    assert set(opened.references) == set(opened.travellers) == {"P0001", "P0002", "P0003"}
    assert room.walks_up(room.lane(opened), "person=1 sample=1", claims="D0001").crossing.reason == "no_reference"


def test_an_expired_reference_takes_nobody_else_with_it() -> None:
    """It is left out and counted; once all have expired the flight does not open."""
    vault = FakeVault()
    room = Room(vault=vault)
    room.stage()
    with room.store.reading() as transaction:
        (first,) = transaction.passengers(FLIGHT)[0].sealed_templates
    plain, record_class, _ = vault.kept[first]
    vault.kept[first] = (plain, record_class, room.clock.now)
    opened = room.opened()
    assert opened.gallery.passenger_refs == ("P0002", "P0003")
    assert opened.expired == 1
    room.clock.forward(days=400)
    with pytest.raises(RecordExpired):
        room.opened()
