"""A hundred thousand mutated proofs: the verifier takes none that is not, to the byte, the log's own.

Size and root are changed together, as a signed checkpoint gives them: a proof alone does not say how large the log is.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from fairgate.ledger.consistency import is_consistent
from fairgate.ledger.proofs import consistency_proof, inclusion_proof
from fairgate.ledger.tree import Frontier, leaf_hash
from fairgate.verifier import verify_consistency, verify_inclusion

LARGEST = 1100
MUTANTS = 50_000
Proof = tuple[bytes, ...]


def _grown() -> tuple[list[bytes], dict[tuple[int, int], bytes]]:
    frontier, roots, nodes = Frontier(), [Frontier().root()], dict[tuple[int, int], bytes]()
    for number in range(LARGEST):
        frontier, new = frontier.grow(leaf_hash(number.to_bytes(2, "big")))
        nodes |= {(node.level, node.index): node.hash for node in new}
        roots.append(frontier.root())
    return roots, nodes


ROOTS, NODES = _grown()
EVERY_HASH = list(NODES.values())


def node(level: int, index: int) -> bytes:
    return NODES[level, index]


@cache
def included(index: int, size: int) -> Proof:
    """Return the log's own inclusion proof."""
    return inclusion_proof(index, size, node)


@cache
def consistent(old: int, new: int) -> Proof:
    """Return the log's own consistency proof."""
    return consistency_proof(old, new, node)


def _flip(proof: list[bytes], at: int, draw: random.Random) -> None:
    length = len(proof[at])
    bit = 1 << draw.randrange(8 * length) if length else 0
    proof[at] = (int.from_bytes(proof[at], "big") ^ bit).to_bytes(length, "big")


def _exchange(proof: list[bytes], at: int, draw: random.Random) -> None:
    other = draw.randrange(len(proof))
    proof[at], proof[other] = proof[other], proof[at]


def _lengthen(proof: list[bytes], at: int, draw: random.Random) -> None:
    proof[at] += draw.randbytes(draw.choice([1, 32]))


CHANGES: dict[str, Callable[[list[bytes], int, random.Random], None]] = {
    "flip": _flip,
    "exchange": _exchange,
    "lengthen": _lengthen,
    "shorten": lambda proof, at, draw: proof.__setitem__(at, proof[at][: draw.randrange(32)]),
    "drop": lambda proof, at, _: proof.__delitem__(at),
    "cut": lambda proof, at, _: proof.__delitem__(slice(at, None)),
    "repeat": lambda proof, at, _: proof.insert(at, proof[at]),
    "insert": lambda proof, at, draw: proof.insert(
        at, draw.choice([bytes(32), draw.randbytes(32), draw.choice(ROOTS)])
    ),
    "append": lambda proof, _, draw: proof.append(draw.choice(EVERY_HASH)),
    "replace": lambda proof, at, draw: proof.__setitem__(at, draw.choice(EVERY_HASH)),
    "join": lambda proof, at, _: proof.__setitem__(slice(at, at + 2), [b"".join(proof[at : at + 2])]),
    "reverse": lambda proof, _at, _draw: proof.reverse(),
}


def changed(proof: Proof, draw: random.Random) -> tuple[str, Proof]:
    """Return the proof after one change, or two, and the last change's name."""
    hashes, name = list(proof), "none"
    for _ in range(draw.choice([1, 1, 1, 2])):
        if not hashes:
            hashes.append(draw.randbytes(32))
            continue
        name = draw.choice(list(CHANGES))
        CHANGES[name](hashes, draw.randrange(len(hashes)), draw)
    return name, tuple(hashes)


@pytest.mark.slow
def test_mutated_inclusion_proofs_are_refused() -> None:
    """Proof, entry, index or checkpoint changed: taken only where all four are the log's own again."""
    draw, seen = random.Random(6962), Counter[str]()
    refused = 0
    while refused < MUTANTS:
        size = draw.randint(1, LARGEST)
        index = draw.randrange(size)
        proof, entry, name = included(index, size), node(0, index), "proof"
        match draw.randrange(8):
            case 0:
                name, index = "index", draw.choice([index ^ 1, index + 1, index - 1, draw.randrange(-2, LARGEST + 2)])
            case 1:
                name, entry = "entry", draw.choice([node(0, draw.randrange(LARGEST)), draw.randbytes(32), ROOTS[size]])
            case 2:
                name, size = "checkpoint", draw.randint(0, LARGEST)
            case 3:
                name, proof = "of another entry", included(draw.randrange(size), size)
            case _:
                name, proof = changed(proof, draw)
        own = 0 <= index < size and entry == node(0, index) and proof == included(index, size)
        assert verify_inclusion(entry, index, size, proof, ROOTS[size]) == own, (name, index, size)
        refused += not own
        seen[name] += not own
    assert min(seen[name] for name in CHANGES) > 500


@pytest.mark.slow
def test_mutated_consistency_proofs_are_refused() -> None:
    """Proof or either checkpoint changed: verifier and witness take it only where all are the log's own again."""
    draw, seen = random.Random(9162), Counter[str]()
    refused = 0
    while refused < MUTANTS:
        new = draw.randint(1, LARGEST)
        old = draw.randint(1, new)
        proof = consistent(old, new)
        match draw.randrange(8):
            case 0:
                name, old = "older checkpoint", draw.choice([old + 1, old - 1, draw.randint(0, LARGEST)])
            case 1:
                name, new = "newer checkpoint", draw.randint(0, LARGEST)
            case 2:
                name, proof = "of another size", consistent(draw.randint(1, new), new)
            case _:
                name, proof = changed(proof, draw)
        if old > LARGEST:
            continue
        own = 0 < old <= new and proof == consistent(old, new)
        assert verify_consistency(old, new, ROOTS[old], ROOTS[new], proof) == own, (name, old, new)
        assert old == 0 or is_consistent(old, ROOTS[old], new, ROOTS[new], proof) == own, (name, old, new)
        refused += not own
        seen[name] += not own
    assert min(seen[name] for name in CHANGES) > 500
