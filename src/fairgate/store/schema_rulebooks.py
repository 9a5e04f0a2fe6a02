"""The tables of changes of rulebooks, as the newest migration leaves them; see :mod:`fairgate.store.schema`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
)

from fairgate.store.columns import UtcDateTime
from fairgate.store.schema import metadata


class RulebookActorColumns(TypedColumns):
    """A key that may propose and adopt; a key belongs to one actor for ever."""

    public_key: Named[bytes] = Column(LargeBinary, primary_key=True)
    actor: Named[str] = Column(Text)
    enrolled_at_utc: Named[datetime] = Column(UtcDateTime)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)
    withdrawn_at_utc: Named[datetime | None] = Column(UtcDateTime)
    withdrawn_index: Named[int | None] = Column(Integer)


class RulebookProposalColumns(TypedColumns):
    """A whole rulebook that somebody proposes; days are ISO 8601 text."""

    proposal_id: Named[str] = Column(Text, primary_key=True)
    rulebook_id: Named[str] = Column(Text)
    sha256: Named[str] = Column(Text)
    previous_sha256: Named[str | None] = Column(Text)
    proposer: Named[str] = Column(Text)
    public_key: Named[bytes] = Column(LargeBinary)
    proposed_at_utc: Named[datetime] = Column(UtcDateTime)
    comments_from_utc: Named[datetime] = Column(UtcDateTime)
    comments_until_utc: Named[datetime] = Column(UtcDateTime)
    held_elsewhere: Named[str | None] = Column(Text)
    effective_from: Named[str | None] = Column(Text)
    toml: Named[str] = Column(Text)
    signature: Named[bytes] = Column(LargeBinary)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class RulebookCommentColumns(TypedColumns):
    """What somebody wrote about a proposal; text, person and salt go at the deadline."""

    proposal_id: Named[str] = Column(Text, ForeignKey("rulebook_proposal.proposal_id"), primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    at_utc: Named[datetime] = Column(UtcDateTime)
    words: Named[str | None] = Column(Text)
    person: Named[str | None] = Column(Text)
    erase_by_utc: Named[datetime] = Column(UtcDateTime)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class RulebookApprovalColumns(TypedColumns):
    """One actor's signature of a proposal."""

    proposal_id: Named[str] = Column(Text, ForeignKey("rulebook_proposal.proposal_id"), primary_key=True)
    public_key: Named[bytes] = Column(LargeBinary, ForeignKey("rulebook_actor.public_key"), primary_key=True)
    actor: Named[str] = Column(Text)
    signature: Named[bytes] = Column(LargeBinary)
    at_utc: Named[datetime] = Column(UtcDateTime)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class RulebookAdoptionColumns(TypedColumns):
    """A rulebook adopted; ``signed_json`` is a list of actor, key and signature, the last two in hexadecimal."""

    proposal_id: Named[str] = Column(Text, ForeignKey("rulebook_proposal.proposal_id"), primary_key=True)
    rulebook_id: Named[str] = Column(Text)
    sha256: Named[str] = Column(Text)
    previous_sha256: Named[str | None] = Column(Text)
    effective_from: Named[str] = Column(Text)
    adopted_at_utc: Named[datetime] = Column(UtcDateTime)
    signed_json: Named[str] = Column(Text)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class ExportColumns(TypedColumns):
    """That records were exported: the file's own first line."""

    ledger_index: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    header: Named[bytes] = Column(LargeBinary)
    salt: Named[bytes] = Column(LargeBinary)


def _entry_commits(name: str) -> ForeignKeyConstraint:
    """Within one transaction a record may be written before its entry, but never committed without it."""
    return ForeignKeyConstraint(
        ["ledger_index"], ["ledger_entry.entry_index"], name=name, deferrable=True, initially="DEFERRED"
    )


rulebook_actor = Table("rulebook_actor", metadata, RulebookActorColumns, _entry_commits("entry_commits_to_actor"))

rulebook_proposal = Table(
    "rulebook_proposal", metadata, RulebookProposalColumns, _entry_commits("entry_commits_to_proposal")
)

rulebook_comment = Table(
    "rulebook_comment", metadata, RulebookCommentColumns, _entry_commits("entry_commits_to_comment")
)

rulebook_approval = Table(
    "rulebook_approval", metadata, RulebookApprovalColumns, _entry_commits("entry_commits_to_approval")
)

rulebook_adoption = Table(
    "rulebook_adoption", metadata, RulebookAdoptionColumns, _entry_commits("entry_commits_to_adoption")
)

export = Table("export", metadata, ExportColumns, _entry_commits("entry_commits_to_export"))
