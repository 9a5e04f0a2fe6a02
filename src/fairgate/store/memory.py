"""A store in this process, for tests and simulation; it holds to the same contract and keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain
from threading import Lock

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.store import checks
from fairgate.store.memory_corrections import MemoryCorrectionWrites
from fairgate.store.memory_list_changes import MemoryListChanges
from fairgate.store.memory_manual import MemoryManualWrites
from fairgate.store.memory_opting_out import MemoryOptingOutWrites
from fairgate.store.memory_reads import MemoryReadTransaction, Tables
from fairgate.store.memory_rulebook_changes import MemoryRulebookWrites


class MemoryWriteTransaction(
    MemoryManualWrites, MemoryOptingOutWrites, MemoryRulebookWrites, MemoryCorrectionWrites, MemoryListChanges
):
    """The single write transaction, on a copy that takes the place of what is kept when the block ends."""

    def add_flight(self, flight: FlightRecord) -> None:
        """Add a flight; one that exists and was staged from the same is left as it is.

        Raises:
            StagingConflict: the flight exists with another list, pack or rulebook.
        """
        with self._guard.operation():
            checks.check_moment(flight.staged_at)
            kept = self._tables.flights.setdefault(flight.flight_key, flight)
            checks.check_same_staging(kept, flight)

    def mark_complete(self, flight_key: str, findings: Iterable[str]) -> None:
        """Note that every listed passenger has a row, and add the findings not noted yet."""
        with self._guard.operation():
            kept = self._tables.flights.get(flight_key)
            if kept is None:
                raise StoreFault("A flight that does not exist cannot be complete.")
            self._tables.flights[flight_key] = replace(
                kept, complete=True, findings=checks.with_findings(kept, findings)
            )

    def note_findings(self, flight_key: str, findings: Iterable[str]) -> None:
        """Add those findings that are not noted yet."""
        with self._guard.operation():
            kept = self._tables.flights.get(flight_key)
            if kept is None:
                raise StoreFault("A flight that does not exist has no findings.")
            self._tables.flights[flight_key] = replace(kept, findings=checks.with_findings(kept, findings))

    def put_passenger(self, passenger: PassengerRecord) -> None:
        """Add a gallery row with its templates; a row that exists is left as it is."""
        with self._guard.operation():
            checks.check_passenger(passenger)
            self._require_flight(passenger.flight_key)
            self._tables.passengers.setdefault((passenger.flight_key, passenger.passenger_ref), passenger)

    def withdraw_reference(self, flight_key: str, passenger_ref: str, state: ReferenceState) -> int:
        """Erase every template of one passenger, of any generation, note why, and return how many were in force."""
        with self._guard.operation():
            checks.check_withdrawal(state)
            kept = self._tables.passengers.get((flight_key, passenger_ref))
            if kept is None:
                return 0
            self._tables.reextracted.pop((flight_key, passenger_ref), None)
            self._tables.passengers[(flight_key, passenger_ref)] = replace(kept, sealed_templates=(), state=state)
            return len(kept.sealed_templates)

    def add_crossing(self, crossing: CrossingRecord) -> None:
        """Add a crossing; its ledger entry must be there when the block ends.

        Raises:
            AlreadyRecorded: the capture has one.
            LedgerFault: the entry stands for another crossing.
        """
        with self._guard.operation():
            checks.check_crossing(crossing)
            self._require_flight(crossing.flight_key)
            if (crossing.flight_key, crossing.capture_key) in self._tables.crossing_of:
                raise AlreadyRecorded("The crossing for this capture is already recorded.")
            if crossing.crossing_id in self._tables.crossings:
                raise StoreFault("Another crossing already has this identifier.")
            if crossing.ledger_index in self._tables.crossing_at:
                raise LedgerFault(f"Ledger entry {crossing.ledger_index} already stands for another crossing.")
            self._tables.crossings[crossing.crossing_id] = crossing
            self._tables.crossing_of[(crossing.flight_key, crossing.capture_key)] = crossing.crossing_id
            self._tables.crossing_at[crossing.ledger_index] = crossing.crossing_id
            self._manual.note_match(crossing)

    def add_stage_times(self, crossing_id: str, stage_ms: Mapping[str, float]) -> None:
        """Add how long each stage of a crossing took, in milliseconds."""
        with self._guard.operation():
            checks.check_stage_times(stage_ms)
            times = {(crossing_id, stage): duration_ms for stage, duration_ms in stage_ms.items()}
            if times and (
                crossing_id not in self._tables.crossings or not times.keys().isdisjoint(self._tables.stage_ms)
            ):
                raise StoreFault("A stage is timed once, and for a crossing that exists.")
            self._tables.stage_ms.update(times)

    def append_ledger(self, row: LedgerRow, frontier: Sequence[bytes]) -> None:
        """Append one entry with the frontier that holds after it.

        Raises:
            LedgerFault: the index is not the ledger's size, or the frontier is not of the size after it.
        """
        with self._guard.operation():
            entries = len(self._tables.ledger)
            checks.check_append(row, frontier, entries=entries, frontier_size=entries)
            self._tables.ledger.append(row)
            self._tables.frontier[:] = frontier

    def erase_photos(self, recorded_before: datetime) -> int:
        """Drop the envelopes of photos taken before a moment, whose keys are gone, and return how many."""
        with self._guard.operation():
            checks.check_moment(recorded_before)
            due = [
                row
                for row in self._tables.crossings.values()
                if row.sealed_photo is not None and row.recorded_at < recorded_before
            ]
            for row in due:
                self._tables.crossings[row.crossing_id] = replace(row, sealed_photo=None)
            return len(due)

    def committed(self) -> Tables:
        """Return what is to be kept.

        Raises:
            LedgerFault: a crossing's ledger entry is not there.
            StoreFault: an earlier operation failed.
        """
        self._guard.require_whole()
        entries = range(len(self._tables.ledger))
        parts = (
            self._rulebooks.entries(),
            self._manual.ledger_entries(),
            self._opting_out.entries(),
            self._corrections.entries(),
        )
        if any(index not in entries for index in chain(self._tables.crossing_at, *parts)):
            raise LedgerFault("A record was about to be kept without its ledger entry.")
        return self._tables

    def _require_flight(self, flight_key: str) -> None:
        if flight_key not in self._tables.flights:
            raise StoreFault("The record names a flight that does not exist.")


class MemoryStore:
    """The store in this process; threads may share it.

    Args:
        wait_for_writer_s: how long a write transaction waits for another writer, in seconds.
    """

    def __init__(self, *, wait_for_writer_s: float = 30.0) -> None:
        self._wait_for_writer_s = wait_for_writer_s
        self._tables = Tables()
        self._writer = Lock()

    @contextmanager
    def reading(self) -> Iterator[MemoryReadTransaction]:
        """Open a snapshot: nothing that is committed later is seen within the block."""
        transaction = MemoryReadTransaction(self._tables)
        try:
            yield transaction
        finally:
            transaction.end()

    @contextmanager
    def writing(self) -> Iterator[MemoryWriteTransaction]:
        """Open the single write transaction; commits on leaving, rolls back on an exception.

        Raises:
            StoreFault: another writer did not finish in time.
            LedgerFault: on leaving, a crossing's ledger entry is not there.
        """
        if not self._writer.acquire(timeout=self._wait_for_writer_s):
            raise StoreFault("Another writer kept the store for too long.", way_out="Try again once it is done.")
        transaction = MemoryWriteTransaction(self._tables.copied())
        try:
            yield transaction
            self._tables = transaction.committed()
        finally:
            transaction.end()
            self._writer.release()
