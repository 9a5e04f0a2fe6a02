"""One face under two identities: found in an opened flight, entered in the ledger, and never passed silently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from boarding_fakes import PACK_DIGEST
from boarding_parts import FLIGHT, KEY, OPERATOR, PURPOSE, record, reference, traveller
from boarding_room import Room

from fairgate.errors import CalibrationMissing, LedgerFault
from fairgate.face.pack import CalibrationRecord
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.services.append_entry import Registrar
from fairgate.services.find_shared_faces import FindSharedFaces
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.services.shared_faces import PairKind
from fairgate.vocabulary import TravelDocument

WHO = {1: "person=1 sample=0", 2: "person=2 sample=0", 3: "person=1 sample=1", 4: "person=2 sample=0"}
"""Passengers 1 and 3 are one person on two photos; 2 and 4 on one and the same."""


def room_of(who: dict[int, str]) -> Room:
    """Return a room with a staged flight whose passengers have these photos."""
    room = Room(passengers=len(who))
    listed = [replace(traveller(number), family_name=f"Family{number}xyz{number * 7}") for number in who]
    listed = [
        replace(one, documents=(TravelDocument("P", f"X{number}", "DEU" if number % 2 else "FRA"),))
        for one, number in zip(listed, who, strict=True)
    ]
    photos = [
        reference(number, room.camera(text), nationality="DEU" if number % 2 else "FRA") for number, text in who.items()
    ]
    room.stage(listed, photos)
    return room


def finder(
    room: Room, *, threshold: float = 0.8, most: int = 1000, same_photo: CalibrationRecord | None = None
) -> FindSharedFaces:
    def threshold_for(references: int) -> CalibrationRecord:
        if references > most:
            raise CalibrationMissing(f"A list of {references} references cannot be checked.")
        return record("among_themselves", threshold)

    return FindSharedFaces(
        threshold_for,
        same_photo,
        store=room.store,
        rules=room.rules,
        registrar=room.registrar,
        clock=room.clock,
        actor=OPERATOR,
    )


def test_one_person_under_two_names_is_found_and_one_photo_told() -> None:
    """Everybody in a pair is named once as the first or the second; who stands alone is in none."""
    room = room_of(WHO | {5: "person=5 sample=0"})
    found = finder(room, same_photo=record("same_photo", 0.999))(room.opened())
    assert {(pair.first, pair.second): pair.kind for pair in found.pairs} == {
        ("P0002", "P0004"): PairKind.SAME_PHOTO,
        ("P0001", "P0003"): PairKind.ONE_PERSON_TWO_IDENTITIES,
    }
    assert (found.flight_key, found.passengers, found.templates, found.comparisons) == (FLIGHT, 5, 5, 10)
    assert [pair.first for pair in found.pairs] == ["P0001", "P0002"]
    assert sorted(found.of_passenger()) == ["P0001", "P0002", "P0003", "P0004"]
    assert found.threshold_id == "among_themselves-test"


def test_without_that_record_nothing_is_called_one_photo() -> None:
    """The pair is found all the same."""
    room = room_of(WHO)
    found = finder(room)(room.opened())
    assert found.same_photo_id is None
    assert PairKind.SAME_PHOTO not in {pair.kind for pair in found.pairs}
    assert len(found.pairs) == 2


def test_the_check_is_one_entry_of_counts_without_anybody_in_it() -> None:
    """Purpose, threshold and pack are named; no passenger is."""
    room = room_of(WHO)
    opened = room.opened()
    before = len(room.leaves())
    finder(room, same_photo=record("same_photo", 0.999))(opened)
    (leaf,) = room.leaves()[before:]
    entry = parse_leaf(leaf)
    assert (entry.kind, entry.purpose, entry.actor) == (EntryKind.SHARED_FACES, PURPOSE, OPERATOR)
    assert (entry.pack_sha256, entry.threshold_id) == (PACK_DIGEST, "among_themselves-test")
    assert dict(entry.counts) == {
        "passengers": 4,
        "templates": 4,
        "comparisons": 6,
        "left_out": 0,
        "listed_twice": 0,
        "same_photo": 1,
        "possible_relatives": 0,
        "one_person_two_identities": 1,
    }
    assert b"P000" not in leaf
    assert room.ledger_is_whole()


def test_a_list_too_large_for_any_threshold_is_said_to_be_unchecked() -> None:
    """Refused, not passed; nothing is entered, since nothing was compared."""
    room = room_of(WHO)
    opened = room.opened()
    before = len(room.leaves())
    with pytest.raises(CalibrationMissing, match="cannot be checked"):
        finder(room, most=3)(opened)
    assert len(room.leaves()) == before


class _TakesNothing(Registrar):
    """A registrar whose ledger is closed."""

    def append(self, transaction: WriteTransaction, entry: Entry) -> LedgerRow:
        raise LedgerFault("No entry can be appended.")


def test_what_cannot_be_entered_is_not_answered() -> None:
    """No entry, no answer."""
    room = room_of(WHO)
    opened = room.opened()
    room.registrar = _TakesNothing(KEY, room.anchor)
    with pytest.raises(LedgerFault):
        finder(room)(opened)


def test_distractors_are_nobody_and_a_list_of_strangers_is_clean() -> None:
    """Synthetic faces take no part, and an empty list has nothing to compare."""
    room = Room()
    room.stage(top_up_to=8)
    found = finder(room)(room.opened())
    assert (found.pairs, found.templates, found.comparisons) == ((), 3, 3)
    empty = Room()
    empty.stage(photos=[])
    assert finder(empty)(empty.opened()).comparisons == 0
