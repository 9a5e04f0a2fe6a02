"""Flights, gallery rows, crossings, stage times and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Written once: everything of a crossing but what may be let go, its photo and the salt of its commitment.
_WRITTEN_ONCE = (
    "crossing_id, flight_key, capture_key, lane, taken_at_utc, recorded_at_utc, outcome, reason, component, "
    "passenger_ref, rule_id, threshold_id, reopens, had_photo, was_usable, ledger_index"
)

# A REPLACE removes rows without firing DELETE triggers, so the insert itself must be the next index.
_SQLITE_TRIGGERS = (
    """CREATE TRIGGER ledger_entry_not_changed BEFORE UPDATE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END""",
    """CREATE TRIGGER ledger_entry_not_removed BEFORE DELETE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never removed'); END""",
    """CREATE TRIGGER ledger_entry_only_appended BEFORE INSERT ON ledger_entry
    WHEN NEW.entry_index IS NOT (SELECT coalesce(max(entry_index) + 1, 0) FROM ledger_entry)
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is only appended'); END""",
    f"""CREATE TRIGGER crossing_written_once BEFORE UPDATE OF {_WRITTEN_ONCE} ON crossing
    BEGIN SELECT RAISE(ABORT, 'a crossing is written once'); END""",
    """CREATE TRIGGER crossing_photo_only_let_go BEFORE UPDATE OF sealed_photo ON crossing
    WHEN NEW.sealed_photo IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a photo is only let go'); END""",
    """CREATE TRIGGER crossing_salt_only_let_go BEFORE UPDATE OF salt ON crossing
    WHEN length(NEW.salt) > 0
    BEGIN SELECT RAISE(ABORT, 'a salt is only let go'); END""",
)


def upgrade() -> None:
    op.create_table(
        "flight",
        sa.Column("flight_key", sa.Text, primary_key=True),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("port", sa.Text, nullable=False),
        sa.Column("list_sha256", sa.Text, nullable=False),
        sa.Column("pack_digest", sa.Text, nullable=False),
        sa.Column("rulebook_sha256", sa.Text, nullable=False),
        sa.Column("staged_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("findings_json", sa.Text, nullable=False),
    )
    op.create_table(
        "passenger",
        sa.Column("flight_key", sa.Text, sa.ForeignKey("flight.flight_key"), primary_key=True),
        sa.Column("passenger_ref", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("sealed_traveller", sa.LargeBinary),
        sa.Column("sealed_template", sa.LargeBinary),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.CheckConstraint("sealed_template IS NULL OR state = 'enrolled'", name="template_only_while_enrolled"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("entry_index", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("checkpoint", sa.LargeBinary, nullable=False),
    )
    frontier = op.create_table(
        "ledger_frontier",
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("row_id = 1", name="one_frontier"),
    )
    op.bulk_insert(frontier, [{"row_id": 1, "size": 0, "hashes": b""}])
    op.create_table(
        "crossing",
        sa.Column("crossing_id", sa.Text, primary_key=True),
        sa.Column("flight_key", sa.Text, sa.ForeignKey("flight.flight_key"), nullable=False),
        sa.Column("capture_key", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("taken_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("component", sa.Text),
        sa.Column("passenger_ref", sa.Text),
        sa.Column("rule_id", sa.Text),
        sa.Column("threshold_id", sa.Text),
        sa.Column("reopens", sa.Text),
        sa.Column("had_photo", sa.Boolean, nullable=False),
        sa.Column("was_usable", sa.Boolean, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.Column("sealed_photo", sa.LargeBinary),
        sa.UniqueConstraint("flight_key", "capture_key", name="one_crossing_a_capture"),
        sa.UniqueConstraint("ledger_index", name="one_entry_a_crossing"),
        sa.ForeignKeyConstraint(
            ["ledger_index"], ["ledger_entry.entry_index"], name="entry_commits", deferrable=True, initially="DEFERRED"
        ),
        sa.CheckConstraint("outcome IN ('match', 'see_officer', 'not_attempted')", name="known_outcome"),
    )
    op.create_index("crossing_by_passenger", "crossing", ["flight_key", "passenger_ref", "ledger_index"])
    op.create_index("crossing_in_order", "crossing", ["flight_key", "ledger_index"])
    op.create_table(
        "stage_time",
        sa.Column("crossing_id", sa.Text, sa.ForeignKey("crossing.crossing_id"), primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("duration_ms", sa.Float, nullable=False),
        sa.CheckConstraint("duration_ms >= 0", name="duration_not_negative"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)
