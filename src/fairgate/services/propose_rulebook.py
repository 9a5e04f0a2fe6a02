"""Propose a rulebook: its whole text, wholly checked, laid open for comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fairgate.errors import RulebookChangeRefused
from fairgate.ledger.entry import EntryKind
from fairgate.rules.rulebook import Rulebook
from fairgate.services.ports import WriteTransaction
from fairgate.services.rulebook_desk import RulebookDesk, Sign, head_of
from fairgate.services.rulebook_proof import signed_by
from fairgate.services.rulebook_records import ProposalTerms, RulebookAdoption, RulebookProposal
from fairgate.vocabulary import Actor

_LONGEST_REFERENCE = 200
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Founding:
    """The comment period of a house's first rulebook, held elsewhere before there was a house.

    Args:
        held_elsewhere: where: a docket or a gazette, e.g. ``"DHS-2025-0001"``.
        comments_from: aware; when it began.
        comments_until: aware; when it ended.
    """

    held_elsewhere: str
    comments_from: datetime
    comments_until: datetime


@dataclass(frozen=True, slots=True)
class ToPropose:
    """What is to be proposed.

    Args:
        text: the rulebook as TOML.
        comment_days: how long comments are taken; ``None`` for as long as the rulebook in force asks for.
        effective_from: first day at the port; ``None`` for the day of adoption.
        founding: the period held elsewhere, for the first rulebook of a house that has governed nobody.
    """

    text: str
    comment_days: int | None = None
    effective_from: date | None = None
    founding: Founding | None = None


def propose_rulebook(desk: RulebookDesk, wanted: ToPropose, *, actor: Actor, sign: Sign) -> RulebookProposal:
    """Keep a proposal and enter it in the ledger.

    Args:
        desk: store, ledger and clock.
        wanted: what is proposed.
        actor: who proposes; must be enrolled.
        sign: with the actor's key.

    Raises:
        RulebookRefused: the text is no sound rulebook.
        RulebookChangeRefused: the actor is not enrolled, the signature is not theirs, the text is adopted already, the
            period is too short, the first day lies before its end, or there is nothing to found.
    """
    rulebook = desk.read(wanted.text)
    with desk.store.writing() as transaction:
        enrolled = desk.enrolled(transaction, actor)
        now = desk.moment(transaction)
        head = head_of(transaction, rulebook.id)
        if head is not None and head.sha256 == rulebook.sha256:
            raise RulebookChangeRefused("That text is the newest adopted.", reason="already_adopted")
        least_days = desk.governing(transaction, rulebook).changes.comment_days
        begins, ends = _period(transaction, wanted, now, least_days)
        _require_first_day(desk, wanted.effective_from, ends, head)
        terms = ProposalTerms(
            rulebook_id=rulebook.id,
            sha256=rulebook.sha256,
            previous_sha256=head.sha256 if head else None,
            proposer=actor,
            public_key=enrolled.public_key,
            proposed_at=now,
            comments_from=begins,
            comments_until=ends,
            held_elsewhere=wanted.founding.held_elsewhere if wanted.founding else None,
            effective_from=wanted.effective_from,
        )
        signature = sign(terms.message())
        if not signed_by(enrolled.public_key, terms.message(), signature):
            raise RulebookChangeRefused(
                f"That is not the signature of {actor}.", reason="signature", way_out="Sign with the enrolled key."
            )
        proposal = RulebookProposal(terms, wanted.text, signature, desk.salt(), transaction.ledger_size())
        row = desk.enter(
            transaction,
            EntryKind.RULEBOOK_PROPOSED,
            proposal,
            at=now,
            actor=actor,
            rulebook_sha256=rulebook.sha256,
            refers_to=head.ledger_index if head else None,
            counts=_counts(rulebook, begins, ends, wanted),
        )
        transaction.add_rulebook_proposal(proposal)
    desk.registrar.committed(row)
    return proposal


def _counts(rulebook: Rulebook, begins: datetime, ends: datetime, wanted: ToPropose) -> tuple[tuple[str, int], ...]:
    return (
        ("comment_days", (ends - begins).days),
        ("held_elsewhere", int(wanted.founding is not None)),
        ("rules", len(rulebook.rules)),
    )


def _period(
    transaction: WriteTransaction, wanted: ToPropose, now: datetime, least_days: int
) -> tuple[datetime, datetime]:
    founding = wanted.founding
    if founding is None:
        days = least_days if wanted.comment_days is None else wanted.comment_days
        begins, ends = now, now + timedelta(days=min(days, _MOST_DAYS))
    else:
        _require_founding(transaction, founding, now)
        begins, ends = founding.comments_from.astimezone(UTC), founding.comments_until.astimezone(UTC)
    if ends - begins < timedelta(days=least_days):
        raise RulebookChangeRefused(
            f"Comments must be taken for {least_days} days at least.", reason="comments_too_short"
        )
    return begins, ends


def _require_founding(transaction: WriteTransaction, founding: Founding, now: datetime) -> None:
    if transaction.rulebook_adoptions() or transaction.flights():
        raise RulebookChangeRefused(
            "Only a house that has governed nobody is founded.",
            reason="founding",
            way_out="Propose it with a comment period that is held here.",
        )
    reference = founding.held_elsewhere
    if not reference.strip() or len(reference) > _LONGEST_REFERENCE or not reference.isprintable():
        raise RulebookChangeRefused("Say in one line where comments were taken.", reason="founding")
    if not founding.comments_from < founding.comments_until <= now:
        raise RulebookChangeRefused(
            "A comment period held elsewhere began before it ended, and has ended.", reason="founding"
        )


def _require_first_day(
    desk: RulebookDesk, first_day: date | None, ends: datetime, head: RulebookAdoption | None
) -> None:
    if first_day is None:
        return
    if first_day < desk.day(ends):
        raise RulebookChangeRefused(
            f"Its first day would lie before the end of the comment period on {desk.day(ends)}.",
            reason="effective_day",
        )
    if head is not None and first_day < head.effective_from:
        raise RulebookChangeRefused(
            f"The rulebook that it departs from begins on {head.effective_from}.", reason="effective_day"
        )
