"""The changes a store makes, in SQL that SQLite and PostgreSQL both speak."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, delete, insert, or_, select, update

from fairgate.errors import AlreadyRecorded, LedgerFault, StoreFault
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord, ReferenceState
from fairgate.store import checks, rows, schema
from fairgate.store.corrections import SqlCorrectionWrites
from fairgate.store.list_changes import SqlListChanges
from fairgate.store.manual_path import SqlManualWrites
from fairgate.store.opting_out import SqlOptingOutWrites
from fairgate.store.rulebook_changes import SqlRulebookWrites


class SqlWriteTransaction(SqlManualWrites, SqlOptingOutWrites, SqlRulebookWrites, SqlCorrectionWrites, SqlListChanges):
    """The single write transaction.

    There is one writer at a time, so what is asked first still holds when it is written; constraints are the second
    line.

    Args:
        connection: with the write transaction begun.
    """

    def add_flight(self, flight: FlightRecord) -> None:
        """Add a flight; one that exists and was staged from the same is left as it is.

        Raises:
            StagingConflict: the flight exists with another list, pack or rulebook.
        """
        with self._guard.operation():
            checks.check_moment(flight.staged_at)
            kept = self.flight(flight.flight_key)
            if kept is not None:
                checks.check_same_staging(kept, flight)
                return
            self._connection.execute(insert(schema.flight).values(rows.flight_values(flight)))

    def mark_complete(self, flight_key: str, findings: Iterable[str]) -> None:
        """Note that every listed passenger has a row, and add the findings not noted yet."""
        with self._guard.operation():
            kept = self.flight(flight_key)
            if kept is None:
                raise StoreFault("A flight that does not exist cannot be complete.")
            noted = checks.with_findings(kept, findings)
            self._change(
                update(schema.flight)
                .where(schema.flight.c.flight_key == flight_key)
                .values(complete=True, findings_json=json.dumps(noted))
            )

    def note_findings(self, flight_key: str, findings: Iterable[str]) -> None:
        """Add those findings that are not noted yet."""
        with self._guard.operation():
            kept = self.flight(flight_key)
            if kept is None:
                raise StoreFault("A flight that does not exist has no findings.")
            noted = checks.with_findings(kept, findings)
            self._change(
                update(schema.flight)
                .where(schema.flight.c.flight_key == flight_key)
                .values(findings_json=json.dumps(noted))
            )

    def put_passenger(self, passenger: PassengerRecord) -> None:
        """Add a gallery row with its templates; a row that exists is left as it is."""
        with self._guard.operation():
            checks.check_passenger(passenger)
            exists = select(schema.passenger.c.flight_key).where(
                schema.passenger.c.flight_key == passenger.flight_key,
                schema.passenger.c.passenger_ref == passenger.passenger_ref,
            )
            if self._connection.execute(exists).first() is not None:
                return
            self._connection.execute(insert(schema.passenger).values(rows.passenger_values(passenger)))
            kept = self.flight(passenger.flight_key)
            if kept is not None:
                self._add_templates(
                    kept.flight_key,
                    kept.generation,
                    passenger.passenger_ref,
                    kept.pack_digest,
                    passenger.sealed_templates,
                )

    def withdraw_reference(self, flight_key: str, passenger_ref: str, state: ReferenceState) -> int:
        """Erase every template of one passenger, of any generation, note why, and return how many were in force."""
        with self._guard.operation():
            checks.check_withdrawal(state)
            kept = self.flight(flight_key)
            if kept is None:
                return 0
            every = (schema.template.c.flight_key == flight_key, schema.template.c.passenger_ref == passenger_ref)
            in_force = self._erase_templates(*every, schema.template.c.generation == kept.generation)
            self._erase_templates(*every)
            self._change(
                delete(schema.reextracted).where(
                    schema.reextracted.c.flight_key == flight_key,
                    schema.reextracted.c.passenger_ref == passenger_ref,
                )
            )
            self._change(
                update(schema.passenger)
                .where(schema.passenger.c.flight_key == flight_key, schema.passenger.c.passenger_ref == passenger_ref)
                .values(state=state.value)
            )
            return in_force

    def add_crossing(self, crossing: CrossingRecord) -> None:
        """Add a crossing; its ledger entry must be there when the block ends.

        Raises:
            AlreadyRecorded: the capture has one.
        """
        with self._guard.operation():
            checks.check_crossing(crossing)
            in_the_way = select(
                schema.crossing.c.flight_key, schema.crossing.c.capture_key, schema.crossing.c.crossing_id
            ).where(
                or_(
                    (schema.crossing.c.flight_key == crossing.flight_key)
                    & (schema.crossing.c.capture_key == crossing.capture_key),
                    schema.crossing.c.crossing_id == crossing.crossing_id,
                    schema.crossing.c.ledger_index == crossing.ledger_index,
                )
            )
            found = self._connection.execute(in_the_way).all()
            if any((row.flight_key, row.capture_key) == (crossing.flight_key, crossing.capture_key) for row in found):
                raise AlreadyRecorded("The crossing for this capture is already recorded.")
            if any(row.crossing_id == crossing.crossing_id for row in found):
                raise StoreFault("Another crossing already has this identifier.")
            if found:
                raise LedgerFault(f"Ledger entry {crossing.ledger_index} already stands for another crossing.")
            self._connection.execute(insert(schema.crossing).values(rows.crossing_values(crossing)))

    def add_stage_times(self, crossing_id: str, stage_ms: Mapping[str, float]) -> None:
        """Add how long each stage of a crossing took, in milliseconds."""
        with self._guard.operation():
            checks.check_stage_times(stage_ms)
            times: list[dict[str, Any]] = [
                {"crossing_id": crossing_id, "stage": stage, "duration_ms": duration_ms}
                for stage, duration_ms in stage_ms.items()
            ]
            if times:
                self._connection.execute(insert(schema.stage_time), times)

    def append_ledger(self, row: LedgerRow, frontier: Sequence[bytes]) -> None:
        """Append one entry with the frontier that holds after it.

        Raises:
            LedgerFault: the index is not the ledger's size, or the frontier is not of the size after it.
        """
        with self._guard.operation():
            frontier_size, _ = self._frontier()
            checks.check_append(row, frontier, entries=self.ledger_size(), frontier_size=frontier_size)
            self._connection.execute(
                insert(schema.ledger_entry).values(entry_index=row.index, leaf=row.leaf, checkpoint=row.checkpoint)
            )
            self._change(update(schema.ledger_frontier).values(size=row.index + 1, hashes=b"".join(frontier)))

    def erase_photos(self, recorded_before: datetime) -> int:
        """Drop the envelopes of photos taken before a moment, whose keys are gone, and return how many."""
        with self._guard.operation():
            checks.check_moment(recorded_before)
            count = self._change(
                update(schema.crossing)
                .where(schema.crossing.c.recorded_at_utc < recorded_before, schema.crossing.c.sealed_photo.is_not(None))
                .values(sealed_photo=None)
            )
            self.erased = self.erased or count > 0
            return count

    def require_whole(self) -> None:
        """Refuse to commit after an error.

        Raises:
            StoreFault: an earlier operation failed.
        """
        self._guard.require_whole()

    def _change(self, statement: Executable) -> int:
        return int(self._connection.execute(statement).rowcount)
