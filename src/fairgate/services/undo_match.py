"""Take back a match, or an officer's confirmation, before departure, and put both passengers right.

Nothing on record is changed: an undoing is a record of its own, and its ledger entry refers to the match. Whoever was
boarded wrongly may board again, and whoever really stood there gets an officer's result, or a number in the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fairgate.errors import FlightDeparted, NothingStaged, UndoRefused
from fairgate.ledger.commitment import SALT_BYTES
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.manual_codes import ManualReason, ManualResult, OpenedReason, UndoReason
from fairgate.services.desk import Desk, require_officer
from fairgate.services.manual_records import Boarding, Departure, ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.ports import ReadTransaction, WriteTransaction
from fairgate.services.record_manual_result import Stated, state_result
from fairgate.services.records import CrossingRecord, LedgerRow
from fairgate.vocabulary import Actor, Matched


@dataclass(frozen=True, slots=True)
class Undone:
    """A boarding that was taken back.

    Args:
        undo: the record.
        entry: the queue's entry of whoever really stood there.
        result: their result, where the officer named them.
        repeated: the same was undone before, and nothing was done again.
    """

    undo: UndoRecord
    entry: QueueEntry | None
    result: ManualResultRecord | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class ToUndo:
    """What is to be taken back, and why.

    Args:
        reason: why.
        really: the passenger who really stood there, where the officer knows.
        confirmed_by: how the officer knows.
        minutes: whole minutes that it took that passenger; ``None`` for none.
    """

    reason: UndoReason
    really: str | None = None
    confirmed_by: ManualReason = ManualReason.PAPERS_CHECKED
    minutes: int | None = None


class UndoMatch:
    """Takes back boardings.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, boarded_by: str, to_undo: ToUndo, actor: Actor) -> Undone:
        """Undo what boarded somebody.

        Args:
            boarded_by: identifier of the crossing; or of the queue entry, where an officer confirmed without a capture.
            to_undo: why, and who it really was.
            actor: the officer.

        Raises:
            UndoRefused: nobody was boarded by it, or it was undone already with other words.
            FlightDeparted: the flight has left.
            ManualResultRefused: the person named as the real one is not on the list, or no officer acts.
        """
        require_officer(actor)
        with self._desk.store.writing() as transaction:
            found = _boarding_by(transaction, boarded_by)
            if isinstance(found, UndoRecord):
                return _again(transaction, found, to_undo, actor)
            flight_key, lane, crossing_id, boarding = found
            require_not_departed(self._desk, transaction, flight_key)
            undone, rows = undo_boarding(
                self._desk, transaction, boarding, to_undo, actor, flight_key=flight_key, lane=lane, behind=crossing_id
            )
        self._desk.committed(rows)
        return undone


class UndoForOptOut:
    """Takes back the match of whoever opts out after it, whose number in the queue they then are called by.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(
        self, transaction: WriteTransaction, match: CrossingRecord, actor: Actor, now: datetime
    ) -> Sequence[LedgerRow]:
        """Undo a standing match within the opt-out's transaction, and return what was appended."""
        departure = transaction.departure_of(match.flight_key)
        if match.passenger_ref is None or (departure is not None and now >= departure.departs_at):
            return ()
        boarding = Boarding(match.passenger_ref, match.ledger_index, crossing_id=match.crossing_id)
        _, rows = undo_boarding(
            self._desk,
            transaction,
            boarding,
            ToUndo(UndoReason.OPTED_OUT),
            actor,
            flight_key=match.flight_key,
            lane=match.lane,
            behind=match.crossing_id,
        )
        return rows


class CloseFlight:
    """States when a flight departs; after that no match of it is undone.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, flight_key: str, actor: Actor, *, departs_at: datetime | None = None) -> Departure:
        """Record when a flight departs; without a time it has left now.

        Raises:
            NothingStaged: there is no such flight.
            FlightDeparted: it has left already, which nothing changes.
            UndoRefused: the time names no moment.
        """
        now = self._desk.clock()
        departs_at = departs_at or now
        if departs_at.tzinfo is None:
            raise UndoRefused("A time of departure needs its zone.", way_out="End it with Z or +00:00.")
        with self._desk.store.writing() as transaction:
            if transaction.flight(flight_key) is None:
                raise NothingStaged(f"The flight {flight_key} is not staged.", way_out="See `fairgate gallery show`.")
            require_not_departed(self._desk, transaction, flight_key)
            departure = Departure(flight_key, departs_at, now, str(actor), transaction.ledger_size())
            row = self._desk.registrar.append(
                transaction, self._desk.entry(EntryKind.DEPARTURE, actor, now, reason=None)
            )
            transaction.add_departure(departure)
        self._desk.committed([row])
        return departure


def undo_boarding(
    desk: Desk,
    transaction: WriteTransaction,
    boarding: Boarding,
    to_undo: ToUndo,
    actor: Actor,
    *,
    flight_key: str,
    lane: str,
    behind: str | None,
) -> tuple[Undone, list[LedgerRow]]:
    """Undo a standing boarding within a transaction, and let whoever really stood there wait, or confirm them.

    Args:
        desk: store, ledger and rulebook.
        transaction: in which it is undone.
        boarding: stands.
        to_undo: why, and who it really was.
        actor: who undoes it.
        flight_key: the flight.
        lane: where it happened.
        behind: the crossing behind it, where there was a capture.

    Raises:
        UndoRefused: the person named as the real one is the one who was boarded.
        ManualResultRefused: the person named as the real one is not on the list.
    """
    if to_undo.really == boarding.passenger_ref:
        raise UndoRefused("The person named as the real one is the one who was boarded.")
    now = desk.clock()
    undo = UndoRecord(
        undo_id=desk.entropy(16).hex(),
        flight_key=flight_key,
        crossing_id=boarding.crossing_id,
        result_id=boarding.result_id,
        passenger_ref=boarding.passenger_ref,
        really=to_undo.really,
        reason=to_undo.reason,
        undone_at=now,
        actor=str(actor),
        ledger_index=transaction.ledger_size(),
        salt=desk.entropy(SALT_BYTES),
    )
    said = desk.entry(
        EntryKind.MATCH_UNDONE,
        actor,
        now,
        reason=undo.reason.value,
        refers_to=boarding.ledger_index,
        record=(undo.salt, undo.canonical()),
    )
    rows = [desk.registrar.append(transaction, said)]
    transaction.add_undo(undo)
    day = desk.rules.day(now)
    entry = QueueEntry(
        entry_id=undo.undo_id,
        series=flight_key,
        day=day,
        number=transaction.next_queue_number(flight_key, day),
        flight_key=flight_key,
        lane=lane,
        reason=OpenedReason.MATCH_UNDONE.value,
        joined_at=now,
        entered_at=now,
        opened_by=str(actor),
        ledger_index=undo.ledger_index,
        crossing_id=behind,
        undo_id=undo.undo_id,
    )
    transaction.add_queue_entry(entry)
    if to_undo.really is None:
        return Undone(undo, entry, None), rows
    stated = Stated(ManualResult.CONFIRMED, to_undo.confirmed_by, to_undo.minutes or 0, to_undo.really)
    recorded, more = state_result(desk, transaction, entry, stated, actor)
    return Undone(undo, entry, recorded.result), [*rows, *more]


def require_not_departed(desk: Desk, transaction: ReadTransaction, flight_key: str) -> None:
    """Refuse to touch a flight that has left.

    Raises:
        FlightDeparted: it has.
    """
    departure = transaction.departure_of(flight_key)
    if departure is not None and desk.clock() >= departure.departs_at:
        raise FlightDeparted(
            f"The flight {flight_key} has left, so nothing of its boarding is undone.",
            way_out="Write a case: crossing, what was found, who was aboard; a supervisor informs the carrier.",
        )


def _boarding_by(transaction: ReadTransaction, boarded_by: str) -> tuple[str, str, str | None, Boarding] | UndoRecord:
    """Return flight, lane, crossing and standing boarding behind an identifier, or how the last one was undone."""
    crossing = transaction.crossing(boarded_by)
    first = transaction.queue_entry(boarded_by) if crossing is None else None
    flight_key = crossing.flight_key if crossing else first.flight_key if first else None
    if flight_key is None:
        raise UndoRefused("Nobody was boarded under this identifier.", way_out="Give a crossing's identifier.")
    undone = {undo.crossing_id or undo.result_id: undo for undo in transaction.undos(flight_key)}
    last: UndoRecord | None = None
    if crossing is not None and crossing.outcome == Matched.kind and crossing.passenger_ref is not None:
        if crossing.crossing_id not in undone:
            boarding = Boarding(crossing.passenger_ref, crossing.ledger_index, crossing_id=crossing.crossing_id)
            return flight_key, crossing.lane, crossing.crossing_id, boarding
        last = undone[crossing.crossing_id]
    for entry in transaction.queue_entries(flight_key):
        is_of_it = entry.crossing_id == boarded_by if crossing else entry.entry_id == boarded_by
        result = transaction.manual_result_of(entry.entry_id) if is_of_it else None
        if result is None or result.boards is None:
            continue
        if result.result_id not in undone:
            boarding = Boarding(result.boards, result.ledger_index, result_id=result.result_id)
            return flight_key, entry.lane, entry.crossing_id, boarding
        last = undone[result.result_id]
    if last is None:
        raise UndoRefused("Nobody was boarded under this identifier.", way_out="See `fairgate board --json`.")
    return last


def _again(transaction: ReadTransaction, undo: UndoRecord, to_undo: ToUndo, actor: Actor) -> Undone:
    if (undo.reason, undo.really, undo.actor) != (to_undo.reason, to_undo.really, str(actor)):
        raise UndoRefused(
            f"This was undone already, by {undo.actor}.", way_out="Whoever stood there has a number in the queue."
        )
    return Undone(
        undo, transaction.queue_entry(undo.undo_id), transaction.manual_result_of(undo.undo_id), repeated=True
    )
