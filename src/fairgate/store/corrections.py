"""Corrections in SQL: records of what was corrected, by whom, and what went with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select

from fairgate.ledger.manual_codes import CorrectionReason
from fairgate.services.correction_records import CorrectionRecord
from fairgate.store import checks
from fairgate.store.schema_corrections import correction
from fairgate.store.transaction import SqlTransaction


class SqlCorrectionReads(SqlTransaction):
    """The part of a snapshot that knows what was corrected."""

    def corrections(self, flight_key: str | None = None) -> Sequence[CorrectionRecord]:
        """Return every correction of one flight or of all, in the ledger's order."""
        asked = select(correction).order_by(correction.c.ledger_index)
        if flight_key is not None:
            asked = asked.where(correction.c.flight_key == flight_key)
        return self._rows(asked, _record)

    def corrected_since(self, flight_key: str, ledger_size: int) -> frozenset[str]:
        """Return the passengers of a flight of whom something was corrected once the ledger had that many entries."""
        asked = select(correction.c.passenger_ref).where(
            correction.c.flight_key == flight_key, correction.c.ledger_index >= ledger_size
        )
        return frozenset(self._rows(asked, lambda row: str(row.passenger_ref)))


class SqlCorrectionWrites(SqlCorrectionReads):
    """The part of a write transaction that records corrections; triggers refuse to change any of it."""

    def add_correction(self, one: CorrectionRecord, /) -> None:
        """Add a correction; its ledger entry is there before the block ends."""
        with self._guard.operation():
            for moment in (one.recorded_at, one.list_erase_by, one.template_erase_by):
                checks.check_moment(moment)
            self._connection.execute(insert(correction).values(_values(one)))


def _values(one: CorrectionRecord) -> dict[str, Any]:
    return {
        "correction_id": one.correction_id,
        "flight_key": one.flight_key,
        "passenger_ref": one.passenger_ref,
        "facts": " ".join(one.facts),
        "reason": one.reason.value,
        "recorded_at_utc": one.recorded_at,
        "officer": one.officer,
        "list_erase_by_utc": one.list_erase_by,
        "template_erase_by_utc": one.template_erase_by,
        "crossing_erase_by_utc": one.crossing_erase_by,
        "templates_erased": one.templates_erased,
        "templates_resealed": one.templates_resealed,
        "photos_erased": one.photos_erased,
        "matches_undone": one.matches_undone,
        "matches_in_doubt": one.matches_in_doubt,
        "salt": one.salt,
        "ledger_index": one.ledger_index,
    }


def _record(row: Row[Any]) -> CorrectionRecord:
    return CorrectionRecord(
        correction_id=row.correction_id,
        flight_key=row.flight_key,
        passenger_ref=row.passenger_ref,
        facts=tuple(row.facts.split()),
        reason=CorrectionReason(row.reason),
        recorded_at=row.recorded_at_utc,
        officer=row.officer,
        list_erase_by=row.list_erase_by_utc,
        template_erase_by=row.template_erase_by_utc,
        crossing_erase_by=row.crossing_erase_by_utc,
        templates_erased=row.templates_erased,
        templates_resealed=row.templates_resealed,
        photos_erased=row.photos_erased,
        matches_undone=row.matches_undone,
        matches_in_doubt=row.matches_in_doubt,
        salt=row.salt,
        ledger_index=row.ledger_index,
    )
