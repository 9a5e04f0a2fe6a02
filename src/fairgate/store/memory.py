"""A store in this process, for tests and simulation; it holds to the same contract and keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.store import checks
from fairgate.store.guard import TransactionGuard
from fairgate.vocabulary import Matched

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is kept. A snapshot that is handed out is never changed again; a writer works on copies."""

    flights: dict[str, FlightRecord] = field(default_factory=dict)
    passengers: dict[tuple[str, str], PassengerRecord] = field(default_factory=dict)
    crossings: dict[str, CrossingRecord] = field(default_factory=dict)
    crossing_of: dict[tuple[str, str], str] = field(default_factory=dict)
    crossing_at: dict[int, str] = field(default_factory=dict)
    stage_ms: dict[tuple[str, str], float] = field(default_factory=dict)
    ledger: list[LedgerRow] = field(default_factory=list)
    frontier: list[bytes] = field(default_factory=list)

    def copied(self) -> _Tables:
        return _Tables(
            self.flights.copy(),
            self.passengers.copy(),
            self.crossings.copy(),
            self.crossing_of.copy(),
            self.crossing_at.copy(),
            self.stage_ms.copy(),
            self.ledger.copy(),
            self.frontier.copy(),
        )

    def in_order(self, flight_key: str | None) -> list[CrossingRecord]:
        chosen = (row for row in self.crossings.values() if flight_key in {None, row.flight_key})
        return sorted(chosen, key=lambda row: row.ledger_index)


class MemoryReadTransaction:
    """One consistent snapshot.

    Args:
        tables: not changed while the transaction lasts, except by itself.
    """

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables
        self._guard = TransactionGuard()

    def flight(self, flight_key: str) -> FlightRecord | None:
        """Return a staged flight, or ``None``."""
        with self._guard.operation():
            return self._tables.flights.get(flight_key)

    def flights(self) -> Sequence[FlightRecord]:
        """Return every staged flight, oldest first."""
        with self._guard.operation():
            return sorted(self._tables.flights.values(), key=lambda row: (row.staged_at, row.flight_key))

    def passengers(self, flight_key: str) -> Sequence[PassengerRecord]:
        """Return a flight's gallery rows, by passenger reference."""
        with self._guard.operation():
            chosen = (row for row in self._tables.passengers.values() if row.flight_key == flight_key)
            return sorted(chosen, key=lambda row: row.passenger_ref)

    def reference_state(self, flight_key: str, passenger_ref: str) -> ReferenceState | None:
        """Return what became of one passenger's reference, or ``None`` for nobody listed."""
        with self._guard.operation():
            kept = self._tables.passengers.get((flight_key, passenger_ref))
            return kept.state if kept else None

    def crossings(self, flight_key: str | None = None) -> Iterator[CrossingRecord]:
        """Yield crossings of one flight or of all, in the ledger's order."""
        with self._guard.operation():
            return self._while_open(self._tables.in_order(flight_key))

    def crossing_for(self, flight_key: str, capture_key: str) -> CrossingRecord | None:
        """Return the crossing of one capture, or ``None``."""
        with self._guard.operation():
            crossing_id = self._tables.crossing_of.get((flight_key, capture_key))
            return None if crossing_id is None else self._tables.crossings[crossing_id]

    def captures_recorded(self, flight_key: str) -> frozenset[str]:
        """Return the capture keys that already have a crossing."""
        with self._guard.operation():
            return frozenset(capture for flight, capture in self._tables.crossing_of if flight == flight_key)

    def match_of(self, flight_key: str, passenger_ref: str) -> CrossingRecord | None:
        """Return the first crossing that matched this passenger, or ``None``."""
        with self._guard.operation():
            for row in self._tables.in_order(flight_key):
                if row.outcome == Matched.kind and row.passenger_ref == passenger_ref:
                    return row
            return None

    def stage_times(self, flight_key: str) -> Mapping[str, Sequence[float]]:
        """Return milliseconds by stage name, over the flight's crossings in the ledger's order."""
        with self._guard.operation():
            place = {row.crossing_id: row.ledger_index for row in self._tables.in_order(flight_key)}
            times = [(place[key[0]], key[1], ms) for key, ms in self._tables.stage_ms.items() if key[0] in place]
            by_stage: dict[str, list[float]] = {}
            for _, stage, duration_ms in sorted(times):
                by_stage.setdefault(stage, []).append(duration_ms)
            return by_stage

    def ledger_size(self) -> int:
        """Return how many entries the ledger has."""
        with self._guard.operation():
            return len(self._tables.ledger)

    def ledger_frontier(self) -> Sequence[bytes]:
        """Return the hashes of the tree's complete right-edge subtrees, largest first: all that an append needs."""
        with self._guard.operation():
            return tuple(self._tables.frontier)

    def ledger_rows(self) -> Iterator[LedgerRow]:
        """Yield every ledger row, in order."""
        with self._guard.operation():
            return self._while_open(self._tables.ledger.copy())

    def ledger_row(self, index: int) -> LedgerRow | None:
        """Return one ledger row, or ``None`` where the ledger is not that long."""
        with self._guard.operation():
            return self._tables.ledger[index] if 0 <= index < len(self._tables.ledger) else None

    def end(self) -> None:
        """Refuse everything from now on."""
        self._guard.end()

    def _while_open(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        for row in rows:
            with self._guard.operation():
                pass
            yield row


class MemoryWriteTransaction(MemoryReadTransaction):
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
            noted = (*kept.findings, *(finding for finding in findings if finding not in kept.findings))
            self._tables.flights[flight_key] = replace(kept, complete=True, findings=noted)

    def put_passenger(self, passenger: PassengerRecord) -> None:
        """Add a gallery row; a row that exists is left as it is."""
        with self._guard.operation():
            checks.check_passenger(passenger)
            self._require_flight(passenger.flight_key)
            self._tables.passengers.setdefault((passenger.flight_key, passenger.passenger_ref), passenger)

    def withdraw_reference(self, flight_key: str, passenger_ref: str, state: ReferenceState) -> bool:
        """Erase one passenger's template, note why, and return whether there was one; nobody listed has none."""
        with self._guard.operation():
            checks.check_withdrawal(state)
            kept = self._tables.passengers.get((flight_key, passenger_ref))
            if kept is None:
                return False
            self._tables.passengers[(flight_key, passenger_ref)] = replace(kept, sealed_template=None, state=state)
            return kept.sealed_template is not None

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

    def committed(self) -> _Tables:
        """Return what is to be kept.

        Raises:
            LedgerFault: a crossing's ledger entry is not there.
            StoreFault: an earlier operation failed.
        """
        self._guard.require_whole()
        if any(index not in range(len(self._tables.ledger)) for index in self._tables.crossing_at):
            raise LedgerFault("A crossing was about to be kept without its ledger entry.")
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
        self._tables = _Tables()
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
