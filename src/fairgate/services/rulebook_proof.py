"""Whether a record is what an actor signed and what the ledger commits to."""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairgate.ledger.commitment import commit
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.ports import ReadTransaction
from fairgate.vocabulary import RecordClass


class CommittedRecord(Protocol):
    """A record that one ledger entry commits to."""

    @property
    def ledger_index(self) -> int:
        """Return the entry's index."""
        ...

    @property
    def salt(self) -> bytes:
        """Return the commitment's salt."""
        ...

    def canonical(self) -> bytes:
        """Return the bytes committed to."""
        ...


def signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 key signed a message; a key or signature of another form did not."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_committed(
    transaction: ReadTransaction, record: CommittedRecord, kind: EntryKind, rulebook_sha256: str | None = None
) -> bool:
    """Say whether the ledger holds an entry of that kind that commits to the record.

    Args:
        transaction: of the store that holds both.
        record: as the store keeps it.
        kind: of the entry.
        rulebook_sha256: what the entry must name; ``None`` for whatever it names.

    Raises:
        LedgerFault: the entry is no leaf, or the salt no salt.
    """
    row = transaction.ledger_row(record.ledger_index)
    if row is None:
        return False
    entry = parse_leaf(row.leaf)
    if entry.kind is not kind or rulebook_sha256 not in {None, entry.rulebook_sha256}:
        return False
    expected = commit(RecordClass.CASE, record.salt, record.canonical())
    return any(one.of is RecordClass.CASE and one.sha256 == expected for one in entry.commitments)
