"""The manual path, in this process; the same as :mod:`fairgate.store.manual_path` does in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fairgate.errors import AlreadyRecorded, StoreFault
from fairgate.services.manual_records import Boarding, Departure, ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.records import CrossingRecord, PassengerRecord
from fairgate.store import checks
from fairgate.store.guard import TransactionGuard
from fairgate.vocabulary import Matched


@dataclass(frozen=True, slots=True)
class ManualTables:
    """What is kept of the manual path, in the order in which it came."""

    entries: dict[str, QueueEntry] = field(default_factory=dict)
    numbers: dict[tuple[str, date, int], str] = field(default_factory=dict)
    newest_number: dict[tuple[str, date], int] = field(default_factory=dict)
    form_lines: dict[str, str] = field(default_factory=dict)
    calls: dict[str, datetime] = field(default_factory=dict)
    results: dict[str, ManualResultRecord] = field(default_factory=dict)
    matched: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    confirmed: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    undos: dict[str, UndoRecord] = field(default_factory=dict)
    departures: dict[str, Departure] = field(default_factory=dict)

    def copy(self) -> ManualTables:
        """Return tables that can be changed without changing these; the rows are shared."""
        return ManualTables(
            self.entries.copy(),
            self.numbers.copy(),
            self.newest_number.copy(),
            self.form_lines.copy(),
            self.calls.copy(),
            self.results.copy(),
            self.matched.copy(),
            self.confirmed.copy(),
            self.undos.copy(),
            self.departures.copy(),
        )

    def ledger_entries(self) -> Iterable[int]:
        """Yield the ledger entries that must be there."""
        for kept in (self.entries, self.results, self.undos, self.departures):
            yield from (one.ledger_index for one in kept.values())

    def note_match(self, crossing: CrossingRecord) -> None:
        """Find a match by its passenger from now on."""
        if crossing.outcome == Matched.kind and crossing.passenger_ref is not None:
            key = (crossing.flight_key, crossing.passenger_ref)
            self.matched[key] = (*self.matched.get(key, ()), crossing.crossing_id)


class MemoryManualReads:
    """The questions about the manual path; the whole transaction says what is kept and guards it."""

    _crossings: dict[str, CrossingRecord]
    _passengers: dict[tuple[str, str], PassengerRecord]
    _manual: ManualTables
    _guard: TransactionGuard

    def crossing(self, crossing_id: str) -> CrossingRecord | None:
        """Return one crossing, or ``None``."""
        with self._guard.operation():
            return self._crossings.get(crossing_id)

    def is_listed(self, flight_key: str, passenger_ref: str) -> bool:
        """Say whether a flight's list has this passenger now; synthetic distractors are on no list."""
        with self._guard.operation():
            kept = self._passengers.get((flight_key, passenger_ref))
            return kept is not None and kept.is_listed

    def match_of(self, flight_key: str, passenger_ref: str) -> CrossingRecord | None:
        """Return the first crossing that matched this passenger and was not undone, or ``None``."""
        with self._guard.operation():
            return min(
                self._standing_matches(flight_key, passenger_ref), key=lambda one: one.ledger_index, default=None
            )

    def boarding_of(self, flight_key: str, passenger_ref: str) -> Boarding | None:
        """Return the first match or confirmation of a passenger that was not undone, or ``None``."""
        with self._guard.operation():
            found = [
                Boarding(passenger_ref, one.ledger_index, crossing_id=one.crossing_id)
                for one in self._standing_matches(flight_key, passenger_ref)
            ]
            found += [
                Boarding(passenger_ref, self._manual.results[entry_id].ledger_index, result_id=result_id)
                for entry_id in self._manual.confirmed.get((flight_key, passenger_ref), ())
                if (result_id := self._manual.results[entry_id].result_id) not in self._manual.undos
            ]
            return min(found, key=lambda one: one.ledger_index, default=None)

    def queue_entries(self, flight_key: str | None = None) -> Sequence[QueueEntry]:
        """Return everybody who waited or waits, of one flight or of all, in the order of joining."""
        with self._guard.operation():
            chosen = (one for one in self._manual.entries.values() if flight_key in {None, one.flight_key})
            return sorted(chosen, key=lambda one: (one.joined_at, one.number))

    def queue_entry(self, entry_id: str) -> QueueEntry | None:
        """Return one entry, or ``None``."""
        with self._guard.operation():
            return self._manual.entries.get(entry_id)

    def queue_number(self, series: str, day: date, number: int) -> QueueEntry | None:
        """Return whoever has a number on a day, or ``None``."""
        with self._guard.operation():
            return self._manual.entries.get(self._manual.numbers.get((series, day, number), ""))

    def queue_entry_of_form(self, form_line: str) -> QueueEntry | None:
        """Return what was entered from one line of a paper form, or ``None``."""
        with self._guard.operation():
            return self._manual.entries.get(self._manual.form_lines.get(form_line, ""))

    def calls(self, flight_key: str | None = None) -> Mapping[str, datetime]:
        """Return when each number was first called, by entry."""
        with self._guard.operation():
            entries = self._manual.entries
            return {
                entry_id: called_at
                for entry_id, called_at in self._manual.calls.items()
                if flight_key in {None, entries[entry_id].flight_key}
            }

    def called_at(self, entry_id: str) -> datetime | None:
        """Return when a number was first called, or ``None``."""
        with self._guard.operation():
            return self._manual.calls.get(entry_id)

    def manual_results(self, flight_key: str | None = None) -> Sequence[ManualResultRecord]:
        """Return every result of one flight or of all, in the ledger's order."""
        with self._guard.operation():
            chosen = (one for one in self._manual.results.values() if flight_key in {None, one.flight_key})
            return sorted(chosen, key=lambda one: one.ledger_index)

    def manual_result_of(self, entry_id: str) -> ManualResultRecord | None:
        """Return the result of one queue entry, or ``None``."""
        with self._guard.operation():
            return self._manual.results.get(entry_id)

    def undos(self, flight_key: str | None = None) -> Sequence[UndoRecord]:
        """Return everything undone, of one flight or of all, in the ledger's order."""
        with self._guard.operation():
            chosen = (one for one in self._manual.undos.values() if flight_key in {None, one.flight_key})
            return sorted(chosen, key=lambda one: one.ledger_index)

    def undo_of(self, boarding: Boarding) -> UndoRecord | None:
        """Return the undoing of a match or of a confirmation, or ``None``."""
        with self._guard.operation():
            return self._manual.undos.get(boarding.reopened_as)

    def departure_of(self, flight_key: str) -> Departure | None:
        """Return the newest statement of when a flight departs, or ``None``."""
        with self._guard.operation():
            return self._manual.departures.get(flight_key)

    def _standing_matches(self, flight_key: str, passenger_ref: str) -> Iterator[CrossingRecord]:
        for crossing_id in self._manual.matched.get((flight_key, passenger_ref), ()):
            if crossing_id not in self._manual.undos:
                yield self._crossings[crossing_id]


class MemoryManualWrites(MemoryManualReads):
    """What the manual path writes."""

    def next_queue_number(self, series: str, day: date) -> int:
        """Return the number after the last one given on a day, from 1."""
        with self._guard.operation():
            return self._manual.newest_number.get((series, day), 0) + 1

    def add_queue_entry(self, entry: QueueEntry) -> None:
        """Add somebody to the queue.

        Raises:
            AlreadyRecorded: the number, the identifier or the form's line is taken.
        """
        with self._guard.operation():
            checks.check_moment(entry.joined_at)
            checks.check_moment(entry.entered_at)
            if entry.number < 1 or (entry.crossing_id is not None and entry.crossing_id not in self._crossings):
                raise StoreFault("The record contradicts what the database already holds.")
            key = (entry.series, entry.day, entry.number)
            if (
                entry.entry_id in self._manual.entries
                or key in self._manual.numbers
                or entry.form_line in self._manual.form_lines
            ):
                raise AlreadyRecorded("This entry, its number or its form's line is recorded already.")
            self._manual.entries[entry.entry_id] = entry
            self._manual.numbers[key] = entry.entry_id
            self._manual.newest_number[key[:2]] = max(entry.number, self._manual.newest_number.get(key[:2], 0))
            if entry.form_line is not None:
                self._manual.form_lines[entry.form_line] = entry.entry_id

    def put_in_queue(self, entry: QueueEntry) -> QueueEntry:
        """Add somebody to the queue under the next number, and return the entry."""
        with self._guard.operation():
            numbered = replace(entry, number=self.next_queue_number(entry.series, entry.day))
            self.add_queue_entry(numbered)
            return numbered

    def add_call(self, entry_id: str, called_at: datetime, called_by: str) -> datetime:
        """Note that a number is called, and return when it was called first."""
        with self._guard.operation():
            checks.check_moment(called_at)
            self._require_entry(entry_id)
            return self._manual.calls.setdefault(entry_id, called_at)

    def add_manual_result(self, result: ManualResultRecord) -> None:
        """Add an officer's result.

        Raises:
            AlreadyRecorded: the queue entry has one.
        """
        with self._guard.operation():
            checks.check_moment(result.decided_at)
            checks.check_moment(result.recorded_at)
            self._require_entry(result.entry_id)
            if result.minutes < 0:
                raise StoreFault("The record contradicts what the database already holds.")
            if result.entry_id in self._manual.results:
                raise AlreadyRecorded("This queue entry has a result already.")
            self._manual.results[result.entry_id] = result
            if result.boards is not None and result.flight_key is not None:
                key = (result.flight_key, result.boards)
                self._manual.confirmed[key] = (*self._manual.confirmed.get(key, ()), result.entry_id)

    def add_undo(self, undo: UndoRecord) -> None:
        """Add an undoing.

        Raises:
            AlreadyRecorded: that match or confirmation is undone already.
        """
        with self._guard.operation():
            checks.check_moment(undo.undone_at)
            undone = undo.crossing_id or undo.result_id or ""
            known = undone in self._crossings or any(one.result_id == undone for one in self._manual.results.values())
            if not known or (undo.crossing_id is None) == (undo.result_id is None):
                raise StoreFault("The record contradicts what the database already holds.")
            if undone in self._manual.undos:
                raise AlreadyRecorded("This match or confirmation is undone already.")
            self._manual.undos[undone] = undo

    def add_departure(self, departs: Departure) -> None:
        """Add a statement of when a flight departs."""
        with self._guard.operation():
            checks.check_moment(departs.departs_at)
            self._manual.departures[departs.flight_key] = departs

    def let_go_photo(self, crossing_id: str) -> int:
        """Drop the envelope of one crossing's photo and return how many there were, 0 or 1."""
        with self._guard.operation():
            kept = self._crossings.get(crossing_id)
            if kept is None or kept.sealed_photo is None:
                return 0
            self._crossings[crossing_id] = replace(kept, sealed_photo=None)
            return 1

    def _require_entry(self, entry_id: str) -> None:
        if entry_id not in self._manual.entries:
            raise StoreFault("The record contradicts what the database already holds.")
