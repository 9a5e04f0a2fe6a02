"""What a list that changes needs of a store."""

from __future__ import annotations

from typing import Protocol

from fairgate.services.records import FlightRecord, PassengerRecord


class WriteListChanges(Protocol):
    """Changes to a gallery that is staged already."""

    def change_list(self, flight: FlightRecord) -> None:
        """Take over the list, its files, the flights and the findings of a staged flight, which is then not complete.

        Raises:
            StagingConflict: the flight is not staged, or it was staged with another pack or rulebook, or for another
                lane, direction or port.
        """
        ...

    def replace_passenger(self, passenger: PassengerRecord) -> int:
        """Put a row in place of the one of that passenger, and return how many templates in force were erased for it.

        Templates that are the same in both stay, those of a generation being made too. Otherwise all are erased, of any
        generation, and those handed in take their place.

        Raises:
            StoreFault: the passenger has no row.
        """
        ...
