"""Both passengers of a pair that looks like one person see an officer; nobody else does because of them."""

from __future__ import annotations

from importlib import resources
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from boarding_parts import FLIGHT, OPERATOR, traveller
from boarding_room import Room

from fairgate.bootstrap.galleries import shared_faces_for_boarding
from fairgate.face.pack import read_pack
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.shared_faces import SharedFace, shared_face

if TYPE_CHECKING:
    from fairgate.bootstrap.parts import Parts

PAIR = shared_face(traveller(1), traveller(2), one_photo=False)
SHARED: dict[str, SharedFace] = {"P0001": PAIR, "P0002": PAIR}


@pytest.mark.parametrize("claims", [None, "P0001"])
def test_a_match_of_a_pair_sees_an_officer(claims: str | None) -> None:
    """In a search as in 1:1; the passenger is named, what the pair may be is the component, and nobody has boarded."""
    room = Room()
    room.stage()
    lane = room.lane(shared_faces=SHARED)
    crossing = room.walks_up(lane, "person=1 sample=1", claims=claims).crossing
    assert (crossing.outcome, crossing.reason) == ("see_officer", "shared_face")
    assert (crossing.passenger_ref, crossing.component) == ("P0001", "possible_relatives")
    assert crossing.rule_id is not None
    assert crossing.reopens is None
    entry = parse_leaf(room.leaves()[-1])
    assert (entry.kind, entry.outcome, entry.reason) == (EntryKind.CROSSING, "see_officer", "shared_face")
    with room.store.reading() as transaction:
        assert transaction.match_of(FLIGHT, "P0001") is None
    assert room.ledger_is_whole()


def test_everybody_else_boards_and_nobody_is_kept_out_by_a_pair() -> None:
    """A third passenger matches; a stranger is no match, as ever."""
    room = Room()
    room.stage()
    lane = room.lane(shared_faces=SHARED)
    assert room.walks_up(lane, "person=3 sample=1").crossing.outcome == "match"
    assert room.walks_up(lane, "person=9 sample=1").crossing.reason == "no_match"


def test_who_has_opted_out_meanwhile_is_not_named() -> None:
    """They are in no gallery any more, so that nobody is found alike to them."""
    room = Room()
    room.stage()
    opened = room.opened()
    elsewhere, here = room.lane(opened), room.lane(opened, shared_faces=SHARED)
    room.walks_up(elsewhere, "declines", claims="P0001", opted_out=True)
    crossing = room.walks_up(here, "person=1 sample=1").crossing
    assert (crossing.outcome, crossing.reason) == ("see_officer", "no_match")
    assert crossing.passenger_ref is None


def test_a_list_that_cannot_be_checked_is_boarded_and_that_is_said() -> None:
    """By a pack without thresholds for lists: nobody is in a pair, and a note says that nobody was looked for."""
    shipped = (resources.files("fairgate.face") / "packs" / "dlib-cc0.toml").read_text(encoding="utf-8")
    room = Room()
    room.stage()
    parts = SimpleNamespace(
        pack=read_pack(shipped.split("[[calibration]]")[0]),
        store=room.store,
        rules=room.rules,
        registrar=room.registrar,
        clock=room.clock,
        actor=OPERATOR,
    )
    shared, said = shared_faces_for_boarding(cast("Parts", parts), room.opened())
    assert shared == {}
    (note,) = said
    assert "3 references cannot be checked" in note
    assert note.endswith("[shared_faces_unchecked]")
