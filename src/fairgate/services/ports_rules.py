"""What changes of a rulebook, and exports under it, need of a store, as Protocols; part of its transactions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from fairgate.services.export_records import ExportRecord
from fairgate.services.rulebook_records import (
    EnrolledActor,
    RulebookAdoption,
    RulebookApproval,
    RulebookComment,
    RulebookProposal,
)


class ReadRulebookChanges(Protocol):
    """What can be asked about changes of rulebooks."""

    def rulebook_actors(self) -> Sequence[EnrolledActor]:
        """Return everybody who was ever enrolled, in the ledger's order."""
        ...

    def rulebook_proposals(self) -> Sequence[RulebookProposal]:
        """Return every proposal, in the ledger's order."""
        ...

    def rulebook_proposal(self, proposal_id: str) -> RulebookProposal | None:
        """Return one proposal, or ``None``."""
        ...

    def rulebook_comments(self, proposal_id: str | None = None) -> Sequence[RulebookComment]:
        """Return the comments on one proposal or on all, in the ledger's order, erased ones too."""
        ...

    def rulebook_approvals(self, proposal_id: str | None = None) -> Sequence[RulebookApproval]:
        """Return who signed one proposal or any, in the ledger's order."""
        ...

    def rulebook_adoptions(self) -> Sequence[RulebookAdoption]:
        """Return every adoption, in the ledger's order."""
        ...

    def exports(self) -> Sequence[ExportRecord]:
        """Return what was exported, in the ledger's order."""
        ...


class WriteRulebookChanges(Protocol):
    """What changes of rulebooks keep; each record's ledger entry is appended before the block ends.

    Every method raises ``StoreFault`` for a record that is there already or names another that is not.
    """

    def add_rulebook_actor(self, actor: EnrolledActor) -> None:
        """Keep an enrolment; a key that was ever enrolled is refused."""
        ...

    def withdraw_rulebook_actor(self, public_key: bytes, at: datetime, ledger_index: int) -> None:
        """Note that a key counts no more."""
        ...

    def add_rulebook_proposal(self, proposal: RulebookProposal) -> None:
        """Keep a proposal."""
        ...

    def add_rulebook_comment(self, comment: RulebookComment) -> None:
        """Keep a comment."""
        ...

    def erase_rulebook_comments(self, due: datetime) -> Sequence[int]:
        """Drop text, person and salt of comments whose deadline is ``due`` or before; return their entries."""
        ...

    def add_rulebook_approval(self, approval: RulebookApproval) -> None:
        """Keep a signature; one of the same key for the same proposal is refused."""
        ...

    def add_rulebook_adoption(self, adoption: RulebookAdoption) -> None:
        """Keep an adoption; a proposal is adopted once."""
        ...

    def add_export(self, export: ExportRecord) -> None:
        """Keep that records were exported."""
        ...
