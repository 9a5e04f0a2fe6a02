"""The tree and its proofs against the published Certificate Transparency vectors, and against the RFC's definitions."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.proofs import consistency_proof, inclusion_proof, root_at
from fairgate.ledger.tree import EMPTY_ROOT, Frontier, Node, leaf_hash

# Source: reference leaves, roots and proofs of the Certificate Transparency project (RFC 6962), as published with it.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {
    (0, 8): (A, B, C),
    (3, 8): ("0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7", ROOTS[2], C),
    (5, 8): (D, E, ROOTS[4]),
    (7, 8): ("b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f", F, ROOTS[4]),
    (2, 3): (ROOTS[2],),
    (1, 5): (ROOTS[1], B, D),
}
CONSISTENCY = {(1, 1): (), (1, 8): (A, B, C), (6, 8): (F, E, ROOTS[4]), (2, 5): (B, D)}


def grown(leaves: list[bytes]) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    """Return the frontier and every node, after appending these leaves one by one."""
    frontier, nodes = Frontier(), list[Node]()
    for leaf in leaves:
        frontier, new = frontier.grow(leaf_hash(leaf))
        nodes += new
    return frontier, {(node.level, node.index): node.hash for node in nodes}


def tree_hash(leaves: list[bytes]) -> bytes:
    """Return MTH as RFC 9162 §2.1.1 defines it."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0] if leaves else b"").digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Return PATH as RFC 9162 §2.1.3.1 defines it."""
    if len(leaves) < 2:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*path(index, leaves[:split]), tree_hash(leaves[split:])]
    return [*path(index - split, leaves[split:]), tree_hash(leaves[:split])]


def subproof(size: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """Return SUBPROOF as RFC 9162 §2.1.4.1 defines it."""
    if size == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if size <= split:
        return [*subproof(size, leaves[:split], whole=whole), tree_hash(leaves[split:])]
    return [*subproof(size - split, leaves[split:], whole=False), tree_hash(leaves[:split])]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    """Growing entry by entry reaches the published root of every size."""
    frontier, nodes = grown(LEAVES[:size])
    assert frontier.root().hex() == ROOTS[size]
    assert root_at(size, lambda level, index: nodes[level, index]).hex() == ROOTS[size]


@pytest.mark.parametrize(("asked", "expected"), INCLUSION.items())
def test_inclusion_proofs_are_the_published_ones(asked: tuple[int, int], expected: tuple[str, ...]) -> None:
    """A proof holds the published hashes, from the entry upwards."""
    _, nodes = grown(LEAVES)
    proof = inclusion_proof(*asked, lambda level, index: nodes[level, index])
    assert tuple(item.hex() for item in proof) == expected


@pytest.mark.parametrize(("asked", "expected"), CONSISTENCY.items())
def test_consistency_proofs_are_the_published_ones(asked: tuple[int, int], expected: tuple[str, ...]) -> None:
    """A proof between two sizes holds the published hashes."""
    _, nodes = grown(LEAVES)
    proof = consistency_proof(*asked, lambda level, index: nodes[level, index])
    assert tuple(item.hex() for item in proof) == expected


@given(st.integers(1, 70), st.data())
def test_proofs_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    """Root, inclusion and consistency agree with the RFC's recursive definitions for any size."""
    leaves = [bytes([number]) for number in range(size)]
    frontier, nodes = grown(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert frontier.root() == tree_hash(leaves)
    assert inclusion_proof(index, size, lambda level, at: nodes[level, at]) == tuple(path(index, leaves))
    assert consistency_proof(old, size, lambda level, at: nodes[level, at]) == tuple(subproof(old, leaves))


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_a_frontier_taken_up_again_goes_on_the_same(leaves: list[bytes], at: int) -> None:
    """Storing size and hashes and continuing from them later gives the same tree: no leaf need be loaded to append."""
    frontier, _ = grown(leaves[:at])
    resumed = Frontier(frontier.size, tuple(frontier.hashes))
    for leaf in leaves[at:]:
        resumed = resumed.append(leaf_hash(leaf))
    assert resumed == grown(leaves)[0]
    assert len(resumed.hashes) == len(leaves).bit_count()


def test_nodes_are_fewer_than_two_an_entry() -> None:
    """What a store keeps for proofs grows with the log, and each subtree is named once."""
    frontier, nodes = grown([b"x"] * 1000)
    assert len(nodes) == 2 * 1000 - len(frontier.hashes)
    assert frontier.size == 1000


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    """RFC 9162 §2.1.1: the hash of an empty list is the hash of an empty string."""
    assert Frontier().root() == EMPTY_ROOT == root_at(0, lambda _level, _index: b"")


@pytest.mark.parametrize(("size", "hashes"), [(1, ()), (2, (b"x" * 32, b"y" * 32)), (1, (b"short",)), (-1, ())])
def test_a_frontier_that_cannot_be_is_refused(size: int, hashes: tuple[bytes, ...]) -> None:
    """A stored frontier that lost a hash, or holds something else, does not become a tree."""
    with pytest.raises(LedgerFault):
        Frontier(size, hashes)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    """There is no inclusion proof of an entry that the log does not hold."""
    with pytest.raises(LedgerFault):
        inclusion_proof(index, size, lambda _level, _index: b"x" * 32)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_no_consistency_backwards_or_from_nothing(old: int, new: int) -> None:
    """Consistency is shown from a log that is not empty to one no smaller."""
    with pytest.raises(LedgerFault):
        consistency_proof(old, new, lambda _level, _index: b"x" * 32)


def test_sizes_differ_in_root() -> None:
    """No two sizes of a log of equal entries share a root."""
    roots = [grown([b"same"] * size)[0].root() for size in range(20)]
    assert all(before != after for before, after in pairwise(roots))
    assert len(set(roots)) == 20
