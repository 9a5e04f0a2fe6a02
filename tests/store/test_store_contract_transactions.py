"""What any store must do, second part: the ledger, and what a transaction promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.services.ports import Store, WriteTransaction
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState

Crossing = Callable[..., CrossingRecord]
Append = Callable[[WriteTransaction], LedgerRow]
Record = Callable[[WriteTransaction, CrossingRecord], None]
Enrolled = Callable[..., PassengerRecord]
Seen = Callable[[Store], list[object]]

NODE = bytes(32)
NO_MOMENT = datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None)


# --- The ledger ---------------------------------------------------------------------------------------------------


def test_an_empty_ledger_has_no_frontier(store: Store) -> None:
    """Size 0, no hashes, no rows."""
    with store.reading() as transaction:
        assert (transaction.ledger_size(), list(transaction.ledger_frontier()), list(transaction.ledger_rows())) == (
            0,
            [],
            [],
        )


def test_the_ledger_keeps_entries_and_the_newest_frontier(store: Store, append: Append) -> None:
    """In order, byte for byte, also bytes that are no text; the frontier is the one handed in last."""
    nodes = [bytes([number]) * 32 for number in (255, 0)]
    rows = [LedgerRow(0, b"\x00\xff", b"note 0"), LedgerRow(1, b"", b"note 1"), LedgerRow(2, b"leaf", b"note 2")]
    with store.writing() as transaction:
        transaction.append_ledger(rows[0], [NODE])
        transaction.append_ledger(rows[1], [NODE])
    with store.writing() as transaction:
        transaction.append_ledger(rows[2], nodes)
        assert transaction.ledger_size() == 3
    with store.reading() as transaction:
        assert list(transaction.ledger_rows()) == rows
        assert [transaction.ledger_row(row.index) for row in rows] == rows
        assert transaction.ledger_row(len(rows)) is None
        assert list(transaction.ledger_frontier()) == nodes


@pytest.mark.parametrize("index", [-1, 0, 1, 3, 2**70])
def test_an_entry_that_does_not_follow_is_refused(store: Store, append: Append, index: int, seen: Seen) -> None:
    """Neither over an entry nor with a gap."""
    with store.writing() as transaction:
        append(transaction)
        append(transaction)
    before = seen(store)
    with pytest.raises(LedgerFault), store.writing() as transaction:
        transaction.append_ledger(LedgerRow(index, b"leaf", b"note"), [NODE, NODE])
    assert seen(store) == before


@pytest.mark.parametrize("frontier", [[], [NODE], [NODE, NODE, NODE], [NODE, NODE[1:]]])
def test_a_frontier_of_another_size_is_refused(store: Store, append: Append, frontier: list[bytes]) -> None:
    """Three entries have two complete subtrees, each with a hash of 32 bytes."""
    with store.writing() as transaction:
        append(transaction)
        append(transaction)
    with pytest.raises(LedgerFault), store.writing() as transaction:
        transaction.append_ledger(LedgerRow(2, b"leaf", b"note"), frontier)


def test_long_tables_are_read_to_the_end(store: Store, crossing: Crossing, record: Record) -> None:
    """More rows than fit one page come whole and in order, those of one flight among them."""
    with store.writing() as transaction:
        for number in range(1100):
            record(transaction, crossing(number))
    with store.reading() as transaction:
        assert [row.ledger_index for row in transaction.crossings()] == list(range(1100))
        assert [row.ledger_index for row in transaction.crossings("FG420")] == list(range(1100))
        assert [row.index for row in transaction.ledger_rows()] == list(range(1100))


# --- Transactions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_an_exception_in_the_block_leaves_nothing(
    store: Store,
    flight: FlightRecord,
    crossing: Crossing,
    record: Record,
    interruption: type[BaseException],
    enrolled: Enrolled,
    seen: Seen,
) -> None:
    """Of no table is anything kept, the exception comes through as it is, and the next writer finds the way free."""
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
        record(transaction, crossing(0))
    before = seen(store)

    def change_everything_and_stop(transaction: WriteTransaction) -> None:
        transaction.add_flight(replace(flight, flight_key="FG7"))
        transaction.mark_complete("FG420", ["finding"])
        transaction.put_passenger(enrolled("P2"))
        transaction.withdraw_reference("FG420", "P1", ReferenceState.OPTED_OUT)
        record(transaction, crossing(1))
        transaction.add_stage_times("crossing-1", {"embed": 3.0})
        transaction.erase_photos(crossing(9).recorded_at)
        raise interruption("stop")

    with pytest.raises(interruption, match=r"^stop$"), store.writing() as transaction:
        change_everything_and_stop(transaction)
    assert seen(store) == before
    with store.writing() as transaction:
        record(transaction, crossing(1))


def test_an_error_that_is_swallowed_still_keeps_the_block_out(
    store: Store, crossing: Crossing, record: Record, enrolled: Enrolled, seen: Seen
) -> None:
    """After an error that is not an answer the transaction takes nothing more and is not committed."""
    before = seen(store)

    def swallow(transaction: WriteTransaction) -> None:
        record(transaction, crossing(0))
        with pytest.raises(LedgerFault):
            transaction.append_ledger(LedgerRow(7, b"leaf", b"note"), [NODE])
        with pytest.raises(StoreFault):
            transaction.put_passenger(enrolled("P1"))

    with pytest.raises(StoreFault), store.writing() as transaction:
        swallow(transaction)
    assert seen(store) == before


def test_a_writer_sees_its_own_changes_and_nobody_else_does(
    store: Store, crossing: Crossing, record: Record, enrolled: Enrolled
) -> None:
    """Until the block ends."""
    with store.writing() as transaction:
        transaction.put_passenger(enrolled("P1"))
        record(transaction, crossing(0))
        assert transaction.crossing_for("FG420", "capture-0") == crossing(0)
        assert transaction.reference_state("FG420", "P1") is ReferenceState.ENROLLED
        with store.reading() as reader:
            assert reader.ledger_size() == 0
            assert reader.captures_recorded("FG420") == frozenset()
    with store.reading() as reader:
        assert reader.ledger_size() == 1


def test_a_reader_sees_one_moment(store: Store, crossing: Crossing, record: Record) -> None:
    """The moment is that of entering the block, even if nothing was asked before somebody else committed."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
    with store.reading() as reader:
        with store.writing() as transaction:
            record(transaction, crossing(1))
        first = reader.crossings()
        assert next(first) == crossing(0)
        with store.writing() as transaction:
            record(transaction, crossing(2))
            transaction.erase_photos(crossing(9).recorded_at)
        assert list(first) == []
        assert reader.ledger_size() == 1
        assert [row.index for row in reader.ledger_rows()] == [0]
        assert list(reader.crossings()) == [crossing(0)]


def test_a_list_begun_within_a_write_ends_where_it_stood(store: Store, crossing: Crossing, record: Record) -> None:
    """Reading rows while adding more does not run on into the new ones."""
    with store.writing() as transaction:
        record(transaction, crossing(0))
        rows = transaction.ledger_rows()
        crossings = transaction.crossings()
        for _ in rows:
            record(transaction, crossing(transaction.ledger_size()))
        assert [row.ledger_index for row in crossings] == [0]
        assert transaction.ledger_size() == 2


def test_a_transaction_that_is_over_answers_no_more(
    store: Store, crossing: Crossing, record: Record, enrolled: Enrolled
) -> None:
    """Nor do the lists begun within it."""
    with store.writing() as writer:
        record(writer, crossing(0))
        record(writer, crossing(1))
    with store.reading() as reader:
        rows = reader.crossings()
        later = reader.ledger_rows()
        next(rows)
    for use in (
        reader.flights,
        reader.ledger_size,
        lambda: next(later),
        lambda: writer.put_passenger(enrolled("P1")),
        lambda: writer.mark_complete("FG420", []),
        writer.ledger_frontier,
    ):
        with pytest.raises(StoreFault):
            use()


def test_a_second_writer_waits_only_so_long(
    open_store: Callable[[float], Store], flight: FlightRecord, crossing: Crossing, record: Record
) -> None:
    """The write lock is taken on entering the block, not at the first change; afterwards the way is free."""
    store = open_store(0.05)
    with store.writing() as transaction:
        with pytest.raises(StoreFault), store.writing():
            pytest.fail("two writers at once")
        transaction.add_flight(flight)
    with store.writing() as transaction:
        record(transaction, crossing(0))


def test_writers_that_race_record_each_capture_once(store: Store, crossing: Crossing, append: Append) -> None:
    """Four lanes deliver the same captures: one of them is first each time, and the ledger has no gap."""
    captures = 12

    def deliver(lane: int) -> int:
        first = 0
        for number in range(captures):
            try:
                with store.writing() as transaction:
                    entry = append(transaction)
                    made = crossing(number, crossing_id=f"{lane}-{number}", lane=str(lane), ledger_index=entry.index)
                    transaction.add_crossing(made)
            except AlreadyRecorded:
                continue
            first += 1
        return first

    with ThreadPoolExecutor(4) as lanes:
        recorded = sum(lanes.map(deliver, range(4)))
    with store.reading() as transaction:
        assert recorded == captures
        assert transaction.captures_recorded("FG420") == {f"capture-{number}" for number in range(captures)}
        assert [row.ledger_index for row in transaction.crossings()] == list(range(captures))
        assert [row.index for row in transaction.ledger_rows()] == list(range(captures))
