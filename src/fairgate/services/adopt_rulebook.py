"""Adopt a proposed rulebook: two different people sign, once the comment period is over.

The message that they sign names the proposal, the text's digest and the digest of the rulebook in whose place it comes
(:func:`fairgate.services.rulebook_records.adoption_message`). The last signature that is needed adopts it, in the same
transaction. What two people do who share a room, or one person with two enrolled keys, no program can see: enrolments
are ledger entries, so that somebody else can.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from fairgate.errors import RulebookChangeRefused
from fairgate.ledger.entry import EntryKind
from fairgate.services.ports import WriteTransaction
from fairgate.services.records import LedgerRow
from fairgate.services.rulebook_desk import RulebookDesk, Sign, head_of
from fairgate.services.rulebook_proof import is_committed, signed_by
from fairgate.services.rulebook_records import (
    RulebookAdoption,
    RulebookApproval,
    RulebookProposal,
    Signed,
    adoption_message,
)
from fairgate.vocabulary import Actor

LEAST_SIGNERS = 2


@dataclass(frozen=True, slots=True)
class Adopting:
    """How far an adoption is.

    Args:
        proposal: what is to be adopted.
        signed: whose signatures count, in the order in which they signed.
        needed: how many are needed.
        adoption: once it is adopted; else ``None``.
    """

    proposal: RulebookProposal
    signed: tuple[Signed, ...]
    needed: int
    adoption: RulebookAdoption | None


def adopt_rulebook(desk: RulebookDesk, proposal_id: str, *, actor: Actor, sign: Sign) -> Adopting:
    """Keep one actor's signature of a proposal, and adopt it with the last that is needed.

    Args:
        desk: store, ledger and clock.
        proposal_id: or the beginning of it.
        actor: who signs; must be enrolled.
        sign: with the actor's key.

    Raises:
        RulebookChangeRefused: nothing is proposed under that name, it was altered, comments are still taken, it was
            adopted already or departs from what is no longer the newest, its first day has passed, the actor is not
            enrolled or has signed already, or the signature is not theirs.
    """
    with desk.store.writing() as transaction:
        proposal = desk.proposal(transaction, proposal_id)
        enrolled = desk.enrolled(transaction, actor)
        now = desk.moment(transaction)
        head = _require_adoptable(desk, transaction, proposal, now)
        terms = proposal.terms
        message = adoption_message(proposal.proposal_id, terms.sha256, terms.previous_sha256)
        before = _that_count(transaction, proposal, message)
        if any(actor == one.actor or enrolled.public_key == one.public_key for one in before):
            raise RulebookChangeRefused(
                f"{actor} has signed already; another person must.",
                reason="same_actor",
                way_out="Run `fairgate rules adopt` as another actor, with their key.",
            )
        signature = sign(message)
        if not signed_by(enrolled.public_key, message, signature):
            raise RulebookChangeRefused(
                f"That is not the signature of {actor} for this proposal.",
                reason="signature",
                way_out="Sign with the enrolled key.",
            )
        signed = (*before, Signed(actor, enrolled.public_key, signature))
        row = _add_approval(desk, transaction, proposal, signed[-1], now)
        governing = desk.governing(transaction, desk.read(proposal.text))
        needed = max(LEAST_SIGNERS, governing.changes.approvers)
        adoption = None
        if len(signed) >= needed:
            adoption, row = _add_adoption(desk, transaction, proposal, signed, now=now, head=head)
    desk.registrar.committed(row)
    return Adopting(proposal, signed, needed, adoption)


def _require_adoptable(
    desk: RulebookDesk, transaction: WriteTransaction, proposal: RulebookProposal, now: datetime
) -> RulebookAdoption | None:
    """Return the newest adoption in whose place the proposal would come."""
    terms = proposal.terms
    if (
        hashlib.sha256(proposal.text.encode("utf-8")).hexdigest() != terms.sha256
        or not signed_by(terms.public_key, terms.message(), proposal.signature)
        or not is_committed(transaction, proposal, EntryKind.RULEBOOK_PROPOSED, terms.sha256)
    ):
        raise RulebookChangeRefused(
            "The proposal is not as it was proposed.", reason="altered", way_out="Run `fairgate ledger verify`."
        )
    if any(one.proposal_id == proposal.proposal_id for one in transaction.rulebook_adoptions()):
        raise RulebookChangeRefused("That proposal is adopted.", reason="already_adopted")
    if now < terms.comments_until:
        raise RulebookChangeRefused(
            f"Comments are taken until {terms.comments_until:%Y-%m-%d %H:%M} UTC.", reason="comments_open"
        )
    head = head_of(transaction, terms.rulebook_id)
    if (head.sha256 if head else None) != terms.previous_sha256:
        raise RulebookChangeRefused(
            "Another text was adopted since this one was proposed.",
            reason="superseded",
            way_out="Propose it anew, so that people can comment on what it would change now.",
        )
    today = desk.day(now)
    if terms.effective_from is not None and terms.effective_from < today:
        raise RulebookChangeRefused(
            f"Its first day, {terms.effective_from}, has passed; nobody is governed backwards.",
            reason="effective_day",
            way_out="Propose it anew with a later first day.",
        )
    if head is not None and (terms.effective_from or today) < head.effective_from:
        raise RulebookChangeRefused(
            f"The rulebook that it departs from begins on {head.effective_from}.", reason="effective_day"
        )
    return head


def _that_count(transaction: WriteTransaction, proposal: RulebookProposal, message: bytes) -> tuple[Signed, ...]:
    """Return the signatures so far whose key is enrolled still, one an actor."""
    keys = {one.public_key: one for one in transaction.rulebook_actors() if one.withdrawn_at is None}
    counted: dict[Actor, Signed] = {}
    for approval in transaction.rulebook_approvals(proposal.proposal_id):
        signed, key = approval.signed, keys.get(approval.signed.public_key)
        if (
            key is not None
            and key.actor == signed.actor
            and signed_by(signed.public_key, message, signed.signature)
            and is_committed(transaction, key, EntryKind.ACTOR_ENROLLED)
            and is_committed(transaction, approval, EntryKind.RULEBOOK_APPROVED)
        ):
            counted[signed.actor] = signed
    return tuple(counted.values())


def _add_approval(
    desk: RulebookDesk, transaction: WriteTransaction, proposal: RulebookProposal, signed: Signed, now: datetime
) -> LedgerRow:
    approval = RulebookApproval(proposal.proposal_id, signed, now, desk.salt(), transaction.ledger_size())
    row = desk.enter(
        transaction,
        EntryKind.RULEBOOK_APPROVED,
        approval,
        at=now,
        actor=signed.actor,
        rulebook_sha256=proposal.terms.sha256,
        refers_to=proposal.ledger_index,
    )
    transaction.add_rulebook_approval(approval)
    return row


def _add_adoption(
    desk: RulebookDesk,
    transaction: WriteTransaction,
    proposal: RulebookProposal,
    signed: tuple[Signed, ...],
    *,
    now: datetime,
    head: RulebookAdoption | None,
) -> tuple[RulebookAdoption, LedgerRow]:
    terms = proposal.terms
    adoption = RulebookAdoption(
        proposal_id=proposal.proposal_id,
        rulebook_id=terms.rulebook_id,
        sha256=terms.sha256,
        previous_sha256=head.sha256 if head else None,
        effective_from=terms.effective_from or desk.day(now),
        adopted_at=now,
        signed=signed,
        salt=desk.salt(),
        ledger_index=transaction.ledger_size(),
    )
    row = desk.enter(
        transaction,
        EntryKind.RULEBOOK,
        adoption,
        at=now,
        actor=signed[-1].actor,
        rulebook_sha256=terms.sha256,
        refers_to=proposal.ledger_index,
        counts=(
            ("signed", len(signed)),
            ("comments", len(transaction.rulebook_comments(proposal.proposal_id))),
        ),
    )
    transaction.add_rulebook_adoption(adoption)
    return adoption, row
