"""Whether a proof shows a log to begin with an older one, for a witness that keeps no entry.

Both roots are rebuilt by the recursion that defines the proof, not by the steps that ``fairgate.verifier`` follows, so
that a witness and a verifier do not share a mistake.

Source: RFC 9162 §2.1.4.1 (December 2021).
"""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.ledger.proofs import split_width
from fairgate.ledger.tree import EMPTY_ROOT, HASH_BYTES, node_hash


def is_consistent(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the newer log begins with the older one.

    Args:
        old_size: entries in the older log. Every log begins with the empty one; that needs no hashes.
        old_root: 32 bytes.
        new_size: entries in the newer log.
        new_root: 32 bytes.
        proof: hashes of 32 bytes as :func:`fairgate.ledger.proofs.consistency_proof` gives them; no more and no fewer.
    """
    if not 0 <= old_size <= new_size or any(len(item) != HASH_BYTES for item in proof):
        return False
    if old_size == 0:
        empty_to_empty = new_size > 0 or new_root == EMPTY_ROOT
        return not proof and old_root == EMPTY_ROOT and empty_to_empty
    rest = list(proof)
    rebuilt = _rebuilt(old_size, new_size, rest, old_root)
    return rebuilt == (old_root, new_root) and not rest


def _rebuilt(old: int, new: int, rest: list[bytes], known: bytes | None) -> tuple[bytes, bytes] | None:
    """Return the two roots, taking hashes from the end of ``rest``; ``None`` where there are too few.

    ``known`` is the older root for as long as the subtree begins with the log, so that it may be the older log itself.
    """
    if old == new:
        only = known if known is not None else (rest.pop() if rest else None)
        return None if only is None else (only, only)
    if not rest:
        return None
    width, beside = split_width(new), rest.pop()
    if old <= width:
        roots = _rebuilt(old, width, rest, known)
        return None if roots is None else (roots[0], node_hash(roots[1], beside))
    roots = _rebuilt(old - width, new - width, rest, None)
    return None if roots is None else (node_hash(beside, roots[0]), node_hash(beside, roots[1]))
