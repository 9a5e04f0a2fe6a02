"""How a gallery changes its pack, in this process; the same as :mod:`fairgate.store.generations` does in SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from fairgate.services.records import ReextractedPassenger, Reextraction, ReferenceState
from fairgate.store import checks
from fairgate.store.memory_reads import MemoryReadTransaction


class MemoryGenerations(MemoryReadTransaction):
    """The part of a write transaction that changes packs."""

    def begin_reextraction(self, flight_key: str, pack_digest: str, begun_at: datetime) -> Reextraction:
        """Begin a change of pack and return it; the one under way where it is to the same pack.

        Raises:
            StagingConflict: the gallery is not complete, is of that pack already, or is on its way to another.
        """
        with self._guard.operation():
            checks.check_moment(begun_at)
            under_way = self._tables.reextractions.get(flight_key)
            generation = checks.check_reextraction(self._tables.flights.get(flight_key), under_way, pack_digest)
            begun = Reextraction(flight_key, generation, pack_digest, begun_at)
            return self._tables.reextractions.setdefault(flight_key, begun)

    def put_reextracted(self, passenger: ReextractedPassenger) -> bool:
        """Keep what became of one passenger, and say whether it was kept.

        Raises:
            StagingConflict: that generation is not being made any more.
        """
        with self._guard.operation():
            checks.check_reextracted(passenger, self._tables.reextractions.get(passenger.flight_key))
            key = (passenger.flight_key, passenger.passenger_ref)
            row, kept = self._tables.passengers.get(key), self._tables.reextracted.get(key)
            if row is None or row.state is not ReferenceState.ENROLLED:
                return False
            if kept is not None and kept.lost <= passenger.lost:
                return False
            self._tables.reextracted[key] = passenger
            return True

    def abandon_reextraction(self, flight_key: str) -> int:
        """Erase what a change of pack under way has made, and return how many templates that were."""
        with self._guard.operation():
            return sum(len(row.sealed_templates) for row in self._end(flight_key).values())

    def switch_generation(self, flight_key: str, generation: int) -> int:
        """Put the generation being made in force, erase all templates before it, and return how many those were.

        Raises:
            StagingConflict: that generation is not being made any more, or somebody enrolled has no result in it.
        """
        with self._guard.operation():
            pack_digest = checks.check_being_made(flight_key, generation, self._tables.reextractions.get(flight_key))
            enrolled = [
                row
                for row in self._tables.passengers.values()
                if row.flight_key == flight_key and row.state is ReferenceState.ENROLLED
            ]
            results = {
                row.passenger_ref: row for row in self._tables.reextracted.values() if row.flight_key == flight_key
            }
            checks.check_switch((row.passenger_ref for row in enrolled if not row.synthetic), results)
            self._end(flight_key)
            for row in enrolled:
                key, result = (flight_key, row.passenger_ref), results.get(row.passenger_ref)
                if result is None:
                    del self._tables.passengers[key]
                    continue
                reason = row.reason if result.state is ReferenceState.ENROLLED else result.reason
                self._tables.passengers[key] = replace(
                    row, state=result.state, reason=reason, sealed_templates=result.sealed_templates
                )
            self._tables.flights[flight_key] = replace(
                self._tables.flights[flight_key], generation=generation, pack_digest=pack_digest
            )
            return sum(len(row.sealed_templates) for row in enrolled)

    def _end(self, flight_key: str) -> dict[tuple[str, str], ReextractedPassenger]:
        ended = {key: row for key, row in self._tables.reextracted.items() if row.flight_key == flight_key}
        for key in ended:
            del self._tables.reextracted[key]
        self._tables.reextractions.pop(flight_key, None)
        return ended
