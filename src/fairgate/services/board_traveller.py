"""Board one traveller: from a capture to exactly one recorded outcome.

The order is the design's: permission, capture, quality, features, bounded search or 1:1, permission again now that the
match says who it is, decision, and the crossing with its ledger entry in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from fairgate.errors import AlreadyRecorded, FairgateError, ImageRefused
from fairgate.face.pack import CalibrationRecord
from fairgate.face.pipeline import Extracted, NoFace, PoorImage, SeveralFaces
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind, ErasureReason
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.append_entry import Registrar
from fairgate.services.decide import identify, verify
from fairgate.services.faces import FaceReader
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Store, Timer, Vault, WriteTransaction
from fairgate.services.records import CrossingRecord, LedgerRow, ReferenceState
from fairgate.vocabulary import (
    Actor,
    ActorKind,
    Capture,
    Features,
    Matched,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    Outcome,
    Photo,
    RecordClass,
    SeeOfficer,
    Status,
)

CAPTURE_CLASS_HOURS = 12
"""Every capture starts in the class of the shortest deadline, whoever the subject turns out to be."""

_NO_TIMES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The calibration records in use.

    Args:
        identification: for the flight's gallery, calibrated for at least its size.
        verification: for 1:1 against a claimed passenger.
    """

    identification: CalibrationRecord
    verification: CalibrationRecord


@dataclass(frozen=True, slots=True)
class Boarded:
    """What became of one capture.

    Args:
        crossing: the record.
        repeated: it was recorded before, by this process or another; nothing was done again.
        features: of the capture subject where they were extracted; they stay in this process.
    """

    crossing: CrossingRecord
    repeated: bool = False
    features: Features | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What was found out about a capture before it is recorded."""

    outcome: Outcome
    rule_id: str | None = None
    threshold_id: str | None = None
    had_photo: bool = False
    was_usable: bool = False
    keep_photo: bool = False
    features: Features | None = field(default=None, repr=False)
    stage_ms: Mapping[str, float] = _NO_TIMES


class BoardTraveller:
    """Boards the travellers of one opened flight.

    Args:
        opened: the flight, its gallery and its list.
        thresholds: the operating point, as calibrated.
        store: keeps crossings and ledger.
        vault: seals captured photos.
        faces: decodes and extracts.
        rules: decides who may be asked.
        registrar: appends to the ledger.
        clock: the present.
        timer: measures the stages.
        entropy: identifiers and salts.
    """

    def __init__(
        self,
        opened: OpenedFlight,
        thresholds: Thresholds,
        *,
        store: Store,
        vault: Vault,
        faces: FaceReader,
        rules: LaneRules,
        registrar: Registrar,
        clock: Clock,
        timer: Timer,
        entropy: Entropy,
    ) -> None:
        self._opened = opened
        self._thresholds = thresholds
        self._store = store
        self._vault = vault
        self._faces = faces
        self._rules = rules
        self._registrar = registrar
        self._clock = clock
        self._timer = timer
        self._entropy = entropy
        self._gallery = opened.gallery
        self._late_times: tuple[str, Mapping[str, float]] | None = None

    def __call__(self, capture: Capture, read_photo: Callable[[], Photo]) -> Boarded:
        """Decide one capture and record it.

        Args:
            capture: what the lane saw.
            read_photo: lends the photo; called only if the subject may be compared.

        Returns:
            The crossing; the one already on record where this capture was delivered before.

        Raises:
            LedgerFault: the entry could not be written, so the crossing did not happen.
        """
        with self._store.reading() as transaction:
            before = transaction.crossing_for(self._opened.flight.flight_key, capture.capture_key)
        if before is not None:
            return Boarded(before, repeated=True)
        photo: Photo | None = None
        try:
            refused = self._permission_before(capture)
            if refused is not None:
                return self._record(capture, refused, None)
            try:
                photo = read_photo()
            except ImageRefused as refusal:
                return self._record(capture, _Finding(_unreadable(refusal)), None)
            finding = self._permission_after(capture, self._compare(capture, photo))
            return self._record(capture, finding, photo if finding.keep_photo else None)
        finally:
            if photo is not None:
                photo.erase()

    def _permission_before(self, capture: Capture) -> _Finding | None:
        """Return the finding that ends the crossing before anything is captured, if one does."""
        claim = capture.claim
        claimed = self._opened.travellers.get(claim.passenger_ref) if claim.passenger_ref else None
        if claim.opted_out:
            rule_id = None
            if claimed is not None:
                rule_id = self._rules.may_ask(self._opened.flight, claimed, capture.taken_at, opted_out=True).rule_id
            return _Finding(NotAttempted(NotAttemptedReason.OPTED_OUT, rule_id), rule_id=rule_id)
        if claim.passenger_ref is None:
            return None
        if claimed is None:
            return _Finding(SeeOfficer(OfficerReason.NO_REFERENCE))
        match self._rules.may_ask(self._opened.flight, claimed, capture.taken_at):
            case Refusal() as refusal:
                return _Finding(NotAttempted(NotAttemptedReason.RULE_FORBIDS, refusal.rule_id), rule_id=refusal.rule_id)
            case Permission():
                return None

    def _compare(self, capture: Capture, photo: Photo) -> _Finding:
        try:
            read = self._faces.read_probe(photo)
        except ImageRefused as refusal:
            return _Finding(_unreadable(refusal))
        except FairgateError:
            # An engine that fails leads to an officer, never to admit or deny.
            return _Finding(SeeOfficer(OfficerReason.ENGINE_FAULT))
        stage_ms = {"decode": read.decode_ms, **read.extraction.stage_ms}
        match read.extraction:
            case NoFace():
                return _Finding(SeeOfficer(OfficerReason.NO_FACE), had_photo=True, stage_ms=stage_ms)
            case SeveralFaces():
                # Bystanders are in the picture, so nothing of it is kept.
                return _Finding(SeeOfficer(OfficerReason.SEVERAL_FACES), had_photo=True, stage_ms=stage_ms)
            case PoorImage(component=component):
                outcome = SeeOfficer(OfficerReason.POOR_IMAGE, component)
                return _Finding(outcome, had_photo=True, keep_photo=True, stage_ms=stage_ms)
            case Extracted(features=features):
                return self._search(capture, features, stage_ms)
            case _ as unreachable:
                assert_never(unreachable)

    def _search(self, capture: Capture, features: Features, stage_ms: dict[str, float]) -> _Finding:
        started = self._timer()
        claimed = capture.claim.passenger_ref
        if claimed is None:
            threshold = self._thresholds.identification
            found = identify(self._gallery, features, threshold)
        else:
            threshold = self._thresholds.verification
            reference = self._gallery.template_of(claimed)
            if reference is None:
                return _Finding(
                    SeeOfficer(OfficerReason.NO_REFERENCE), had_photo=True, was_usable=True, stage_ms=stage_ms
                )
            found = claimed if verify(reference, features, threshold) else None
        stage_ms["search"] = (self._timer() - started) * 1000
        return _Finding(
            outcome=Matched(found) if found is not None else SeeOfficer(OfficerReason.NO_MATCH),
            threshold_id=threshold.id,
            had_photo=True,
            was_usable=True,
            keep_photo=True,
            features=features,
            stage_ms=stage_ms,
        )

    def _permission_after(self, capture: Capture, finding: _Finding) -> _Finding:
        """Ask the rulebook again, now that a match says who it is; a refusal undoes the match and keeps nothing."""
        if not isinstance(finding.outcome, Matched):
            return finding
        traveller = self._opened.travellers[finding.outcome.passenger_ref]
        match self._rules.may_ask(self._opened.flight, traveller, capture.taken_at):
            case Permission(rule_id=rule_id):
                return replace(finding, rule_id=rule_id)
            case Refusal(rule_id=rule_id):
                return _Finding(
                    NotAttempted(NotAttemptedReason.RULE_FORBIDS, rule_id), rule_id=rule_id, stage_ms=finding.stage_ms
                )

    def _record(self, capture: Capture, finding: _Finding, photo: Photo | None) -> Boarded:
        """Seal, then write crossing, ledger entry and checkpoint in one transaction."""
        started = self._timer()
        now = self._clock()
        crossing_id = self._entropy(16).hex()
        sealed = self._seal(capture, crossing_id, photo, now)
        stage_ms = {**finding.stage_ms, "seal": (self._timer() - started) * 1000}
        started = self._timer()
        try:
            with self._store.writing() as transaction:
                crossing, rows = self._write(transaction, capture, finding, crossing_id, sealed, now)
                transaction.add_stage_times(crossing_id, stage_ms)
                self._write_late_times(transaction)
        except AlreadyRecorded:
            with self._store.reading() as transaction:
                first = transaction.crossing_for(self._opened.flight.flight_key, capture.capture_key)
            if first is None:
                raise
            return Boarded(first, repeated=True)
        # How long the commit took is known only after it, so it travels with the next crossing or with finish().
        self._late_times = (crossing_id, {"record": (self._timer() - started) * 1000})
        self._registrar.committed(rows[-1])
        if crossing.reason == NotAttemptedReason.OPTED_OUT and crossing.passenger_ref is not None:
            self._gallery = self._gallery.without(crossing.passenger_ref)
        return Boarded(crossing, features=finding.features)

    def finish(self) -> None:
        """Write the last crossing's commit time; losing it to a crash loses nothing else."""
        if self._late_times is not None:
            with self._store.writing() as transaction:
                self._write_late_times(transaction)
            self._late_times = None

    def _write_late_times(self, transaction: WriteTransaction) -> None:
        if self._late_times is not None:
            transaction.add_stage_times(*self._late_times)

    def _seal(self, capture: Capture, crossing_id: str, photo: Photo | None, now: datetime) -> bytes | None:
        erase_by = self._rules.erase_by(RecordClass.PHOTO, Status.UNKNOWN, capture.taken_at)
        erase_by = min(erase_by, capture.taken_at + timedelta(hours=CAPTURE_CLASS_HOURS))
        if photo is None or now >= erase_by:
            return None
        return self._vault.seal(
            photo, record_class=RecordClass.PHOTO, record_id=crossing_id, crossing_id=crossing_id, erase_by=erase_by
        )

    def _write(
        self,
        transaction: WriteTransaction,
        capture: Capture,
        finding: _Finding,
        crossing_id: str,
        sealed: bytes | None,
        now: datetime,
    ) -> tuple[CrossingRecord, list[LedgerRow]]:
        """Settle the outcome against what is on record by now, and write it with its entries."""
        flight = self._opened.flight
        outcome, earlier = self._settle(transaction, finding.outcome)
        kept = sealed if finding.keep_photo and not isinstance(outcome, NotAttempted) else None
        crossing = CrossingRecord(
            crossing_id=crossing_id,
            flight_key=flight.flight_key,
            capture_key=capture.capture_key,
            lane=capture.lane,
            taken_at=capture.taken_at,
            recorded_at=now,
            outcome=outcome.kind,
            reason=outcome.reason,
            component=outcome.component if isinstance(outcome, SeeOfficer) else None,
            passenger_ref=_passenger(outcome, capture),
            rule_id=finding.rule_id,
            threshold_id=finding.threshold_id,
            reopens=earlier.crossing_id if earlier else None,
            had_photo=finding.had_photo,
            was_usable=finding.was_usable,
            salt=self._entropy(SALT_BYTES),
            ledger_index=transaction.ledger_size(),
            sealed_photo=kept,
        )
        actor = Actor(ActorKind.LANE, capture.lane)
        rows = [self._registrar.append(transaction, self._entry(crossing, actor, earlier))]
        transaction.add_crossing(crossing)
        if (
            outcome == NotAttempted(NotAttemptedReason.OPTED_OUT, finding.rule_id)
            and crossing.passenger_ref is not None
        ):
            transaction.withdraw_reference(flight.flight_key, crossing.passenger_ref, ReferenceState.OPTED_OUT)
            rows.append(self._registrar.append(transaction, self._erasure(actor, now)))
        return crossing, rows

    def _settle(self, transaction: WriteTransaction, outcome: Outcome) -> tuple[Outcome, CrossingRecord | None]:
        """Return what the outcome is once other lanes are taken into account, and the match it puts in doubt."""
        if not isinstance(outcome, Matched):
            return outcome, None
        flight_key, passenger_ref = self._opened.flight.flight_key, outcome.passenger_ref
        if transaction.reference_state(flight_key, passenger_ref) is not ReferenceState.ENROLLED:
            return NotAttempted(NotAttemptedReason.OPTED_OUT), None
        earlier = transaction.match_of(flight_key, passenger_ref)
        if earlier is None:
            return outcome, None
        return SeeOfficer(OfficerReason.ALREADY_BOARDED, passenger_ref=passenger_ref), earlier

    def _entry(self, crossing: CrossingRecord, actor: Actor, earlier: CrossingRecord | None) -> Entry:
        traveller = self._opened.travellers.get(crossing.passenger_ref or "")
        status = self._rules.status(traveller) if traveller else Status.UNKNOWN
        return Entry(
            kind=EntryKind.REOPENING if earlier else EntryKind.CROSSING,
            at=crossing.recorded_at,
            actor=actor,
            purpose=self._rules.purpose,
            rule_id=crossing.rule_id,
            rulebook_sha256=self._rules.rulebook_sha256,
            pack_sha256=self._opened.flight.pack_digest,
            threshold_id=crossing.threshold_id,
            outcome=crossing.outcome,
            reason=crossing.reason,
            refers_to=earlier.ledger_index if earlier else None,
            commitments=(
                Commitment(
                    of=RecordClass.CROSSING,
                    sha256=commit(RecordClass.CROSSING, crossing.salt, crossing.canonical()),
                    erase_by=self._rules.erase_by(RecordClass.CROSSING, status, crossing.taken_at),
                ),
            ),
        )

    def _erasure(self, actor: Actor, now: datetime) -> Entry:
        return Entry(
            kind=EntryKind.ERASURE,
            at=now,
            actor=actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            reason=ErasureReason.OPTED_OUT,
            counts=(("templates", 1),),
        )


def _unreadable(refusal: ImageRefused) -> SeeOfficer:
    if refusal.reason == "missing":
        return SeeOfficer(OfficerReason.CAPTURE_MISSING)
    return SeeOfficer(OfficerReason.UNREADABLE_IMAGE, refusal.reason)


def _passenger(outcome: Outcome, capture: Capture) -> str | None:
    """Return whom the crossing concerns: the match, or for an opt-out the passenger who declared it."""
    match outcome:
        case Matched(passenger_ref=passenger_ref):
            return passenger_ref
        case SeeOfficer(passenger_ref=passenger_ref):
            return passenger_ref
        case NotAttempted(reason=NotAttemptedReason.OPTED_OUT):
            return capture.claim.passenger_ref
        case NotAttempted():
            return None
        case _ as unreachable:
            assert_never(unreachable)
