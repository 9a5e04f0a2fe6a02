"""Records of the manual path to rows and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from fairgate.ledger.manual_codes import ManualReason, ManualResult, UndoReason
from fairgate.services.manual_records import Departure, ManualResultRecord, QueueEntry, UndoRecord

Values = dict[str, Any]


def entry_values(entry: QueueEntry) -> Values:
    """Return a queue entry's columns."""
    return {
        "entry_id": entry.entry_id,
        "series": entry.series,
        "day": entry.day.isoformat(),
        "number": entry.number,
        "flight_key": entry.flight_key,
        "lane": entry.lane,
        "reason": entry.reason,
        "joined_at_utc": entry.joined_at,
        "entered_at_utc": entry.entered_at,
        "opened_by": entry.opened_by,
        "crossing_id": entry.crossing_id,
        "undo_id": entry.undo_id,
        "form_line": entry.form_line,
        "salt": entry.salt,
        "ledger_index": entry.ledger_index,
    }


def entry_record(row: Row[Any]) -> QueueEntry:
    """Return the queue entry of a row."""
    return QueueEntry(
        entry_id=row.entry_id,
        series=row.series,
        day=date.fromisoformat(row.day),
        number=row.number,
        flight_key=row.flight_key,
        lane=row.lane,
        reason=row.reason,
        joined_at=row.joined_at_utc,
        entered_at=row.entered_at_utc,
        opened_by=row.opened_by,
        ledger_index=row.ledger_index,
        crossing_id=row.crossing_id,
        undo_id=row.undo_id,
        form_line=row.form_line,
        salt=row.salt,
    )


def result_values(result: ManualResultRecord) -> Values:
    """Return a manual result's columns."""
    return {
        "result_id": result.result_id,
        "entry_id": result.entry_id,
        "flight_key": result.flight_key,
        "result": result.result.value,
        "reason": result.reason.value,
        "passenger_ref": result.passenger_ref,
        "boards": result.boards,
        "minutes": result.minutes,
        "decided_at_utc": result.decided_at,
        "recorded_at_utc": result.recorded_at,
        "officer": result.officer,
        "late": result.late,
        "called_at_utc": result.called_at,
        "reopens": result.reopens,
        "photo_erased": result.photo_erased,
        "salt": result.salt,
        "ledger_index": result.ledger_index,
    }


def result_record(row: Row[Any]) -> ManualResultRecord:
    """Return the manual result of a row."""
    return ManualResultRecord(
        result_id=row.result_id,
        entry_id=row.entry_id,
        flight_key=row.flight_key,
        result=ManualResult(row.result),
        reason=ManualReason(row.reason),
        passenger_ref=row.passenger_ref,
        minutes=row.minutes,
        decided_at=row.decided_at_utc,
        recorded_at=row.recorded_at_utc,
        officer=row.officer,
        ledger_index=row.ledger_index,
        late=row.late,
        called_at=row.called_at_utc,
        reopens=row.reopens,
        photo_erased=row.photo_erased,
        salt=row.salt,
    )


def undo_values(undo: UndoRecord) -> Values:
    """Return an undoing's columns."""
    return {
        "undo_id": undo.undo_id,
        "flight_key": undo.flight_key,
        "crossing_id": undo.crossing_id,
        "result_id": undo.result_id,
        "passenger_ref": undo.passenger_ref,
        "really": undo.really,
        "reason": undo.reason.value,
        "undone_at_utc": undo.undone_at,
        "actor": undo.actor,
        "salt": undo.salt,
        "ledger_index": undo.ledger_index,
    }


def undo_record(row: Row[Any]) -> UndoRecord:
    """Return the undoing of a row."""
    return UndoRecord(
        undo_id=row.undo_id,
        flight_key=row.flight_key,
        crossing_id=row.crossing_id,
        result_id=row.result_id,
        passenger_ref=row.passenger_ref,
        really=row.really,
        reason=UndoReason(row.reason),
        undone_at=row.undone_at_utc,
        actor=row.actor,
        ledger_index=row.ledger_index,
        salt=row.salt,
    )


def departure_values(departure: Departure) -> Values:
    """Return a departure's columns."""
    return {
        "ledger_index": departure.ledger_index,
        "flight_key": departure.flight_key,
        "departs_at_utc": departure.departs_at,
        "recorded_at_utc": departure.recorded_at,
        "actor": departure.actor,
    }


def departure_record(row: Row[Any]) -> Departure:
    """Return the departure of a row."""
    return Departure(row.flight_key, row.departs_at_utc, row.recorded_at_utc, row.actor, row.ledger_index)
