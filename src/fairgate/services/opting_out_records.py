"""What opting out keeps: who declined and what went with it, receipts, notices at each location, reports of travellers.

Each record is written once. None holds a name or a face; a traveller's own words are sealed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from fairgate.ledger.canonical import canonical_bytes
from fairgate.ledger.receipt import Choice, Moment
from fairgate.services.records import as_utc_text

NO_FLIGHT = ""
"""Stands for the flight at a lane without a list."""


@dataclass(frozen=True, slots=True)
class OptOutRecord:
    """One opt-out, and what went with it.

    Args:
        opt_out_id: opaque.
        flight_key: whose gallery it left; ``""`` at a lane without a list.
        lane: identifier of the lane, or of the place where it was declared.
        passenger_ref: who declined, where that is known.
        capture_key: the capture that they declined, where one was taken or under way.
        moment: before, during or after that capture.
        choice: what the rule left to them; after ``required`` an officer says what follows.
        rule_id: the rule.
        declared_at: aware time when they said so.
        recorded_at: aware time of record.
        crossing_id: the crossing undone or cancelled, where there was one by then.
        photos: envelopes of captured photos erased with it.
        templates: templates in force erased with it.
        matches: matches undone with it, 0 or 1.
        receipt_id: of the receipt issued.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    opt_out_id: str
    flight_key: str
    lane: str
    passenger_ref: str | None
    capture_key: str | None
    moment: Moment
    choice: Choice
    rule_id: str | None
    declared_at: datetime
    recorded_at: datetime
    crossing_id: str | None
    photos: int
    templates: int
    matches: int
    receipt_id: str
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "capture_key": self.capture_key,
                "choice": self.choice.value,
                "crossing_id": self.crossing_id,
                "declared_at": as_utc_text(self.declared_at),
                "flight_key": self.flight_key,
                "lane": self.lane,
                "matches": self.matches,
                "moment": self.moment.value,
                "opt_out_id": self.opt_out_id,
                "passenger_ref": self.passenger_ref,
                "photos": self.photos,
                "receipt_id": self.receipt_id,
                "recorded_at": as_utc_text(self.recorded_at),
                "rule_id": self.rule_id,
                "templates": self.templates,
            }
        )


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """A receipt as it was issued; the code holds all that it says.

    Args:
        receipt_id: as in the code.
        code: signed, as :mod:`fairgate.ledger.receipt` writes it.
        issued_at: aware time.
        opt_out_id: the opt-out it is for, or ``None``.
        crossing_id: the crossing it is for, or ``None``.
        ledger_index: the entry under which it was issued.
    """

    receipt_id: str
    code: str
    issued_at: datetime
    opt_out_id: str | None
    crossing_id: str | None
    ledger_index: int


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One sign at one location that tells travellers in one language what happens and that they may decline.

    Args:
        notice_id: opaque.
        location: identifier of the lane where it hangs.
        language: ISO 639-1 code.
        text_sha256: hex digest of the sign's text: its version.
        picture_sha256: hex digest of the picture of the sign, which lies in the data folder.
        picture_kind: ``"jpg"`` or ``"png"``.
        taken_by: actor who took the picture.
        taken_at: aware time when; the notice counts from then on.
        expires_at: aware time from which it counts no more.
        recorded_at: aware time of record.
        ledger_index: the entry that says so.
        salt: of the ledger's commitment.
    """

    notice_id: str
    location: str
    language: str
    text_sha256: str
    picture_sha256: str
    picture_kind: str
    taken_by: str
    taken_at: datetime
    expires_at: datetime
    recorded_at: datetime
    salt: bytes = field(repr=False)
    ledger_index: int

    def is_current(self, at: datetime) -> bool:
        """Say whether it hung at a moment, as far as is known."""
        return self.taken_at <= at < self.expires_at

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "expires_at": as_utc_text(self.expires_at),
                "language": self.language,
                "location": self.location,
                "notice_id": self.notice_id,
                "picture_kind": self.picture_kind,
                "picture_sha256": self.picture_sha256,
                "recorded_at": as_utc_text(self.recorded_at),
                "taken_at": as_utc_text(self.taken_at),
                "taken_by": self.taken_by,
                "text_sha256": self.text_sha256,
            }
        )


@dataclass(frozen=True, slots=True)
class DeniedOptOutRecord:
    """A traveller's report: I was told I could not decline. Never changed, never removed.

    Args:
        report_id: opaque.
        location: identifier of the lane it is about.
        filed_at: aware time.
        filed_by: actor who entered it; a traveller is ``traveller:self``.
        receipt_id: of a genuine receipt handed in, or ``None``.
        sealed_text: the vault's envelope around the traveller's words, unreadable from its deadline on.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    report_id: str
    location: str
    filed_at: datetime
    filed_by: str
    receipt_id: str | None
    sealed_text: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over; of the words, the sealed form's digest."""
        return _canonical(
            {
                "filed_at": as_utc_text(self.filed_at),
                "filed_by": self.filed_by,
                "location": self.location,
                "receipt_id": self.receipt_id,
                "report_id": self.report_id,
                "sealed_text_sha256": hashlib.sha256(self.sealed_text).hexdigest(),
            }
        )


@dataclass(frozen=True, slots=True)
class ReportFindingRecord:
    """What an overseer found out about a report; it stands beside the report and changes nothing of it.

    Args:
        finding_id: opaque.
        report_id: the report.
        found_at: aware time.
        overseer: actor, ``overseer:…``.
        sealed_text: the vault's envelope around the overseer's words.
        salt: of the ledger's commitment.
        ledger_index: the entry that commits to this record.
    """

    finding_id: str
    report_id: str
    found_at: datetime
    overseer: str
    sealed_text: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    ledger_index: int

    def canonical(self) -> bytes:
        """Return the bytes that the ledger's commitment is made over."""
        return _canonical(
            {
                "finding_id": self.finding_id,
                "found_at": as_utc_text(self.found_at),
                "overseer": self.overseer,
                "report_id": self.report_id,
                "sealed_text_sha256": hashlib.sha256(self.sealed_text).hexdigest(),
            }
        )


Committed = OptOutRecord | NoticeRecord | DeniedOptOutRecord | ReportFindingRecord
"""Records that the ledger commits to as cases."""


def _canonical(facts: dict[str, str | int | None]) -> bytes:
    return canonical_bytes({name: value for name, value in facts.items() if value is not None})
