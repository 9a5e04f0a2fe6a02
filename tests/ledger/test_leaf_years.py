"""A deadline in a year below 1000 is written with four digits, as the verifier reads it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fairgate.ledger.commitment import Commitment
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import leaf_bytes, parse_leaf
from fairgate.vocabulary import Actor, ActorKind, RecordClass


@pytest.mark.parametrize("year", [1, 900, 999, 1000, 2026, 9999])
def test_every_year_is_read_back(year: int) -> None:
    """Whatever a lane's clock said, the leaf is one that the parser takes."""
    entry = Entry(
        kind=EntryKind.CROSSING,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        actor=Actor(ActorKind.LANE, "gate-1"),
        purpose="identity_confirmation",
        outcome="see_officer",
        reason="no_match",
        commitments=(Commitment(RecordClass.CROSSING, "a" * 64, datetime(year, 1, 1, tzinfo=UTC)),),
    )
    assert parse_leaf(leaf_bytes(entry)) == entry
