"""Proof checks against published proofs, against the ledger room's, and against any change to them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.ledger.proofs import consistency_proof, inclusion_proof
from fairgate.ledger.tree import Frontier, Node
from fairgate.verifier import leaf_hash, verify_consistency, verify_inclusion

# Source: reference leaves, roots and proofs of the Certificate Transparency project (RFC 6962), as published with it.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
G = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
INCLUSION = {(0, 8): (A, B, C), (5, 8): (D, E, G), (2, 3): (ROOTS[2],), (1, 5): (ROOTS[1], B, D), (0, 1): ()}
CONSISTENCY = {(1, 1): (), (1, 8): (A, B, C), (6, 8): (F, E, G), (2, 5): (B, D)}


def hashes(texts: tuple[str, ...]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize(("asked", "proof"), INCLUSION.items())
def test_published_inclusion_proofs_hold(asked: tuple[int, int], proof: tuple[str, ...]) -> None:
    """A published proof leads from its entry to the published root, and from no other entry."""
    index, size = asked
    root = bytes.fromhex(ROOTS[size])
    for other, leaf in enumerate(LEAVES):
        entry = leaf_hash(bytes.fromhex(leaf))
        assert verify_inclusion(entry, index, size, hashes(proof), root) == (other == index)


@pytest.mark.parametrize(("asked", "proof"), CONSISTENCY.items())
def test_published_consistency_proofs_hold(asked: tuple[int, int], proof: tuple[str, ...]) -> None:
    """A published proof joins the two published roots, and no other two."""
    old, new = asked
    for first in ROOTS.values():
        for second in ROOTS.values():
            expected = first == second if old == new else (first, second) == (ROOTS[old], ROOTS[new])
            assert verify_consistency(old, new, bytes.fromhex(first), bytes.fromhex(second), hashes(proof)) == expected


LARGEST = 130


def _forest() -> tuple[list[bytes], dict[tuple[int, int], bytes]]:
    frontier, nodes, roots = Frontier(), list[Node](), [Frontier().root()]
    for number in range(LARGEST):
        frontier, new = frontier.grow(leaf_hash(number.to_bytes(2, "big")))
        nodes += new
        roots.append(frontier.root())
    return roots, {(node.level, node.index): node.hash for node in nodes}


TREE_ROOTS, NODES = _forest()


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


def altered(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """Change, drop, add, repeat or exchange hashes of a proof."""
    kinds = ["add"] + (["flip", "drop", "shorten"] if proof else []) + (["swap"] if len(set(proof)) > 1 else [])
    kind, changed = data.draw(st.sampled_from(kinds)), proof.copy()
    at = data.draw(st.integers(0, max(len(proof) - 1, 0)))
    if kind == "add":
        changed.insert(at, data.draw(st.sampled_from([bytes(32), *proof])))
    elif kind == "drop":
        del changed[at]
    elif kind == "shorten":
        changed[at] = changed[at][:-1]
    elif kind == "swap":
        changed[at - 1], changed[at] = changed[at], changed[at - 1]
    else:
        byte = data.draw(st.integers(0, 31))
        changed[at] = changed[at][:byte] + bytes([changed[at][byte] ^ 1]) + changed[at][byte + 1 :]
    return changed


@settings(max_examples=300)
@given(st.integers(1, LARGEST), st.data())
def test_inclusion_holds_as_made_and_not_otherwise(size: int, data: st.DataObject) -> None:
    """The ledger room's proofs hold; with any change to proof, index, size or root they do not."""
    index = data.draw(st.integers(0, size - 1))
    entry, root = node(0, index), TREE_ROOTS[size]
    proof = list(inclusion_proof(index, size, node))
    assert verify_inclusion(entry, index, size, proof, root)
    assert not verify_inclusion(entry, index, size, altered(proof, data), root)
    assert not verify_inclusion(bytes(32), index, size, proof, root)
    assert not verify_inclusion(entry, index, size, proof, bytes(32))
    other = data.draw(st.integers(-2, size + 2).filter(lambda number: number != index))
    assert not verify_inclusion(entry, other, size, proof, root)


@settings(max_examples=300)
@given(st.integers(1, LARGEST), st.data())
def test_consistency_holds_as_made_and_not_otherwise(new: int, data: st.DataObject) -> None:
    """The ledger room's proofs hold; with any change to proof, sizes or roots they do not."""
    old = data.draw(st.integers(1, new))
    proof = list(consistency_proof(old, new, node))
    assert verify_consistency(old, new, TREE_ROOTS[old], TREE_ROOTS[new], proof)
    assert not verify_consistency(old, new, TREE_ROOTS[old], TREE_ROOTS[new], altered(proof, data))
    assert not verify_consistency(old, new, bytes(32), TREE_ROOTS[new], proof)
    assert not verify_consistency(old, new, TREE_ROOTS[old], bytes(32), proof)
    if old != new:
        assert not verify_consistency(new, old, TREE_ROOTS[new], TREE_ROOTS[old], proof)
        assert not verify_consistency(0, new, TREE_ROOTS[0], TREE_ROOTS[new], proof)


def test_nothing_follows_from_nothing() -> None:
    """An empty log is consistent with everything, so a proof of it would say nothing."""
    assert not verify_consistency(0, 0, TREE_ROOTS[0], TREE_ROOTS[0], [])
    assert not verify_consistency(3, 5, TREE_ROOTS[3], TREE_ROOTS[5], [])
    assert not verify_inclusion(node(0, 0), 0, 0, [], TREE_ROOTS[0])
