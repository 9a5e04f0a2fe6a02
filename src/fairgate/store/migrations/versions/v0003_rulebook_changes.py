"""Changes of a rulebook: who may propose and adopt, proposals, comments, adoptions; and exports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# What was proposed, signed and adopted is never rewritten; a comment is, once, when its deadline has come.
_SQLITE_TRIGGERS = tuple(
    f"""CREATE TRIGGER {table}_never_{verb}d BEFORE {verb.upper()} ON {table}
    BEGIN SELECT RAISE(ABORT, 'what was proposed, signed or adopted stays as it is'); END"""
    for table in ("rulebook_proposal", "rulebook_approval", "rulebook_adoption")
    for verb in ("update", "delete")
)


def upgrade() -> None:
    op.create_table(
        "rulebook_actor",
        sa.Column("public_key", sa.LargeBinary, primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("enrolled_at_utc", sa.DateTime(timezone=True), nullable=False),
        *_salted("entry_commits_to_actor"),
        sa.Column("withdrawn_at_utc", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_index", sa.Integer),
    )
    op.create_table(
        "rulebook_proposal",
        sa.Column("proposal_id", sa.Text, primary_key=True),
        sa.Column("rulebook_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("previous_sha256", sa.Text),
        sa.Column("proposer", sa.Text, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("proposed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments_from_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments_until_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_elsewhere", sa.Text),
        sa.Column("effective_from", sa.Text),
        sa.Column("toml", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        *_salted("entry_commits_to_proposal"),
    )
    op.create_table(
        "rulebook_comment",
        _of_a_proposal(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("erase_by_utc", sa.DateTime(timezone=True), nullable=False),
        *_salted("entry_commits_to_comment"),
    )
    op.create_table(
        "rulebook_approval",
        _of_a_proposal(),
        sa.Column("public_key", sa.LargeBinary, sa.ForeignKey("rulebook_actor.public_key"), primary_key=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("at_utc", sa.DateTime(timezone=True), nullable=False),
        *_salted("entry_commits_to_approval"),
    )
    op.create_table(
        "rulebook_adoption",
        _of_a_proposal(),
        sa.Column("rulebook_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("previous_sha256", sa.Text),
        sa.Column("effective_from", sa.Text, nullable=False),
        sa.Column("adopted_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_json", sa.Text, nullable=False),
        *_salted("entry_commits_to_adoption"),
    )
    op.create_table(
        "export",
        sa.Column("ledger_index", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_index"],
            ["ledger_entry.entry_index"],
            name="entry_commits_to_export",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)


def _of_a_proposal() -> sa.Column[str]:
    return sa.Column("proposal_id", sa.Text, sa.ForeignKey("rulebook_proposal.proposal_id"), primary_key=True)


def _salted(name: str) -> tuple[sa.Column[bytes], sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_index"], ["ledger_entry.entry_index"], name=name, deferrable=True, initially="DEFERRED"
        ),
    )
