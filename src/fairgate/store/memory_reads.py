"""What the store in this process keeps, and the questions it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TypeVar

from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.store.guard import TransactionGuard
from fairgate.store.memory_corrections import CorrectionTables, MemoryCorrectionReads
from fairgate.store.memory_manual import ManualTables, MemoryManualReads
from fairgate.store.memory_opting_out import MemoryOptingOutReads, OptingOutTables
from fairgate.store.memory_rulebook_changes import MemoryRulebookReads, RulebookTables

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Tables:
    """What is kept. A snapshot that is handed out is never changed again; a writer works on copies."""

    flights: dict[str, FlightRecord] = field(default_factory=dict)
    passengers: dict[tuple[str, str], PassengerRecord] = field(default_factory=dict)
    reextractions: dict[str, Reextraction] = field(default_factory=dict)
    reextracted: dict[tuple[str, str], ReextractedPassenger] = field(default_factory=dict)
    crossings: dict[str, CrossingRecord] = field(default_factory=dict)
    crossing_of: dict[tuple[str, str], str] = field(default_factory=dict)
    crossing_at: dict[int, str] = field(default_factory=dict)
    stage_ms: dict[tuple[str, str], float] = field(default_factory=dict)
    ledger: list[LedgerRow] = field(default_factory=list)
    frontier: list[bytes] = field(default_factory=list)
    rulebooks: RulebookTables = field(default_factory=RulebookTables)
    manual: ManualTables = field(default_factory=ManualTables)
    opting_out: OptingOutTables = field(default_factory=OptingOutTables)
    corrections: CorrectionTables = field(default_factory=CorrectionTables)

    def copied(self) -> Tables:
        """Return tables that can be changed without changing these; the rows are shared."""
        return Tables(**{one.name: getattr(self, one.name).copy() for one in fields(self)})

    def in_order(self, flight_key: str | None) -> list[CrossingRecord]:
        """Return the crossings of one flight or of all, in the ledger's order."""
        chosen = (row for row in self.crossings.values() if flight_key in {None, row.flight_key})
        return sorted(chosen, key=lambda row: row.ledger_index)


class MemoryReadTransaction(MemoryManualReads, MemoryOptingOutReads, MemoryRulebookReads, MemoryCorrectionReads):
    """One consistent snapshot.

    Args:
        tables: not changed while the transaction lasts, except by itself.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._guard = TransactionGuard()
        self._rulebooks = tables.rulebooks
        self._manual = tables.manual
        self._opting_out = tables.opting_out
        self._corrections = tables.corrections
        self._crossings = tables.crossings
        self._passengers = tables.passengers

    def flight(self, flight_key: str) -> FlightRecord | None:
        """Return a staged flight, or ``None``."""
        with self._guard.operation():
            return self._tables.flights.get(flight_key)

    def flights(self) -> Sequence[FlightRecord]:
        """Return every staged flight, oldest first."""
        with self._guard.operation():
            return sorted(self._tables.flights.values(), key=lambda row: (row.staged_at, row.flight_key))

    def passengers(self, flight_key: str) -> Sequence[PassengerRecord]:
        """Return a flight's gallery rows, by passenger reference, with the templates in force."""
        with self._guard.operation():
            chosen = (row for row in self._tables.passengers.values() if row.flight_key == flight_key)
            return sorted(chosen, key=lambda row: row.passenger_ref)

    def reextraction(self, flight_key: str) -> Reextraction | None:
        """Return the change of pack that is under way, or ``None``."""
        with self._guard.operation():
            return self._tables.reextractions.get(flight_key)

    def reextracted(self, flight_key: str) -> Sequence[ReextractedPassenger]:
        """Return what the change of pack under way has made so far, by passenger reference; withdrawn ones left out."""
        with self._guard.operation():
            chosen = (row for row in self._tables.reextracted.values() if row.flight_key == flight_key)
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
