"""Hand the ledger and the records behind it to the verifier, which is separate code."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from fairgate.services.manual_records import ManualResultRecord, QueueEntry, UndoRecord
from fairgate.services.ports import Anchor, ReadTransaction, Store
from fairgate.services.rulebook_openings import rulebook_openings
from fairgate.verifier import LedgerReport, RecordOpening, verify_ledger
from fairgate.vocabulary import RecordClass


def check_ledger(store: Store, anchor: Anchor, verifier_key: str) -> LedgerReport:
    """Return what the verifier finds in the store's ledger, its checkpoints and the records it commits to.

    Args:
        store: holds all of them.
        anchor: holds the newest checkpoint outside the store.
        verifier_key: the log's public key, as signed notes name it.
    """
    with store.reading() as transaction:
        rows = list(transaction.ledger_rows())
        return verify_ledger(
            (row.leaf for row in rows),
            (row.checkpoint for row in rows),
            verifier_key,
            anchor=anchor.newest(),
            records=_openings(transaction),
        )


def _openings(transaction: ReadTransaction) -> Iterator[RecordOpening]:
    """Yield every record that is still kept, in the ledger's order."""
    parts = (
        _crossings(transaction),
        rulebook_openings(transaction),
        _opting_out(transaction),
        _manual_path(transaction),
        _corrections(transaction),
    )
    return heapq.merge(*parts, key=lambda opening: opening.leaf_index)


def _opting_out(transaction: ReadTransaction) -> Iterator[RecordOpening]:
    for one in transaction.opting_out_cases():
        yield RecordOpening(one.ledger_index, RecordClass.CASE.value, one.salt, one.canonical())


def _manual_path(transaction: ReadTransaction) -> Iterator[RecordOpening]:
    """Yield what the manual path keeps; an entry of the queue without a salt is committed to by its crossing."""
    kept: list[QueueEntry | ManualResultRecord | UndoRecord] = [
        *(entry for entry in transaction.queue_entries() if entry.salt),
        *transaction.manual_results(),
        *transaction.undos(),
    ]
    for one in sorted(kept, key=lambda record: record.ledger_index):
        yield RecordOpening(one.ledger_index, RecordClass.CROSSING.value, one.salt, one.canonical())


def _corrections(transaction: ReadTransaction) -> Iterator[RecordOpening]:
    for one in transaction.corrections():
        yield RecordOpening(one.ledger_index, RecordClass.CASE.value, one.salt, one.canonical())


def _crossings(transaction: ReadTransaction) -> Iterator[RecordOpening]:
    for crossing in transaction.crossings():
        yield RecordOpening(crossing.ledger_index, RecordClass.CROSSING.value, crossing.salt, crossing.canonical())
