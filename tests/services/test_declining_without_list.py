"""Declining at lanes without a list: at two photos and at a chip, before and while they are compared."""

from __future__ import annotations

import pytest
from boarding_fakes import PACK_DIGEST
from boarding_parts import OPERATOR, RECEIPT_KEY, never, record
from boarding_room import Room
from chip_room import ChipRoom, mint, zone
from opt_out_room import SELF, opt_out_service

from fairgate.ledger.receipt import Choice, Moment, read_code
from fairgate.services.enter_opt_out import Declared
from fairgate.services.record_without_list import LanePlace, RecordWithoutList
from fairgate.services.verify_claim import VerifyClaim
from fairgate.vocabulary import NotAttempted, NotAttemptedReason, Photo


def verifier(room: Room) -> VerifyClaim:
    return VerifyClaim(
        record("verification", 0.7),
        faces=room.faces,
        rules=room.rules,
        record=RecordWithoutList(store=room.store, registrar=room.registrar, opt_outs=room.opt_outs()),
        clock=room.clock,
        actor=OPERATOR,
    )


def test_whoever_declines_is_not_looked_at_and_has_a_receipt() -> None:
    """No photo is read; the receipt says before."""
    room = Room()
    outcome, code = verifier(room)(never, never, pack=PACK_DIGEST, declines=True, place=LanePlace("desk-2", "k"))
    assert isinstance(outcome, NotAttempted)
    said = read_code(code, RECEIPT_KEY.verifier_key)
    assert (said.moment, said.choice, said.rule_id) == (Moment.BEFORE, Choice.VOLUNTARY, "us-citizen")
    assert room.ledger_is_whole()


def test_a_comparison_that_is_declined_meanwhile_ends_without_a_match() -> None:
    """By the capture's key, from elsewhere; another key cancels nothing."""
    room = Room()

    def declined() -> Photo:
        opt_out_service(room)(Declared("desk-2", room.clock(), capture_key="k"), SELF)
        return Photo(b"person=1 sample=1")

    same = room.camera("person=1 sample=0")
    outcome, _ = verifier(room)(declined, same, pack=PACK_DIGEST, place=LanePlace("desk-2", "k"))
    assert outcome == NotAttempted(NotAttemptedReason.OPTED_OUT, "us-citizen")
    other, _ = verifier(room)(room.camera("person=1 sample=1"), same, pack=PACK_DIGEST, place=LanePlace("desk-2", "j"))
    assert other.kind == "match"
    assert room.camera.left == 0
    assert room.ledger_is_whole()


@pytest.mark.parametrize(("nationality", "choice"), [("USA", Choice.VOLUNTARY), ("UTO", Choice.REQUIRED)])
def test_at_a_chip_the_receipt_says_what_the_rule_left_free(nationality: str, choice: Choice) -> None:
    """An alien at entry is required and honoured all the same; nobody's face is looked at."""
    room = ChipRoom()
    told = room.verify(mint(text=zone(nationality=nationality)), declines=True)
    assert told.outcome.reason is NotAttemptedReason.OPTED_OUT
    assert read_code(told.receipt, RECEIPT_KEY.verifier_key).choice is choice
    assert room.engine.seen == []
    assert room.ledger_is_whole()
