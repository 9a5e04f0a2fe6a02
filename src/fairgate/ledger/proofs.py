"""Proofs from stored subtree hashes: that an entry is in the log, and that a log only grew.

A proof reads O(log n) hashes through a getter, so nothing here depends on where they are kept.

Source: RFC 9162 §2.1.3.1 and §2.1.4.1 (December 2021).
"""

from __future__ import annotations

from collections.abc import Callable

from fairgate.errors import LedgerFault
from fairgate.ledger.tree import EMPTY_ROOT, node_hash

NodeHash = Callable[[int, int], bytes]
"""Called with (level, index); returns the hash of the perfect subtree over entries from ``index * 2 ** level``."""


def root_at(size: int, node: NodeHash) -> bytes:
    """Return the root that the log had when it held ``size`` entries.

    Raises:
        LedgerFault: ``size`` is negative.
    """
    if size < 0:
        raise LedgerFault("A log has no negative size.")
    return range_root(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeHash) -> tuple[bytes, ...]:
    """Return the hashes that lead from one entry to the root of the log of ``size`` entries, lowest first.

    Raises:
        LedgerFault: the log of that size has no such entry.
    """
    if not 0 <= index < size:
        raise LedgerFault("No log of that size holds that entry.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_width(end - start)
        if index < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return tuple(reversed(path))


def consistency_proof(old_size: int, new_size: int, node: NodeHash) -> tuple[bytes, ...]:
    """Return the hashes that show the log of ``new_size`` entries to begin with the log of ``old_size``.

    Equal sizes need no hashes.

    Raises:
        LedgerFault: not ``0 < old_size <= new_size``; nothing can be shown about an empty log.
    """
    if not 0 < old_size <= new_size:
        raise LedgerFault("Consistency is shown between a log that is not empty and one no smaller.")
    path: list[bytes] = []
    start, end = 0, new_size
    while end != old_size:
        middle = start + split_width(end - start)
        if old_size <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    if start:
        path.append(range_root(start, end, node))
    return tuple(reversed(path))


def split_width(width: int) -> int:
    """Return the largest power of two below ``width``; RFC 9162 calls it *k*."""
    return 1 << ((width - 1).bit_length() - 1)


def range_root(start: int, end: int, node: NodeHash) -> bytes:
    """Return the root over entries [start, end), a subtree of the log's tree: ``start`` is a multiple of its width."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + split_width(width)
    return node_hash(range_root(start, middle, node), range_root(middle, end, node))
