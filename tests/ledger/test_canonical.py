"""Canonical bytes: one spelling for a value, and refusal of everything that has two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import LedgerFault
from fairgate.ledger.canonical import canonical_bytes, parse_canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z"), VALUES, max_size=6))
def test_values_come_back_whatever_order_they_were_written_in(value: dict[str, object]) -> None:
    """Equal objects give equal ASCII bytes, which read back as the same object."""
    content = canonical_bytes(value)
    assert canonical_bytes(dict(reversed(value.items()))) == content
    assert parse_canonical(content) == value
    assert content.isascii()


def test_the_spelling_is_fixed() -> None:
    """Sorted keys, no blanks, every other letter escaped."""
    assert canonical_bytes({"b": [1, "é\n"], "a": {"z": -2}}) == b'{"a":{"z":-2},"b":[1,"\\u00e9\\n"]}'


@pytest.mark.parametrize(
    "value",
    [1.0, True, None, b"bytes", 2**53, "\ud800", {"Upper": 1}, {"": 1}, {"é": 1}, {1: 2}, float("nan"), {1, 2}],
)
def test_values_with_two_spellings_are_refused(value: object) -> None:
    """Floats, truth values, null, bytes, large numbers and odd keys are refused at any depth."""
    with pytest.raises(LedgerFault):
        canonical_bytes({"a": [{"b": value}]})


@pytest.mark.parametrize(
    "content", [b'{"a":1.0}', b'{"a":1 }', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b'"a"', b"{", b"\xff"]
)
def test_other_spellings_are_refused(content: bytes) -> None:
    """What would not be written again the same is not read."""
    with pytest.raises(LedgerFault):
        parse_canonical(content)
