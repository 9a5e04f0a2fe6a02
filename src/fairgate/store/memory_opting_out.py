"""Opting out, in this process; the same as :mod:`fairgate.store.opting_out` does in SQL."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from fairgate.errors import AlreadyRecorded, StoreFault
from fairgate.services.opting_out_records import (
    Committed,
    DeniedOptOutRecord,
    NoticeRecord,
    OptOutRecord,
    ReceiptRecord,
    ReportFindingRecord,
)
from fairgate.services.records import CrossingRecord, PassengerRecord, ReferenceState
from fairgate.store import checks
from fairgate.store.guard import TransactionGuard


class _Entered(Protocol):
    @property
    def ledger_index(self) -> int: ...


_Kept = TypeVar("_Kept", bound=_Entered)


@dataclass(frozen=True, slots=True)
class OptingOutTables:
    """What is kept of opting out, in the order in which it came."""

    opt_outs: dict[str, OptOutRecord] = field(default_factory=dict)
    receipts: dict[str, ReceiptRecord] = field(default_factory=dict)
    notices: dict[str, NoticeRecord] = field(default_factory=dict)
    reports: dict[str, DeniedOptOutRecord] = field(default_factory=dict)
    findings: dict[str, ReportFindingRecord] = field(default_factory=dict)

    def copy(self) -> OptingOutTables:
        """Return tables that can be changed without changing these; the rows are shared."""
        return OptingOutTables(
            self.opt_outs.copy(),
            self.receipts.copy(),
            self.notices.copy(),
            self.reports.copy(),
            self.findings.copy(),
        )

    def entries(self) -> Iterable[int]:
        """Yield the ledger entries that must be there."""
        every: tuple[Iterable[_Entered], ...] = (
            self.opt_outs.values(),
            self.receipts.values(),
            self.notices.values(),
            self.reports.values(),
            self.findings.values(),
        )
        for kept in every:
            yield from (one.ledger_index for one in kept)


class MemoryOptingOutReads:
    """The questions about opting out; the whole transaction says what is kept and guards it."""

    _opting_out: OptingOutTables
    _crossings: dict[str, CrossingRecord]
    _passengers: dict[tuple[str, str], PassengerRecord]
    _guard: TransactionGuard

    def opt_out_of(self, flight_key: str, passenger_ref: str | None, capture_key: str | None) -> OptOutRecord | None:
        """Return the opt-out of exactly this passenger and capture, or ``None``."""
        wanted = (flight_key, passenger_ref, capture_key)
        return next(
            (one for one in self.opt_outs() if (one.flight_key, one.passenger_ref, one.capture_key) == wanted), None
        )

    def opt_out_for_capture(self, flight_key: str, capture_key: str) -> OptOutRecord | None:
        """Return the opt-out that names this capture, or ``None``."""
        return next((one for one in self.opt_outs(flight_key) if one.capture_key == capture_key), None)

    def opt_outs(self, flight_key: str | None = None) -> Sequence[OptOutRecord]:
        """Return every opt-out of one flight or of all, in the ledger's order."""
        with self._guard.operation():
            return _ordered(one for one in self._opting_out.opt_outs.values() if flight_key in {None, one.flight_key})

    def crossings_of_passenger(self, flight_key: str, passenger_ref: str) -> Sequence[CrossingRecord]:
        """Return the crossings that concern one passenger, in the ledger's order."""
        with self._guard.operation():
            wanted = (flight_key, passenger_ref)
            return _ordered(one for one in self._crossings.values() if (one.flight_key, one.passenger_ref) == wanted)

    def withdrawn(self, flight_key: str) -> frozenset[str]:
        """Return the passengers of a flight who opted out by name."""
        with self._guard.operation():
            return frozenset(
                passenger_ref
                for (flight, passenger_ref), one in self._passengers.items()
                if flight == flight_key and one.state is ReferenceState.OPTED_OUT
            )

    def receipt(self, receipt_id: str) -> ReceiptRecord | None:
        """Return a receipt as it was issued, or ``None``."""
        with self._guard.operation():
            return self._opting_out.receipts.get(receipt_id)

    def receipts(self) -> Sequence[ReceiptRecord]:
        """Return every receipt, in the ledger's order."""
        with self._guard.operation():
            return _ordered(self._opting_out.receipts.values())

    def receipt_of_crossing(self, crossing_id: str) -> ReceiptRecord | None:
        """Return the receipt issued on request for a crossing, or ``None``."""
        return next((one for one in self.receipts() if one.crossing_id == crossing_id), None)

    def notices(self, location: str | None = None) -> Sequence[NoticeRecord]:
        """Return the notices of one location or of all, in the ledger's order."""
        with self._guard.operation():
            chosen = (one for one in self._opting_out.notices.values() if location in {None, one.location})
            return sorted(chosen, key=lambda one: (one.ledger_index, one.notice_id))

    def denied_opt_outs(self, location: str | None = None) -> Sequence[DeniedOptOutRecord]:
        """Return the reports about one location or about all, in the ledger's order."""
        with self._guard.operation():
            return _ordered(one for one in self._opting_out.reports.values() if location in {None, one.location})

    def report_findings(self, report_id: str | None = None) -> Sequence[ReportFindingRecord]:
        """Return what overseers found about one report or about all, in the ledger's order."""
        with self._guard.operation():
            return _ordered(one for one in self._opting_out.findings.values() if report_id in {None, one.report_id})

    def opting_out_cases(self) -> Iterator[Committed]:
        """Yield every record of opting out that the ledger commits to, in the ledger's order."""
        every: tuple[Sequence[Committed], ...] = (
            self.opt_outs(),
            self.notices(),
            self.denied_opt_outs(),
            self.report_findings(),
        )
        return iter(list(heapq.merge(*every, key=lambda one: one.ledger_index)))


class MemoryOptingOutWrites(MemoryOptingOutReads):
    """What opting out writes; nothing of it is ever changed or removed."""

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
            _add(self._opting_out.opt_outs, one.opt_out_id, one)

    def add_receipt(self, one: ReceiptRecord) -> None:
        """Add a receipt.

        Raises:
            AlreadyRecorded: the crossing has one.
        """
        with self._guard.operation():
            checks.check_moment(one.issued_at)
            if one.crossing_id is not None and self.receipt_of_crossing(one.crossing_id) is not None:
                raise AlreadyRecorded("This crossing has its receipt.")
            _add(self._opting_out.receipts, one.receipt_id, one)

    def add_notice(self, one: NoticeRecord) -> None:
        """Add a notice."""
        with self._guard.operation():
            for moment in (one.taken_at, one.expires_at, one.recorded_at):
                checks.check_moment(moment)
            _add(self._opting_out.notices, one.notice_id, one)

    def add_denied_opt_out(self, one: DeniedOptOutRecord) -> None:
        """Add a traveller's report."""
        with self._guard.operation():
            checks.check_moment(one.filed_at)
            _add(self._opting_out.reports, one.report_id, one)

    def add_report_finding(self, one: ReportFindingRecord) -> None:
        """Add what an overseer found.

        Raises:
            StoreFault: there is no such report.
        """
        with self._guard.operation():
            checks.check_moment(one.found_at)
            if one.report_id not in self._opting_out.reports:
                raise StoreFault("The record contradicts what the database already holds.")
            _add(self._opting_out.findings, one.finding_id, one)


def _add(kept: dict[str, _Kept], key: str, one: _Kept) -> None:
    if key in kept:
        raise StoreFault("The record contradicts what the database already holds.")
    kept[key] = one


def _ordered(some: Iterable[_Kept]) -> list[_Kept]:
    return sorted(some, key=lambda one: one.ledger_index)
