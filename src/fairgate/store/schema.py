"""The tables as the newest migration leaves them, for building statements; only migrations create them.

A test compares these with a migrated database, so the two cannot drift apart.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    column,
    table,
)

from fairgate.store.columns import UtcDateTime

SCHEMA_VERSION = "0007"
"""The migration that this code was written against; a database of another version is moved forward or refused."""

metadata = MetaData()


class FlightColumns(TypedColumns):
    """One staged gallery; ``findings_json``, ``list_files_json`` and ``flights_json`` are lists of texts."""

    flight_key: Named[str] = Column(Text, primary_key=True)
    direction: Named[str] = Column(Text)
    port: Named[str] = Column(Text)
    list_sha256: Named[str] = Column(Text)
    pack_digest: Named[str] = Column(Text)
    rulebook_sha256: Named[str] = Column(Text)
    staged_at_utc: Named[datetime] = Column(UtcDateTime)
    complete: Named[bool]
    findings_json: Named[str] = Column(Text)
    generation: Named[int] = Column(Integer, server_default="1")
    lane: Named[str] = Column(Text, server_default="boarding")
    list_files_json: Named[str] = Column(Text, server_default="[]")
    flights_json: Named[str] = Column(Text, server_default="[]")


class PassengerColumns(TypedColumns):
    """One gallery row; what identifies a person is sealed."""

    flight_key: Named[str] = Column(Text, ForeignKey("flight.flight_key"), primary_key=True)
    passenger_ref: Named[str] = Column(Text, primary_key=True)
    state: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    sealed_traveller: Named[bytes | None] = Column(LargeBinary)
    synthetic: Named[bool]
    mention: Named[str | None] = Column(Text)


class TemplateColumns(TypedColumns):
    """One sealed template of one generation; those of the flight's generation are in force."""

    flight_key: Named[str] = Column(Text, primary_key=True)
    generation: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    passenger_ref: Named[str] = Column(Text, primary_key=True)
    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    pack_digest: Named[str] = Column(Text)
    envelope: Named[bytes] = Column(LargeBinary)


class ReextractionColumns(TypedColumns):
    """A change of pack that is under way; one a flight."""

    flight_key: Named[str] = Column(Text, ForeignKey("flight.flight_key"), primary_key=True)
    generation: Named[int] = Column(Integer)
    pack_digest: Named[str] = Column(Text)
    begun_at_utc: Named[datetime] = Column(UtcDateTime)


class ReextractedColumns(TypedColumns):
    """What became of one passenger in a generation that is being made."""

    flight_key: Named[str] = Column(Text, primary_key=True)
    generation: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    passenger_ref: Named[str] = Column(Text, primary_key=True)
    state: Named[str] = Column(Text)
    lost: Named[int] = Column(Integer)
    reason: Named[str | None] = Column(Text)


class CrossingColumns(TypedColumns):
    """One crossing, its one outcome, and the ledger entry that commits to it."""

    crossing_id: Named[str] = Column(Text, primary_key=True)
    flight_key: Named[str] = Column(Text, ForeignKey("flight.flight_key"))
    capture_key: Named[str] = Column(Text)
    lane: Named[str] = Column(Text)
    taken_at_utc: Named[datetime] = Column(UtcDateTime)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    outcome: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    component: Named[str | None] = Column(Text)
    passenger_ref: Named[str | None] = Column(Text)
    rule_id: Named[str | None] = Column(Text)
    threshold_id: Named[str | None] = Column(Text)
    reopens: Named[str | None] = Column(Text)
    had_photo: Named[bool]
    was_usable: Named[bool]
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)
    sealed_photo: Named[bytes | None] = Column(LargeBinary)


class StageTimeColumns(TypedColumns):
    """How long one stage of one crossing took."""

    crossing_id: Named[str] = Column(Text, ForeignKey("crossing.crossing_id"), primary_key=True)
    stage: Named[str] = Column(Text, primary_key=True)
    duration_ms: Named[float] = Column(Float)


class LedgerEntryColumns(TypedColumns):
    """One ledger entry; triggers refuse to change or remove it."""

    entry_index: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    leaf: Named[bytes] = Column(LargeBinary)
    checkpoint: Named[bytes] = Column(LargeBinary)


class LedgerFrontierColumns(TypedColumns):
    """One row: the ledger's size and the hashes of its complete right-edge subtrees, 32 bytes each, largest first."""

    row_id: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    size: Named[int] = Column(Integer)
    hashes: Named[bytes] = Column(LargeBinary)


flight = Table("flight", metadata, FlightColumns)

passenger = Table("passenger", metadata, PassengerColumns)

template = Table(
    "template",
    metadata,
    TemplateColumns,
    ForeignKeyConstraint(
        ["flight_key", "passenger_ref"], ["passenger.flight_key", "passenger.passenger_ref"], name="of_a_passenger"
    ),
    CheckConstraint("number >= 1", name="templates_counted_from_one"),
)

reextraction = Table("reextraction", metadata, ReextractionColumns)

reextracted = Table(
    "reextracted",
    metadata,
    ReextractedColumns,
    ForeignKeyConstraint(
        ["flight_key", "passenger_ref"],
        ["passenger.flight_key", "passenger.passenger_ref"],
        name="result_of_a_passenger",
    ),
    CheckConstraint("lost >= 0", name="lost_not_negative"),
)

crossing = Table(
    "crossing",
    metadata,
    CrossingColumns,
    UniqueConstraint("flight_key", "capture_key", name="one_crossing_a_capture"),
    UniqueConstraint("ledger_index", name="one_entry_a_crossing"),
    # Deferred: within one transaction the crossing may be written before its entry, but never committed without it.
    ForeignKeyConstraint(
        ["ledger_index"], ["ledger_entry.entry_index"], name="entry_commits", deferrable=True, initially="DEFERRED"
    ),
    CheckConstraint("outcome IN ('match', 'see_officer', 'not_attempted')", name="known_outcome"),
    Index("crossing_by_passenger", "flight_key", "passenger_ref", "ledger_index"),
    Index("crossing_in_order", "flight_key", "ledger_index"),
)

stage_time = Table(
    "stage_time",
    metadata,
    StageTimeColumns,
    CheckConstraint("duration_ms >= 0", name="duration_not_negative"),
)

ledger_entry = Table("ledger_entry", metadata, LedgerEntryColumns)

ledger_frontier = Table(
    "ledger_frontier",
    metadata,
    LedgerFrontierColumns,
    CheckConstraint("row_id = 1", name="one_frontier"),
)

schema_version = table("alembic_version", column("version_num", Text))
"""Alembic's own table, which it creates and keeps."""
