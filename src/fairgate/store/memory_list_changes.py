"""How a list that changes reaches a gallery that is staged already, in this process's store."""

from __future__ import annotations

from dataclasses import replace

from fairgate.errors import StoreFault
from fairgate.services.records import FlightRecord, PassengerRecord
from fairgate.store import checks
from fairgate.store.memory_generations import MemoryGenerations


class MemoryListChanges(MemoryGenerations):
    """The part of a write transaction that changes lists."""

    def change_list(self, flight: FlightRecord) -> None:
        """Take over list, files, flights and findings of a staged flight, which is then not complete.

        Raises:
            StagingConflict: as :func:`fairgate.store.checks.check_list_change` says.
        """
        with self._guard.operation():
            kept = self._tables.flights.get(flight.flight_key)
            checks.check_list_change(kept, flight)
            if kept is not None:
                self._tables.flights[flight.flight_key] = replace(
                    kept,
                    complete=False,
                    list_sha256=flight.list_sha256,
                    list_files=flight.list_files,
                    flights=flight.flights,
                    findings=flight.findings,
                )

    def replace_passenger(self, passenger: PassengerRecord) -> int:
        """Put a row in place of the one of that passenger, and return how many templates in force were erased for it.

        Raises:
            StoreFault: the passenger has no row.
        """
        with self._guard.operation():
            checks.check_passenger(passenger)
            key = (passenger.flight_key, passenger.passenger_ref)
            kept = self._tables.passengers.get(key)
            if kept is None:
                raise StoreFault("A passenger without a row has none to be replaced.")
            self._tables.passengers[key] = passenger
            if kept.sealed_templates == passenger.sealed_templates:
                return 0
            self._tables.reextracted.pop(key, None)
            return len(kept.sealed_templates)
