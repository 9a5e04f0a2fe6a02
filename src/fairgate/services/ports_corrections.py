"""What corrections need of a store, as Protocols; part of its transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fairgate.services.correction_records import CorrectionRecord


class CorrectionReads(Protocol):
    """What can be asked about corrections; one consistent snapshot."""

    def corrections(self, flight_key: str | None = None) -> Sequence[CorrectionRecord]:
        """Return every correction of one flight or of all, in the ledger's order."""
        ...

    def corrected_since(self, flight_key: str, ledger_size: int) -> frozenset[str]:
        """Return the passengers of a flight of whom something was corrected once the ledger had that many entries."""
        ...


class CorrectionWrites(CorrectionReads, Protocol):
    """What a correction writes; nothing of it is ever changed."""

    def add_correction(self, one: CorrectionRecord, /) -> None:
        """Add a correction; its ledger entry is there before the block ends."""
        ...
