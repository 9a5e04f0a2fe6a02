"""Take down what anybody says about a proposed rulebook, and let it go at its deadline."""

from __future__ import annotations

from fairgate.errors import RulebookChangeRefused
from fairgate.ledger.entry import MAX_ERASED, Entry, EntryKind, Erased, ErasureReason
from fairgate.rules.retention import erase_by
from fairgate.services.rulebook_desk import PURPOSE, RulebookDesk
from fairgate.services.rulebook_records import RulebookComment
from fairgate.vocabulary import RecordClass, Status

LONGEST_COMMENT = 20_000
LONGEST_PERSON = 200


def comment_on_rulebook(
    desk: RulebookDesk, proposal_id: str, text: str, *, person: str | None = None
) -> RulebookComment:
    """Keep a comment; the ledger counts it and commits to it, and holds nothing of what it says.

    Args:
        desk: store, ledger and clock.
        proposal_id: or the beginning of it.
        text: 1 to 20 000 characters.
        person: who says so, where they want that kept; at most 200 characters.

    Raises:
        RulebookChangeRefused: there is no such proposal, comments are not taken any more or are taken elsewhere, or
            there is nothing in it.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_COMMENT or (person is not None and len(person) > LONGEST_PERSON):
        raise RulebookChangeRefused(
            f"A comment has 1 to {LONGEST_COMMENT} characters, and a name {LONGEST_PERSON} at most.", reason="empty"
        )
    with desk.store.writing() as transaction:
        proposal = desk.proposal(transaction, proposal_id)
        now = desk.moment(transaction)
        if now >= proposal.terms.comments_until:
            raise RulebookChangeRefused(
                f"Comments were taken until {proposal.terms.comments_until:%Y-%m-%d %H:%M} UTC.", reason="comments_over"
            )
        governing = desk.governing(transaction, desk.read(proposal.text))
        comment = RulebookComment(
            proposal_id=proposal.proposal_id,
            number=len(transaction.rulebook_comments(proposal.proposal_id)) + 1,
            at=now,
            text=words,
            person=person.strip() or None if person is not None else None,
            erase_by=erase_by(governing, RecordClass.CASE, Status.UNKNOWN, now),
            salt=desk.salt(),
            ledger_index=transaction.ledger_size(),
        )
        row = desk.enter(
            transaction,
            EntryKind.RULEBOOK_COMMENT,
            comment,
            at=now,
            actor=desk.operator,
            rulebook_sha256=proposal.terms.sha256,
            refers_to=proposal.ledger_index,
            counts=(("number", comment.number),),
            erase_by=comment.erase_by,
        )
        transaction.add_rulebook_comment(comment)
    desk.registrar.committed(row)
    return comment


def erase_old_comments(desk: RulebookDesk) -> int:
    """Erase text and person of comments whose deadline has passed, enter that, and return how many."""
    now = desk.clock()
    with desk.store.reading() as transaction:
        if not any(one.text is not None and one.erase_by <= now for one in transaction.rulebook_comments()):
            return 0
    with desk.store.writing() as transaction:
        erased = transaction.erase_rulebook_comments(now)
        rows = [
            desk.registrar.append(
                transaction,
                Entry(
                    kind=EntryKind.ERASURE,
                    at=now,
                    actor=desk.operator,
                    purpose=PURPOSE,
                    reason=ErasureReason.DEADLINE,
                    counts=(("comments", len(erased[start : start + MAX_ERASED])),),
                    erased=tuple(Erased(leaf, RecordClass.CASE) for leaf in erased[start : start + MAX_ERASED]),
                ),
            )
            for start in range(0, len(erased), MAX_ERASED)
        ]
    for row in rows:
        desk.registrar.committed(row)
    return len(erased)
