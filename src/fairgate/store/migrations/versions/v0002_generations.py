"""Several templates a passenger, in generations: a change of pack makes a new one beside the one in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Two tables hold what one check could not see across.
_SQLITE_TRIGGERS = (
    """CREATE TRIGGER template_only_while_enrolled BEFORE INSERT ON template
    WHEN NOT EXISTS (
        SELECT 1 FROM passenger WHERE flight_key = NEW.flight_key AND passenger_ref = NEW.passenger_ref
        AND state = 'enrolled'
    )
    BEGIN SELECT RAISE(ABORT, 'only an enrolled passenger has a template'); END""",
    """CREATE TRIGGER template_never_changed BEFORE UPDATE ON template
    BEGIN SELECT RAISE(ABORT, 'a template is made or erased, never changed'); END""",
    """CREATE TRIGGER passenger_withdrawn_without_template BEFORE UPDATE OF state ON passenger
    WHEN NEW.state <> 'enrolled' AND EXISTS (
        SELECT 1 FROM template WHERE flight_key = NEW.flight_key AND passenger_ref = NEW.passenger_ref
    )
    BEGIN SELECT RAISE(ABORT, 'only an enrolled passenger has a template'); END""",
)


def upgrade() -> None:
    op.add_column("flight", sa.Column("generation", sa.Integer, nullable=False, server_default="1"))
    # The table is built anew: SQLite drops no column that a check names. Templates wait in a table without a foreign
    # key meanwhile, because dropping the old table would count as deleting what they belong to.
    op.create_table(
        "template_on_the_way",
        sa.Column("flight_key", sa.Text, nullable=False),
        sa.Column("passenger_ref", sa.Text, nullable=False),
        sa.Column("pack_digest", sa.Text, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
    )
    op.execute(
        "INSERT INTO template_on_the_way SELECT passenger.flight_key, passenger_ref, pack_digest, sealed_template "
        "FROM passenger JOIN flight ON flight.flight_key = passenger.flight_key WHERE sealed_template IS NOT NULL"
    )
    op.create_table(
        "passenger_0002",
        sa.Column("flight_key", sa.Text, sa.ForeignKey("flight.flight_key"), primary_key=True),
        sa.Column("passenger_ref", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("sealed_traveller", sa.LargeBinary),
        sa.Column("synthetic", sa.Boolean, nullable=False),
    )
    op.execute(
        "INSERT INTO passenger_0002 (flight_key, passenger_ref, state, reason, sealed_traveller, synthetic) "
        "SELECT flight_key, passenger_ref, state, reason, sealed_traveller, synthetic FROM passenger"
    )
    op.drop_table("passenger")
    op.rename_table("passenger_0002", "passenger")
    op.create_table(
        "template",
        sa.Column("flight_key", sa.Text, primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("passenger_ref", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pack_digest", sa.Text, nullable=False),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["flight_key", "passenger_ref"], ["passenger.flight_key", "passenger.passenger_ref"], name="of_a_passenger"
        ),
        sa.CheckConstraint("number >= 1", name="templates_counted_from_one"),
    )
    op.execute(
        "INSERT INTO template (flight_key, generation, passenger_ref, number, pack_digest, envelope) "
        "SELECT flight_key, 1, passenger_ref, 1, pack_digest, envelope FROM template_on_the_way"
    )
    op.drop_table("template_on_the_way")
    op.create_table(
        "reextraction",
        sa.Column("flight_key", sa.Text, sa.ForeignKey("flight.flight_key"), primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("pack_digest", sa.Text, nullable=False),
        sa.Column("begun_at_utc", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "reextracted",
        sa.Column("flight_key", sa.Text, primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("passenger_ref", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.ForeignKeyConstraint(
            ["flight_key", "passenger_ref"],
            ["passenger.flight_key", "passenger.passenger_ref"],
            name="result_of_a_passenger",
        ),
        sa.CheckConstraint("lost >= 0", name="lost_not_negative"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for trigger in _SQLITE_TRIGGERS:
            op.execute(trigger)
