"""The tables of the manual path, as the newest migration leaves them; only migrations create them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

from fairgate.store.columns import UtcDateTime
from fairgate.store.schema import metadata


class OfficerEntryColumns(TypedColumns):
    """Somebody who waits for an officer; ``day`` is ISO 8601 text."""

    entry_id: Named[str] = Column(Text, primary_key=True)
    series: Named[str] = Column(Text)
    day: Named[str] = Column(Text)
    number: Named[int] = Column(Integer)
    flight_key: Named[str | None] = Column(Text)
    lane: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    joined_at_utc: Named[datetime] = Column(UtcDateTime)
    entered_at_utc: Named[datetime] = Column(UtcDateTime)
    opened_by: Named[str] = Column(Text)
    crossing_id: Named[str | None] = Column(Text, ForeignKey("crossing.crossing_id"))
    undo_id: Named[str | None] = Column(Text)
    form_line: Named[str | None] = Column(Text)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class OfficerCallColumns(TypedColumns):
    """When a number was first called."""

    entry_id: Named[str] = Column(Text, ForeignKey("officer_entry.entry_id"), primary_key=True)
    called_at_utc: Named[datetime] = Column(UtcDateTime)
    called_by: Named[str] = Column(Text)


class ManualResultColumns(TypedColumns):
    """What an officer stated; ``boards`` is the passenger whom it boards, where it boards one."""

    result_id: Named[str] = Column(Text, primary_key=True)
    entry_id: Named[str] = Column(Text, ForeignKey("officer_entry.entry_id"))
    flight_key: Named[str | None] = Column(Text)
    result: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    passenger_ref: Named[str | None] = Column(Text)
    boards: Named[str | None] = Column(Text)
    minutes: Named[int] = Column(Integer)
    decided_at_utc: Named[datetime] = Column(UtcDateTime)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    officer: Named[str] = Column(Text)
    late: Named[bool]
    called_at_utc: Named[datetime | None] = Column(UtcDateTime)
    reopens: Named[str | None] = Column(Text)
    photo_erased: Named[bool]
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class MatchUndoColumns(TypedColumns):
    """A match or a confirmation that was taken back."""

    undo_id: Named[str] = Column(Text, primary_key=True)
    flight_key: Named[str] = Column(Text)
    crossing_id: Named[str | None] = Column(Text, ForeignKey("crossing.crossing_id"))
    result_id: Named[str | None] = Column(Text, ForeignKey("manual_result.result_id"))
    passenger_ref: Named[str] = Column(Text)
    really: Named[str | None] = Column(Text)
    reason: Named[str] = Column(Text)
    undone_at_utc: Named[datetime] = Column(UtcDateTime)
    actor: Named[str] = Column(Text)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class DepartureColumns(TypedColumns):
    """When a flight departs, as stated; the newest row counts."""

    ledger_index: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    flight_key: Named[str] = Column(Text)
    departs_at_utc: Named[datetime] = Column(UtcDateTime)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    actor: Named[str] = Column(Text)


def _committed(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["ledger_index"], ["ledger_entry.entry_index"], name=name, deferrable=True, initially="DEFERRED"
    )


officer_entry = Table(
    "officer_entry",
    metadata,
    OfficerEntryColumns,
    UniqueConstraint("series", "day", "number", name="one_person_a_number"),
    UniqueConstraint("form_line", name="one_entry_a_form_line"),
    CheckConstraint("number >= 1", name="numbers_from_one"),
    _committed("entry_opens"),
    Index("officer_entry_by_flight", "flight_key"),
)

officer_call = Table("officer_call", metadata, OfficerCallColumns)

manual_result = Table(
    "manual_result",
    metadata,
    ManualResultColumns,
    UniqueConstraint("entry_id", name="one_result_an_entry"),
    CheckConstraint("result IN ('confirmed', 'sent_on', 'left')", name="known_result"),
    CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    _committed("entry_states"),
    Index("manual_result_by_passenger", "flight_key", "boards"),
)

match_undo = Table(
    "match_undo",
    metadata,
    MatchUndoColumns,
    UniqueConstraint("crossing_id", name="one_undo_a_match"),
    UniqueConstraint("result_id", name="one_undo_a_result"),
    CheckConstraint("(crossing_id IS NULL) <> (result_id IS NULL)", name="undoes_one_thing"),
    _committed("entry_undoes"),
    Index("match_undo_by_flight", "flight_key"),
)

departure = Table(
    "departure",
    metadata,
    DepartureColumns,
    _committed("entry_departs"),
    Index("departure_by_flight", "flight_key", "ledger_index"),
)
