"""The manual path, in every store: numbers, results, undoings and departures, each written once and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.ledger.manual_codes import ManualReason, ManualResult, UndoReason
from fairgate.services.manual_records import Boarding, Departure, ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.records import CrossingRecord, LedgerRow, PassengerRecord, ReferenceState

Crossing = Callable[..., CrossingRecord]
Append = Callable[[WriteTransaction], LedgerRow]
Record = Callable[[WriteTransaction, CrossingRecord], None]
DAY = date(2026, 11, 22)


def entry(crossing: CrossingRecord, **otherwise: Any) -> QueueEntry:
    """Return the queue entry of a crossing."""
    made = QueueEntry(
        entry_id=crossing.crossing_id,
        series=crossing.flight_key,
        day=DAY,
        number=1,
        flight_key=crossing.flight_key,
        lane=crossing.lane,
        reason=crossing.reason,
        joined_at=crossing.recorded_at,
        entered_at=crossing.recorded_at,
        opened_by="lane:B22",
        ledger_index=crossing.ledger_index,
        crossing_id=crossing.crossing_id,
    )
    return replace(made, **otherwise)


def result(of: QueueEntry, index: int, **otherwise: Any) -> ManualResultRecord:
    """Return a confirmation of P1."""
    made = ManualResultRecord(
        result_id=f"result-{index}",
        entry_id=of.entry_id,
        flight_key=of.flight_key,
        result=ManualResult.CONFIRMED,
        reason=ManualReason.PAPERS_CHECKED,
        passenger_ref="P1",
        minutes=3,
        decided_at=of.joined_at + timedelta(minutes=3),
        recorded_at=of.joined_at + timedelta(minutes=3),
        officer="officer:o-1",
        ledger_index=index,
        salt=bytes(32),
    )
    return replace(made, **otherwise)


def undo(index: int, at: CrossingRecord, **otherwise: Any) -> UndoRecord:
    """Return the undoing of a match."""
    made = UndoRecord(
        undo_id=f"undo-{index}",
        flight_key=at.flight_key,
        crossing_id=at.crossing_id,
        result_id=None,
        passenger_ref=at.passenger_ref or "",
        really=None,
        reason=UndoReason.WRONG_PERSON,
        undone_at=at.recorded_at,
        actor="officer:o-1",
        ledger_index=index,
        salt=bytes(32),
    )
    return replace(made, **otherwise)


def test_everything_is_read_back_as_it_was_written(
    store: Store, crossing: Crossing, record: Record, append: Append
) -> None:
    """Entry, call, result, undoing and departure, by what they are asked for; another flight has none of them."""
    seen = crossing(0, outcome="see_officer", reason="no_match", passenger_ref=None)
    match = crossing(1, passenger_ref="P9")
    waits = entry(seen)
    stated = result(waits, 2, called_at=seen.recorded_at, reopens="x", late=True, photo_erased=True)
    undone, left = undo(3, match), Departure("FG420", seen.recorded_at, seen.recorded_at, "officer:o-1", 4)
    with store.writing() as transaction:
        record(transaction, seen)
        record(transaction, match)
        for _ in range(3):
            append(transaction)
        transaction.add_queue_entry(waits)
        assert transaction.add_call(waits.entry_id, seen.recorded_at, "officer:o-1") == seen.recorded_at
        transaction.add_manual_result(stated)
        transaction.add_undo(undone)
        transaction.add_departure(left)
    with store.reading() as transaction:
        assert transaction.crossing(seen.crossing_id) == seen
        assert list(transaction.queue_entries("FG420")) == list(transaction.queue_entries()) == [waits]
        assert transaction.queue_entry(waits.entry_id) == transaction.queue_number("FG420", DAY, 1) == waits
        assert transaction.calls("FG420") == {waits.entry_id: transaction.called_at(waits.entry_id)}
        assert list(transaction.manual_results("FG420")) == [stated] == [transaction.manual_result_of(waits.entry_id)]
        assert list(transaction.undos("FG420")) == [undone] == [transaction.undo_of(Boarding("P9", 1, "crossing-1"))]
        assert transaction.departure_of("FG420") == left
        for empty in (transaction.queue_entries("X"), transaction.manual_results("X"), transaction.undos("X")):
            assert list(empty) == []
        assert (transaction.calls("X"), transaction.departure_of("X"), transaction.crossing("x")) == ({}, None, None)


def test_numbers_are_counted_by_series_and_day(store: Store, crossing: Crossing, record: Record) -> None:
    """From 1; a number that is taken, and a form's line that is entered, is an answer after which work goes on."""
    seen = crossing(0, outcome="see_officer", reason="no_match")
    with store.writing() as transaction:
        record(transaction, seen)
        assert transaction.next_queue_number("FG420", DAY) == 1
        transaction.add_queue_entry(entry(seen, number=7, form_line="ABCD/1"))
        assert transaction.next_queue_number("FG420", DAY) == 8
        assert transaction.next_queue_number("FG420", DAY + timedelta(days=1)) == 1
        for taken in (
            entry(seen, number=8),
            entry(seen, entry_id="other", number=7),
            entry(seen, entry_id="other", number=8, form_line="ABCD/1"),
        ):
            with pytest.raises(AlreadyRecorded):
                transaction.add_queue_entry(taken)
        transaction.add_queue_entry(entry(seen, entry_id="other", number=8))
        assert transaction.queue_entry_of_form("ABCD/1") is not None
        assert transaction.queue_entry_of_form("ABCD/2") is None


def test_the_next_number_is_given_in_one_go(store: Store, crossing: Crossing, record: Record) -> None:
    """After the last one of that series and day, whatever number was asked for."""
    seen = crossing(0, outcome="see_officer", reason="no_match")
    with store.writing() as transaction:
        record(transaction, seen)
        given = [transaction.put_in_queue(entry(seen, entry_id=name, number=0)) for name in ("a", "b")]
        given.append(transaction.put_in_queue(entry(seen, entry_id="c", day=DAY + timedelta(days=1))))
        assert [one.number for one in given] == [1, 2, 1]
        assert transaction.next_queue_number("FG420", DAY) == 3
    with store.reading() as transaction:
        assert transaction.queue_number("FG420", DAY, 2) == given[1]


def test_what_boarded_somebody_stands_until_it_is_undone(
    store: Store, crossing: Crossing, record: Record, append: Append
) -> None:
    """The first match or confirmation by the ledger's order; with both undone there is none."""
    match, seen = crossing(0, passenger_ref="P1"), crossing(1, outcome="see_officer", reason="no_match")
    waits = entry(seen)
    with store.writing() as transaction:
        record(transaction, match)
        record(transaction, seen)
        for _ in range(3):
            append(transaction)
        assert transaction.boarding_of("FG420", "P1") == Boarding("P1", 0, crossing_id="crossing-0")
        transaction.add_queue_entry(waits)
        transaction.add_manual_result(result(waits, 2))
        assert transaction.boarding_of("FG420", "P1") == Boarding("P1", 0, crossing_id="crossing-0")
        transaction.add_undo(undo(3, match))
        assert transaction.match_of("FG420", "P1") is None
        assert transaction.boarding_of("FG420", "P1") == Boarding("P1", 2, result_id="result-2")
        transaction.add_undo(undo(4, match, crossing_id=None, result_id="result-2"))
        assert transaction.boarding_of("FG420", "P1") is None
        assert transaction.boarding_of("FG420", "P2") is None


@pytest.mark.parametrize("reason", [ManualReason.SAME_PERSON_AGAIN, ManualReason.LISTED_NOWHERE])
def test_some_confirmations_board_nobody(
    store: Store, crossing: Crossing, record: Record, append: Append, reason: ManualReason
) -> None:
    """Whoever is aboard already, or on no list."""
    seen = crossing(0, outcome="see_officer", reason="no_match")
    with store.writing() as transaction:
        record(transaction, seen)
        append(transaction)
        transaction.add_queue_entry(entry(seen))
        transaction.add_manual_result(result(entry(seen), 1, reason=reason))
        assert transaction.boarding_of("FG420", "P1") is None


def test_results_and_undoings_come_once(store: Store, crossing: Crossing, record: Record, append: Append) -> None:
    """A second one is an answer; the first stays."""
    seen, match = crossing(0, outcome="see_officer", reason="no_match"), crossing(1, passenger_ref="P1")
    with store.writing() as transaction:
        record(transaction, seen)
        record(transaction, match)
        for _ in range(2):
            append(transaction)
        transaction.add_queue_entry(entry(seen))
        transaction.add_manual_result(result(entry(seen), 2))
        transaction.add_undo(undo(3, match))
        with pytest.raises(AlreadyRecorded):
            transaction.add_manual_result(result(entry(seen), 3))
        with pytest.raises(AlreadyRecorded):
            transaction.add_undo(undo(2, match))
        first = transaction.add_call(seen.crossing_id, seen.recorded_at, "officer:a")
        assert transaction.add_call(seen.crossing_id, seen.recorded_at + timedelta(hours=1), "officer:b") == first


def test_nothing_is_kept_without_its_ledger_entry(store: Store, crossing: Crossing, record: Record) -> None:
    """Neither a result nor an undoing whose entry was not appended."""
    seen, match = crossing(0, outcome="see_officer", reason="no_match"), crossing(1, passenger_ref="P1")
    with store.writing() as transaction:
        record(transaction, seen)
        record(transaction, match)
        transaction.add_queue_entry(entry(seen))
    with pytest.raises((LedgerFault, StoreFault)), store.writing() as transaction:
        transaction.add_manual_result(result(entry(seen), 9))
    with pytest.raises((LedgerFault, StoreFault)), store.writing() as transaction:
        transaction.add_undo(undo(9, match))
    with store.reading() as transaction:
        assert (list(transaction.manual_results()), list(transaction.undos())) == ([], [])


def test_what_does_not_exist_is_neither_called_nor_served_nor_undone(
    store: Store, crossing: Crossing, record: Record
) -> None:
    """The database refuses, and nothing of the block is kept."""
    seen = crossing(0, outcome="see_officer", reason="no_match")
    with store.writing() as transaction:
        record(transaction, seen)
    spoils: tuple[Callable[[WriteTransaction], object], ...] = (
        lambda transaction: transaction.add_call("nobody", seen.recorded_at, "officer:a"),
        lambda transaction: transaction.add_manual_result(result(entry(seen, entry_id="nobody"), 0)),
        lambda transaction: transaction.add_undo(undo(0, seen, crossing_id="nothing")),
        lambda transaction: transaction.add_undo(undo(0, seen, result_id="both")),
        lambda transaction: transaction.add_queue_entry(entry(seen, crossing_id="nothing")),
        lambda transaction: transaction.add_queue_entry(entry(seen, number=0)),
    )
    for spoil in spoils:
        with pytest.raises(StoreFault), store.writing() as transaction:
            spoil(transaction)


def test_a_photo_is_let_go_by_its_crossing(store: Store, crossing: Crossing, record: Record) -> None:
    """One at most, once; the crossing stays as it was otherwise."""
    seen = crossing(0, outcome="see_officer", reason="no_match")
    with store.writing() as transaction:
        record(transaction, seen)
        assert [transaction.let_go_photo(one) for one in ("crossing-0", "crossing-0", "nothing")] == [1, 0, 0]
    with store.reading() as transaction:
        assert transaction.crossing("crossing-0") == replace(seen, sealed_photo=None)


def test_a_distractor_is_on_no_list_nor_whoever_was_taken_off_it(
    store: Store, enrolled: Callable[..., PassengerRecord]
) -> None:
    """Only a listed passenger can be confirmed."""
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
        transaction.put_passenger(replace(enrolled("D1"), synthetic=True, sealed_traveller=None))
        gone = replace(enrolled("P3"), state=ReferenceState.CANCELLED, sealed_templates=())
        transaction.put_passenger(gone)
        assert [transaction.is_listed("FG420", ref) for ref in ("P1", "D1", "P2", "P3")] == [True, False, False, False]
