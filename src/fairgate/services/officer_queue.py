"""The officer's queue: everybody whom the machine did not match, or never saw, waits under a number, oldest first."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

from fairgate.errors import AlreadyRecorded, ManualResultRefused, QueueNumberUnknown
from fairgate.ledger.commitment import SALT_BYTES
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.manual_codes import OpenedReason
from fairgate.services.desk import Desk
from fairgate.services.manual_records import QueueEntry
from fairgate.services.ports import ReadTransaction, WriteTransaction
from fairgate.services.records import CrossingRecord, LedgerRow
from fairgate.vocabulary import Actor, ActorKind, Matched

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FORM_LINE = re.compile(r"[A-Z0-9]{4,16}/[1-9][0-9]{0,2}")
_MAY_OPEN = frozenset({ActorKind.OFFICER, ActorKind.LANE, ActorKind.TRAVELLER})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits.

    Args:
        entry: the queue's entry.
        minutes: whole minutes that they have waited, rounded down.
        called_at: when their number was called, where it was.
        doubt_settled: the match that put them in doubt is undone by now, so that they may simply be confirmed.
    """

    entry: QueueEntry
    minutes: int
    called_at: datetime | None = None
    doubt_settled: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of somebody who waits without a capture.

    Args:
        lane: identifier of the lane.
        reason: why the machine is out of it.
        flight_key: the flight, where there is one; it need not be staged here.
        joined_at: when they joined, where that was earlier than now.
        form_line: ``FORM/LINE`` of the paper form that it stood on.
    """

    lane: str
    reason: OpenedReason
    flight_key: str | None = None
    joined_at: datetime | None = None
    form_line: str | None = None


def join_queue(transaction: WriteTransaction, crossing: CrossingRecord, day: date) -> QueueEntry | None:
    """Put whoever was not matched in the queue, within the crossing's own transaction.

    The ledger's entry of the crossing proves it, so there is no further one.

    Args:
        transaction: that wrote the crossing.
        crossing: as written.
        day: the port's calendar day.

    Returns:
        The entry; ``None`` for a match.
    """
    if crossing.outcome == Matched.kind:
        return None
    entry = QueueEntry(
        entry_id=crossing.crossing_id,
        series=crossing.flight_key,
        day=day,
        number=0,
        flight_key=crossing.flight_key,
        lane=crossing.lane,
        reason=crossing.reason,
        joined_at=crossing.recorded_at,
        entered_at=crossing.recorded_at,
        opened_by=f"lane:{crossing.lane}",
        ledger_index=crossing.ledger_index,
        crossing_id=crossing.crossing_id,
    )
    return transaction.put_in_queue(entry)


class OfficerQueue:
    """The queue, seen from the desk.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def waiting(self, flight_key: str | None = None) -> tuple[Waiting, ...]:
        """Return who waits, of one flight or everywhere, oldest first."""
        now = self._desk.clock()
        with self._desk.store.reading() as transaction:
            entries = transaction.queue_entries(flight_key)
            served = {result.entry_id for result in transaction.manual_results(flight_key)}
            calls = transaction.calls(flight_key)
            undone = {undo.crossing_id or undo.result_id for undo in transaction.undos(flight_key)}
            found = []
            for entry in entries:
                if entry.entry_id in served:
                    continue
                crossing = transaction.crossing(entry.crossing_id) if entry.crossing_id else None
                settled = crossing is not None and crossing.reopens is not None and crossing.reopens in undone
                found.append(Waiting(entry, minutes_between(entry.joined_at, now), calls.get(entry.entry_id), settled))
        return tuple(found)

    def open(self, opening: Opening, actor: Actor) -> QueueEntry:
        """Let somebody wait whom no camera saw: no capture, no engine and no centre is needed.

        Returns:
            The entry; the first one where that line of a form was entered before.

        Raises:
            ManualResultRefused: lane, flight, form or time is not of its form, or lies in the future.
        """
        with self._desk.store.writing() as transaction:
            entry, rows = open_entry(self._desk, transaction, opening, actor)
        self._desk.committed(rows)
        return entry

    def call(
        self, number: int, actor: Actor, *, flight_key: str | None = None, lane: str | None = None
    ) -> tuple[QueueEntry, datetime]:
        """Call a number, and return who has it and when it was called first.

        Raises:
            QueueNumberUnknown: nobody has the number today, or several have.
            ManualResultRefused: they have been served already.
        """
        now = self._desk.clock()
        with self._desk.store.writing() as transaction:
            entry = find_number(transaction, number, self._desk.rules.day(now), flight_key=flight_key, lane=lane)
            result = transaction.manual_result_of(entry.entry_id)
            if result is not None:
                raise ManualResultRefused(f"Number {number} was served already: {result.result.value}.")
            return entry, transaction.add_call(entry.entry_id, now, str(actor))


def open_entry(
    desk: Desk, transaction: WriteTransaction, opening: Opening, actor: Actor
) -> tuple[QueueEntry, list[LedgerRow]]:
    """Write a queue entry without a capture, with its ledger entry, unless its form's line is entered already.

    Raises:
        ManualResultRefused: lane, flight, form or time is not of its form, or lies in the future.
    """
    now = desk.clock()
    joined_at = opening.joined_at or now
    _check(opening, actor, joined_at, now)
    if opening.form_line is not None:
        before = transaction.queue_entry_of_form(opening.form_line)
        if before is not None:
            return before, []
    series, day = opening.flight_key or opening.lane, desk.rules.day(joined_at)
    entry = QueueEntry(
        entry_id=desk.entropy(16).hex(),
        series=series,
        day=day,
        number=transaction.next_queue_number(series, day),
        flight_key=opening.flight_key,
        lane=opening.lane,
        reason=opening.reason.value,
        joined_at=joined_at,
        entered_at=now,
        opened_by=str(actor),
        ledger_index=transaction.ledger_size(),
        form_line=opening.form_line,
        salt=desk.entropy(SALT_BYTES),
    )
    said = desk.entry(
        EntryKind.OFFICER_QUEUE,
        actor,
        now,
        reason=entry.reason,
        counts=(("late", 1),) if entry.late else (),
        record=(entry.salt, entry.canonical()),
    )
    row = desk.registrar.append(transaction, said)
    try:
        transaction.add_queue_entry(entry)
    except AlreadyRecorded as taken:  # under the one writer's lock only a broken store gives a number twice
        raise ManualResultRefused("This entry is recorded already.") from taken
    return entry, [row]


def find_number(
    transaction: ReadTransaction, number: int, day: date, *, flight_key: str | None, lane: str | None
) -> QueueEntry:
    """Return whoever has a number on a day.

    Raises:
        QueueNumberUnknown: nobody has it, or several have and neither flight nor lane tells which.
    """
    series = flight_key or lane
    if series is not None:
        found = transaction.queue_number(series, day, number)
        if found is None:
            raise QueueNumberUnknown(
                f"Nobody has number {number} of {series} on {day.isoformat()}.", way_out="See `fairgate officer queue`."
            )
        return found
    every = [one for one in transaction.queue_entries() if (one.day, one.number) == (day, number)]
    if not every:
        raise QueueNumberUnknown(
            f"Nobody has number {number} on {day.isoformat()}.", way_out="See `fairgate officer queue`."
        )
    if len(every) > 1:
        names = ", ".join(sorted(one.series for one in every))
        raise QueueNumberUnknown(
            f"Number {number} was given more than once today.", way_out=f"Name --flight or --lane: {names}."
        )
    return every[0]


def minutes_between(start: datetime, end: datetime) -> int:
    """Return whole minutes from one moment to another, rounded down; 0 where a clock runs behind."""
    return max(0, math.floor((end - start).total_seconds() / 60))


def _check(opening: Opening, actor: Actor, joined_at: datetime, now: datetime) -> None:
    if actor.kind not in _MAY_OPEN:
        raise ManualResultRefused("An entry is opened by an officer, a lane or the traveller.")
    for name in (opening.lane, opening.flight_key):
        if name is not None and not _NAME.fullmatch(name):
            raise ManualResultRefused("A lane or flight is a word of letters, digits, dots and dashes.")
    if opening.form_line is not None and not _FORM_LINE.fullmatch(opening.form_line):
        raise ManualResultRefused("A form's line is named FORM/LINE, as printed on the form.")
    if joined_at.tzinfo is None:
        raise ManualResultRefused("A time needs its zone.", way_out="End it with Z or +00:00.")
    if joined_at > now:
        raise ManualResultRefused("Nobody has joined the queue in the future.", way_out="Check the time and its zone.")
