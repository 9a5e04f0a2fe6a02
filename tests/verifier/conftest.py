"""Ledgers written by the ledger room, for the verifier to read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairgate.ledger.checkpoint import checkpoint_note
from fairgate.ledger.commitment import Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind, Erased, ErasureReason, Swept
from fairgate.ledger.leaf import leaf_bytes
from fairgate.ledger.note import verifier_key
from fairgate.ledger.tree import Frontier, leaf_hash
from fairgate.verifier import LedgerReport, RecordOpening, verify_ledger
from fairgate.vocabulary import Actor, ActorKind, RecordClass

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ORIGIN = "fairgate.example/test"


class Signer:
    """A key in memory."""

    def __init__(self, seed: int = 1, name: str = ORIGIN) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        return self._key.sign(message)


@dataclass
class WrittenLedger:
    """A ledger as a store would hold it, to be tampered with.

    Args:
        every: a checkpoint is signed after so many entries.
    """

    every: int = 1
    signer: Signer = field(default_factory=Signer)
    leaves: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    records: list[RecordOpening] = field(default_factory=list)
    anchor: bytes | None = None

    @property
    def key(self) -> str:
        """The verifier key."""
        return verifier_key(self.signer.name, self.signer.public_key)

    def cross(self, count: int = 1, *, erase_in_hours: int | None = 24) -> WrittenLedger:
        """Add crossings, each with its record."""
        for _ in range(count):
            index = len(self.leaves)
            salt, record = hashlib.sha256(b"%d" % index).digest(), b'{"crossing_id":"c%d"}' % index
            erase_by = None if erase_in_hours is None else AT + timedelta(hours=erase_in_hours)
            commitment = Commitment(RecordClass.CROSSING, commit(RecordClass.CROSSING, salt, record), erase_by)
            self.add(EntryKind.CROSSING, outcome="match", reason="matched", commitments=(commitment,))
            self.records.append(RecordOpening(index, "crossing", salt, record))
        return self

    def erase(self, *leaves: int) -> WrittenLedger:
        """Add an erasure of the crossings' records at these entries; the records themselves stay for now."""
        erased = tuple(Erased(leaf, RecordClass.CROSSING) for leaf in leaves)
        return self.add(EntryKind.ERASURE, reason=ErasureReason.OPTED_OUT, erased=erased)

    def sweep(self, hours: int) -> WrittenLedger:
        """Add an erasure of every crossing's record due so many hours after the beginning, or before."""
        swept = (Swept(RecordClass.CROSSING, AT + timedelta(hours=hours)),)
        return self.add(EntryKind.ERASURE, reason=ErasureReason.DEADLINE, swept=swept)

    def add(self, kind: EntryKind, **fields: Any) -> WrittenLedger:
        """Add an entry and, where one is due, its checkpoint."""
        at = AT + timedelta(seconds=len(self.leaves))
        entry = Entry(kind, at, Actor(ActorKind.LANE, "gate-1"), "boarding", **fields)
        return self.add_leaf(leaf_bytes(entry))

    def add_leaf(self, leaf: bytes) -> WrittenLedger:
        """Add an entry's bytes as they are."""
        self.leaves.append(leaf)
        if len(self.leaves) % self.every == 0:
            self.sign()
        return self

    def sign(self) -> WrittenLedger:
        """Sign a checkpoint over what is there, and anchor it."""
        self.notes.append(self.note_over(self.leaves))
        self.anchor = self.notes[-1]
        return self

    def note_over(self, leaves: list[bytes], signer: Signer | None = None) -> bytes:
        """Return a checkpoint over these leaves."""
        frontier = Frontier()
        for leaf in leaves:
            frontier = frontier.append(leaf_hash(leaf))
        return checkpoint_note(ORIGIN, frontier.size, frontier.root(), signer or self.signer)

    def check(self, *, with_records: bool = True, with_anchor: bool = True) -> LedgerReport:
        """Have the verifier read everything."""
        return verify_ledger(
            iter(self.leaves),
            iter(self.notes),
            self.key,
            anchor=self.anchor if with_anchor else None,
            records=iter(self.records) if with_records else None,
        )


@pytest.fixture
def ledger() -> WrittenLedger:
    """Ten crossings, a checkpoint after each."""
    return WrittenLedger().cross(10)


@pytest.fixture
def empty_ledger() -> WrittenLedger:
    """A ledger without entries."""
    return WrittenLedger()


@pytest.fixture
def batched_ledger() -> WrittenLedger:
    """Twelve crossings, a checkpoint after every fourth."""
    return WrittenLedger(every=4).cross(12)


@pytest.fixture
def stranger() -> Signer:
    """Somebody else's key under the same name."""
    return Signer(seed=2)
