"""Which flight a list is for: the leg that crosses the border at the port."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fairgate.errors import InputRefused
from fairgate.services.gallery_from_lists import Place, gallery_from_lists
from fairgate.services.merge_lists import ListFile, merged_lists
from fairgate.services.stage_flight import FlightToStage
from fairgate.vocabulary import Direction

NOW = datetime(2008, 7, 10, 12, tzinfo=UTC)


def staged(content: bytes, direction: Direction, port: str | None) -> FlightToStage:
    """Read a list and return its flight."""
    return gallery_from_lists(
        merged_lists([ListFile("list.edi", content)], on=date(2008, 7, 10)),
        Place(direction=direction, port=port),
        pack_digest="a" * 64,
        rulebook_sha256="b" * 64,
        now=NOW,
    )


def test_three_legs_give_the_one_that_leaves(shared_data: Path) -> None:
    """MIA–IAD, IAD–JFK, JFK–CDG: on exit it is the last leg, or the one from the port named."""
    content = (shared_data / "paxlst" / "multiple_flight_leg_apis.txt").read_bytes()
    assert staged(content, Direction.EXIT, None).flight.flight_key == "QQ827-2008-08-10-JFK"
    assert staged(content, Direction.EXIT, "MIA").flight.flight_key == "QQ877-2008-07-10-MIA"
    assert staged(content, Direction.ENTRY, "CDG").flight.port == "CDG"


def test_a_port_that_no_leg_touches_is_refused(shared_data: Path) -> None:
    """With the way out."""
    content = (shared_data / "paxlst" / "airline2.edi").read_bytes()
    with pytest.raises(InputRefused, match="--port"):
        staged(content, Direction.EXIT, "XYZ")
