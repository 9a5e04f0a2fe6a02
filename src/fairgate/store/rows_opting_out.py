"""Records of opting out to rows and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from fairgate.ledger.receipt import Choice, Moment
from fairgate.services.opting_out_records import (
    DeniedOptOutRecord,
    NoticeRecord,
    OptOutRecord,
    ReceiptRecord,
    ReportFindingRecord,
)

Values = dict[str, Any]


def opt_out_values(one: OptOutRecord) -> Values:
    """Return an opt-out's columns."""
    return {
        "opt_out_id": one.opt_out_id,
        "flight_key": one.flight_key,
        "lane": one.lane,
        "passenger_ref": one.passenger_ref,
        "capture_key": one.capture_key,
        "moment": one.moment.value,
        "choice": one.choice.value,
        "rule_id": one.rule_id,
        "declared_at_utc": one.declared_at,
        "recorded_at_utc": one.recorded_at,
        "crossing_id": one.crossing_id,
        "photos": one.photos,
        "templates": one.templates,
        "matches": one.matches,
        "receipt_id": one.receipt_id,
        "salt": one.salt,
        "ledger_index": one.ledger_index,
    }


def opt_out_record(row: Row[Any]) -> OptOutRecord:
    """Return the opt-out of a row."""
    return OptOutRecord(
        opt_out_id=row.opt_out_id,
        flight_key=row.flight_key,
        lane=row.lane,
        passenger_ref=row.passenger_ref,
        capture_key=row.capture_key,
        moment=Moment(row.moment),
        choice=Choice(row.choice),
        rule_id=row.rule_id,
        declared_at=row.declared_at_utc,
        recorded_at=row.recorded_at_utc,
        crossing_id=row.crossing_id,
        photos=row.photos,
        templates=row.templates,
        matches=row.matches,
        receipt_id=row.receipt_id,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )


def receipt_values(one: ReceiptRecord) -> Values:
    """Return a receipt's columns."""
    return {
        "receipt_id": one.receipt_id,
        "code": one.code,
        "issued_at_utc": one.issued_at,
        "opt_out_id": one.opt_out_id,
        "crossing_id": one.crossing_id,
        "ledger_index": one.ledger_index,
    }


def receipt_record(row: Row[Any]) -> ReceiptRecord:
    """Return the receipt of a row."""
    return ReceiptRecord(
        receipt_id=row.receipt_id,
        code=row.code,
        issued_at=row.issued_at_utc,
        opt_out_id=row.opt_out_id,
        crossing_id=row.crossing_id,
        ledger_index=row.ledger_index,
    )


def notice_values(one: NoticeRecord) -> Values:
    """Return a notice's columns."""
    return {
        "notice_id": one.notice_id,
        "location": one.location,
        "language": one.language,
        "text_sha256": one.text_sha256,
        "picture_sha256": one.picture_sha256,
        "picture_kind": one.picture_kind,
        "taken_by": one.taken_by,
        "taken_at_utc": one.taken_at,
        "expires_at_utc": one.expires_at,
        "recorded_at_utc": one.recorded_at,
        "salt": one.salt,
        "ledger_index": one.ledger_index,
    }


def notice_record(row: Row[Any]) -> NoticeRecord:
    """Return the notice of a row."""
    return NoticeRecord(
        notice_id=row.notice_id,
        location=row.location,
        language=row.language,
        text_sha256=row.text_sha256,
        picture_sha256=row.picture_sha256,
        picture_kind=row.picture_kind,
        taken_by=row.taken_by,
        taken_at=row.taken_at_utc,
        expires_at=row.expires_at_utc,
        recorded_at=row.recorded_at_utc,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )


def report_values(one: DeniedOptOutRecord) -> Values:
    """Return a report's columns."""
    return {
        "report_id": one.report_id,
        "location": one.location,
        "filed_at_utc": one.filed_at,
        "filed_by": one.filed_by,
        "receipt_id": one.receipt_id,
        "sealed_text": one.sealed_text,
        "salt": one.salt,
        "ledger_index": one.ledger_index,
    }


def report_record(row: Row[Any]) -> DeniedOptOutRecord:
    """Return the report of a row."""
    return DeniedOptOutRecord(
        report_id=row.report_id,
        location=row.location,
        filed_at=row.filed_at_utc,
        filed_by=row.filed_by,
        receipt_id=row.receipt_id,
        sealed_text=row.sealed_text,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )


def finding_values(one: ReportFindingRecord) -> Values:
    """Return a finding's columns."""
    return {
        "finding_id": one.finding_id,
        "report_id": one.report_id,
        "found_at_utc": one.found_at,
        "overseer": one.overseer,
        "sealed_text": one.sealed_text,
        "salt": one.salt,
        "ledger_index": one.ledger_index,
    }


def finding_record(row: Row[Any]) -> ReportFindingRecord:
    """Return the finding of a row."""
    return ReportFindingRecord(
        finding_id=row.finding_id,
        report_id=row.report_id,
        found_at=row.found_at_utc,
        overseer=row.overseer,
        sealed_text=row.sealed_text,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )
