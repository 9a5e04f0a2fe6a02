"""How a gallery changes its pack, in SQL: a new generation of templates beside the one in force, then the switch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from fairgate.services.records import ReextractedPassenger, Reextraction, ReferenceState
from fairgate.store import checks, rows, schema
from fairgate.store.reads import SqlReadTransaction


class SqlGenerations(SqlReadTransaction):
    """The part of a write transaction that changes packs.

    Args:
        connection: with the write transaction begun.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.erased = False

    def begin_reextraction(self, flight_key: str, pack_digest: str, begun_at: datetime) -> Reextraction:
        """Begin a change of pack and return it; the one under way where it is to the same pack.

        Raises:
            StagingConflict: the gallery is not complete, is of that pack already, or is on its way to another.
        """
        with self._guard.operation():
            checks.check_moment(begun_at)
            kept, under_way = self.flight(flight_key), self.reextraction(flight_key)
            generation = checks.check_reextraction(kept, under_way, pack_digest)
            if under_way is not None:
                return under_way
            begun = Reextraction(flight_key, generation, pack_digest, begun_at)
            self._connection.execute(
                insert(schema.reextraction).values(
                    flight_key=flight_key,
                    generation=begun.generation,
                    pack_digest=pack_digest,
                    begun_at_utc=begun_at,
                )
            )
            return begun

    def put_reextracted(self, passenger: ReextractedPassenger) -> bool:
        """Keep what became of one passenger, and say whether it was kept.

        Raises:
            StagingConflict: that generation is not being made any more.
        """
        with self._guard.operation():
            pack_digest = checks.check_reextracted(passenger, self.reextraction(passenger.flight_key))
            if self.reference_state(passenger.flight_key, passenger.passenger_ref) is not ReferenceState.ENROLLED:
                return False
            mine = (
                schema.reextracted.c.flight_key == passenger.flight_key,
                schema.reextracted.c.generation == passenger.generation,
                schema.reextracted.c.passenger_ref == passenger.passenger_ref,
            )
            kept = self._connection.execute(select(schema.reextracted.c.lost).where(*mine)).first()
            if kept is not None and kept.lost <= passenger.lost:
                return False
            self._erase_templates(
                schema.template.c.flight_key == passenger.flight_key,
                schema.template.c.generation == passenger.generation,
                schema.template.c.passenger_ref == passenger.passenger_ref,
            )
            self._connection.execute(delete(schema.reextracted).where(*mine))
            self._connection.execute(insert(schema.reextracted).values(rows.reextracted_values(passenger)))
            self._add_templates(
                passenger.flight_key,
                passenger.generation,
                passenger.passenger_ref,
                pack_digest,
                passenger.sealed_templates,
            )
            return True

    def abandon_reextraction(self, flight_key: str) -> int:
        """Erase what a change of pack under way has made, and return how many templates that were."""
        with self._guard.operation():
            kept = self.flight(flight_key)
            if kept is None:
                return 0
            erased = self._erase_templates(
                schema.template.c.flight_key == flight_key, schema.template.c.generation != kept.generation
            )
            self._end_reextraction(flight_key)
            return erased

    def switch_generation(self, flight_key: str, generation: int) -> int:
        """Put the generation being made in force, erase all templates before it, and return how many those were.

        Raises:
            StagingConflict: that generation is not being made any more, or somebody enrolled has no result in it.
        """
        with self._guard.operation():
            pack_digest = checks.check_being_made(flight_key, generation, self.reextraction(flight_key))
            results = {row.passenger_ref: row for row in self.reextracted(flight_key)}
            listed = [row for row in self.passengers(flight_key) if row.state is ReferenceState.ENROLLED]
            checks.check_switch((row.passenger_ref for row in listed if not row.synthetic), results)
            erased = self._erase_templates(
                schema.template.c.flight_key == flight_key, schema.template.c.generation != generation
            )
            self._end_reextraction(flight_key)
            for row in listed:
                named = (
                    schema.passenger.c.flight_key == flight_key,
                    schema.passenger.c.passenger_ref == row.passenger_ref,
                )
                result = results.get(row.passenger_ref)
                if result is None:
                    self._connection.execute(delete(schema.passenger).where(*named))
                elif result.state is not ReferenceState.ENROLLED:
                    self._connection.execute(
                        update(schema.passenger).where(*named).values(state=result.state.value, reason=result.reason)
                    )
            self._connection.execute(
                update(schema.flight)
                .where(schema.flight.c.flight_key == flight_key)
                .values(generation=generation, pack_digest=pack_digest)
            )
            return erased

    def _add_templates(
        self, flight_key: str, generation: int, passenger_ref: str, pack_digest: str, envelopes: tuple[bytes, ...]
    ) -> None:
        if envelopes:
            self._connection.execute(
                insert(schema.template),
                rows.template_values(flight_key, generation, passenger_ref, pack_digest, envelopes),
            )

    def _erase_templates(self, *which: ColumnElement[bool]) -> int:
        count = int(self._connection.execute(delete(schema.template).where(*which)).rowcount)
        self.erased = self.erased or count > 0
        return count

    def _end_reextraction(self, flight_key: str) -> None:
        for table in (schema.reextracted, schema.reextraction):
            self._connection.execute(delete(table).where(table.c.flight_key == flight_key))
