"""Record a crossing: sealed photo, crossing, ledger entry and checkpoint, all in one transaction or not at all.

What other lanes recorded meanwhile is settled inside that transaction: a passenger boards once, whoever opted out is
not matched, and nobody is matched by what was known of them before a correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import assert_never

from fairgate.errors import AlreadyRecorded, PackMismatch, RecordExpired
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.services.append_entry import Registrar
from fairgate.services.care_at_lane import MANUAL_CHECK, CareAtLane
from fairgate.services.enter_opt_out import Declared, EnterOptOut
from fairgate.services.issue_receipt import CAPTURE_CLASS_HOURS
from fairgate.services.manual_records import Boarding
from fairgate.services.officer_queue import join_queue
from fairgate.services.open_gallery import OpenedFlight
from fairgate.services.opt_out import SOMEBODY, declining
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

NO_TIMES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Boarded:
    """What became of one capture.

    Args:
        crossing: the record.
        repeated: it was recorded before, by this process or another; nothing was done again.
        queue_number: under which an officer calls whoever was not matched; ``None`` for a match.
        features: of the capture subject where they were extracted; they stay in this process.
    """

    crossing: CrossingRecord
    repeated: bool = False
    queue_number: int | None = None
    features: Features | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about a capture before it is recorded."""

    outcome: Outcome
    rule_id: str | None = None
    threshold_id: str | None = None
    had_photo: bool = False
    was_usable: bool = False
    keep_photo: bool = False
    features: Features | None = field(default=None, repr=False)
    stage_ms: Mapping[str, float] = field(default_factory=lambda: NO_TIMES)


class RecordCrossing:
    """Records the crossings of one opened flight.

    Args:
        opened: the flight and its list.
        store: keeps crossings and ledger.
        vault: seals captured photos.
        rules: says how long a record lives.
        registrar: appends to the ledger.
        clock: the present.
        timer: measures the stages.
        entropy: identifiers and salts.
        opt_outs: enters opt-outs declared at this lane, with their receipts.
    """

    def __init__(
        self,
        opened: OpenedFlight,
        *,
        store: Store,
        vault: Vault,
        rules: LaneRules,
        registrar: Registrar,
        clock: Clock,
        timer: Timer,
        entropy: Entropy,
        opt_outs: EnterOptOut,
    ) -> None:
        self._opened = opened
        self._opt_outs = opt_outs
        self._store = store
        self._vault = vault
        self._rules = rules
        self._registrar = registrar
        self._clock = clock
        self._timer = timer
        self._entropy = entropy
        self._care = CareAtLane(rules)
        self._late_times: tuple[str, Mapping[str, float]] | None = None

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def before(self, capture: Capture) -> Boarded | None:
        """Return the crossing that this capture already has, or ``None``."""
        with self._store.reading() as transaction:
            crossing = transaction.crossing_for(self._opened.flight.flight_key, capture.capture_key)
            if crossing is None:
                return None
            waits = None if crossing.outcome == Matched.kind else transaction.queue_entry(crossing.crossing_id)
        return Boarded(crossing, repeated=True, queue_number=waits.number if waits else None)

    def meanwhile(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return who opted out by name by now, at any lane, and of whom something was corrected since the opening."""
        opened = self._opened
        with self._store.reading() as transaction:
            withdrawn = transaction.withdrawn(opened.flight.flight_key)
            return withdrawn, transaction.corrected_since(opened.flight.flight_key, opened.ledger_size)

    def __call__(self, capture: Capture, finding: Finding, photo: Photo | None, *, began: float) -> Boarded:
        """Seal the photo if it is kept, then write everything in one transaction.

        Args:
            capture: what the lane saw.
            finding: what was found out about it.
            photo: the captured photo where there is one.
            began: reading of the timer when the crossing began.

        Returns:
            The crossing; the first one on record where another process was faster.

        Raises:
            LedgerFault: the entry could not be written, so the crossing did not happen.
            PackMismatch: the gallery was switched to another pack since it was opened, so it did not happen either.
        """
        started = self._timer()
        now = self._clock()
        crossing_id = self._entropy(16).hex()
        sealed = self._seal(capture, crossing_id, photo if finding.keep_photo else None, now)
        stage_ms = {**finding.stage_ms, "seal": (self._timer() - started) * 1000}
        started = self._timer()
        late_times, self._late_times = self._late_times, None
        try:
            with self._store.writing() as transaction:
                crossing, rows = self._write(
                    transaction, capture, finding, crossing_id=crossing_id, sealed=sealed, now=now
                )
                waits = join_queue(transaction, crossing, self._rules.day(now))
                kept_times = NO_TIMES if crossing.reason == OfficerReason.MANUAL_CHECK else stage_ms
                transaction.add_stage_times(crossing_id, kept_times)
                if late_times is not None:
                    transaction.add_stage_times(*late_times)
        except AlreadyRecorded:
            self._late_times = late_times
            first = self.before(capture)
            if first is None:
                raise
            return first
        # How long the commit took is known only after it, so it travels with the next crossing or with finish().
        ended = self._timer()
        self._late_times = (crossing_id, {"record": (ended - started) * 1000, "total": (ended - began) * 1000})
        self._registrar.committed(rows[-1])
        is_let_go = crossing.outcome == NotAttempted.kind or crossing.reason == OfficerReason.MANUAL_CHECK
        return Boarded(
            crossing, queue_number=waits.number if waits else None, features=None if is_let_go else finding.features
        )

    def finish(self) -> None:
        """Write the last crossing's commit time; losing it to a crash loses nothing else."""
        late_times, self._late_times = self._late_times, None
        if late_times is not None:
            with self._store.writing() as transaction:
                transaction.add_stage_times(*late_times)

    def _seal(self, capture: Capture, crossing_id: str, photo: Photo | None, now: datetime) -> bytes | None:
        """Return the sealed photo, or ``None`` where there is none or its deadline has passed before it came."""
        if photo is None:
            return None
        since = min(capture.taken_at, now)  # a lane whose clock runs ahead keeps nothing longer
        erase_by = self._rules.erase_by(RecordClass.PHOTO, Status.UNKNOWN, since)
        erase_by = min(erase_by, since + timedelta(hours=CAPTURE_CLASS_HOURS))
        if erase_by <= now:
            return None
        try:
            return self._vault.seal(
                photo, record_class=RecordClass.PHOTO, record_id=crossing_id, crossing_id=crossing_id, erase_by=erase_by
            )
        except RecordExpired:
            return None

    def _write(
        self,
        transaction: WriteTransaction,
        capture: Capture,
        finding: Finding,
        *,
        crossing_id: str,
        sealed: bytes | None,
        now: datetime,
    ) -> tuple[CrossingRecord, list[LedgerRow]]:
        """Settle the outcome against what is on record by now, and write it with its entries."""
        flight = self._opened.flight
        self._require_gallery_in_force(transaction)
        corrected = self._corrected_meanwhile(transaction, capture, finding.outcome)
        outcome, earlier = self._settle(transaction, capture, finding.outcome)
        if corrected is not None and not isinstance(outcome, NotAttempted) and outcome != MANUAL_CHECK:
            outcome, earlier = _of_withdrawn(transaction.reference_state(flight.flight_key, corrected)), None
        kept = None if isinstance(outcome, NotAttempted) or corrected is not None else sealed
        if outcome == MANUAL_CHECK:
            finding, kept = Finding(MANUAL_CHECK), None
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
            passenger_ref=_passenger(outcome, capture, self._opened),
            rule_id=finding.rule_id,
            threshold_id=finding.threshold_id,
            reopens=earlier.reopened_as if earlier else None,
            had_photo=finding.had_photo,
            was_usable=finding.was_usable,
            salt=self._entropy(SALT_BYTES),
            ledger_index=transaction.ledger_size(),
            sealed_photo=kept,
        )
        actor = Actor(ActorKind.LANE, capture.lane)
        rows = [self._registrar.append(transaction, self._entry(crossing, actor, earlier))]
        transaction.add_crossing(crossing)
        if crossing.reason == NotAttemptedReason.OPTED_OUT and capture.claim.opted_out:
            rows += self._enter_opt_out(transaction, crossing, actor)
        return crossing, rows

    def _enter_opt_out(self, transaction: WriteTransaction, crossing: CrossingRecord, actor: Actor) -> list[LedgerRow]:
        """Record what was declared at this lane: the templates go, and the traveller gets a receipt."""
        flight = self._opened.flight
        traveller = self._opened.travellers.get(crossing.passenger_ref or "", SOMEBODY)
        _, rows = self._opt_outs(
            transaction,
            Declared(crossing.lane, crossing.taken_at, flight.flight_key, crossing.passenger_ref, crossing.capture_key),
            declining(self._rules, flight.port, flight.direction, traveller, crossing.taken_at),
            status=self._rules.status(traveller),
            actor=actor,
            now=crossing.recorded_at,
            recorded_with=crossing,
        )
        return rows

    def _require_gallery_in_force(self, transaction: WriteTransaction) -> None:
        """Refuse a decision made with templates that were replaced meanwhile.

        A capture that was recorded before the switch keeps its crossing; this one has none, so it can be taken again.
        """
        opened, kept = self._opened.flight, transaction.flight(self._opened.flight.flight_key)
        if kept is None or kept.generation != opened.generation:
            raise PackMismatch(
                f"The gallery {opened.flight_key} was switched to another pack while it was open here.",
                way_out="Run `fairgate board` again with that pack: it goes on where this stopped.",
            )

    def _settle(
        self, transaction: WriteTransaction, capture: Capture, outcome: Outcome
    ) -> tuple[Outcome, Boarding | None]:
        """Return what the outcome is once other lanes and officers are taken into account, and what it puts in doubt.

        A match that was undone, as an officer may do before departure, boarded nobody. Whoever opted out while
        the engine compared is not matched, and whatever it found of them is not kept.
        """
        flight_key, passenger_ref = self._opened.flight.flight_key, _compared_with(outcome)
        if not isinstance(outcome, NotAttempted) and self._declined_meanwhile(transaction, capture):
            return NotAttempted(NotAttemptedReason.OPTED_OUT), None
        if passenger_ref is None:
            return outcome, None
        state = transaction.reference_state(flight_key, passenger_ref)
        if state is not ReferenceState.ENROLLED:
            return _of_withdrawn(state), None
        earlier = transaction.boarding_of(flight_key, passenger_ref) if isinstance(outcome, Matched) else None
        if earlier is None:
            return outcome, None
        if self._care.applies(self._opened.travellers.get(passenger_ref), capture.claim, capture.taken_at):
            return MANUAL_CHECK, None
        return SeeOfficer(OfficerReason.ALREADY_BOARDED, passenger_ref=passenger_ref), earlier

    def _entry(self, crossing: CrossingRecord, actor: Actor, earlier: Boarding | None) -> Entry:
        traveller = self._opened.travellers.get(crossing.passenger_ref or "")
        status = self._rules.status(traveller) if traveller else Status.UNKNOWN
        since = min(crossing.taken_at, crossing.recorded_at)
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
                    erase_by=self._rules.erase_by(RecordClass.CROSSING, status, since),
                ),
            ),
        )

    def _corrected_meanwhile(self, transaction: WriteTransaction, capture: Capture, outcome: Outcome) -> str | None:
        """Return whom this is about, by match or claim, where something of them was corrected since the opening."""
        opened = self._opened
        about = _compared_with(outcome) or capture.claim.passenger_ref
        return about if about in transaction.corrected_since(opened.flight.flight_key, opened.ledger_size) else None

    def _declined_meanwhile(self, transaction: WriteTransaction, capture: Capture) -> bool:
        """Say whether this capture was declined, or the passenger it claims to be opted out, before it was recorded."""
        flight_key, claimed = self._opened.flight.flight_key, capture.claim.passenger_ref
        if transaction.opt_out_for_capture(flight_key, capture.capture_key) is not None:
            return True
        return claimed is not None and transaction.reference_state(flight_key, claimed) is ReferenceState.OPTED_OUT


def _of_withdrawn(state: ReferenceState | None) -> Outcome:
    """Return the outcome for somebody whose reference was withdrawn since the gallery was opened here."""
    match state:
        case ReferenceState.OPTED_OUT:
            return NotAttempted(NotAttemptedReason.OPTED_OUT)
        case ReferenceState.NOT_ASKED:
            return NotAttempted(NotAttemptedReason.RULE_FORBIDS)
        case _:
            # Off the list by a later message, or enrolled anew at this moment: a person finds out.
            return SeeOfficer(OfficerReason.NO_REFERENCE)


def _compared_with(outcome: Outcome) -> str | None:
    """Return whose reference the face was found alike to, if anybody's: a match, or one that an officer settles."""
    match outcome:
        case Matched(passenger_ref=passenger_ref):
            return passenger_ref
        case SeeOfficer(reason=OfficerReason.SHARED_FACE, passenger_ref=passenger_ref):
            return passenger_ref
        case _:
            return None


def _passenger(outcome: Outcome, capture: Capture, opened: OpenedFlight) -> str | None:
    """Return whom the crossing concerns: the match, or for an opt-out the listed passenger who declared it."""
    match outcome:
        case Matched(passenger_ref=passenger_ref):
            return passenger_ref
        case SeeOfficer(passenger_ref=passenger_ref):
            return passenger_ref
        case NotAttempted(reason=NotAttemptedReason.OPTED_OUT):
            claimed = capture.claim.passenger_ref
            return claimed if claimed in opened.travellers else None
        case NotAttempted():
            return None
        case _ as unreachable:
            assert_never(unreachable)
