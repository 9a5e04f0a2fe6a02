"""Compare how long both paths make people wait: whoever the machine let go on, and whoever declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from fairgate.ledger.manual_codes import ManualResult, UndoReason
from fairgate.measure.waiting import WaitingComparison, compare_waits
from fairgate.services.ports import ReadTransaction, Store
from fairgate.vocabulary import Matched, NotAttemptedReason

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """Both paths compared, and who is in neither.

    Args:
        compared: the figures.
        see_officer_minutes: waits of whoever the machine sent to an officer; they took both paths and are in neither.
        still_waiting: people who declined and whom nobody has let go on yet.
        left: people who declined and went away, or were entered by mistake.
        clock_faults: matches recorded before they were taken, so that a clock was wrong.
    """

    compared: WaitingComparison
    see_officer_minutes: tuple[float, ...]
    still_waiting: int
    left: int
    clock_faults: int


def compare_waiting(
    store: Store, flight_key: str | None, *, within_minutes: float, rng: np.random.Generator
) -> WaitingFacts:
    """Return how long people waited on both paths, of one flight or of all.

    The machine's path runs from the capture to the record of the match. The other begins when somebody says that they
    decline, or joins the queue, whichever is known to be earlier, and ends when an officer lets them go on, or sends
    them on to another one.

    Args:
        store: holds crossings, queue and results.
        flight_key: which flight; ``None`` for all.
        within_minutes: what the rulebook counts as equal.
        rng: draws the bootstrap; from a fixed seed, so that the same records give the same figures.
    """
    with store.reading() as transaction:
        undone = {undo.crossing_id for undo in transaction.undos(flight_key)}
        by_machine = [
            (crossing.recorded_at - crossing.taken_at) / _MINUTE
            for crossing in transaction.crossings(flight_key)
            if crossing.outcome == Matched.kind and crossing.crossing_id not in undone
        ]
        opted_out, see_officer, still_waiting, left = _by_officers(transaction, flight_key)
    usable = [minutes for minutes in by_machine if minutes >= 0]
    return WaitingFacts(
        compared=compare_waits(usable, opted_out, within_minutes=within_minutes, rng=rng),
        see_officer_minutes=tuple(see_officer),
        still_waiting=still_waiting,
        left=left,
        clock_faults=len(by_machine) - len(usable),
    )


def _by_officers(transaction: ReadTransaction, flight_key: str | None) -> tuple[list[float], list[float], int, int]:
    """Return minutes of those who declined, of the others, and how many who declined still wait or left."""
    declared = _declared(transaction, flight_key)
    results = {result.entry_id: result for result in transaction.manual_results(flight_key)}
    after_match = {undo.undo_id for undo in transaction.undos(flight_key) if undo.reason is UndoReason.OPTED_OUT}
    opted_out, others = list[float](), list[float]()
    still_waiting = left = 0
    for entry in transaction.queue_entries(flight_key):
        declined = entry.reason == NotAttemptedReason.OPTED_OUT or entry.undo_id in after_match
        result = results.get(entry.entry_id)
        if result is None:
            still_waiting += declined
        elif result.result is ManualResult.LEFT:
            left += declined
        else:
            began = min(entry.joined_at, declared.get(entry.crossing_id or "", entry.joined_at))
            # A paper form may hold two times that do not fit; nobody waits less than no time.
            minutes = max(0.0, (result.decided_at - began) / _MINUTE)
            (opted_out if declined else others).append(minutes)
    return opted_out, others, still_waiting, left


def _declared(transaction: ReadTransaction, flight_key: str | None) -> dict[str, datetime]:
    """Return when somebody declined, by the crossing concerned."""
    found: dict[str, datetime] = {}
    for one in transaction.opt_outs(flight_key):
        crossing_id = one.crossing_id
        if crossing_id is None and one.capture_key is not None:
            crossing = transaction.crossing_for(one.flight_key, one.capture_key)
            crossing_id = crossing.crossing_id if crossing is not None else None
        if crossing_id is not None:
            found[crossing_id] = min(one.declared_at, found.get(crossing_id, one.declared_at))
    return found
