"""What the ledger writes, the verifier's own grammar reads: two codes, one format."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.ledger.entry import Entry
from fairgate.ledger.leaf import leaf_bytes
from fairgate.ledger.note import verifier_key
from fairgate.ledger.tree import leaf_hash
from fairgate.verifier import ProblemCode, VerifierKey, verify_ledger
from fairgate.verifier import leaf_hash as verifier_leaf_hash

KEY = verifier_key("log.example/1", b"k" * 32)


@settings(max_examples=200)
@given(st.data())
def test_every_entry_is_read(entries: st.SearchStrategy[Entry], data: st.DataObject) -> None:
    """Every entry that can be written is of the form the verifier expects; only what it refers to may be impossible."""
    leaf = leaf_bytes(data.draw(entries))
    codes = {problem.code for problem in verify_ledger([leaf], [], KEY).problems}
    assert ProblemCode.LEAF_MALFORMED not in codes
    assert leaf_hash(leaf) == verifier_leaf_hash(leaf)


def test_keys_are_written_and_read_alike() -> None:
    """The verifier key that one room writes is the one that the other reads."""
    assert VerifierKey.parse(KEY).name == "log.example/1"
