"""Export a flight's crossings for one purpose of the rulebook, with the day on which that purpose expires."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from fairgate.errors import ExportRefused, NothingStaged, PurposeRefused
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit, whole_hour
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.note import sign_note
from fairgate.rules.purposes import permitted_purpose
from fairgate.rules.retention import erase_by
from fairgate.rules.rulebook import Rulebook
from fairgate.services.append_entry import Registrar
from fairgate.services.export_records import ExportHeader, ExportRecord, crossing_line
from fairgate.services.ports import Clock, Entropy, LedgerSigner, Store
from fairgate.services.records import CrossingRecord
from fairgate.vocabulary import Actor, RecordClass, Status


class RulebookToday(Protocol):
    """Answers which rulebook holds."""

    def today(self) -> Rulebook:
        """Return the rulebook in force now."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported.

    Args:
        header: what the file says of itself.
        content: of the file.
    """

    header: ExportHeader
    content: bytes


class ExportCrossings:
    """Exports crossings.

    Args:
        store: holds them.
        line: the rulebooks in force.
        registrar: appends the entry, before anything leaves.
        signer: the ledger's key, which signs the file.
        clock: the present.
        entropy: salts.
        actor: who exports.
    """

    def __init__(
        self,
        *,
        store: Store,
        line: RulebookToday,
        registrar: Registrar,
        signer: LedgerSigner,
        clock: Clock,
        entropy: Entropy,
        actor: Actor,
    ) -> None:
        self._store = store
        self._line = line
        self._registrar = registrar
        self._signer = signer
        self._clock = clock
        self._entropy = entropy
        self._actor = actor

    def __call__(self, flight_key: str, purpose: str) -> Exported:
        """Enter the export in the ledger, and return the file that may then be written.

        Args:
            flight_key: whose crossings.
            purpose: what they will be used for.

        Raises:
            ExportRefused: the rulebook names no such purpose, or not for exported crossings, or their time is over.
            NothingStaged: there is no such flight.
        """
        rulebook = self._line.today()
        text, days = _purpose(rulebook, purpose)
        with self._store.writing() as transaction:
            if transaction.flight(flight_key) is None:
                raise NothingStaged(f"No flight is staged as {flight_key}.", way_out="Run `fairgate gallery show`.")
            crossings = list(transaction.crossings(flight_key))
            now = self._clock().astimezone(UTC)
            expires_at = _expiry(rulebook, crossings, now, days)
            index_of = {one.crossing_id: one.ledger_index for one in crossings}
            body = b"".join(crossing_line(one, index_of) for one in crossings)
            header = ExportHeader(
                flight_key=flight_key,
                purpose=purpose,
                purpose_text=text,
                exported_by=self._actor,
                exported_at=now,
                expires_at=expires_at,
                rulebook_sha256=rulebook.sha256,
                records=len(crossings),
                records_sha256=hashlib.sha256(body).hexdigest(),
                ledger=self._signer.name,
                ledger_index=transaction.ledger_size(),
            )
            record = ExportRecord(header.canonical(), self._entropy(SALT_BYTES), header.ledger_index)
            row = self._registrar.append(
                transaction,
                Entry(
                    kind=EntryKind.EXPORT,
                    at=now,
                    actor=self._actor,
                    purpose=purpose,
                    rulebook_sha256=rulebook.sha256,
                    counts=(("records", len(crossings)),),
                    commitments=(
                        Commitment(
                            of=RecordClass.CASE, sha256=commit(RecordClass.CASE, record.salt, record.canonical())
                        ),
                    ),
                ),
            )
            transaction.add_export(record)
        self._registrar.committed(row)
        note = sign_note(header.canonical().decode() + "\n", [self._signer])
        return Exported(header, note + b"\n" + body)


def _purpose(rulebook: Rulebook, purpose: str) -> tuple[str, int]:
    """Return a purpose in words, and for how many days exported crossings may serve it."""
    allowed = ", ".join(
        one.id for one in rulebook.purposes.values() if one.export_days and RecordClass.CROSSING in one.record_classes
    )
    way_out = f"Crossings are exported for: {allowed}." if allowed else "It lets no crossing be exported."
    try:
        found = permitted_purpose(rulebook, purpose, RecordClass.CROSSING)
    except PurposeRefused as refused:
        raise ExportRefused(refused.public_text, reason="purpose", way_out=way_out) from refused
    if not found.export_days:
        raise ExportRefused(
            f"Rulebook {rulebook.id!r} lets nothing be exported for {purpose!r}.", reason="purpose", way_out=way_out
        )
    return found.text, found.export_days


def _expiry(rulebook: Rulebook, crossings: list[CrossingRecord], now: datetime, days: int) -> datetime:
    """Return when the purpose ends: the sooner of its own days and the first deadline of a record, to the hour."""
    deadlines = (
        erase_by(rulebook, RecordClass.CROSSING, Status.UNKNOWN, min(one.taken_at, one.recorded_at))
        for one in crossings
    )
    ends = whole_hour(min((now + timedelta(days=days), *deadlines)))
    if ends <= now:
        raise ExportRefused("A record is past its deadline, so nothing is exported.", reason="expired")
    return ends
