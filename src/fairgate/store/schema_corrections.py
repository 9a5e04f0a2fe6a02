"""The table of corrections, as the newest migration leaves it; only migrations create it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
)

from fairgate.store.columns import UtcDateTime
from fairgate.store.schema import metadata


class CorrectionColumns(TypedColumns):
    """One correction; ``facts`` are the names of what changed, parted by spaces."""

    correction_id: Named[str] = Column(Text, primary_key=True)
    flight_key: Named[str] = Column(Text)
    passenger_ref: Named[str] = Column(Text)
    facts: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    officer: Named[str] = Column(Text)
    list_erase_by_utc: Named[datetime] = Column(UtcDateTime)
    template_erase_by_utc: Named[datetime] = Column(UtcDateTime)
    crossing_erase_by_utc: Named[datetime | None] = Column(UtcDateTime)
    templates_erased: Named[int] = Column(Integer)
    templates_resealed: Named[int] = Column(Integer)
    photos_erased: Named[int] = Column(Integer)
    matches_undone: Named[int] = Column(Integer)
    matches_in_doubt: Named[int] = Column(Integer)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


correction = Table(
    "correction",
    metadata,
    CorrectionColumns,
    CheckConstraint(
        "templates_erased >= 0 AND templates_resealed >= 0 AND photos_erased >= 0", name="nothing_erased_negative"
    ),
    CheckConstraint("matches_undone IN (0, 1) AND matches_in_doubt IN (0, 1)", name="one_match_at_most"),
    ForeignKeyConstraint(
        ["ledger_index"],
        ["ledger_entry.entry_index"],
        name="entry_commits_to_correction",
        deferrable=True,
        initially="DEFERRED",
    ),
    Index("correction_by_flight", "flight_key", "ledger_index"),
)
