"""Opting out: opt-outs, receipts, notices at each location, reports of travellers and what overseers found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# What was declared, issued, hung up and reported stays as it is. A REPLACE removes rows without firing DELETE triggers,
# so an insert of an identifier that is there is refused too.
_KEYS = {
    "opt_out": "opt_out_id",
    "receipt": "receipt_id",
    "notice": "notice_id",
    "denied_opt_out": "report_id",
    "report_finding": "finding_id",
}
_TRIGGERS = (
    """CREATE TRIGGER TABLE_never_changed BEFORE UPDATE ON TABLE
    BEGIN SELECT RAISE(ABORT, 'what was declared, issued or reported is never changed'); END""",
    """CREATE TRIGGER TABLE_never_removed BEFORE DELETE ON TABLE
    BEGIN SELECT RAISE(ABORT, 'what was declared, issued or reported is never removed'); END""",
    """CREATE TRIGGER TABLE_never_replaced BEFORE INSERT ON TABLE
    WHEN EXISTS (SELECT 1 FROM TABLE WHERE KEY = NEW.KEY)
    BEGIN SELECT RAISE(ABORT, 'what was declared, issued or reported is never replaced'); END""",
)
_SQLITE_TRIGGERS = tuple(
    trigger.replace("TABLE", table).replace("KEY", key) for table, key in _KEYS.items() for trigger in _TRIGGERS
)


def upgrade() -> None:
    op.create_table(
        "opt_out",
        sa.Column("opt_out_id", sa.Text, primary_key=True),
        sa.Column("flight_key", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("passenger_ref", sa.Text),
        sa.Column("capture_key", sa.Text),
        sa.Column("moment", sa.Text, nullable=False),
        sa.Column("choice", sa.Text, nullable=False),
        sa.Column("rule_id", sa.Text),
        sa.Column("declared_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("crossing_id", sa.Text),
        sa.Column("photos", sa.Integer, nullable=False),
        sa.Column("templates", sa.Integer, nullable=False),
        sa.Column("matches", sa.Integer, nullable=False),
        sa.Column("receipt_id", sa.Text, nullable=False),
        *_committed("opt_out"),
        sa.CheckConstraint("photos >= 0 AND templates >= 0 AND matches IN (0, 1)", name="erasures_counted"),
    )
    op.create_index("opt_out_by_capture", "opt_out", ["flight_key", "capture_key"])
    op.create_index("opt_out_by_passenger", "opt_out", ["flight_key", "passenger_ref"])
    op.create_table(
        "receipt",
        sa.Column("receipt_id", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("issued_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opt_out_id", sa.Text),
        sa.Column("crossing_id", sa.Text),
        *_entered("receipt"),
        sa.UniqueConstraint("crossing_id", name="one_receipt_a_crossing"),
    )
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.Text, nullable=False),
        sa.Column("picture_sha256", sa.Text, nullable=False),
        sa.Column("picture_kind", sa.Text, nullable=False),
        sa.Column("taken_by", sa.Text, nullable=False),
        sa.Column("taken_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        *_committed("notice"),
    )
    op.create_index("notice_by_location", "notice", ["location"])
    op.create_table(
        "denied_opt_out",
        sa.Column("report_id", sa.Text, primary_key=True),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("filed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("receipt_id", sa.Text),
        sa.Column("sealed_text", sa.LargeBinary, nullable=False),
        *_committed("denied_opt_out"),
    )
    op.create_index("denied_opt_out_by_location", "denied_opt_out", ["location"])
    op.create_table(
        "report_finding",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("report_id", sa.Text, sa.ForeignKey("denied_opt_out.report_id"), nullable=False),
        sa.Column("found_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overseer", sa.Text, nullable=False),
        sa.Column("sealed_text", sa.LargeBinary, nullable=False),
        *_committed("report_finding"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)


def _entered(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_index"],
            ["ledger_entry.entry_index"],
            name=f"entry_commits_to_{table}",
            deferrable=True,
            initially="DEFERRED",
        ),
    )


def _committed(table: str) -> tuple[sa.Column[bytes], sa.Column[int], sa.ForeignKeyConstraint]:
    return (sa.Column("salt", sa.LargeBinary, nullable=False), *_entered(table))
