"""Proof that a range of entries is whole: nothing left out, put in, changed or moved between two indexes.

The proof of entries [start, end) is what lies beside them: the frontier of the log before ``start``, and the hashes of
the subtrees after ``end``. Whoever checks grows that frontier by every entry given and joins the rest; only the entries
that the checkpoint covers, each at its place, lead to its root.

Source: the tree is that of RFC 9162 §2.1.1 (December 2021); for a range of one entry the hashes are those of the
inclusion proof of §2.1.3.1. The RFC has no proof of ranges; the recursion here is its definition of the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from fairgate.errors import LedgerFault
from fairgate.ledger.proofs import NodeHash, range_root, split_width
from fairgate.ledger.tree import HASH_BYTES, Frontier, leaf_hash, node_hash


@dataclass(frozen=True, slots=True)
class RangeProof:
    """What lies left and right of a range of entries.

    Args:
        start: index of the range's first entry.
        end: index after its last.
        left: hashes of the perfect subtrees over the entries before ``start``, largest first.
        right: hashes of the subtrees over the entries from ``end`` on, as the tree has them, from left to right.
    """

    start: int
    end: int
    left: tuple[bytes, ...]
    right: tuple[bytes, ...]


class GapReason(StrEnum):
    """Why a range is not shown to be whole."""

    RANGE_IMPOSSIBLE = "range_impossible"
    """The log of that size does not hold the range, or the range holds nothing."""
    PROOF_MALFORMED = "proof_malformed"
    """The proof has not as many hashes as that range of that log needs, or something in it is no hash."""
    ENTRIES_NOT_AS_MANY = "entries_not_as_many"
    """Fewer or more entries were given than the range has."""
    ROOT_DIFFERS = "root_differs"
    """Entries and proof lead to another root: one of them is not as signed, or not at its place."""


@dataclass(frozen=True, slots=True)
class WholeRange:
    """The range is whole.

    Args:
        frontier: of the log up to the range's end; the next range begins with it.
    """

    frontier: Frontier


@dataclass(frozen=True, slots=True)
class RangeRefused:
    """The range is not shown to be whole."""

    reason: GapReason


def range_proof(start: int, end: int, size: int, node: NodeHash) -> RangeProof:
    """Return the proof of entries [start, end) in the log of ``size`` entries; at most 2 log2(size) hashes.

    Raises:
        LedgerFault: the log does not hold that range, or the range holds nothing.
    """
    if not 0 <= start < end <= size:
        raise LedgerFault("No log of that size holds that range.")
    left = tuple(range_root(low, high, node) for low, high in _subtrees(0, size, start, end) if high <= start)
    right = tuple(range_root(low, high, node) for low, high in _subtrees(0, size, start, end) if low >= end)
    return RangeProof(start, end, left, right)


def check_range(leaves: Iterable[bytes], proof: RangeProof, size: int, root: bytes) -> WholeRange | RangeRefused:
    """Tell whether these are all the entries of the proof's range, in order and unchanged.

    Args:
        leaves: the entries' bytes, from ``proof.start`` on; read once, and no further than one too many.
        proof: from whoever gave the entries; it need not be trusted.
        size: of a checkpoint whose signature was checked.
        root: of the same checkpoint, 32 bytes.
    """
    if not 0 <= proof.start < proof.end <= size:
        return RangeRefused(GapReason.RANGE_IMPOSSIBLE)
    beside = len(proof.left) == proof.start.bit_count() and len(proof.right) == _right_count(proof.end, size)
    if not beside or any(len(item) != HASH_BYTES for item in (*proof.left, *proof.right)):
        return RangeRefused(GapReason.PROOF_MALFORMED)
    frontier = Frontier(proof.start, proof.left)
    for leaf in leaves:
        if frontier.size == proof.end:
            return RangeRefused(GapReason.ENTRIES_NOT_AS_MANY)
        frontier = frontier.append(leaf_hash(leaf))
    if frontier.size != proof.end:
        return RangeRefused(GapReason.ENTRIES_NOT_AS_MANY)
    if _join(frontier, proof.right, size) != root:
        return RangeRefused(GapReason.ROOT_DIFFERS)
    return WholeRange(frontier)


def _subtrees(low: int, high: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the largest subtrees of [low, high) that hold no entry of [start, end), from left to right."""
    if high <= start or low >= end:
        yield low, high
    elif start > low or high > end:
        middle = low + split_width(high - low)
        yield from _subtrees(low, middle, start, end)
        yield from _subtrees(middle, high, start, end)


def _right_count(end: int, size: int) -> int:
    """Return how many subtrees lie right of ``end``: those to the right of the path to the entry before it."""
    return sum(1 for low, _ in _subtrees(0, size, end - 1, end) if low >= end)


def _join(frontier: Frontier, right: tuple[bytes, ...], size: int) -> bytes:
    """Return the root of the log whose first entries end in this frontier and whose others are ``right``."""
    if frontier.size == size:
        return frontier.root()
    lefts, rights = iter(frontier.hashes), iter(right)

    def over(low: int, high: int) -> bytes:
        if high <= frontier.size:
            return next(lefts)
        if low >= frontier.size:
            return next(rights)
        middle = low + split_width(high - low)
        return node_hash(over(low, middle), over(middle, high))

    return over(0, size)
