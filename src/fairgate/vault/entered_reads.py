"""Proof that a read is in the ledger: the entry itself, fetched from the committed log before anything opens."""

from __future__ import annotations

from collections.abc import Callable

from fairgate.errors import LedgerFault
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.vocabulary import Actor

LeafAt = Callable[[int], bytes | None]
"""Called with an index; returns the committed entry's bytes, or ``None`` where the log has no such entry."""

KEPT = 4096


class EnteredReads:
    """How many records may still be opened under each entered read.

    An entry with counts stands for as many records as they add up to, one without counts for one record. The oldest
    entries are forgotten after a while; nothing opens under them any more.

    Args:
        leaf_at: looks an entry up in the committed log.
    """

    def __init__(self, leaf_at: LeafAt) -> None:
        self._leaf_at = leaf_at
        self._left: dict[tuple[int, Actor, str], int] = {}
        self._forgotten_below = 0

    def use(self, index: int, actor: Actor, purpose: str) -> None:
        """Count one record opened under an entry.

        Raises:
            LedgerFault: the log holds no such read by this actor for this purpose, or it is used up.
        """
        key = (index, actor, purpose)
        if key not in self._left:
            self._left[key] = self._entered(index, actor, purpose)
            if len(self._left) > KEPT:
                oldest = min(self._left, key=lambda kept: kept[0])
                self._forgotten_below = oldest[0] + 1
                del self._left[oldest]
        if self._left.get(key, 0) < 1:
            raise LedgerFault("More records are to be opened than the read entered in the ledger names.")
        self._left[key] -= 1

    def _entered(self, index: int, actor: Actor, purpose: str) -> int:
        leaf = self._leaf_at(index) if index >= self._forgotten_below else None
        if leaf is None:
            raise LedgerFault("A read was not entered in the ledger before it happened.")
        entry = parse_leaf(leaf)
        if entry.kind is not EntryKind.READ or entry.actor != actor or entry.purpose != purpose:
            raise LedgerFault("The ledger's entry is of another read.")
        return sum(number for _, number in entry.counts) if entry.counts else 1
