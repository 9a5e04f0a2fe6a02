"""Whatever is delivered to two lanes in whatever order: one crossing a capture, one match a passenger, no face kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from boarding_parts import capture
from boarding_room import Room
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.records import CrossingRecord, ReferenceState


@dataclass(frozen=True)
class Delivery:
    """Something that a lane delivers.

    Args:
        lane: which of two, whose galleries were opened at the start.
        key: of the capture; few, so that deliveries repeat.
        person: who really stands there; 3 is a stranger.
        claims: whom they say they are; 0 for nobody.
        opted_out: they decline.
    """

    lane: int
    key: int
    person: int
    claims: int
    opted_out: bool


deliveries = st.builds(
    Delivery,
    lane=st.integers(0, 1),
    key=st.integers(1, 6),
    person=st.integers(1, 3),
    claims=st.integers(0, 2),
    opted_out=st.booleans(),
)


def photoless(crossing: CrossingRecord) -> CrossingRecord:
    """Return what stays of a crossing for as long as it is on record; an opt-out may take its photo at any time."""
    return replace(crossing, sealed_photo=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(deliveries, max_size=14))
def test_what_holds_in_any_order(delivered: list[Delivery]) -> None:
    """Nobody boards twice or after declining, everything on record stays as it was, and the ledger tells it all."""
    room = Room(passengers=2)
    room.stage()
    lanes = [room.lane(), room.lane()]
    answers: dict[str, CrossingRecord] = {}
    declined: set[str] = set()
    for one in delivered:
        claims = f"P000{one.claims}" if one.claims else None
        boarded = lanes[one.lane](
            capture(f"c{one.key}", claims=claims, opted_out=one.opted_out),
            room.camera(f"person={one.person} sample={one.key}"),
        )
        crossing = boarded.crossing
        assert boarded.repeated == (crossing.capture_key in answers)
        assert photoless(answers.setdefault(crossing.capture_key, crossing)) == photoless(crossing)
        if not boarded.repeated and one.opted_out:
            assert (crossing.reason, crossing.had_photo) == ("opted_out", False)
            declined |= {claims} if claims else set()
        elif not boarded.repeated and crossing.outcome == "match":
            assert crossing.passenger_ref == f"P000{one.person}" not in declined
        assert (crossing.sealed_photo is None) or crossing.outcome != "not_attempted"
        assert (boarded.features is None) or crossing.outcome != "not_attempted"
    crossings = room.crossings()
    matched = [one.passenger_ref for one in crossings if one.outcome == "match"]
    assert {one.capture_key: photoless(one) for one in crossings} == {
        key: photoless(one) for key, one in answers.items()
    }
    assert not any(one.sealed_photo for one in crossings if one.passenger_ref in declined)
    assert len(crossings) == len(answers)
    assert len(matched) == len(set(matched))
    for number in (1, 2):
        row = room.passenger(f"P000{number}")
        assert (row.state is ReferenceState.OPTED_OUT) == (row.passenger_ref in declined)
        assert (not row.sealed_templates) == (row.passenger_ref in declined)
    kinds = [parse_leaf(leaf).kind for leaf in room.leaves()]
    assert kinds.count(EntryKind.CROSSING) + kinds.count(EntryKind.REOPENING) == len(crossings)
    assert kinds.count(EntryKind.REOPENING) == sum(one.reopens is not None for one in crossings)
    assert kinds.count(EntryKind.ERASURE) == len(declined)
    assert room.camera.left == 0
    assert room.ledger_is_whole()
