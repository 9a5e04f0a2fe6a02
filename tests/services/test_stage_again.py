"""Staging again: interrupted it goes on, complete it changes nothing, from something else it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from boarding_fakes import FakeEngine
from boarding_parts import FLIGHT, KEY, PURPOSE, capture, never, reference, traveller
from boarding_room import Room

from fairgate.errors import LedgerFault, NothingStaged, StagingConflict, WorkerFault
from fairgate.face.pipeline import Extraction
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.append_entry import Registrar
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow, PassengerRecord
from fairgate.vocabulary import LaneKind, Photo

SEED_BYTES = 16


def rows_of(room: Room) -> Sequence[PassengerRecord]:
    with room.store.reading() as transaction:
        return transaction.passengers(FLIGHT)


def staging_counts(room: Room) -> list[dict[str, int]]:
    """Return the counts of each entry on a staging."""
    entries = [parse_leaf(leaf) for leaf in room.leaves()]
    return [dict(entry.counts) for entry in entries if entry.kind is EntryKind.STAGING]


class _Dies(FakeEngine):
    """An engine whose machinery is gone for good after some references."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def extract(self, *given: Any, **named: Any) -> Extraction:
        if len(self.seen) == self._after:
            raise WorkerFault("The decode worker is gone.")
        return FakeEngine.extract(self, *given, **named)


def die_while_staging(room: Room, after: int, top_up_to: int | None = None) -> None:
    room.engine = _Dies(after)
    room.__post_init__()
    with pytest.raises(WorkerFault):
        room.stage(top_up_to=top_up_to)
    room.engine = FakeEngine()
    room.__post_init__()


def test_an_interrupted_staging_goes_on_where_it_stopped() -> None:
    """What was finished is not opened or extracted again, no row is doubled, and until then nobody boards."""
    room = Room(passengers=40)
    die_while_staging(room, after=35)
    before = rows_of(room)
    assert len(before) == 32
    with pytest.raises(NothingStaged):
        room.opened()
    opened = len(room.camera.lent)
    room.clock.forward(minutes=5)
    report = room.stage()
    assert (report.listed, report.enrolled) == (40, 40)
    assert len(room.engine.seen) == len(room.camera.lent) - opened == 8
    assert list(rows_of(room))[:32] == before
    assert room.camera.left == 0
    assert staging_counts(room) == [{"listed": 40, "enrolled": 40, "templates": 40, "synthetic": 0}]


def test_an_interruption_before_the_topping_up_does_not_lose_it() -> None:
    """Everybody is enrolled, then the seed cannot be had; the next run tops up and completes."""
    room = Room()

    entropy = room.entropy

    def no_seed(size: int, /) -> bytes:
        if size == SEED_BYTES:
            raise MemoryError
        return entropy(size)

    room.entropy = no_seed
    with pytest.raises(MemoryError):
        room.stage(top_up_to=10)
    assert len(rows_of(room)) == 3
    room.entropy = entropy
    report = room.stage(top_up_to=10)
    assert (report.enrolled, report.distractors) == (3, 7)
    assert room.opened().gallery.distractor_count == 7


class _RefusesStagings(Registrar):
    """A registrar that takes reads and nothing else."""

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        if entry.kind is EntryKind.STAGING:
            raise LedgerFault("No entry can be appended.")
        return super().append(transaction, entry)


def test_an_interruption_after_the_topping_up_does_not_double_it() -> None:
    """The staging could not be entered in the ledger, so it is not complete; the next run only enters it."""
    room = Room()
    registrar, room.registrar = room.registrar, _RefusesStagings(KEY, room.anchor)
    with pytest.raises(LedgerFault):
        room.stage(top_up_to=10)
    assert len(rows_of(room)) == 10
    with pytest.raises(NothingStaged):
        room.opened()
    room.registrar = registrar
    assert room.stage(top_up_to=10).distractors == 7
    assert staging_counts(room) == [{"listed": 3, "enrolled": 3, "templates": 3, "synthetic": 7}]


def test_staging_the_same_list_again_changes_nothing() -> None:
    """Not a row, not an entry, and no photo is opened; an opt-out since then is not made up for by a distractor."""
    room = Room()
    first = room.stage(top_up_to=10)
    room.lane()(capture("c", opted_out=True, claims="P0002"), never)
    rows, entries, opened = rows_of(room), room.leaves(), len(room.camera.lent)
    again = room.stage(top_up_to=10)
    assert (rows_of(room), room.leaves(), len(room.camera.lent)) == (rows, entries, opened)
    assert (first.distractors, again.distractors) == (7, 7)


@pytest.mark.parametrize("what", ["list_sha256", "pack_digest", "rulebook_sha256"])
@pytest.mark.parametrize("is_complete", [True, False])
def test_another_list_pack_or_rulebook_is_a_conflict(what: str, is_complete: bool) -> None:
    """And what was staged, wholly or in part, stays as it was."""
    room = Room(passengers=20)
    if is_complete:
        room.stage()
    else:
        die_while_staging(room, after=18)
    rows, entries = rows_of(room), room.leaves()
    with pytest.raises(StagingConflict):
        room.stage([traveller(99)], [], **dict[str, Any]({what: "44" * 32}))
    assert (rows_of(room), room.leaves()) == (rows, entries)


def test_a_second_staging_at_once_doubles_nothing() -> None:
    """Another process finishes while this one is still extracting: its rows stand, and one staging is entered."""
    room = Room(passengers=2)
    other = replace(room)

    def meanwhile() -> Photo:
        other.stage()
        return room.camera("person=1 sample=0")()

    room.stage(photos=[reference(1, meanwhile), reference(2, room.camera("person=2 sample=0"))])
    assert [row.passenger_ref for row in rows_of(room)] == ["P0001", "P0002"]
    assert staging_counts(room) == [{"listed": 2, "enrolled": 2, "templates": 2, "synthetic": 0}]
    assert room.opened().gallery.size == 2


def test_entries_name_the_rulebook_in_force_when_they_are_made() -> None:
    """A gallery keeps the digest that it was staged under; what is done to it later was asked of another text."""
    room = Room(passengers=40)
    die_while_staging(room, after=35)
    first = room.rulebook.sha256
    room.rulebook = replace(room.rulebook, sha256="ab" * 32)
    room.rules = LaneRules(room.rulebook, lane=LaneKind.BOARDING, purpose=PURPOSE, port_zone=room.port_zone)
    room.stage(rulebook_sha256=first)
    with room.store.reading() as transaction:
        flight = transaction.flight(FLIGHT)
    assert flight is not None
    assert flight.rulebook_sha256 == first
    staged = [parse_leaf(leaf) for leaf in room.leaves()]
    assert [one.rulebook_sha256 for one in staged if one.kind is EntryKind.STAGING][-1] == "ab" * 32
