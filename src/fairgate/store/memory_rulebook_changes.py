"""Changes of rulebooks, in this process; the same as :mod:`fairgate.store.rulebook_changes` does in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TypeVar

from fairgate.errors import StoreFault
from fairgate.services.export_records import ExportRecord
from fairgate.services.rulebook_records import (
    EnrolledActor,
    RulebookAdoption,
    RulebookApproval,
    RulebookComment,
    RulebookProposal,
)
from fairgate.store import checks
from fairgate.store.guard import TransactionGuard

_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class RulebookTables:
    """What is kept of changes of rulebooks, in the order in which it came."""

    actors: dict[bytes, EnrolledActor] = field(default_factory=dict)
    proposals: dict[str, RulebookProposal] = field(default_factory=dict)
    comments: dict[tuple[str, int], RulebookComment] = field(default_factory=dict)
    approvals: dict[tuple[str, bytes], RulebookApproval] = field(default_factory=dict)
    adoptions: dict[str, RulebookAdoption] = field(default_factory=dict)
    exports: dict[int, ExportRecord] = field(default_factory=dict)

    def copy(self) -> RulebookTables:
        """Return tables that can be changed without changing these; the rows are shared."""
        return RulebookTables(**{one.name: getattr(self, one.name).copy() for one in fields(self)})

    def entries(self) -> Iterable[int]:
        """Yield the ledger entries that must be there."""
        for kept in fields(self):
            yield from (one.ledger_index for one in getattr(self, kept.name).values())


class MemoryRulebookReads:
    """The questions about changes of rulebooks; the whole transaction says what is kept and guards it."""

    _rulebooks: RulebookTables
    _guard: TransactionGuard

    def rulebook_actors(self) -> Sequence[EnrolledActor]:
        """Return everybody who was ever enrolled, in the ledger's order."""
        with self._guard.operation():
            return sorted(self._rulebooks.actors.values(), key=lambda one: one.ledger_index)

    def rulebook_proposals(self) -> Sequence[RulebookProposal]:
        """Return every proposal, in the ledger's order."""
        with self._guard.operation():
            return sorted(self._rulebooks.proposals.values(), key=lambda one: one.ledger_index)

    def rulebook_proposal(self, proposal_id: str) -> RulebookProposal | None:
        """Return one proposal, or ``None``."""
        with self._guard.operation():
            return self._rulebooks.proposals.get(proposal_id)

    def rulebook_comments(self, proposal_id: str | None = None) -> Sequence[RulebookComment]:
        """Return the comments on one proposal or on all, in the ledger's order, erased ones too."""
        with self._guard.operation():
            chosen = (one for one in self._rulebooks.comments.values() if proposal_id in {None, one.proposal_id})
            return sorted(chosen, key=lambda one: one.ledger_index)

    def rulebook_approvals(self, proposal_id: str | None = None) -> Sequence[RulebookApproval]:
        """Return who signed one proposal or any, in the ledger's order."""
        with self._guard.operation():
            chosen = (one for one in self._rulebooks.approvals.values() if proposal_id in {None, one.proposal_id})
            return sorted(chosen, key=lambda one: one.ledger_index)

    def rulebook_adoptions(self) -> Sequence[RulebookAdoption]:
        """Return every adoption, in the ledger's order."""
        with self._guard.operation():
            return sorted(self._rulebooks.adoptions.values(), key=lambda one: one.ledger_index)

    def exports(self) -> Sequence[ExportRecord]:
        """Return what was exported, in the ledger's order."""
        with self._guard.operation():
            return [self._rulebooks.exports[index] for index in sorted(self._rulebooks.exports)]


class MemoryRulebookWrites(MemoryRulebookReads):
    """The part of a write transaction that changes rulebooks."""

    def add_rulebook_actor(self, actor: EnrolledActor) -> None:
        """Keep an enrolment; a key that was ever enrolled is refused."""
        with self._guard.operation():
            checks.check_moment(actor.enrolled_at)
            _add(self._rulebooks.actors, actor.public_key, actor)

    def withdraw_rulebook_actor(self, public_key: bytes, at: datetime, ledger_index: int) -> None:
        """Note that a key counts no more."""
        with self._guard.operation():
            kept = self._rulebooks.actors.get(public_key)
            if kept is None or kept.withdrawn_at is not None:
                raise StoreFault("A key that is not enrolled cannot be withdrawn.")
            self._rulebooks.actors[public_key] = replace(kept, withdrawn_at=at, withdrawn_index=ledger_index)

    def add_rulebook_proposal(self, proposal: RulebookProposal) -> None:
        """Keep a proposal."""
        with self._guard.operation():
            _add(self._rulebooks.proposals, proposal.proposal_id, proposal)

    def add_rulebook_comment(self, comment: RulebookComment) -> None:
        """Keep a comment."""
        with self._guard.operation():
            self._require_proposal(comment.proposal_id)
            _add(self._rulebooks.comments, (comment.proposal_id, comment.number), comment)

    def erase_rulebook_comments(self, due: datetime) -> Sequence[int]:
        """Drop text, person and salt of comments whose deadline is ``due`` or before; return their entries."""
        with self._guard.operation():
            expired = [
                (key, one)
                for key, one in self._rulebooks.comments.items()
                if one.erase_by <= due and one.text is not None
            ]
            for key, one in expired:
                self._rulebooks.comments[key] = replace(one, text=None, person=None, salt=b"")
            return sorted(one.ledger_index for _, one in expired)

    def add_rulebook_approval(self, approval: RulebookApproval) -> None:
        """Keep a signature; one of the same key for the same proposal is refused."""
        with self._guard.operation():
            self._require_proposal(approval.proposal_id)
            if approval.signed.public_key not in self._rulebooks.actors:
                raise StoreFault("A signature names a key that was never enrolled.")
            _add(self._rulebooks.approvals, (approval.proposal_id, approval.signed.public_key), approval)

    def add_rulebook_adoption(self, adoption: RulebookAdoption) -> None:
        """Keep an adoption; a proposal is adopted once."""
        with self._guard.operation():
            self._require_proposal(adoption.proposal_id)
            _add(self._rulebooks.adoptions, adoption.proposal_id, adoption)

    def add_export(self, export: ExportRecord) -> None:
        """Keep that records were exported."""
        with self._guard.operation():
            _add(self._rulebooks.exports, export.ledger_index, export)

    def _require_proposal(self, proposal_id: str) -> None:
        if proposal_id not in self._rulebooks.proposals:
            raise StoreFault("The record names a proposal that does not exist.")


def _add(kept: dict[_Key, _Kept], key: _Key, record: _Kept) -> None:
    if kept.setdefault(key, record) is not record:
        raise StoreFault("The record contradicts what the store already holds.")
