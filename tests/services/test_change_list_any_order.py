"""Staged in steps or at once, in order or late, once or twice, killed or not: the gallery is the same."""

from __future__ import annotations

import zlib
from datetime import date
from functools import partial
from typing import Any

import pytest
from boarding_fakes import FakeEngine
from hypothesis import given, settings
from hypothesis import strategies as st
from list_messages import message
from list_room import ListRoom

from fairgate.errors import InputRefused, LedgerFault, NothingStaged, StagingConflict, WorkerFault
from fairgate.face.pipeline import Extraction
from fairgate.ledger.entry import Entry
from fairgate.services.append_entry import Registrar
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow

LIST = message(0, "", "FL:A", "FL:B", "FL:C", "FM:P")
PEOPLE = [f"FL:{letter}{more}" for letter in "ABCDE" for more in ("", "2")]


@st.composite
def later(draw: st.DrawFn) -> bytes:
    """Return a message prepared after the list, about one to three people."""
    minute = draw(st.integers(1, 6))
    made = partial(
        message,
        minute,
        draw(st.sampled_from(["", "CP", "CP", "XR", "C", "CLOB", "CLNB"])),
        *draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)),
        nationality=draw(st.sampled_from(["GBR", "GBR", "USA"])),
        named=draw(st.booleans()),
    )
    # What differs has references that differ; a carrier that does otherwise is refused, or heard once.
    return made(reference=f"I{minute}.{zlib.crc32(made(reference='I'))}")


def stage(room: ListRoom, files: list[bytes]) -> None:
    """Stage what can be staged: lists that leave nobody in a gallery that is not there are refused."""
    try:
        room.stage_lists(*files)
    except InputRefused:
        assert not room.rows()


@given(st.lists(later(), min_size=1, max_size=4), st.data())
@settings(deadline=None, max_examples=60)
def test_steps_and_order_make_no_difference(messages: list[bytes], data: st.DataObject) -> None:
    """The messages come one by one, in any order, some twice; whoever is listed is in the same state as at once."""
    arriving = data.draw(st.permutations(messages))
    pictured = data.draw(st.lists(st.sampled_from([f"X{one[3:]}" for one in PEOPLE]), unique=True))
    at_once, in_steps = ListRoom(pictured=pictured), ListRoom(pictured=pictured)
    stage(at_once, [LIST, *messages])
    known = [LIST]
    stage(in_steps, known)
    for one in arriving:
        known = [*known, one, *data.draw(st.lists(st.sampled_from(known), max_size=1))]
        stage(in_steps, known)
    assert in_steps.people() == at_once.people()
    references = [row.passenger_ref for row in in_steps.rows()]
    assert len(references) == len(set(references))
    templates = sum(len(row.sealed_templates) for row in at_once.rows())
    assert sum(len(row.sealed_templates) for row in in_steps.rows()) == templates
    assert in_steps.ledger_is_whole()


@given(st.lists(later(), min_size=1, max_size=3), st.integers(0, 40))
@settings(deadline=None, max_examples=30)
def test_a_staging_that_was_killed_goes_on_where_it_stopped(messages: list[bytes], after: int) -> None:
    """At whichever entry of the ledger or photo; nobody is matched meanwhile who was withdrawn."""
    at_once, killed = ListRoom(), ListRoom()
    stage(at_once, [LIST, *messages])
    stage(killed, [LIST])
    registrar, killed.registrar = killed.registrar, _Dies(after, killed)
    try:
        killed.stage_lists(LIST, *messages)
    except LedgerFault:
        killed.registrar = registrar
        stage(killed, [LIST, *messages])
    killed.registrar = registrar
    assert killed.people() == at_once.people()
    assert killed.ledger_is_whole()


@pytest.mark.parametrize("photos", range(4))
def test_it_goes_on_too_where_the_engine_died(photos: int) -> None:
    """After the list was taken over: those withdrawn are gone, and nobody opens the gallery until it is whole."""
    room = ListRoom()
    room.stage_lists(LIST)
    later = [message(1, "XR", "FL:A"), message(2, "CP", "FL:B2", "FL:D", "FL:E")]
    room.engine = _Broken(photos)
    room.__post_init__()
    if photos < 3:
        with pytest.raises(WorkerFault):
            room.stage_lists(LIST, *later)
        assert {row.passenger_ref: row.state.value for row in room.rows()}["P0001"] == "cancelled"
        with pytest.raises(NothingStaged):
            room.opened()
        with pytest.raises(StagingConflict):
            room.stage_lists(LIST)
    room.engine = FakeEngine()
    room.__post_init__()
    room.stage_lists(LIST, *later)
    assert room.states() == dict.fromkeys(("P0002", "P0003", "P0005", "P0006"), "enrolled")
    assert room.opened().gallery.size == 4


class _Broken(FakeEngine):
    """An engine whose machinery is gone for good after some photos."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def extract(self, *given: Any, **named: Any) -> Extraction:
        if len(self.seen) == self._after:
            raise WorkerFault("The decode worker is gone.")
        return FakeEngine.extract(self, *given, **named)


class _Dies(Registrar):
    """A registrar that is gone after some entries."""

    def __init__(self, after: int, room: ListRoom) -> None:
        super().__init__(room.registrar._signer, room.anchor)
        self._left = after

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        if self._left == 0:
            raise LedgerFault("No entry can be appended.")
        self._left -= 1
        return super().append(transaction, entry)


@pytest.mark.parametrize("day", [date(2026, 11, 22)])
def test_in_order_the_references_are_the_same_too(day: date) -> None:
    """Whoever is named first by a later message comes after those named before."""
    messages = [message(1, "CP", "FL:D"), message(2, "XR", "FL:B"), message(3, "CP", "FL:E")]
    at_once, in_steps = ListRoom(), ListRoom()
    at_once.stage_lists(LIST, *messages)
    for count in range(len(messages) + 1):
        in_steps.stage_lists(LIST, *messages[:count])
    assert in_steps.states() == at_once.states()
    assert at_once.clock().date() == day
