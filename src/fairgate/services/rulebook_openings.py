"""The records of changes of rulebooks, and of exports, as a verifier is handed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from fairgate.services.ports_rules import ReadRulebookChanges
from fairgate.verifier import RecordOpening
from fairgate.vocabulary import RecordClass


class _Committed(Protocol):
    @property
    def ledger_index(self) -> int: ...

    @property
    def salt(self) -> bytes: ...

    def canonical(self) -> bytes: ...


def rulebook_openings(transaction: ReadRulebookChanges) -> Iterator[RecordOpening]:
    """Yield every such record that is still kept, in the ledger's order."""
    records: Sequence[_Committed] = (
        *transaction.rulebook_actors(),
        *transaction.rulebook_proposals(),
        *(comment for comment in transaction.rulebook_comments() if comment.text is not None),
        *transaction.rulebook_approvals(),
        *transaction.rulebook_adoptions(),
        *transaction.exports(),
    )
    for record in sorted(records, key=lambda one: one.ledger_index):
        yield RecordOpening(record.ledger_index, RecordClass.CASE.value, record.salt, record.canonical())
