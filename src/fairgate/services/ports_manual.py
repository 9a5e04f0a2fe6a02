"""What the manual path needs of a store: the queue, the officers' results, what was undone, departures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from fairgate.services.manual_records import Boarding, Departure, ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.records import CrossingRecord


class ManualReads(Protocol):
    """What can be asked about the manual path; one consistent snapshot."""

    def crossing(self, crossing_id: str) -> CrossingRecord | None:
        """Return one crossing, or ``None``."""
        ...

    def is_listed(self, flight_key: str, passenger_ref: str) -> bool:
        """Say whether a flight's list has this passenger now; synthetic distractors are on no list."""
        ...

    def boarding_of(self, flight_key: str, passenger_ref: str) -> Boarding | None:
        """Return the first match or confirmation of a passenger that was not undone, or ``None``."""
        ...

    def queue_entries(self, flight_key: str | None = None) -> Sequence[QueueEntry]:
        """Return everybody who waited or waits, of one flight or of all, in the order of joining."""
        ...

    def queue_entry(self, entry_id: str) -> QueueEntry | None:
        """Return one entry, or ``None``."""
        ...

    def queue_number(self, series: str, day: date, number: int) -> QueueEntry | None:
        """Return whoever has a number on a day, or ``None``."""
        ...

    def queue_entry_of_form(self, form_line: str) -> QueueEntry | None:
        """Return what was entered from one line of a paper form, or ``None``."""
        ...

    def calls(self, flight_key: str | None = None) -> Mapping[str, datetime]:
        """Return when each number was first called, by entry."""
        ...

    def called_at(self, entry_id: str) -> datetime | None:
        """Return when a number was first called, or ``None``."""
        ...

    def manual_results(self, flight_key: str | None = None) -> Sequence[ManualResultRecord]:
        """Return every result of one flight or of all, in the ledger's order."""
        ...

    def manual_result_of(self, entry_id: str) -> ManualResultRecord | None:
        """Return the result of one queue entry, or ``None``."""
        ...

    def undos(self, flight_key: str | None = None) -> Sequence[UndoRecord]:
        """Return everything undone, of one flight or of all, in the ledger's order."""
        ...

    def undo_of(self, boarding: Boarding) -> UndoRecord | None:
        """Return the undoing of a match or of a confirmation, or ``None``."""
        ...

    def departure_of(self, flight_key: str) -> Departure | None:
        """Return the newest statement of when a flight departs, or ``None``."""
        ...


class ManualWrites(ManualReads, Protocol):
    """What the manual path writes. Numbers are given under the one writer's lock, so none is given twice."""

    def next_queue_number(self, series: str, day: date) -> int:
        """Return the number after the last one given on a day, from 1."""
        ...

    def add_queue_entry(self, entry: QueueEntry) -> None:
        """Add somebody to the queue.

        Raises:
            AlreadyRecorded: the number, the identifier or the form's line is taken.
        """
        ...

    def put_in_queue(self, entry: QueueEntry) -> QueueEntry:
        """Add somebody to the queue under the next number, whatever number the entry has, and return the entry.

        In one statement, since every crossing that is no match waits for it.
        """
        ...

    def add_call(self, entry_id: str, called_at: datetime, called_by: str) -> datetime:
        """Note that a number is called, and return when it was called first."""
        ...

    def add_manual_result(self, result: ManualResultRecord) -> None:
        """Add an officer's result.

        Raises:
            AlreadyRecorded: the queue entry has one.
        """
        ...

    def add_undo(self, undo: UndoRecord) -> None:
        """Add an undoing.

        Raises:
            AlreadyRecorded: that match or confirmation is undone already.
        """
        ...

    def add_departure(self, departure: Departure) -> None:
        """Add a statement of when a flight departs."""
        ...

    def let_go_photo(self, crossing_id: str) -> int:
        """Drop the envelope of one crossing's photo and return how many there were, 0 or 1."""
        ...
