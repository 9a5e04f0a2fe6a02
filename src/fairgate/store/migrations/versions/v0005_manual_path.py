"""The manual path: the officer's queue, manual results, matches undone, departures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WRITTEN_ONCE = ("officer_entry", "officer_call", "manual_result", "match_undo", "departure")

_SQLITE_TRIGGERS = tuple(
    f"""CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'a record of the manual path is written once'); END"""
    for table in _WRITTEN_ONCE
)


def _committed(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["ledger_index"], ["ledger_entry.entry_index"], name=name, deferrable=True, initially="DEFERRED"
    )


def upgrade() -> None:
    op.create_table(
        "officer_entry",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("flight_key", sa.Text),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("joined_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("crossing_id", sa.Text, sa.ForeignKey("crossing.crossing_id")),
        sa.Column("undo_id", sa.Text),
        sa.Column("form_line", sa.Text),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.UniqueConstraint("series", "day", "number", name="one_person_a_number"),
        sa.UniqueConstraint("form_line", name="one_entry_a_form_line"),
        sa.CheckConstraint("number >= 1", name="numbers_from_one"),
        _committed("entry_opens"),
    )
    op.create_index("officer_entry_by_flight", "officer_entry", ["flight_key"])
    op.create_table(
        "officer_call",
        sa.Column("entry_id", sa.Text, sa.ForeignKey("officer_entry.entry_id"), primary_key=True),
        sa.Column("called_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by", sa.Text, nullable=False),
    )
    op.create_table(
        "manual_result",
        sa.Column("result_id", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, sa.ForeignKey("officer_entry.entry_id"), nullable=False),
        sa.Column("flight_key", sa.Text),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("passenger_ref", sa.Text),
        sa.Column("boards", sa.Text),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("decided_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("called_at_utc", sa.DateTime(timezone=True)),
        sa.Column("reopens", sa.Text),
        sa.Column("photo_erased", sa.Boolean, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.UniqueConstraint("entry_id", name="one_result_an_entry"),
        sa.CheckConstraint("result IN ('confirmed', 'sent_on', 'left')", name="known_result"),
        sa.CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        _committed("entry_states"),
    )
    op.create_index("manual_result_by_passenger", "manual_result", ["flight_key", "boards"])
    op.create_table(
        "match_undo",
        sa.Column("undo_id", sa.Text, primary_key=True),
        sa.Column("flight_key", sa.Text, nullable=False),
        sa.Column("crossing_id", sa.Text, sa.ForeignKey("crossing.crossing_id")),
        sa.Column("result_id", sa.Text, sa.ForeignKey("manual_result.result_id")),
        sa.Column("passenger_ref", sa.Text, nullable=False),
        sa.Column("really", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("undone_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.UniqueConstraint("crossing_id", name="one_undo_a_match"),
        sa.UniqueConstraint("result_id", name="one_undo_a_result"),
        sa.CheckConstraint("(crossing_id IS NULL) <> (result_id IS NULL)", name="undoes_one_thing"),
        _committed("entry_undoes"),
    )
    op.create_index("match_undo_by_flight", "match_undo", ["flight_key"])
    op.create_table(
        "departure",
        sa.Column("ledger_index", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("flight_key", sa.Text, nullable=False),
        sa.Column("departs_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        _committed("entry_departs"),
    )
    op.create_index("departure_by_flight", "departure", ["flight_key", "ledger_index"])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)
