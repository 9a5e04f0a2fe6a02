"""What opting out needs of a store and of a key, as Protocols; part of a store's transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from fairgate.services.opting_out_records import (
    Committed,
    DeniedOptOutRecord,
    NoticeRecord,
    OptOutRecord,
    ReceiptRecord,
    ReportFindingRecord,
)
from fairgate.services.records import CrossingRecord


class ReceiptSigner(Protocol):
    """Signs receipts, with a key that signs nothing else."""

    @property
    def name(self) -> str:
        """Return the key's name."""
        ...

    @property
    def public_key(self) -> bytes:
        """Return the 32 bytes of the Ed25519 public key."""
        ...

    @property
    def verifier_key(self) -> str:
        """Return what a traveller checks receipts with: ``name+id+key``."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the Ed25519 signature of a message."""
        ...


class OptingOutReads(Protocol):
    """What can be asked about opting out; one consistent snapshot."""

    def opt_out_of(self, flight_key: str, passenger_ref: str | None, capture_key: str | None) -> OptOutRecord | None:
        """Return the opt-out of exactly this passenger and capture, or ``None``."""
        ...

    def opt_out_for_capture(self, flight_key: str, capture_key: str) -> OptOutRecord | None:
        """Return the opt-out that names this capture, or ``None``."""
        ...

    def opt_outs(self, flight_key: str | None = None) -> Sequence[OptOutRecord]:
        """Return every opt-out of one flight or of all, in the ledger's order."""
        ...

    def crossings_of_passenger(self, flight_key: str, passenger_ref: str) -> Sequence[CrossingRecord]:
        """Return the crossings that concern one passenger, in the ledger's order."""
        ...

    def withdrawn(self, flight_key: str) -> frozenset[str]:
        """Return the passengers of a flight who opted out by name."""
        ...

    def receipt(self, receipt_id: str) -> ReceiptRecord | None:
        """Return a receipt as it was issued, or ``None``."""
        ...

    def receipts(self) -> Sequence[ReceiptRecord]:
        """Return every receipt, in the ledger's order."""
        ...

    def receipt_of_crossing(self, crossing_id: str) -> ReceiptRecord | None:
        """Return the receipt issued on request for a crossing, or ``None``."""
        ...

    def notices(self, location: str | None = None) -> Sequence[NoticeRecord]:
        """Return the notices of one location or of all, in the ledger's order."""
        ...

    def denied_opt_outs(self, location: str | None = None) -> Sequence[DeniedOptOutRecord]:
        """Return the reports about one location or about all, in the ledger's order."""
        ...

    def report_findings(self, report_id: str | None = None) -> Sequence[ReportFindingRecord]:
        """Return what overseers found about one report or about all, in the ledger's order."""
        ...

    def opting_out_cases(self) -> Iterator[Committed]:
        """Yield every record of opting out that the ledger commits to, in the ledger's order."""
        ...


class OptingOutWrites(OptingOutReads, Protocol):
    """What opting out writes; nothing of it is ever changed or removed."""

    def add_opt_out(self, opt_out: OptOutRecord) -> None:
        """Add an opt-out.

        Raises:
            AlreadyRecorded: exactly this passenger and capture has one.
        """
        ...

    def add_receipt(self, receipt: ReceiptRecord) -> None:
        """Add a receipt.

        Raises:
            AlreadyRecorded: the crossing has one.
        """
        ...

    def add_notice(self, notice: NoticeRecord) -> None:
        """Add a notice."""
        ...

    def add_denied_opt_out(self, report: DeniedOptOutRecord) -> None:
        """Add a traveller's report."""
        ...

    def add_report_finding(self, finding: ReportFindingRecord) -> None:
        """Add what an overseer found.

        Raises:
            StoreFault: there is no such report.
        """
        ...
