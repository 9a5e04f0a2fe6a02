"""The file of recorded exchanges: read strictly, for a challenge that is half read protects nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairgate.errors import PapersError
from fairgate.papers.chip.exchange_file import LARGEST_BYTES, octets_of, read_exchanges

ACTIVE = {"challenge": "0102030405060708", "response": "AABB"}
CHIP = {"terminal_private_key": "1f", "response": "99029000", "counter": 4}


def _written(told: Any) -> bytes:
    return json.dumps(told).encode()


def test_both_exchanges_are_read() -> None:
    """In digits of either case; the counter is 2 where it is not said, and either exchange may stand alone."""
    found = read_exchanges(_written({"active": ACTIVE, "chip": CHIP}))
    assert found.active is not None
    assert found.chip is not None
    assert (found.active.challenge, found.active.response) == (bytes(range(1, 9)), b"\xaa\xbb")
    assert (found.chip.terminal_private_key, found.chip.counter) == (0x1F, 4)
    alone = read_exchanges(_written({"chip": {**CHIP, "counter": 2}}))
    assert alone.active is None
    assert alone == read_exchanges(_written({"chip": {k: v for k, v in CHIP.items() if k != "counter"}}))


def test_secrets_are_not_shown() -> None:
    """Neither the reader's private key nor an answer stands in a log."""
    shown = repr(read_exchanges(_written({"active": ACTIVE, "chip": {**CHIP, "terminal_private_key": "decafbad"}})))
    assert "decafbad" not in shown
    assert str(0xDECAFBAD) not in shown


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        None,
        7,
        {"pace": {}},
        {"active": []},
        {"active": {"challenge": "00"}},
        {"active": {**ACTIVE, "sent": "00"}},
        {"active": {**ACTIVE, "challenge": "0"}},
        {"active": {**ACTIVE, "challenge": 1}},
        {"active": {**ACTIVE, "response": "xx"}},
        {"chip": {**CHIP, "counter": "2"}},
        {"chip": {**CHIP, "counter": True}},
        {"chip": {**CHIP, "counter": 2.0}},
        {"chip": {**CHIP, "terminal_private_key": ""}},
        {"chip": {**CHIP, "terminal_private_key": "-1"}},
        {"chip": {**CHIP, "terminal_private_key": "1_0"}},
        {"chip": {**CHIP, "terminal_private_key": "1" * 1025}},
    ],
)
def test_anything_else_is_refused(told: Any) -> None:
    """Names that are not known, values of another kind, digits that are none."""
    with pytest.raises(PapersError):
        read_exchanges(_written(told))


def test_a_name_that_stands_twice_is_refused() -> None:
    """Which of two challenges counts must not be the reader's luck."""
    twice = b'{"active": {"challenge": "0102030405060708", "challenge": "0000000000000000", "response": "00"}}'
    with pytest.raises(PapersError, match="twice"):
        read_exchanges(twice)


@example(b"[" * 100_000)
@example(b'{"active":' * 20_000)
@example(b"9" * 5000)
@example(b" " * (LARGEST_BYTES + 1))
@example(b"\xff\xfe{}")
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    """However deep, long or encoded."""
    with pytest.raises(PapersError):
        read_exchanges(content)


@given(st.binary(max_size=64))
def test_digits_come_back(octets: bytes) -> None:
    """With blanks and colons between them or not."""
    assert octets_of(octets.hex()) == octets_of(octets.hex(":")) == octets_of(f" {octets.hex(' ').upper()}\n") == octets
