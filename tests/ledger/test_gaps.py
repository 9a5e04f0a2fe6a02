"""Ranges of entries: whole ones are shown to be, and whatever was done to them is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.gaps import GapReason, RangeProof, RangeRefused, WholeRange, check_range, range_proof
from fairgate.ledger.proofs import inclusion_proof
from fairgate.ledger.tree import Frontier, leaf_hash

LARGEST = 150


def _grown() -> tuple[list[Frontier], dict[tuple[int, int], bytes]]:
    frontiers, nodes = [Frontier()], dict[tuple[int, int], bytes]()
    for leaf in LEAVES:
        frontier, new = frontiers[-1].grow(leaf_hash(leaf))
        frontiers.append(frontier)
        nodes |= {(node.level, node.index): node.hash for node in new}
    return frontiers, nodes


LEAVES = [b"entry %d" % number for number in range(LARGEST)]
FRONTIERS, NODES = _grown()


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


def refused(reason: GapReason) -> RangeRefused:
    return RangeRefused(reason)


def with_side(proof: RangeProof, side: str, hashes: tuple[bytes, ...]) -> RangeProof:
    return replace(proof, left=hashes) if side == "left" else replace(proof, right=hashes)


@st.composite
def ranges(draw: st.DrawFn, smallest: int = 1) -> tuple[int, int, int]:
    """Start, end and size of a log that holds the range."""
    size = draw(st.integers(smallest, LARGEST))
    start = draw(st.integers(0, size - smallest))
    return start, draw(st.integers(start + smallest, size)), size


@settings(max_examples=200, deadline=None)
@given(ranges())
def test_a_whole_range_is_shown_to_be_whole(asked: tuple[int, int, int]) -> None:
    """Entries and proof lead to the root, and give the frontier with which the next range begins."""
    start, end, size = asked
    proof = range_proof(start, end, size, node)
    result = check_range(LEAVES[start:end], proof, size, FRONTIERS[size].root())
    assert result == WholeRange(FRONTIERS[end])
    assert proof.left == FRONTIERS[start].hashes
    assert len(proof.left) + len(proof.right) <= 2 * (size - 1).bit_length()


def test_every_range_of_small_logs() -> None:
    """All 1 540 ranges of all logs up to 20 entries; each proof serves its own range, size and entries only."""
    for size in range(1, 21):
        for start in range(size):
            for end in range(start + 1, size + 1):
                proof, root = range_proof(start, end, size, node), FRONTIERS[size].root()
                assert isinstance(check_range(LEAVES[start:end], proof, size, root), WholeRange)
                for other in range(1, 21):
                    same = check_range(LEAVES[start:end], proof, other, FRONTIERS[other].root())
                    assert isinstance(same, WholeRange) == (other == size)


@settings(deadline=None)
@given(st.integers(1, LARGEST), st.data())
def test_one_entry_needs_the_hashes_of_its_inclusion_proof(size: int, data: st.DataObject) -> None:
    """Left and right of one entry lie the hashes that RFC 9162 sends for it."""
    index = data.draw(st.integers(0, size - 1))
    proof = range_proof(index, index + 1, size, node)
    assert sorted((*proof.left, *proof.right)) == sorted(inclusion_proof(index, size, node))


@settings(deadline=None)
@given(ranges(), st.data())
def test_ranges_that_meet_show_the_whole_log(asked: tuple[int, int, int], data: st.DataObject) -> None:
    """The frontier after one range is the left side of the next."""
    start, end, size = asked
    middle = data.draw(st.integers(start, end))
    if middle in (start, end):
        return
    root = FRONTIERS[size].root()
    first = check_range(LEAVES[start:middle], range_proof(start, middle, size, node), size, root)
    second = range_proof(middle, end, size, node)
    assert isinstance(first, WholeRange)
    assert first.frontier == Frontier(middle, second.left)
    assert isinstance(check_range(LEAVES[middle:end], second, size, root), WholeRange)


@settings(max_examples=200, deadline=None)
@given(ranges(), st.data())
def test_every_change_of_the_entries_is_noticed(asked: tuple[int, int, int], data: st.DataObject) -> None:
    """Removed, cut off, edited, moved, exchanged, repeated, added: refused, whatever was done."""
    start, end, size = asked
    proof, root, leaves = range_proof(start, end, size, node), FRONTIERS[size].root(), LEAVES[start:end]
    at, to = data.draw(st.integers(0, len(leaves) - 1)), data.draw(st.integers(0, len(leaves) - 1))
    edited = data.draw(st.binary(max_size=12).filter(lambda leaf: leaf != leaves[at]))
    many, differs = refused(GapReason.ENTRIES_NOT_AS_MANY), refused(GapReason.ROOT_DIFFERS)
    assert check_range(leaves[:at] + leaves[at + 1 :], proof, size, root) == many
    assert check_range(leaves[:at], proof, size, root) == many
    assert check_range(leaves[at + 1 :], proof, size, root) == many
    assert check_range([*leaves[: at + 1], *leaves[at:]], proof, size, root) == many
    assert check_range([*leaves[:at], edited, *leaves[at:]], proof, size, root) == many
    assert check_range([*leaves[:at], edited, *leaves[at + 1 :]], proof, size, root) == differs
    if at != to:
        moved = leaves.copy()
        moved.insert(to, moved.pop(at))
        assert check_range(moved, proof, size, root) == differs
        swapped = leaves.copy()
        swapped[at], swapped[to] = swapped[to], swapped[at]
        assert check_range(swapped, proof, size, root) == differs


@settings(deadline=None)
@given(ranges(), st.data())
def test_an_entry_replaced_by_its_neighbour_outside_is_noticed(
    asked: tuple[int, int, int], data: st.DataObject
) -> None:
    """A range shifted by one, or one entry left out and the next one after the range taken in."""
    start, end, size = asked
    proof, root = range_proof(start, end, size, node), FRONTIERS[size].root()
    at = data.draw(st.integers(start, end - 1))
    differs = refused(GapReason.ROOT_DIFFERS)
    if end < LARGEST:
        assert check_range(LEAVES[start:at] + LEAVES[at + 1 : end + 1], proof, size, root) == differs
    if start:
        assert check_range(LEAVES[start - 1 : at] + LEAVES[at + 1 : end], proof, size, root) == differs


@settings(max_examples=200, deadline=None)
@given(ranges(), st.data())
def test_every_change_of_the_proof_is_noticed(asked: tuple[int, int, int], data: st.DataObject) -> None:
    """No other hashes, bounds, size or root go with the entries."""
    start, end, size = asked
    proof, root, leaves = range_proof(start, end, size, node), FRONTIERS[size].root(), LEAVES[start:end]
    assert check_range(leaves, proof, size, bytes(32)) == refused(GapReason.ROOT_DIFFERS)
    for side in ("left", "right"):
        hashes = proof.left if side == "left" else proof.right
        assert not isinstance(check_range(leaves, with_side(proof, side, (*hashes, root)), size, root), WholeRange)
        if hashes:
            at, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
            flipped = (int.from_bytes(hashes[at], "big") ^ 1 << bit).to_bytes(32, "big")
            changed = with_side(proof, side, (*hashes[:at], flipped, *hashes[at + 1 :]))
            assert check_range(leaves, changed, size, root) == refused(GapReason.ROOT_DIFFERS)
            shorter = with_side(proof, side, hashes[:at] + hashes[at + 1 :])
            assert check_range(leaves, shorter, size, root) == refused(GapReason.PROOF_MALFORMED)
            cut = with_side(proof, side, (*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]))
            assert check_range(leaves, cut, size, root) == refused(GapReason.PROOF_MALFORMED)
        if len(hashes) > 1:
            turned = with_side(proof, side, hashes[::-1])
            assert check_range(leaves, turned, size, root) == refused(GapReason.ROOT_DIFFERS)
    for offset in (-1, 1, -size, size):
        moved = replace(proof, start=start + offset, end=end + offset)
        assert not isinstance(check_range(leaves, moved, size, root), WholeRange)


@settings(deadline=None)
@given(ranges(smallest=2), st.data())
def test_hashes_of_subtrees_do_not_pass_as_entries(asked: tuple[int, int, int], data: st.DataObject) -> None:
    """Two entries cannot be hidden behind the bytes of the node above them: leaves and nodes hash differently."""
    start, end, size = asked
    at = data.draw(st.integers(start, end - 2))
    hidden = leaf_hash(LEAVES[at]) + leaf_hash(LEAVES[at + 1])
    proof = range_proof(start, end, size, node)
    leaves = [*LEAVES[start:at], hidden, *LEAVES[at + 2 : end]]
    assert not isinstance(check_range(leaves, proof, size, FRONTIERS[size].root()), WholeRange)
    shorter = replace(proof, end=end - 1)
    assert not isinstance(check_range(leaves, shorter, size, FRONTIERS[size].root()), WholeRange)


@pytest.mark.parametrize(("start", "end", "size"), [(-1, 1, 3), (1, 1, 3), (2, 1, 3), (0, 4, 3), (0, 0, 0), (0, 1, 0)])
def test_ranges_that_are_not_there(start: int, end: int, size: int) -> None:
    """No proof is made of a range that the log does not hold, or that holds nothing; and none is believed."""
    with pytest.raises(LedgerFault):
        range_proof(start, end, size, node)
    proof = RangeProof(start, end, (), ())
    impossible = check_range(LEAVES[: max(end, 0)], proof, size, FRONTIERS[size].root())
    assert impossible == refused(GapReason.RANGE_IMPOSSIBLE)


def test_entries_are_read_once_and_no_further_than_needed() -> None:
    """A source that never ends is given up after one entry too many."""

    def endless() -> Iterator[bytes]:
        yield from LEAVES[:5]
        yield b"one too many"
        pytest.fail("read on")

    proof = range_proof(0, 5, 9, node)
    assert check_range(endless(), proof, 9, FRONTIERS[9].root()) == refused(GapReason.ENTRIES_NOT_AS_MANY)
    assert check_range(iter(LEAVES[:5]), proof, 9, FRONTIERS[9].root()) == WholeRange(FRONTIERS[5])
