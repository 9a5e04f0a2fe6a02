"""Append an entry to the ledger inside the transaction of whatever it records.

The state change, the entry and the signed checkpoint over it commit together or not at all; an entry that cannot be
appended therefore denies the operation.
"""

from __future__ import annotations

from fairgate.ledger.checkpoint import checkpoint_note
from fairgate.ledger.entry import Entry
from fairgate.ledger.leaf import leaf_bytes
from fairgate.ledger.tree import Frontier, leaf_hash
from fairgate.services.ports import Anchor, LedgerSigner, WriteTransaction
from fairgate.services.records import LedgerRow


class Registrar:
    """Appends entries and keeps the newest checkpoint outside the database.

    Args:
        signer: signs checkpoints under the log's origin.
        anchor: where the newest note is kept beside the database.
    """

    def __init__(self, signer: LedgerSigner, anchor: Anchor) -> None:
        self._signer = signer
        self._anchor = anchor

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        """Append an entry; it takes effect when the transaction commits.

        Returns:
            The row appended. Hand it to :meth:`committed` once the transaction has ended well.

        Raises:
            LedgerFault: the entry cannot be appended; let the exception end the transaction.
        """
        leaf = leaf_bytes(entry)
        index = transaction.ledger_size()
        frontier = Frontier(index, tuple(transaction.ledger_frontier())).append(leaf_hash(leaf))
        note = checkpoint_note(self._signer.name, frontier.size, frontier.root(), self._signer)
        row = LedgerRow(index=index, leaf=leaf, checkpoint=note)
        transaction.append_ledger(row, frontier.hashes)
        return row

    def committed(self, row: LedgerRow) -> None:
        """Keep a committed row's checkpoint outside the database, unless a newer one is there."""
        self._anchor.advance(row.checkpoint, row.index + 1)
