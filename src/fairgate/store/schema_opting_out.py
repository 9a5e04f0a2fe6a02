"""The tables of opting out, as the newest migration leaves them; only migrations create them."""

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


class OptOutColumns(TypedColumns):
    """One opt-out; ``flight_key`` is empty at a lane without a list."""

    opt_out_id: Named[str] = Column(Text, primary_key=True)
    flight_key: Named[str] = Column(Text)
    lane: Named[str] = Column(Text)
    passenger_ref: Named[str | None] = Column(Text)
    capture_key: Named[str | None] = Column(Text)
    moment: Named[str] = Column(Text)
    choice: Named[str] = Column(Text)
    rule_id: Named[str | None] = Column(Text)
    declared_at_utc: Named[datetime] = Column(UtcDateTime)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    crossing_id: Named[str | None] = Column(Text)
    photos: Named[int] = Column(Integer)
    templates: Named[int] = Column(Integer)
    matches: Named[int] = Column(Integer)
    receipt_id: Named[str] = Column(Text)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class ReceiptColumns(TypedColumns):
    """One receipt as it was issued."""

    receipt_id: Named[str] = Column(Text, primary_key=True)
    code: Named[str] = Column(Text)
    issued_at_utc: Named[datetime] = Column(UtcDateTime)
    opt_out_id: Named[str | None] = Column(Text)
    crossing_id: Named[str | None] = Column(Text)
    ledger_index: Named[int] = Column(Integer)


class NoticeColumns(TypedColumns):
    """One sign at one location, in one language."""

    notice_id: Named[str] = Column(Text, primary_key=True)
    location: Named[str] = Column(Text)
    language: Named[str] = Column(Text)
    text_sha256: Named[str] = Column(Text)
    picture_sha256: Named[str] = Column(Text)
    picture_kind: Named[str] = Column(Text)
    taken_by: Named[str] = Column(Text)
    taken_at_utc: Named[datetime] = Column(UtcDateTime)
    expires_at_utc: Named[datetime] = Column(UtcDateTime)
    recorded_at_utc: Named[datetime] = Column(UtcDateTime)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class DeniedOptOutColumns(TypedColumns):
    """One report of a traveller; the words are sealed."""

    report_id: Named[str] = Column(Text, primary_key=True)
    location: Named[str] = Column(Text)
    filed_at_utc: Named[datetime] = Column(UtcDateTime)
    filed_by: Named[str] = Column(Text)
    receipt_id: Named[str | None] = Column(Text)
    sealed_text: Named[bytes] = Column(LargeBinary)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


class ReportFindingColumns(TypedColumns):
    """What an overseer found about a report; the words are sealed."""

    finding_id: Named[str] = Column(Text, primary_key=True)
    report_id: Named[str] = Column(Text, ForeignKey("denied_opt_out.report_id"))
    found_at_utc: Named[datetime] = Column(UtcDateTime)
    overseer: Named[str] = Column(Text)
    sealed_text: Named[bytes] = Column(LargeBinary)
    salt: Named[bytes] = Column(LargeBinary)
    ledger_index: Named[int] = Column(Integer)


def _entry_of(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["ledger_index"],
        ["ledger_entry.entry_index"],
        name=f"entry_commits_to_{table}",
        deferrable=True,
        initially="DEFERRED",
    )


opt_out = Table(
    "opt_out",
    metadata,
    OptOutColumns,
    _entry_of("opt_out"),
    CheckConstraint("photos >= 0 AND templates >= 0 AND matches IN (0, 1)", name="erasures_counted"),
    Index("opt_out_by_capture", "flight_key", "capture_key"),
    Index("opt_out_by_passenger", "flight_key", "passenger_ref"),
)

receipt = Table(
    "receipt",
    metadata,
    ReceiptColumns,
    _entry_of("receipt"),
    UniqueConstraint("crossing_id", name="one_receipt_a_crossing"),
)

notice = Table("notice", metadata, NoticeColumns, _entry_of("notice"), Index("notice_by_location", "location"))

denied_opt_out = Table(
    "denied_opt_out",
    metadata,
    DeniedOptOutColumns,
    _entry_of("denied_opt_out"),
    Index("denied_opt_out_by_location", "location"),
)

report_finding = Table("report_finding", metadata, ReportFindingColumns, _entry_of("report_finding"))
