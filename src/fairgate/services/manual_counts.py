"""Gather what became of everybody on one flight, or everywhere, for the one function that counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fairgate.ledger.manual_codes import ManualResult, UndoReason
from fairgate.measure.endings import CaseSeen, Ending, Endings, count_endings
from fairgate.services.manual_records import ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.ports import ReadTransaction
from fairgate.services.records import CrossingRecord
from fairgate.vocabulary import Matched, NotAttemptedReason

_ENDING_OF: Mapping[ManualResult, Ending] = {
    ManualResult.CONFIRMED: Ending.CONFIRMED,
    ManualResult.SENT_ON: Ending.SENT_ON,
    ManualResult.LEFT: Ending.LEFT,
}


def endings_of(transaction: ReadTransaction, flight_key: str | None, now: datetime) -> Endings:
    """Return the counts of one flight, or of all."""
    return count_endings(cases_of(transaction, flight_key, now))


def cases_of(transaction: ReadTransaction, flight_key: str | None, now: datetime) -> tuple[CaseSeen, ...]:
    """Return what became of everybody who walked up: one case a capture, and one for each person without.

    Args:
        transaction: one snapshot of everything.
        flight_key: one flight; ``None`` for all.
        now: until when those wait who wait.
    """
    return _Cases(transaction, flight_key, now).every()


class _Cases:
    """One snapshot, indexed."""

    def __init__(self, transaction: ReadTransaction, flight_key: str | None, now: datetime) -> None:
        self._now = now
        self._crossings = tuple(transaction.crossings(flight_key))
        self._calls = transaction.calls(flight_key)
        self._results = {one.entry_id: one for one in transaction.manual_results(flight_key)}
        self._undone: dict[str, UndoRecord] = {}
        for undo in transaction.undos(flight_key):
            self._undone[undo.crossing_id or undo.result_id or ""] = undo
        self._entries: dict[str, list[QueueEntry]] = {}
        self._without: list[QueueEntry] = []
        for entry in sorted(transaction.queue_entries(flight_key), key=lambda one: one.ledger_index):
            if entry.crossing_id is not None:
                self._entries.setdefault(entry.crossing_id, []).append(entry)
            else:
                self._without.append(entry)

    def every(self) -> tuple[CaseSeen, ...]:
        """Return everybody."""
        captured = [self._captured(crossing) for crossing in self._crossings]
        # Where a confirmation without a capture was undone, the entry that the undoing opened takes its place.
        others = [
            self._waiting_or_served(entry, captured=False, opted_out=False, undone=entry.undo_id is not None)
            for entry in self._without
            if not self._is_undone(self._results.get(entry.entry_id))
        ]
        return (*captured, *others)

    def _captured(self, crossing: CrossingRecord) -> CaseSeen:
        opted_out = crossing.reason == NotAttemptedReason.OPTED_OUT
        if crossing.outcome == Matched.kind and crossing.crossing_id not in self._undone:
            return CaseSeen(Ending.MATCHED, passenger_ref=crossing.passenger_ref)
        entries = self._entries.get(crossing.crossing_id)
        if not entries:
            # A crossing from before there was a queue.
            return CaseSeen(Ending.NOT_QUEUED, opted_out=opted_out)
        last = entries[-1]
        undo = self._undone.get(crossing.crossing_id)
        opted_out = opted_out or (undo is not None and undo.reason is UndoReason.OPTED_OUT)
        return self._waiting_or_served(last, captured=True, opted_out=opted_out, undone=last.undo_id is not None)

    def _waiting_or_served(self, entry: QueueEntry, *, captured: bool, opted_out: bool, undone: bool) -> CaseSeen:
        result, called_at = self._results.get(entry.entry_id), self._calls.get(entry.entry_id)
        until = called_at or (result.decided_at if result else self._now)
        waited = max(0.0, (until - entry.joined_at).total_seconds() / 60)
        if result is None:
            return CaseSeen(Ending.WAITING, captured, None, opted_out, None, waited, undone)
        return CaseSeen(
            ending=_ENDING_OF[result.result],
            captured=captured,
            passenger_ref=result.boards,
            opted_out=opted_out,
            minutes=result.minutes,
            waited_minutes=waited,
            undone=undone,
            in_doubt=self._in_doubt(result),
        )

    def _in_doubt(self, result: ManualResultRecord) -> bool:
        return result.reopens is not None and result.reopens not in self._undone

    def _is_undone(self, result: ManualResultRecord | None) -> bool:
        return result is not None and result.result_id in self._undone
