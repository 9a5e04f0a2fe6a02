"""Tell what was proposed, what was said about it, who signed, and what is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fairgate.services.rulebook_desk import RulebookDesk, head_of
from fairgate.services.rulebook_records import (
    RulebookAdoption,
    RulebookApproval,
    RulebookComment,
    RulebookProposal,
)


class ProposalState(StrEnum):
    """How far a proposal is."""

    COMMENTS_OPEN = "comments_open"
    WAITS_FOR_SIGNATURES = "waits_for_signatures"
    OVERTAKEN = "overtaken"
    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ProposalHistory:
    """One proposal and what became of it.

    Args:
        proposal: what was proposed.
        state: how far it is, today at the port.
        comments: how many were taken here.
        approvals: who signed, with a key that is enrolled still or was when it was adopted.
        adoption: once adopted; else ``None``.
    """

    proposal: RulebookProposal
    state: ProposalState
    comments: int
    approvals: tuple[RulebookApproval, ...]
    adoption: RulebookAdoption | None


def rulebook_history(desk: RulebookDesk) -> tuple[ProposalHistory, ...]:
    """Return every proposal, oldest first."""
    now = desk.clock()
    today = desk.day(now)
    with desk.store.reading() as transaction:
        adoptions = transaction.rulebook_adoptions()
        comments = transaction.rulebook_comments()
        approvals = transaction.rulebook_approvals()
        keys = {one.public_key for one in transaction.rulebook_actors() if one.withdrawn_at is None}
        proposals = transaction.rulebook_proposals()
        heads = {one.terms.rulebook_id: head_of(transaction, one.terms.rulebook_id) for one in proposals}
    of_proposal = {one.proposal_id: one for one in adoptions}
    in_force = {one.rulebook_id: one.proposal_id for one in adoptions if one.effective_from <= today}

    def state(proposal: RulebookProposal) -> ProposalState:
        terms, adoption = proposal.terms, of_proposal.get(proposal.proposal_id)
        head = heads[terms.rulebook_id]
        if adoption is not None:
            if in_force.get(adoption.rulebook_id) == adoption.proposal_id:
                return ProposalState.IN_FORCE
            return ProposalState.ADOPTED if adoption.effective_from > today else ProposalState.REPLACED
        if (head.sha256 if head else None) != terms.previous_sha256:
            return ProposalState.OVERTAKEN
        return ProposalState.COMMENTS_OPEN if now < terms.comments_until else ProposalState.WAITS_FOR_SIGNATURES

    return tuple(
        ProposalHistory(
            proposal=proposal,
            state=state(proposal),
            comments=sum(one.proposal_id == proposal.proposal_id for one in comments),
            approvals=tuple(
                one
                for one in approvals
                if one.proposal_id == proposal.proposal_id
                and (one.signed.public_key in keys or proposal.proposal_id in of_proposal)
            ),
            adoption=of_proposal.get(proposal.proposal_id),
        )
        for proposal in proposals
    )


def comments_on(desk: RulebookDesk, proposal_id: str) -> Sequence[RulebookComment]:
    """Return the comments on one proposal, in the order in which they came.

    Raises:
        RulebookChangeRefused: there is no such proposal.
    """
    with desk.store.reading() as transaction:
        return transaction.rulebook_comments(desk.proposal(transaction, proposal_id).proposal_id)
