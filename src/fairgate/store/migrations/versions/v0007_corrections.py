"""Corrections of what is known about somebody listed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# A REPLACE removes rows without firing DELETE triggers, so an insert of an identifier that is there is refused too.
_SQLITE_TRIGGERS = (
    """CREATE TRIGGER correction_written_once BEFORE UPDATE ON correction
    BEGIN SELECT RAISE(ABORT, 'a correction is written once'); END""",
    """CREATE TRIGGER correction_never_replaced BEFORE INSERT ON correction
    WHEN EXISTS (SELECT 1 FROM correction WHERE correction_id = NEW.correction_id)
    BEGIN SELECT RAISE(ABORT, 'a correction is written once'); END""",
)


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("correction_id", sa.Text, primary_key=True),
        sa.Column("flight_key", sa.Text, nullable=False),
        sa.Column("passenger_ref", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("list_erase_by_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("template_erase_by_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("crossing_erase_by_utc", sa.DateTime(timezone=True)),
        sa.Column("templates_erased", sa.Integer, nullable=False),
        sa.Column("templates_resealed", sa.Integer, nullable=False),
        sa.Column("photos_erased", sa.Integer, nullable=False),
        sa.Column("matches_undone", sa.Integer, nullable=False),
        sa.Column("matches_in_doubt", sa.Integer, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "templates_erased >= 0 AND templates_resealed >= 0 AND photos_erased >= 0", name="nothing_erased_negative"
        ),
        sa.CheckConstraint("matches_undone IN (0, 1) AND matches_in_doubt IN (0, 1)", name="one_match_at_most"),
        sa.ForeignKeyConstraint(
            ["ledger_index"],
            ["ledger_entry.entry_index"],
            name="entry_commits_to_correction",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("correction_by_flight", "correction", ["flight_key", "ledger_index"])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)
