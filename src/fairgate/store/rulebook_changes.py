"""Changes of rulebooks, in SQL: who may propose and adopt, proposals, comments, signatures and adoptions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from fairgate.errors import StoreFault
from fairgate.services.export_records import ExportRecord
from fairgate.services.rulebook_records import (
    EnrolledActor,
    ProposalTerms,
    RulebookAdoption,
    RulebookApproval,
    RulebookComment,
    RulebookProposal,
    Signed,
)
from fairgate.store import checks
from fairgate.store import schema_rulebooks as tables
from fairgate.store.transaction import SqlTransaction
from fairgate.vocabulary import Actor, ActorKind


class SqlRulebookReads(SqlTransaction):
    """The questions about changes of rulebooks."""

    def rulebook_actors(self) -> Sequence[EnrolledActor]:
        """Return everybody who was ever enrolled, in the ledger's order."""
        asked = select(tables.rulebook_actor).order_by(tables.rulebook_actor.c.ledger_index)
        return self._rows(asked, _actor_record)

    def rulebook_proposals(self) -> Sequence[RulebookProposal]:
        """Return every proposal, in the ledger's order."""
        asked = select(tables.rulebook_proposal).order_by(tables.rulebook_proposal.c.ledger_index)
        return self._rows(asked, _proposal_record)

    def rulebook_proposal(self, proposal_id: str) -> RulebookProposal | None:
        """Return one proposal, or ``None``."""
        asked = select(tables.rulebook_proposal).where(tables.rulebook_proposal.c.proposal_id == proposal_id)
        found = self._rows(asked, _proposal_record)
        return found[0] if found else None

    def rulebook_comments(self, proposal_id: str | None = None) -> Sequence[RulebookComment]:
        """Return the comments on one proposal or on all, in the ledger's order, erased ones too."""
        asked = select(tables.rulebook_comment).order_by(tables.rulebook_comment.c.ledger_index)
        if proposal_id is not None:
            asked = asked.where(tables.rulebook_comment.c.proposal_id == proposal_id)
        return self._rows(asked, _comment_record)

    def rulebook_approvals(self, proposal_id: str | None = None) -> Sequence[RulebookApproval]:
        """Return who signed one proposal or any, in the ledger's order."""
        asked = select(tables.rulebook_approval).order_by(tables.rulebook_approval.c.ledger_index)
        if proposal_id is not None:
            asked = asked.where(tables.rulebook_approval.c.proposal_id == proposal_id)
        return self._rows(asked, _approval_record)

    def rulebook_adoptions(self) -> Sequence[RulebookAdoption]:
        """Return every adoption, in the ledger's order."""
        asked = select(tables.rulebook_adoption).order_by(tables.rulebook_adoption.c.ledger_index)
        return self._rows(asked, _adoption_record)

    def exports(self) -> Sequence[ExportRecord]:
        """Return what was exported, in the ledger's order."""
        asked = select(tables.export).order_by(tables.export.c.ledger_index)
        return self._rows(asked, lambda row: ExportRecord(row.header, row.salt, row.ledger_index))


class SqlRulebookWrites(SqlRulebookReads):
    """The part of a write transaction that changes rulebooks; constraints refuse what is there already."""

    erased: bool

    def add_rulebook_actor(self, actor: EnrolledActor) -> None:
        """Keep an enrolment; a key that was ever enrolled is refused."""
        with self._guard.operation():
            checks.check_moment(actor.enrolled_at)
            self._connection.execute(
                insert(tables.rulebook_actor).values(
                    public_key=actor.public_key,
                    actor=str(actor.actor),
                    enrolled_at_utc=actor.enrolled_at,
                    salt=actor.salt,
                    ledger_index=actor.ledger_index,
                    withdrawn_at_utc=actor.withdrawn_at,
                    withdrawn_index=actor.withdrawn_index,
                )
            )

    def withdraw_rulebook_actor(self, public_key: bytes, at: datetime, ledger_index: int) -> None:
        """Note that a key counts no more."""
        with self._guard.operation():
            changed = self._connection.execute(
                update(tables.rulebook_actor)
                .where(
                    tables.rulebook_actor.c.public_key == public_key,
                    tables.rulebook_actor.c.withdrawn_at_utc.is_(None),
                )
                .values(withdrawn_at_utc=at, withdrawn_index=ledger_index)
            )
            if changed.rowcount != 1:
                raise StoreFault("A key that is not enrolled cannot be withdrawn.")

    def add_rulebook_proposal(self, proposal: RulebookProposal) -> None:
        """Keep a proposal."""
        terms = proposal.terms
        with self._guard.operation():
            self._connection.execute(
                insert(tables.rulebook_proposal).values(
                    proposal_id=proposal.proposal_id,
                    rulebook_id=terms.rulebook_id,
                    sha256=terms.sha256,
                    previous_sha256=terms.previous_sha256,
                    proposer=str(terms.proposer),
                    public_key=terms.public_key,
                    proposed_at_utc=terms.proposed_at,
                    comments_from_utc=terms.comments_from,
                    comments_until_utc=terms.comments_until,
                    held_elsewhere=terms.held_elsewhere,
                    effective_from=terms.effective_from.isoformat() if terms.effective_from else None,
                    toml=proposal.text,
                    signature=proposal.signature,
                    salt=proposal.salt,
                    ledger_index=proposal.ledger_index,
                )
            )

    def add_rulebook_comment(self, comment: RulebookComment) -> None:
        """Keep a comment."""
        with self._guard.operation():
            self._connection.execute(
                insert(tables.rulebook_comment).values(
                    proposal_id=comment.proposal_id,
                    number=comment.number,
                    at_utc=comment.at,
                    words=comment.text,
                    person=comment.person,
                    erase_by_utc=comment.erase_by,
                    salt=comment.salt,
                    ledger_index=comment.ledger_index,
                )
            )

    def erase_rulebook_comments(self, due: datetime) -> Sequence[int]:
        """Drop text, person and salt of comments whose deadline is ``due`` or before; return their entries."""
        expired = (tables.rulebook_comment.c.erase_by_utc <= due, tables.rulebook_comment.c.words.is_not(None))
        entries = self._rows(
            select(tables.rulebook_comment.c.ledger_index).where(*expired), lambda row: int(row.ledger_index)
        )
        with self._guard.operation():
            if entries:
                self._connection.execute(
                    update(tables.rulebook_comment).where(*expired).values(words=None, person=None, salt=b"")
                )
                self.erased = True
        return sorted(entries)

    def add_rulebook_approval(self, approval: RulebookApproval) -> None:
        """Keep a signature; one of the same key for the same proposal is refused."""
        with self._guard.operation():
            self._connection.execute(
                insert(tables.rulebook_approval).values(
                    proposal_id=approval.proposal_id,
                    public_key=approval.signed.public_key,
                    actor=str(approval.signed.actor),
                    signature=approval.signed.signature,
                    at_utc=approval.at,
                    salt=approval.salt,
                    ledger_index=approval.ledger_index,
                )
            )

    def add_rulebook_adoption(self, adoption: RulebookAdoption) -> None:
        """Keep an adoption; a proposal is adopted once."""
        signed = [[str(one.actor), one.public_key.hex(), one.signature.hex()] for one in adoption.signed]
        with self._guard.operation():
            self._connection.execute(
                insert(tables.rulebook_adoption).values(
                    proposal_id=adoption.proposal_id,
                    rulebook_id=adoption.rulebook_id,
                    sha256=adoption.sha256,
                    previous_sha256=adoption.previous_sha256,
                    effective_from=adoption.effective_from.isoformat(),
                    adopted_at_utc=adoption.adopted_at,
                    signed_json=json.dumps(signed),
                    salt=adoption.salt,
                    ledger_index=adoption.ledger_index,
                )
            )

    def add_export(self, export: ExportRecord) -> None:
        """Keep that records were exported."""
        with self._guard.operation():
            self._connection.execute(
                insert(tables.export).values(ledger_index=export.ledger_index, header=export.header, salt=export.salt)
            )


def _actor(text: str) -> Actor:
    kind, _, identifier = text.partition(":")
    return Actor(ActorKind(kind), identifier)


def _actor_record(row: Row[Any]) -> EnrolledActor:
    return EnrolledActor(
        actor=_actor(row.actor),
        public_key=row.public_key,
        enrolled_at=row.enrolled_at_utc,
        salt=row.salt,
        ledger_index=row.ledger_index,
        withdrawn_at=row.withdrawn_at_utc,
        withdrawn_index=row.withdrawn_index,
    )


def _proposal_record(row: Row[Any]) -> RulebookProposal:
    terms = ProposalTerms(
        rulebook_id=row.rulebook_id,
        sha256=row.sha256,
        previous_sha256=row.previous_sha256,
        proposer=_actor(row.proposer),
        public_key=row.public_key,
        proposed_at=row.proposed_at_utc,
        comments_from=row.comments_from_utc,
        comments_until=row.comments_until_utc,
        held_elsewhere=row.held_elsewhere,
        effective_from=date.fromisoformat(row.effective_from) if row.effective_from else None,
    )
    return RulebookProposal(
        terms=terms, text=row.toml, signature=row.signature, salt=row.salt, ledger_index=row.ledger_index
    )


def _comment_record(row: Row[Any]) -> RulebookComment:
    return RulebookComment(
        proposal_id=row.proposal_id,
        number=row.number,
        at=row.at_utc,
        text=row.words,
        person=row.person,
        erase_by=row.erase_by_utc,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )


def _approval_record(row: Row[Any]) -> RulebookApproval:
    return RulebookApproval(
        proposal_id=row.proposal_id,
        signed=Signed(_actor(row.actor), row.public_key, row.signature),
        at=row.at_utc,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )


def _adoption_record(row: Row[Any]) -> RulebookAdoption:
    return RulebookAdoption(
        proposal_id=row.proposal_id,
        rulebook_id=row.rulebook_id,
        sha256=row.sha256,
        previous_sha256=row.previous_sha256,
        effective_from=date.fromisoformat(row.effective_from),
        adopted_at=row.adopted_at_utc,
        signed=tuple(
            Signed(_actor(actor), bytes.fromhex(public_key), bytes.fromhex(signature))
            for actor, public_key, signature in json.loads(row.signed_json)
        ),
        salt=row.salt,
        ledger_index=row.ledger_index,
    )
