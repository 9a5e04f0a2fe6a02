"""Two different people, different keys, a comment period that is over: nothing less adopts a rulebook."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from rulebook_room import ANNA, BERT, CARL, FIRST, KEYS, SECOND, THIRD, RulebookRoom, key_of

from fairgate.errors import RulebookChangeRefused, RulebookRefused
from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf
from fairgate.rules.rulebook import read_rulebook
from fairgate.services.adopt_rulebook import adopt_rulebook
from fairgate.services.enrol_actor import actors, enrol_actor, withdraw_actor
from fairgate.services.propose_rulebook import Founding, ToPropose, propose_rulebook
from fairgate.services.rulebook_history import ProposalState, rulebook_history
from fairgate.services.rulebook_proof import signed_by
from fairgate.services.rulebook_records import RulebookProposal, adoption_message
from fairgate.store.memory import MemoryStore
from fairgate.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RulebookRoom]:
    if request.param == "memory":
        yield RulebookRoom()
        return
    with SqliteStore.open(tmp_path / "data" / "fairgate.db") as store:
        yield RulebookRoom(store=store)


def refused(reason: str, act: Callable[[], object], room: RulebookRoom) -> None:
    """The act is refused for that reason, and leaves neither entry nor record behind."""
    before = room.entries()
    with pytest.raises(RulebookChangeRefused) as caught:
        act()
    assert caught.value.reason == reason
    assert room.entries() == before
    assert room.ledger().ok


def test_two_people_adopt_after_the_comment_period(room: RulebookRoom) -> None:
    """The second signature adopts; both stay with the adoption, and anybody can check them."""
    proposal = room.propose()
    assert proposal.terms.comments_until - proposal.terms.comments_from == timedelta(
        days=read_rulebook(FIRST).changes.comment_days
    )
    room.clock.now = proposal.terms.comments_until
    first = room.adopt(proposal, ANNA)
    assert (first.adoption, len(first.signed), first.needed) == (None, 1, 2)
    second = room.adopt(proposal, BERT)
    adoption = second.adoption
    assert adoption is not None
    assert [one.actor for one in adoption.signed] == [ANNA, BERT]
    assert adoption.effective_from == room.today()
    message = adoption_message(proposal.proposal_id, proposal.terms.sha256, None)
    assert all(signed_by(KEYS[one.actor].public_key, message, one.signature) for one in adoption.signed)
    with room.store.reading() as transaction:
        entries = [parse_leaf(row.leaf) for row in transaction.ledger_rows()]
    assert [entry.kind for entry in entries] == [
        EntryKind.ACTOR_ENROLLED,
        EntryKind.ACTOR_ENROLLED,
        EntryKind.RULEBOOK_PROPOSED,
        EntryKind.RULEBOOK_APPROVED,
        EntryKind.RULEBOOK_APPROVED,
        EntryKind.RULEBOOK,
    ]
    assert entries[-1].rulebook_sha256 == proposal.terms.sha256
    assert entries[-1].refers_to == proposal.ledger_index
    assert room.ledger().ok
    assert [one.state for one in rulebook_history(room.desk)] == [ProposalState.IN_FORCE]


def test_one_actor_does_not_adopt_twice(room: RulebookRoom) -> None:
    """Nor with another key, which cannot be enrolled beside the first."""
    proposal = room.propose(comment_days=60)
    room.clock.now = proposal.terms.comments_until
    room.adopt(proposal, ANNA)
    refused("same_actor", lambda: room.adopt(proposal, ANNA), room)
    refused("already_enrolled", lambda: enrol_actor(room.desk, ANNA, key_of(9).public_key), room)


def test_one_key_has_one_name(room: RulebookRoom) -> None:
    """A key is enrolled once, under one name, and not again under another after it was withdrawn."""
    refused("already_enrolled", lambda: enrol_actor(room.desk, CARL, KEYS[ANNA].public_key), room)
    withdraw_actor(room.desk, ANNA)
    refused("already_enrolled", lambda: enrol_actor(room.desk, CARL, KEYS[ANNA].public_key), room)
    refused("wrong_key", lambda: enrol_actor(room.desk, CARL, b"short"), room)
    assert [one.withdrawn_at is None for one in actors(room.desk)] == [False, True]


def test_a_key_that_is_not_enrolled_signs_nothing(room: RulebookRoom) -> None:
    """Neither a proposal nor an adoption, and neither under its own name nor under somebody's who is enrolled."""
    refused("not_enrolled", lambda: room.propose(by=CARL), room)
    refused(
        "signature",
        lambda: propose_rulebook(room.desk, ToPropose(FIRST), actor=ANNA, sign=KEYS[CARL].sign),
        room,
    )
    proposal = room.propose()
    room.clock.now = proposal.terms.comments_until
    refused("not_enrolled", lambda: room.adopt(proposal, CARL), room)
    refused(
        "signature",
        lambda: adopt_rulebook(room.desk, proposal.proposal_id, actor=BERT, sign=KEYS[CARL].sign),
        room,
    )


def test_a_signature_of_another_proposal_is_not_taken(room: RulebookRoom) -> None:
    """The message names the proposal, so what was signed for one text adopts no other."""
    one, other = room.propose(FIRST), room.propose(SECOND)
    room.clock.now = other.terms.comments_until
    replayed = KEYS[BERT].sign(adoption_message(one.proposal_id, one.terms.sha256, None))
    refused(
        "signature",
        lambda: adopt_rulebook(room.desk, other.proposal_id, actor=BERT, sign=lambda message: replayed),
        room,
    )


def test_nothing_is_adopted_before_the_comment_period_ends(room: RulebookRoom) -> None:
    """Not a second before; and no clock set back makes a period seem to have ended."""
    proposal = room.propose()
    room.clock.now = proposal.terms.comments_until - timedelta(milliseconds=1)
    refused("comments_open", lambda: room.adopt(proposal, ANNA), room)
    room.clock.now = proposal.terms.proposed_at - timedelta(days=90)
    refused("clock", lambda: room.propose(SECOND), room)
    refused("clock", lambda: room.adopt(proposal, ANNA), room)


def test_a_clock_corrected_by_a_little_goes_on(room: RulebookRoom) -> None:
    """A time server's correction is no attack: the entry gets the newest entry's time."""
    room.clock.forward(seconds=-30)
    assert room.propose().terms.proposed_at == room.clock.now + timedelta(seconds=30)


@pytest.mark.parametrize("days", [0, 29])
def test_a_period_shorter_than_the_rulebook_says_is_refused(room: RulebookRoom, days: int) -> None:
    """The rulebook in force says how long; the proposed one cannot shorten its own."""
    hurried = FIRST.replace("comment_days = 30", "comment_days = 1")
    assert read_rulebook(hurried).changes.comment_days == 1
    refused("comments_too_short", lambda: room.propose(FIRST, comment_days=days), room)
    room.adopted(FIRST)
    refused("comments_too_short", lambda: room.propose(hurried, comment_days=days), room)


def test_what_was_not_proposed_is_not_adopted(room: RulebookRoom) -> None:
    """No identifier, an unknown one, or one that several proposals begin with."""
    proposal = room.propose()
    for named in ("", "nothing", proposal.proposal_id + "0"):
        refused(
            "not_proposed",
            partial(adopt_rulebook, room.desk, named, actor=ANNA, sign=KEYS[ANNA].sign),
            room,
        )
    with pytest.raises(RulebookRefused):
        room.propose("not = 'a rulebook'")


def test_a_text_edited_in_the_store_is_not_adopted() -> None:
    """Neither text nor terms can be changed after they were proposed."""

    def ended_at_once(one: RulebookProposal) -> RulebookProposal:
        return dataclasses.replace(one, terms=dataclasses.replace(one.terms, comments_until=one.terms.comments_from))

    def another_text(one: RulebookProposal) -> RulebookProposal:
        return dataclasses.replace(one, text=SECOND)

    def unsigned(one: RulebookProposal) -> RulebookProposal:
        return dataclasses.replace(one, signature=bytes(64))

    for changed in (ended_at_once, another_text, unsigned):
        store = MemoryStore()
        room = RulebookRoom(store=store)
        proposal = room.propose()
        room.clock.now = proposal.terms.comments_until
        kept: dict[str, RulebookProposal] = store._tables.rulebooks.proposals
        kept.clear()
        altered = changed(proposal)
        kept[altered.proposal_id] = altered
        before = room.entries()
        with pytest.raises(RulebookChangeRefused) as caught:
            room.adopt(altered, ANNA)
        assert caught.value.reason == "altered"
        assert room.entries() == before
        assert not room.ledger().ok or altered.text != proposal.text


def test_a_key_withdrawn_in_between_counts_no_more(room: RulebookRoom) -> None:
    """What it signed is void; with a new key its owner signs again, and is still one person."""
    enrol_actor(room.desk, CARL, KEYS[CARL].public_key)
    proposal = room.propose()
    room.clock.now = proposal.terms.comments_until
    room.adopt(proposal, BERT)
    withdraw_actor(room.desk, BERT)
    refused("not_enrolled", lambda: room.adopt(proposal, BERT), room)
    assert room.adopt(proposal, ANNA).adoption is None
    new = key_of(8)
    enrol_actor(room.desk, BERT, new.public_key)
    adopting = adopt_rulebook(room.desk, proposal.proposal_id, actor=BERT, sign=new.sign)
    assert adopting.adoption is not None
    assert {one.public_key for one in adopting.adoption.signed} == {KEYS[ANNA].public_key, new.public_key}
    assert room.line().today().sha256 == proposal.terms.sha256


def test_of_two_proposals_from_one_text_the_second_is_overtaken(room: RulebookRoom) -> None:
    """People commented on what it would have changed; it must be proposed anew."""
    room.adopted(FIRST)
    one, other = room.propose(SECOND), room.propose(THIRD, by=BERT)
    room.clock.now = other.terms.comments_until
    room.adopt(other, ANNA)
    room.adopt(one, BERT)
    assert room.adopt(one, ANNA).adoption is not None
    refused("superseded", lambda: room.adopt(other, BERT), room)
    assert [one.state for one in rulebook_history(room.desk)] == [
        ProposalState.REPLACED,
        ProposalState.IN_FORCE,
        ProposalState.OVERTAKEN,
    ]
    again = room.propose(THIRD)
    assert again.terms.previous_sha256 == one.terms.sha256


def test_adoptions_that_race_end_with_one(room: RulebookRoom) -> None:
    """Two processes give the last signature of two rival proposals at once: one is adopted, the other overtaken."""
    one, other = room.propose(FIRST), room.propose(SECOND)
    room.clock.now = other.terms.comments_until
    room.adopt(one, ANNA)
    room.adopt(other, ANNA)
    ended: list[str] = []
    together = threading.Barrier(2)

    def last_signature(proposal: RulebookProposal) -> None:
        together.wait()
        try:
            room.adopt(proposal, BERT)
            ended.append("adopted")
        except RulebookChangeRefused as refusal:
            ended.append(refusal.reason)

    threads = [threading.Thread(target=last_signature, args=(proposal,)) for proposal in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["adopted", "superseded"]
    assert room.ledger().ok
    with room.store.reading() as transaction:
        assert len(transaction.rulebook_adoptions()) == 1


def test_an_adopted_proposal_is_not_adopted_again(room: RulebookRoom) -> None:
    """Nor is its text proposed again while it is the newest."""
    adopting = room.adopted(FIRST)
    refused("already_adopted", lambda: room.adopt(adopting.proposal, ANNA), room)
    refused("already_adopted", lambda: room.propose(FIRST), room)


def test_nobody_is_governed_backwards(room: RulebookRoom) -> None:
    """A first day lies neither before the end of the comments nor before the adoption nor before the one replaced."""
    refused("effective_day", lambda: room.propose(effective_from=room.in_days(29)), room)
    proposal = room.propose(effective_from=room.in_days(40))
    room.clock.forward(days=41)
    refused("effective_day", lambda: room.adopt(proposal, ANNA), room)
    room.adopted(FIRST, effective_from=room.in_days(100))
    refused("effective_day", lambda: room.propose(SECOND, effective_from=room.in_days(50)), room)
    without_a_day = room.propose(SECOND)
    room.clock.now = without_a_day.terms.comments_until
    refused("effective_day", lambda: room.adopt(without_a_day, ANNA), room)


def test_a_house_is_founded_with_a_period_held_elsewhere(room: RulebookRoom) -> None:
    """It has a reference and two days that fit the rulebook; two people adopt it all the same; and only once."""
    now = room.clock.now
    held = Founding("DHS-2025-0001", now - timedelta(days=90), now - timedelta(days=60))
    for broken in (
        dataclasses.replace(held, held_elsewhere=" "),
        dataclasses.replace(held, held_elsewhere="two\nlines"),
        dataclasses.replace(held, comments_until=now + timedelta(days=1)),
        dataclasses.replace(held, comments_from=held.comments_until),
    ):
        refused("founding", partial(room.propose, founding=broken), room)
    short = dataclasses.replace(held, comments_from=held.comments_until - timedelta(days=29))
    refused("comments_too_short", lambda: room.propose(founding=short), room)
    proposal = room.propose(founding=held)
    assert proposal.terms.held_elsewhere == "DHS-2025-0001"
    room.adopt(proposal, ANNA)
    assert room.adopt(proposal, BERT).adoption is not None
    refused("founding", lambda: room.propose(SECOND, founding=held), room)
