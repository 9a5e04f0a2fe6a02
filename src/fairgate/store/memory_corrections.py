"""Corrections, in this process; the same as :mod:`fairgate.store.corrections` does in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fairgate.errors import StoreFault
from fairgate.services.correction_records import CorrectionRecord
from fairgate.store import checks
from fairgate.store.guard import TransactionGuard


@dataclass(frozen=True, slots=True)
class CorrectionTables:
    """What is kept of corrections, in the order in which they came."""

    made: dict[str, CorrectionRecord] = field(default_factory=dict)

    def copy(self) -> CorrectionTables:
        """Return tables that can be changed without changing these; the rows are shared."""
        return CorrectionTables(self.made.copy())

    def entries(self) -> Iterable[int]:
        """Yield the ledger entries that must be there."""
        return (one.ledger_index for one in self.made.values())


class MemoryCorrectionReads:
    """The questions about corrections; the whole transaction says what is kept and guards it."""

    _corrections: CorrectionTables
    _guard: TransactionGuard

    def corrections(self, flight_key: str | None = None) -> Sequence[CorrectionRecord]:
        """Return every correction of one flight or of all, in the ledger's order."""
        with self._guard.operation():
            chosen = (one for one in self._corrections.made.values() if flight_key in {None, one.flight_key})
            return sorted(chosen, key=lambda one: one.ledger_index)

    def corrected_since(self, flight_key: str, ledger_size: int) -> frozenset[str]:
        """Return the passengers of a flight of whom something was corrected once the ledger had that many entries."""
        return frozenset(one.passenger_ref for one in self.corrections(flight_key) if one.ledger_index >= ledger_size)


class MemoryCorrectionWrites(MemoryCorrectionReads):
    """What a correction writes."""

    def add_correction(self, one: CorrectionRecord, /) -> None:
        """Add a correction; its ledger entry is there before the block ends."""
        with self._guard.operation():
            for moment in (one.recorded_at, one.list_erase_by, one.template_erase_by):
                checks.check_moment(moment)
            if one.correction_id in self._corrections.made or min(one.templates_erased, one.photos_erased) < 0:
                raise StoreFault("The record contradicts what the database already holds.")
            self._corrections.made[one.correction_id] = one
