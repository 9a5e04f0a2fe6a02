"""The file of exported records: what it says of itself, and what it holds.

A signed note (:mod:`fairgate.ledger.note`) whose one line is the header as canonical JSON, an empty line, and then
records as canonical JSON, one a line. The header names the purpose, who exported, when, when the purpose expires, and
the digest of everything below; so nothing of it can be taken apart or changed unseen. A record has no name, no photo,
no score, no rank and no reference that a carrier knows a passenger by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fairgate.errors import ExportRefused, LedgerFault
from fairgate.ledger.canonical import canonical_bytes, parse_canonical
from fairgate.services.records import CrossingRecord, as_utc_text
from fairgate.verifier import VerifierKey, VerifierRefused, open_note
from fairgate.vocabulary import Actor

FORMAT = "fairgate/export"
VERSION = 1


@dataclass(frozen=True, slots=True)
class ExportHeader:
    """What an export says of itself.

    Args:
        flight_key: whose crossings.
        purpose: which of the rulebook's purposes they may be used for, and no other.
        purpose_text: that in words.
        exported_by: who.
        exported_at: aware.
        expires_at: aware; afterwards they may be used for nothing.
        rulebook_sha256: of the rulebook that names the purpose.
        records: how many.
        records_sha256: hex digest of everything below the header.
        ledger: name of the ledger whose key signed.
        ledger_index: the entry that was made before.
    """

    flight_key: str
    purpose: str
    purpose_text: str
    exported_by: Actor
    exported_at: datetime
    expires_at: datetime
    rulebook_sha256: str
    records: int
    records_sha256: str
    ledger: str
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the header's line."""
        return canonical_bytes(
            {
                "exported_at": as_utc_text(self.exported_at),
                "exported_by": str(self.exported_by),
                "expires_at": as_utc_text(self.expires_at),
                "flight": self.flight_key,
                "format": FORMAT,
                "ledger": self.ledger,
                "ledger_index": self.ledger_index,
                "purpose": self.purpose,
                "purpose_text": self.purpose_text,
                "records": self.records,
                "records_sha256": self.records_sha256,
                "rulebook_sha256": self.rulebook_sha256,
                "v": VERSION,
            }
        )


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """That records were exported, as the store keeps it.

    Args:
        header: the export's own line, without the records.
        salt: 32 random bytes of the ledger's commitment.
        ledger_index: the entry that commits to the header.
    """

    header: bytes
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return self.header


@dataclass(frozen=True, slots=True)
class ReadExport:
    """An export that was found whole, signed and in time.

    Args:
        header: what it says of itself.
        records: what it holds, as it is written.
    """

    header: Mapping[str, Any]
    records: Sequence[Mapping[str, Any]]


def crossing_line(crossing: CrossingRecord, index_of: Mapping[str, int]) -> bytes:
    """Return one crossing as it leaves the service: codes, times and ledger entries, and nothing about who it was.

    Args:
        crossing: as kept.
        index_of: crossings' ledger entries by identifier, to say which one this puts in doubt.
    """
    facts: dict[str, str | int | None] = {
        "component": crossing.component,
        "had_photo": int(crossing.had_photo),
        "lane": crossing.lane,
        "ledger_index": crossing.ledger_index,
        "outcome": crossing.outcome,
        "reason": crossing.reason,
        "recorded_at": as_utc_text(crossing.recorded_at),
        "reopens": index_of.get(crossing.reopens or ""),
        "rule_id": crossing.rule_id,
        "taken_at": as_utc_text(crossing.taken_at),
        "threshold_id": crossing.threshold_id,
        "was_usable": int(crossing.was_usable),
    }
    return canonical_bytes({name: value for name, value in facts.items() if value is not None}) + b"\n"


def read_export(content: bytes, verifier_key: str, *, now: datetime, purpose: str | None = None) -> ReadExport:
    """Return an export's records, if they may be used.

    Args:
        content: of the file.
        verifier_key: of the ledger that it was exported from, ``name+id+key``.
        now: the present, aware.
        purpose: what the records are to be used for; ``None`` to take the export's own.

    Raises:
        ExportRefused: it is no export, was signed with another key, is not as it was signed, its purpose has expired,
            or it is for another purpose.
    """
    signed, _, body = _split(content)
    try:
        key = VerifierKey.parse(verifier_key)
    except VerifierRefused as refused:
        raise ExportRefused("That is no public key of a ledger.", reason="other_key") from refused
    if f"\n\N{EM DASH} {key.name} ".encode() not in signed:
        raise ExportRefused("The export was signed with another key.", reason="other_key")
    try:
        header = parse_canonical(open_note(signed, key).rstrip("\n").encode())
        expires_at = datetime.fromisoformat(header["expires_at"]).astimezone(UTC)
        if (header["format"], header["v"]) != (FORMAT, VERSION):
            raise ExportRefused("That is no export that this version knows.", reason="not_an_export")
        records = [parse_canonical(line) for line in body.splitlines()]
        sound = hashlib.sha256(body).hexdigest() == header["records_sha256"] and len(records) == header["records"]
    except (VerifierRefused, LedgerFault, KeyError, TypeError, ValueError) as fault:
        raise _altered() from fault
    if not sound:
        raise _altered()
    if purpose not in {None, header["purpose"]}:
        raise ExportRefused(f"These records were exported for {header['purpose']!r} alone.", reason="purpose")
    if now >= expires_at:
        raise ExportRefused(
            f"The purpose of these records expired on {expires_at:%Y-%m-%d %H:%M} UTC.",
            reason="expired",
            way_out="Delete the file.",
        )
    return ReadExport(header, records)


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the signed note, the empty line after it, and what lies below."""
    text, gap, rest = content.partition(b"\n\n")
    line, end, below = rest.partition(b"\n")
    if not gap or not end or not text.startswith(b"{") or not below.startswith(b"\n"):
        raise ExportRefused("That is no export of Fairgate.", reason="not_an_export")
    return text + gap + line + end, below[:1], below[1:]


def _altered() -> ExportRefused:
    return ExportRefused(
        "The export is not as it was signed.", reason="altered", way_out="Ask whoever exported it for the file itself."
    )
