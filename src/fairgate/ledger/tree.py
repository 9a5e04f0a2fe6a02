"""The Merkle tree of RFC 9162: hashing, and growing from the hashes of the right edge alone.

A log of *n* entries splits into perfect subtrees, one for each bit set in *n*, largest first. Their hashes are the
*frontier*: all that appending needs, and all that the root is made of.

Source: RFC 9162 §2.1.1 (December 2021); the hashing equals RFC 6962 §2.1 (June 2013).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from fairgate.errors import LedgerFault

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A perfect subtree that an append completed.

    Args:
        level: it spans ``2 ** level`` entries; a leaf has level 0.
        index: it starts at entry ``index * 2 ** level``.
        hash: 32 bytes.
    """

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a log of ``size`` entries.

    Args:
        size: number of entries.
        hashes: 32-byte hashes of the perfect subtrees, from left to right, which is largest first.

    Raises:
        LedgerFault: the hashes cannot belong to a log of that size.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise LedgerFault("The ledger's frontier does not fit its size.")
        if any(len(item) != HASH_BYTES for item in self.hashes):
            raise LedgerFault("The ledger's frontier holds something that is no hash.")

    def append(self, entry_hash: bytes) -> Frontier:
        """Return the frontier after one more entry.

        Args:
            entry_hash: :func:`leaf_hash` of the entry's bytes.

        Raises:
            LedgerFault: ``entry_hash`` is not 32 bytes.
        """
        return self.grow(entry_hash)[0]

    def grow(self, entry_hash: bytes) -> tuple[Frontier, tuple[Node, ...]]:
        """Return the frontier after one more entry, and every subtree that the entry completed, lowest first.

        A store that keeps those nodes can answer :mod:`fairgate.ledger.proofs`; there are fewer than two an entry.

        Raises:
            LedgerFault: ``entry_hash`` is not 32 bytes.
        """
        hashes = [*self.hashes, entry_hash]
        nodes = [Node(0, self.size, entry_hash)]
        level, rest = 0, self.size
        while rest & 1:
            right = hashes.pop()
            hashes[-1] = node_hash(hashes[-1], right)
            level, rest = level + 1, rest >> 1
            nodes.append(Node(level, rest, hashes[-1]))
        return Frontier(self.size + 1, tuple(hashes)), tuple(nodes)

    def root(self) -> bytes:
        """Return the tree's root: the frontier folded from the right, or SHA-256 of nothing for an empty log."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root
