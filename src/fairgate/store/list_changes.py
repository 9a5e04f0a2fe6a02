"""How a list that changes reaches a gallery that is staged already, in SQL."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from fairgate.errors import StoreFault
from fairgate.services.records import FlightRecord, PassengerRecord
from fairgate.store import checks, rows, schema
from fairgate.store.generations import SqlGenerations


class SqlListChanges(SqlGenerations):
    """The part of a write transaction that changes lists."""

    def change_list(self, flight: FlightRecord) -> None:
        """Take over list, files, flights and findings of a staged flight, which is then not complete.

        Raises:
            StagingConflict: as :func:`fairgate.store.checks.check_list_change` says.
        """
        with self._guard.operation():
            checks.check_list_change(self.flight(flight.flight_key), flight)
            taken = ("list_sha256", "list_files_json", "flights_json", "findings_json")
            given = rows.flight_values(flight)
            self._connection.execute(
                update(schema.flight)
                .where(schema.flight.c.flight_key == flight.flight_key)
                .values(complete=False, **{name: given[name] for name in taken})
            )

    def replace_passenger(self, passenger: PassengerRecord) -> int:
        """Put a row in place of the one of that passenger, and return how many templates in force were erased for it.

        Raises:
            StoreFault: the passenger has no row.
        """
        with self._guard.operation():
            checks.check_passenger(passenger)
            flight = self.flight(passenger.flight_key)
            if flight is None:
                raise StoreFault("A flight that does not exist has no passengers.")
            template = schema.template.c
            every = (template.flight_key == passenger.flight_key, template.passenger_ref == passenger.passenger_ref)
            asked = select(template.envelope).where(*every, template.generation == flight.generation)
            kept = tuple(self._rows(asked.order_by(template.number), lambda row: bytes(row.envelope)))
            is_other = kept != passenger.sealed_templates
            if is_other:
                self._erase_templates(*every)
                result = schema.reextracted.c
                self._connection.execute(
                    delete(schema.reextracted).where(
                        result.flight_key == passenger.flight_key, result.passenger_ref == passenger.passenger_ref
                    )
                )
            given = rows.passenger_values(passenger)
            changed = self._connection.execute(
                update(schema.passenger)
                .where(
                    schema.passenger.c.flight_key == given.pop("flight_key"),
                    schema.passenger.c.passenger_ref == given.pop("passenger_ref"),
                )
                .values(given)
            )
            if changed.rowcount != 1:
                raise StoreFault("A passenger without a row has none to be replaced.")
            # The envelope of the list entry may be another one now, and the old one is to be gone from the log too.
            self.erased = True
            if is_other:
                self._add_templates(
                    flight.flight_key,
                    flight.generation,
                    passenger.passenger_ref,
                    flight.pack_digest,
                    passenger.sealed_templates,
                )
            return len(kept) if is_other else 0
