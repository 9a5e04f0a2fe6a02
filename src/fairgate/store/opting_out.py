"""Opting out in SQL: opt-outs, receipts, notices, reports of travellers and what overseers found."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, insert, select

from fairgate.errors import AlreadyRecorded
from fairgate.services.opting_out_records import (
    Committed,
    DeniedOptOutRecord,
    NoticeRecord,
    OptOutRecord,
    ReceiptRecord,
    ReportFindingRecord,
)
from fairgate.services.records import CrossingRecord, ReferenceState
from fairgate.store import checks, rows, rows_opting_out
from fairgate.store.schema import crossing, passenger
from fairgate.store.schema_opting_out import denied_opt_out, notice, opt_out, receipt, report_finding
from fairgate.store.transaction import SqlTransaction


class SqlOptingOutReads(SqlTransaction):
    """The part of a snapshot that knows who opted out, what they were told, and what they reported."""

    def opt_out_of(self, flight_key: str, passenger_ref: str | None, capture_key: str | None) -> OptOutRecord | None:
        """Return the opt-out of exactly this passenger and capture, or ``None``."""
        found = self._opt_outs(
            opt_out.c.flight_key == flight_key,
            opt_out.c.passenger_ref.is_not_distinct_from(passenger_ref),
            opt_out.c.capture_key.is_not_distinct_from(capture_key),
        )
        return found[0] if found else None

    def opt_out_for_capture(self, flight_key: str, capture_key: str) -> OptOutRecord | None:
        """Return the opt-out that names this capture, or ``None``."""
        found = self._opt_outs(opt_out.c.flight_key == flight_key, opt_out.c.capture_key == capture_key)
        return found[0] if found else None

    def opt_outs(self, flight_key: str | None = None) -> Sequence[OptOutRecord]:
        """Return every opt-out of one flight or of all, in the ledger's order."""
        return self._opt_outs(*(() if flight_key is None else (opt_out.c.flight_key == flight_key,)))

    def crossings_of_passenger(self, flight_key: str, passenger_ref: str) -> Sequence[CrossingRecord]:
        """Return the crossings that concern one passenger, in the ledger's order."""
        asked = select(crossing).where(crossing.c.flight_key == flight_key, crossing.c.passenger_ref == passenger_ref)
        return self._rows(asked.order_by(crossing.c.ledger_index), rows.crossing_record)

    def withdrawn(self, flight_key: str) -> frozenset[str]:
        """Return the passengers of a flight who opted out by name."""
        asked = select(passenger.c.passenger_ref).where(
            passenger.c.flight_key == flight_key, passenger.c.state == ReferenceState.OPTED_OUT.value
        )
        return frozenset(self._rows(asked, lambda row: str(row.passenger_ref)))

    def receipt(self, receipt_id: str) -> ReceiptRecord | None:
        """Return a receipt as it was issued, or ``None``."""
        asked = select(receipt).where(receipt.c.receipt_id == receipt_id)
        found = self._rows(asked, rows_opting_out.receipt_record)
        return found[0] if found else None

    def receipts(self) -> Sequence[ReceiptRecord]:
        """Return every receipt, in the ledger's order."""
        return self._rows(select(receipt).order_by(receipt.c.ledger_index), rows_opting_out.receipt_record)

    def receipt_of_crossing(self, crossing_id: str) -> ReceiptRecord | None:
        """Return the receipt issued on request for a crossing, or ``None``."""
        asked = select(receipt).where(receipt.c.crossing_id == crossing_id)
        found = self._rows(asked, rows_opting_out.receipt_record)
        return found[0] if found else None

    def notices(self, location: str | None = None) -> Sequence[NoticeRecord]:
        """Return the notices of one location or of all, in the ledger's order."""
        asked = select(notice).order_by(notice.c.ledger_index, notice.c.notice_id)
        if location is not None:
            asked = asked.where(notice.c.location == location)
        return self._rows(asked, rows_opting_out.notice_record)

    def denied_opt_outs(self, location: str | None = None) -> Sequence[DeniedOptOutRecord]:
        """Return the reports about one location or about all, in the ledger's order."""
        asked = select(denied_opt_out).order_by(denied_opt_out.c.ledger_index)
        if location is not None:
            asked = asked.where(denied_opt_out.c.location == location)
        return self._rows(asked, rows_opting_out.report_record)

    def report_findings(self, report_id: str | None = None) -> Sequence[ReportFindingRecord]:
        """Return what overseers found about one report or about all, in the ledger's order."""
        asked = select(report_finding).order_by(report_finding.c.ledger_index)
        if report_id is not None:
            asked = asked.where(report_finding.c.report_id == report_id)
        return self._rows(asked, rows_opting_out.finding_record)

    def opting_out_cases(self) -> Iterator[Committed]:
        """Yield every record of opting out that the ledger commits to, in the ledger's order."""
        every: tuple[Sequence[Committed], ...] = (
            self.opt_outs(),
            self.notices(),
            self.denied_opt_outs(),
            self.report_findings(),
        )
        return iter(list(heapq.merge(*every, key=lambda one: one.ledger_index)))

    def _opt_outs(self, *conditions: ColumnElement[bool]) -> list[OptOutRecord]:
        asked = select(opt_out).where(*conditions).order_by(opt_out.c.ledger_index)
        return self._rows(asked, rows_opting_out.opt_out_record)


class SqlOptingOutWrites(SqlOptingOutReads):
    """The part of a write transaction that records opting out; triggers refuse to change or remove any of it."""

    def add_opt_out(self, one: OptOutRecord) -> None:
        """Add an opt-out.

        Raises:
            AlreadyRecorded: exactly this passenger and capture has one.
        """
        with self._guard.operation():
            checks.check_moment(one.declared_at)
            checks.check_moment(one.recorded_at)
            named = (one.passenger_ref, one.capture_key)
            if named != (None, None) and self.opt_out_of(one.flight_key, *named) is not None:
                raise AlreadyRecorded("This opt-out is already recorded.")
            self._add(opt_out, rows_opting_out.opt_out_values(one))

    def add_receipt(self, one: ReceiptRecord) -> None:
        """Add a receipt.

        Raises:
            AlreadyRecorded: the crossing has one.
        """
        with self._guard.operation():
            checks.check_moment(one.issued_at)
            if one.crossing_id is not None and self.receipt_of_crossing(one.crossing_id) is not None:
                raise AlreadyRecorded("This crossing has its receipt.")
            self._add(receipt, rows_opting_out.receipt_values(one))

    def add_notice(self, one: NoticeRecord) -> None:
        """Add a notice."""
        with self._guard.operation():
            for moment in (one.taken_at, one.expires_at, one.recorded_at):
                checks.check_moment(moment)
            self._add(notice, rows_opting_out.notice_values(one))

    def add_denied_opt_out(self, one: DeniedOptOutRecord) -> None:
        """Add a traveller's report."""
        with self._guard.operation():
            checks.check_moment(one.filed_at)
            self._add(denied_opt_out, rows_opting_out.report_values(one))

    def add_report_finding(self, one: ReportFindingRecord) -> None:
        """Add what an overseer found.

        Raises:
            StoreFault: there is no such report.
        """
        with self._guard.operation():
            checks.check_moment(one.found_at)
            self._add(report_finding, rows_opting_out.finding_values(one))

    def _add(self, table: Table[Any], values: rows_opting_out.Values) -> None:
        self._connection.execute(insert(table).values(values))
