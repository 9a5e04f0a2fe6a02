"""The manual path in SQL: the officer's queue, the officers' results, what was undone, departures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    bindparam,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from fairgate.errors import AlreadyRecorded, StoreFault
from fairgate.services.manual_records import Boarding, Departure, ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.records import CrossingRecord, ReferenceState
from fairgate.store import checks, rows, rows_manual
from fairgate.store.schema import crossing, passenger
from fairgate.store.schema_manual import departure, manual_result, match_undo, officer_call, officer_entry
from fairgate.store.transaction import SqlTransaction, T
from fairgate.vocabulary import Matched

_Asked = str | BindParameter[str]


def _standing_matches(flight_key: _Asked, passenger_ref: _Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        crossing.c.flight_key == flight_key,
        crossing.c.passenger_ref == passenger_ref,
        crossing.c.outcome == Matched.kind,
        ~exists(select(literal(1)).where(match_undo.c.crossing_id == crossing.c.crossing_id)),
    )


def _boarding() -> Select[Any]:
    """Return what boarded a passenger, built once: every match waits for it."""
    flight_key, passenger_ref = bindparam("of_flight", type_=Text), bindparam("of_passenger", type_=Text)
    matches = select(crossing.c.ledger_index, crossing.c.crossing_id, null().label("result_id")).where(
        *_standing_matches(flight_key, passenger_ref)
    )
    confirmed = select(manual_result.c.ledger_index, null().label("crossing_id"), manual_result.c.result_id).where(
        manual_result.c.flight_key == flight_key,
        manual_result.c.boards == passenger_ref,
        ~exists(select(literal(1)).where(match_undo.c.result_id == manual_result.c.result_id)),
    )
    both = union_all(matches, confirmed).subquery()
    return select(both).order_by(both.c.ledger_index).limit(1)


_BOARDING = _boarding()


class SqlManualReads(SqlTransaction):
    """The part of a snapshot that knows the manual path."""

    def crossing(self, crossing_id: str) -> CrossingRecord | None:
        """Return one crossing, or ``None``."""
        return _first(self._rows(select(crossing).where(crossing.c.crossing_id == crossing_id), rows.crossing_record))

    def is_listed(self, flight_key: str, passenger_ref: str) -> bool:
        """Say whether a flight's list has this passenger now; synthetic distractors are on no list."""
        asked = select(passenger.c.passenger_ref).where(
            passenger.c.flight_key == flight_key,
            passenger.c.passenger_ref == passenger_ref,
            ~passenger.c.synthetic,
            passenger.c.state != ReferenceState.CANCELLED.value,
        )
        return bool(self._rows(asked, lambda row: row.passenger_ref))

    def match_of(self, flight_key: str, passenger_ref: str) -> CrossingRecord | None:
        """Return the first crossing that matched this passenger and was not undone, or ``None``."""
        asked = select(crossing).where(*_standing_matches(flight_key, passenger_ref))
        return _first(self._rows(asked.order_by(crossing.c.ledger_index).limit(1), rows.crossing_record))

    def boarding_of(self, flight_key: str, passenger_ref: str) -> Boarding | None:
        """Return the first match or confirmation of a passenger that was not undone, or ``None``."""
        asked = {"of_flight": flight_key, "of_passenger": passenger_ref}
        with self._guard.operation():
            found = self._connection.execute(_BOARDING, asked).first()
            return Boarding(passenger_ref, *found) if found is not None else None

    def queue_entries(self, flight_key: str | None = None) -> Sequence[QueueEntry]:
        """Return everybody who waited or waits, of one flight or of all, in the order of joining."""
        asked = select(officer_entry).order_by(officer_entry.c.joined_at_utc, officer_entry.c.number)
        return self._rows(_of(asked, officer_entry.c.flight_key, flight_key), rows_manual.entry_record)

    def queue_entry(self, entry_id: str) -> QueueEntry | None:
        """Return one entry, or ``None``."""
        return self._entry(officer_entry.c.entry_id == entry_id)

    def queue_number(self, series: str, day: date, number: int) -> QueueEntry | None:
        """Return whoever has a number on a day, or ``None``."""
        return self._entry(
            officer_entry.c.series == series, officer_entry.c.day == day.isoformat(), officer_entry.c.number == number
        )

    def queue_entry_of_form(self, form_line: str) -> QueueEntry | None:
        """Return what was entered from one line of a paper form, or ``None``."""
        return self._entry(officer_entry.c.form_line == form_line)

    def calls(self, flight_key: str | None = None) -> Mapping[str, datetime]:
        """Return when each number was first called, by entry."""
        asked = select(officer_call.c.entry_id, officer_call.c.called_at_utc).join(
            officer_entry, officer_entry.c.entry_id == officer_call.c.entry_id
        )
        return dict(
            self._rows(
                _of(asked, officer_entry.c.flight_key, flight_key), lambda row: (row.entry_id, row.called_at_utc)
            )
        )

    def called_at(self, entry_id: str) -> datetime | None:
        """Return when a number was first called, or ``None``."""
        asked = select(officer_call.c.called_at_utc).where(officer_call.c.entry_id == entry_id)
        found: list[datetime] = self._rows(asked, lambda row: row.called_at_utc)
        return _first(found)

    def manual_results(self, flight_key: str | None = None) -> Sequence[ManualResultRecord]:
        """Return every result of one flight or of all, in the ledger's order."""
        asked = select(manual_result).order_by(manual_result.c.ledger_index)
        return self._rows(_of(asked, manual_result.c.flight_key, flight_key), rows_manual.result_record)

    def manual_result_of(self, entry_id: str) -> ManualResultRecord | None:
        """Return the result of one queue entry, or ``None``."""
        asked = select(manual_result).where(manual_result.c.entry_id == entry_id)
        return _first(self._rows(asked, rows_manual.result_record))

    def undos(self, flight_key: str | None = None) -> Sequence[UndoRecord]:
        """Return everything undone, of one flight or of all, in the ledger's order."""
        asked = select(match_undo).order_by(match_undo.c.ledger_index)
        return self._rows(_of(asked, match_undo.c.flight_key, flight_key), rows_manual.undo_record)

    def undo_of(self, boarding: Boarding) -> UndoRecord | None:
        """Return the undoing of a match or of a confirmation, or ``None``."""
        if boarding.crossing_id is not None:
            asked = select(match_undo).where(match_undo.c.crossing_id == boarding.crossing_id)
        else:
            asked = select(match_undo).where(match_undo.c.result_id == boarding.result_id)
        return _first(self._rows(asked, rows_manual.undo_record))

    def departure_of(self, flight_key: str) -> Departure | None:
        """Return the newest statement of when a flight departs, or ``None``."""
        asked = select(departure).where(departure.c.flight_key == flight_key)
        newest = asked.order_by(departure.c.ledger_index.desc()).limit(1)
        return _first(self._rows(newest, rows_manual.departure_record))

    def _entry(self, *conditions: ColumnElement[bool]) -> QueueEntry | None:
        return _first(self._rows(select(officer_entry).where(*conditions), rows_manual.entry_record))


class SqlManualWrites(SqlManualReads):
    """The part of a write transaction that writes the manual path.

    There is one writer at a time, so what is asked first still holds when it is written; constraints are the second
    line.
    """

    erased: bool

    def next_queue_number(self, series: str, day: date) -> int:
        """Return the number after the last one given on a day, from 1."""
        asked = select(func.max(officer_entry.c.number)).where(
            officer_entry.c.series == series, officer_entry.c.day == day.isoformat()
        )
        return self._rows(asked, lambda row: int(row[0] or 0))[0] + 1

    def add_queue_entry(self, entry: QueueEntry) -> None:
        """Add somebody to the queue.

        Raises:
            AlreadyRecorded: the number, the identifier or the form's line is taken.
        """
        with self._guard.operation():
            checks.check_moment(entry.joined_at)
            checks.check_moment(entry.entered_at)
            taken = [
                officer_entry.c.entry_id == entry.entry_id,
                (officer_entry.c.series == entry.series)
                & (officer_entry.c.day == entry.day.isoformat())
                & (officer_entry.c.number == entry.number),
            ]
            if entry.form_line is not None:
                taken.append(officer_entry.c.form_line == entry.form_line)
            if self._connection.execute(select(officer_entry.c.entry_id).where(or_(*taken))).first() is not None:
                raise AlreadyRecorded("This entry, its number or its form's line is recorded already.")
            self._connection.execute(insert(officer_entry).values(rows_manual.entry_values(entry)))

    def put_in_queue(self, entry: QueueEntry) -> QueueEntry:
        """Add somebody to the queue under the next number, and return the entry."""
        with self._guard.operation():
            checks.check_moment(entry.joined_at)
            checks.check_moment(entry.entered_at)
            newest = select(func.coalesce(func.max(officer_entry.c.number), 0) + 1).where(
                officer_entry.c.series == entry.series, officer_entry.c.day == entry.day.isoformat()
            )
            values = {**rows_manual.entry_values(entry), "number": newest.scalar_subquery()}
            given = self._connection.execute(
                insert(officer_entry).values(values).returning(officer_entry.c.number)
            ).scalar_one()
            return replace(entry, number=given)

    def add_call(self, entry_id: str, called_at: datetime, called_by: str) -> datetime:
        """Note that a number is called, and return when it was called first."""
        with self._guard.operation():
            checks.check_moment(called_at)
            first = self.called_at(entry_id)
            if first is not None:
                return first
            self._connection.execute(
                insert(officer_call).values(entry_id=entry_id, called_at_utc=called_at, called_by=called_by)
            )
            return called_at

    def add_manual_result(self, result: ManualResultRecord) -> None:
        """Add an officer's result.

        Raises:
            AlreadyRecorded: the queue entry has one.
        """
        with self._guard.operation():
            checks.check_moment(result.decided_at)
            checks.check_moment(result.recorded_at)
            if self.manual_result_of(result.entry_id) is not None:
                raise AlreadyRecorded("This queue entry has a result already.")
            self._connection.execute(insert(manual_result).values(rows_manual.result_values(result)))

    def add_undo(self, undo: UndoRecord) -> None:
        """Add an undoing.

        Raises:
            AlreadyRecorded: that match or confirmation is undone already.
        """
        with self._guard.operation():
            checks.check_moment(undo.undone_at)
            if self.undo_of(Boarding(undo.passenger_ref, 0, undo.crossing_id, undo.result_id)) is not None:
                raise AlreadyRecorded("This match or confirmation is undone already.")
            self._connection.execute(insert(match_undo).values(rows_manual.undo_values(undo)))

    def add_departure(self, departs: Departure) -> None:
        """Add a statement of when a flight departs."""
        with self._guard.operation():
            checks.check_moment(departs.departs_at)
            self._connection.execute(insert(departure).values(rows_manual.departure_values(departs)))

    def let_go_photo(self, crossing_id: str) -> int:
        """Drop the envelope of one crossing's photo and return how many there were, 0 or 1."""
        with self._guard.operation():
            kept = (crossing.c.crossing_id == crossing_id, crossing.c.sealed_photo.is_not(None))
            count = int(self._connection.execute(update(crossing).where(*kept).values(sealed_photo=None)).rowcount)
            if count not in {0, 1}:
                raise StoreFault("One crossing has one photo at most.")
            self.erased = self.erased or count > 0
            return count


def _of(asked: Select[*tuple[Any, ...]], column: ColumnElement[Any], flight_key: str | None) -> Select[Any]:
    return asked if flight_key is None else asked.where(column == flight_key)


def _first(found: Sequence[T]) -> T | None:
    return found[0] if found else None
