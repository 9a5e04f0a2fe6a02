"""Record what an officer stated of somebody who waited: once, with reason and minutes.

A confirmed passenger boards. Whether another match boarded them already is settled within the transaction: they count
once, the result is kept, and the earlier boarding is reopened for the officer to undo or to let stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from fairgate.errors import ManualResultRefused
from fairgate.ledger.commitment import SALT_BYTES
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.manual_codes import BOARDS_NOBODY, REASONS_OF, ManualReason, ManualResult
from fairgate.services.desk import Desk, require_officer
from fairgate.services.manual_records import Boarding, ManualResultRecord, QueueEntry
from fairgate.services.officer_queue import Opening, find_number, open_entry
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.vocabulary import Actor, OfficerReason, SeeOfficer

MOST_MINUTES = 24 * 60
"""A longer wait is another day's case, not a figure."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the officer stated.

    Args:
        result: confirmed, sent on or left.
        reason: why; one that goes with the result.
        minutes: whole minutes that it took the traveller; ``None`` for those from joining to the decision.
        passenger_ref: whom the officer confirmed.
        decided_at: aware time of the decision, where it was earlier than now; the result is then late.
    """

    result: ManualResult
    reason: ManualReason
    minutes: int | None = None
    passenger_ref: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A result on record.

    Args:
        entry: who waited.
        result: the record.
        repeated: the same statement was recorded before, and nothing was done again.
    """

    entry: QueueEntry
    result: ManualResultRecord
    repeated: bool = False


class RecordManualResult:
    """Records results of officers.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(
        self,
        number: int,
        stated: Stated,
        actor: Actor,
        *,
        flight_key: str | None = None,
        lane: str | None = None,
        day: date | None = None,
    ) -> Recorded:
        """Record the result of whoever has a number.

        Args:
            number: as called.
            stated: what the officer stated.
            actor: the officer.
            flight_key: whose number it is, where several flights gave it.
            lane: the same at a lane without a flight.
            day: of the number; ``None`` for today.

        Raises:
            QueueNumberUnknown: nobody has the number, or several have.
            ManualResultRefused: the statement contradicts itself, the list, or a result on record.
        """
        require_officer(actor)
        day = day or self._desk.rules.day(self._desk.clock())
        with self._desk.store.writing() as transaction:
            entry = find_number(transaction, number, day, flight_key=flight_key, lane=lane)
            recorded, rows = state_result(self._desk, transaction, entry, stated, actor)
        self._desk.committed(rows)
        return recorded

    def of_entry(self, entry_id: str, stated: Stated, actor: Actor) -> Recorded:
        """Record the result of one queue entry; that of a crossing has the crossing's identifier.

        Raises:
            ManualResultRefused: there is no such entry, or as above.
        """
        require_officer(actor)
        with self._desk.store.writing() as transaction:
            entry = transaction.queue_entry(entry_id)
            if entry is None:
                raise ManualResultRefused("Nobody waits under this identifier.")
            recorded, rows = state_result(self._desk, transaction, entry, stated, actor)
        self._desk.committed(rows)
        return recorded

    def from_paper(self, opening: Opening, stated: Stated, actor: Actor) -> Recorded:
        """Record a line of a paper form: who waited and what came of it, with the times written there.

        Raises:
            ManualResultRefused: as above, or the line has no times of its own.
        """
        require_officer(actor)
        if opening.joined_at is None or stated.decided_at is None or opening.form_line is None:
            raise ManualResultRefused("A line of a form is entered with its name and both of its times.")
        with self._desk.store.writing() as transaction:
            entry, rows = open_entry(self._desk, transaction, opening, actor)
            recorded, more = state_result(self._desk, transaction, entry, stated, actor)
        self._desk.committed([*rows, *more])
        return recorded


def state_result(
    desk: Desk, transaction: WriteTransaction, entry: QueueEntry, stated: Stated, actor: Actor
) -> tuple[Recorded, list[LedgerRow]]:
    """Write one result with its ledger entries, unless the same is on record.

    Raises:
        ManualResultRefused: the statement contradicts itself, the list, or a result on record.
    """
    now = desk.clock()
    before = transaction.manual_result_of(entry.entry_id)
    if before is not None:
        return _again(before, entry, stated, actor), []
    decided_at = stated.decided_at or now
    _check(transaction, entry, stated, decided_at, now)
    earlier = _earlier_boarding(transaction, entry, stated)
    boards = stated.result is ManualResult.CONFIRMED and stated.reason not in BOARDS_NOBODY
    reopened = earlier if boards else None
    result = ManualResultRecord(
        result_id=desk.entropy(16).hex(),
        entry_id=entry.entry_id,
        flight_key=entry.flight_key,
        result=stated.result,
        reason=stated.reason,
        passenger_ref=stated.passenger_ref,
        minutes=stated.minutes if stated.minutes is not None else _minutes(entry.joined_at, decided_at),
        decided_at=decided_at,
        recorded_at=now,
        officer=str(actor),
        ledger_index=transaction.ledger_size(),
        late=stated.decided_at is not None,
        called_at=transaction.called_at(entry.entry_id) if stated.decided_at is None else None,
        reopens=reopened.reopened_as if reopened else None,
        photo_erased=entry.crossing_id is not None and transaction.let_go_photo(entry.crossing_id) > 0,
        salt=desk.entropy(SALT_BYTES),
    )
    rows = [desk.registrar.append(transaction, _entry(desk, entry, result, actor))]
    transaction.add_manual_result(result)
    if reopened is not None:
        rows.append(desk.registrar.append(transaction, _reopening(desk, reopened, actor, now)))
    return Recorded(entry, result), rows


def _entry(desk: Desk, entry: QueueEntry, result: ManualResultRecord, actor: Actor) -> Entry:
    counts = [(result.result.value, 1), ("minutes", result.minutes)]
    counts += [("late", 1)] if result.late else []
    counts += [("photos", 1)] if result.photo_erased else []
    return desk.entry(
        EntryKind.MANUAL_RESULT,
        actor,
        result.recorded_at,
        reason=result.reason.value,
        refers_to=entry.ledger_index,
        counts=tuple(counts),
        record=(result.salt, result.canonical()),
    )


def _reopening(desk: Desk, earlier: Boarding, actor: Actor, now: datetime) -> Entry:
    return Entry(
        kind=EntryKind.REOPENING,
        at=now,
        actor=actor,
        purpose=desk.rules.purpose,
        rulebook_sha256=desk.rules.rulebook_sha256,
        outcome=SeeOfficer.kind,
        reason=OfficerReason.ALREADY_BOARDED.value,
        refers_to=earlier.ledger_index,
    )


def _again(before: ManualResultRecord, entry: QueueEntry, stated: Stated, actor: Actor) -> Recorded:
    """Return the result on record where it says the same; an officer who delivers twice is not told off."""
    same = (before.result, before.reason, before.passenger_ref, before.officer) == (
        stated.result,
        stated.reason,
        stated.passenger_ref,
        str(actor),
    )
    if not same or (stated.minutes is not None and stated.minutes != before.minutes):
        raise ManualResultRefused(
            f"Number {entry.number} of {entry.series} has a result already: {before.result.value}, stated by "
            f"{before.officer}.",
            way_out="A confirmation that was wrong is undone with `fairgate officer undo`.",
        )
    return Recorded(entry, before, repeated=True)


def _check(
    transaction: WriteTransaction, entry: QueueEntry, stated: Stated, decided_at: datetime, now: datetime
) -> None:
    if stated.reason not in REASONS_OF[stated.result]:
        fitting = ", ".join(sorted(REASONS_OF[stated.result]))
        raise ManualResultRefused(
            f"{stated.reason.value} is no reason for {stated.result.value}.", way_out=f"Give one of: {fitting}."
        )
    if stated.minutes is not None and not 0 <= stated.minutes <= MOST_MINUTES:
        raise ManualResultRefused(f"The minutes lie between 0 and {MOST_MINUTES}.")
    if decided_at.tzinfo is None or not entry.joined_at <= decided_at <= now:
        raise ManualResultRefused(
            "The decision lies between joining the queue and now.", way_out="Check the time and its zone."
        )
    confirmed = stated.result is ManualResult.CONFIRMED
    if stated.passenger_ref is not None:
        if not confirmed:
            raise ManualResultRefused("Only whom an officer confirmed is named.", way_out="Leave out --passenger.")
        if stated.reason is ManualReason.LISTED_NOWHERE:
            raise ManualResultRefused("Whoever is on no list has no passenger reference.")
        if entry.flight_key is None or not transaction.is_listed(entry.flight_key, stated.passenger_ref):
            raise ManualResultRefused(
                "This passenger is not on the flight's list.",
                way_out=f"Check the reference, or give the reason {ManualReason.LISTED_NOWHERE.value}.",
            )
    elif (
        confirmed
        and stated.reason is not ManualReason.LISTED_NOWHERE
        and entry.flight_key is not None
        and transaction.flight(entry.flight_key) is not None
    ):
        raise ManualResultRefused(
            "A confirmation on a staged flight names the passenger, who boards with it.",
            way_out=f"Add --passenger REF, or give the reason {ManualReason.LISTED_NOWHERE.value}.",
        )


def _earlier_boarding(transaction: WriteTransaction, entry: QueueEntry, stated: Stated) -> Boarding | None:
    if entry.flight_key is None or stated.passenger_ref is None:
        return None
    earlier = transaction.boarding_of(entry.flight_key, stated.passenger_ref)
    if earlier is None and stated.reason is ManualReason.SAME_PERSON_AGAIN:
        raise ManualResultRefused(
            "This passenger is not aboard yet, so it is not the same person again.",
            way_out=f"Give the reason {ManualReason.PAPERS_CHECKED.value}.",
        )
    return earlier


def _minutes(joined_at: datetime, decided_at: datetime) -> int:
    return min(MOST_MINUTES, math.ceil((decided_at - joined_at).total_seconds() / 60))
