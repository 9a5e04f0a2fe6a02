"""The questions a store answers, in SQL that SQLite and PostgreSQL both speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, Table, func, select

from fairgate.errors import LedgerFault, StoreRefused
from fairgate.services.records import (
    CrossingRecord,
    FlightRecord,
    LedgerRow,
    PassengerRecord,
    ReextractedPassenger,
    Reextraction,
    ReferenceState,
)
from fairgate.store import rows
from fairgate.store.corrections import SqlCorrectionReads
from fairgate.store.manual_path import SqlManualReads
from fairgate.store.opting_out import SqlOptingOutReads
from fairgate.store.rulebook_changes import SqlRulebookReads
from fairgate.store.schema import (
    crossing,
    flight,
    ledger_entry,
    ledger_frontier,
    passenger,
    reextracted,
    reextraction,
    schema_version,
    stage_time,
    template,
)

T = TypeVar("T")

_PAGE_ROWS = 512


class SqlReadTransaction(SqlManualReads, SqlOptingOutReads, SqlRulebookReads, SqlCorrectionReads):
    """One consistent snapshot of the database.

    Rows that may be many are read in pages by key up to the end that held when they were asked for, so that no cursor
    stays open and rows added meanwhile in the same transaction do not appear half way.
    """

    def flight(self, flight_key: str) -> FlightRecord | None:
        """Return a staged flight, or ``None``."""
        found = self._rows(select(flight).where(flight.c.flight_key == flight_key), rows.flight_record)
        return found[0] if found else None

    def flights(self) -> Sequence[FlightRecord]:
        """Return every staged flight, oldest first."""
        return self._rows(select(flight).order_by(flight.c.staged_at_utc, flight.c.flight_key), rows.flight_record)

    def passengers(self, flight_key: str) -> Sequence[PassengerRecord]:
        """Return a flight's gallery rows, by passenger reference, with the templates in force."""
        kept = self.flight(flight_key)
        templates = self._templates(flight_key, kept.generation) if kept is not None else {}
        found = self._rows(
            select(passenger).where(passenger.c.flight_key == flight_key),
            lambda row: rows.passenger_record(row, tuple(templates.get(row.passenger_ref, ()))),
        )
        # Sorted here, by code point: databases differ in how they order text.
        return sorted(found, key=lambda row: row.passenger_ref)

    def reextraction(self, flight_key: str) -> Reextraction | None:
        """Return the change of pack that is under way, or ``None``."""
        found = self._rows(
            select(reextraction).where(reextraction.c.flight_key == flight_key), rows.reextraction_record
        )
        return found[0] if found else None

    def reextracted(self, flight_key: str) -> Sequence[ReextractedPassenger]:
        """Return what the change of pack under way has made so far, by passenger reference; withdrawn ones left out."""
        under_way = self.reextraction(flight_key)
        if under_way is None:
            return []
        templates = self._templates(flight_key, under_way.generation)
        asked = select(reextracted).where(
            reextracted.c.flight_key == flight_key, reextracted.c.generation == under_way.generation
        )
        found = self._rows(asked, lambda row: rows.reextracted_record(row, tuple(templates.get(row.passenger_ref, ()))))
        return sorted(found, key=lambda row: row.passenger_ref)

    def reference_state(self, flight_key: str, passenger_ref: str) -> ReferenceState | None:
        """Return what became of one passenger's reference, or ``None`` for nobody listed."""
        asked = select(passenger.c.state).where(
            passenger.c.flight_key == flight_key, passenger.c.passenger_ref == passenger_ref
        )
        found = self._rows(asked, lambda row: ReferenceState(row.state))
        return found[0] if found else None

    def crossings(self, flight_key: str | None = None) -> Iterator[CrossingRecord]:
        """Yield crossings of one flight or of all, in the ledger's order."""
        conditions = () if flight_key is None else (crossing.c.flight_key == flight_key,)
        return self._pages(crossing, crossing.c.ledger_index, rows.crossing_record, *conditions)

    def crossing_for(self, flight_key: str, capture_key: str) -> CrossingRecord | None:
        """Return the crossing of one capture, or ``None``."""
        asked = select(crossing).where(crossing.c.flight_key == flight_key, crossing.c.capture_key == capture_key)
        found = self._rows(asked, rows.crossing_record)
        return found[0] if found else None

    def captures_recorded(self, flight_key: str) -> frozenset[str]:
        """Return the capture keys that already have a crossing."""
        asked = select(crossing.c.capture_key).where(crossing.c.flight_key == flight_key)
        return frozenset(self._rows(asked, lambda row: str(row.capture_key)))

    def stage_times(self, flight_key: str) -> Mapping[str, Sequence[float]]:
        """Return milliseconds by stage name, over the flight's crossings in the ledger's order."""
        asked = (
            select(stage_time.c.stage, stage_time.c.duration_ms)
            .join(crossing, crossing.c.crossing_id == stage_time.c.crossing_id)
            .where(crossing.c.flight_key == flight_key)
            .order_by(crossing.c.ledger_index)
        )
        by_stage: dict[str, list[float]] = {}
        for stage, duration_ms in self._rows(asked, lambda row: (str(row.stage), float(row.duration_ms))):
            by_stage.setdefault(stage, []).append(duration_ms)
        return by_stage

    def ledger_size(self) -> int:
        """Return how many entries the ledger has."""
        return self._last(ledger_entry.c.entry_index) + 1

    def ledger_frontier(self) -> Sequence[bytes]:
        """Return the hashes of the tree's complete right-edge subtrees, largest first: all that an append needs."""
        return self._frontier()[1]

    def ledger_rows(self) -> Iterator[LedgerRow]:
        """Yield every ledger row, in order."""
        return self._pages(ledger_entry, ledger_entry.c.entry_index, rows.ledger_row)

    def ledger_row(self, index: int) -> LedgerRow | None:
        """Return one ledger row, or ``None`` where the ledger is not that long."""
        found = self._rows(select(ledger_entry).where(ledger_entry.c.entry_index == index), rows.ledger_row)
        return found[0] if found else None

    def require_schema(self, version: str) -> None:
        """Take the snapshot by reading the schema version.

        Raises:
            StoreRefused: another process moved the database to another version.
        """
        if self._rows(select(schema_version.c.version_num), lambda row: str(row.version_num)) != [version]:
            raise StoreRefused(
                "The database was moved to another schema version while it was in use.", way_out="Start again."
            )

    def end(self) -> None:
        """Refuse everything from now on."""
        self._guard.end()

    def _templates(self, flight_key: str, generation: int) -> dict[str, list[bytes]]:
        """Return the envelopes of one generation by passenger, each passenger's in order of number."""
        asked = (
            select(template.c.passenger_ref, template.c.envelope)
            .where(template.c.flight_key == flight_key, template.c.generation == generation)
            .order_by(template.c.number)
        )
        by_passenger: dict[str, list[bytes]] = {}
        for passenger_ref, envelope in self._rows(asked, lambda row: (str(row.passenger_ref), row.envelope)):
            by_passenger.setdefault(passenger_ref, []).append(envelope)
        return by_passenger

    def _frontier(self) -> tuple[int, tuple[bytes, ...]]:
        asked = select(ledger_frontier.c.size, ledger_frontier.c.hashes)
        found = self._rows(asked, lambda row: (int(row.size), rows.frontier_nodes(row.hashes)))
        if len(found) != 1:
            raise LedgerFault("The ledger's frontier is missing.", way_out="Run `fairgate ledger verify`.")
        return found[0]

    def _pages(
        self, table: Table, key: Column[int], made: Callable[[Row[Any]], T], *conditions: ColumnElement[bool]
    ) -> Iterator[T]:
        asked = select(table).where(key <= self._last(key), *conditions).order_by(key)
        return self._through(asked, key, made)

    def _through(self, asked: Select[Any], key: Column[int], made: Callable[[Row[Any]], T]) -> Iterator[T]:
        done = -1
        while True:
            page = self._rows(
                asked.where(key > done).limit(_PAGE_ROWS), lambda row: (int(row._mapping[key]), made(row))
            )
            yield from (record for _, record in page)
            if len(page) < _PAGE_ROWS:
                return
            done = page[-1][0]

    def _last(self, key: Column[int]) -> int:
        return self._rows(select(func.max(key)), lambda row: -1 if row[0] is None else int(row[0]))[0]
