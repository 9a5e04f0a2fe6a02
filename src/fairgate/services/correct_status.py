"""Correct what is known of somebody listed, after their reference or their photo was captured: in one transaction.

The policy. A correction in the traveller's favour takes effect at once, and one against them never lengthens anything.

1. The list entry is sealed anew under the corrected facts, until the sooner deadline.
2. Templates go where the corrected rules do not let a machine ask, where the sooner deadline has passed, or where a
   document by which their photo was joined is not theirs; otherwise they are sealed anew where that deadline is sooner.
3. Captured photos of the passenger's crossings go where the rules of that day would not have let them be taken, or
   where their deadline is sooner or has passed.
4. A match that the rules would not have allowed is taken back and its place in the officer's queue kept; once the
   flight has left it stands, and the record says that it is in doubt.
5. A record of the correction, beside the crossings, which are never changed, and the ledger's entries over all of it.

Deadlines count from when staging began, which is never later than when a reference was captured, and from each
crossing's capture. A boarding that has the gallery open meets the correction at its next crossing, and one that it was
about to record is settled against it: :mod:`fairgate.services.record_crossing`. Nobody is enrolled by a correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fairgate.errors import (
    CorrectionRefused,
    NoSuchRecord,
    NothingStaged,
    StagingConflict,
)
from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit, whole_hour
from fairgate.ledger.entry import Entry, EntryKind, ErasureReason
from fairgate.ledger.manual_codes import CorrectionReason, UndoReason
from fairgate.rules.permission import Refusal
from fairgate.services.correct_facts import CorrectedFacts, NowKnown, PlanCorrection, Planned
from fairgate.services.correction_records import CorrectionRecord
from fairgate.services.desk import Desk, require_officer
from fairgate.services.issue_receipt import CAPTURE_CLASS_HOURS
from fairgate.services.manual_records import Boarding
from fairgate.services.open_gallery import OpenGallery
from fairgate.services.ports import WriteTransaction
from fairgate.services.ports_deadlines import DeadlineVault
from fairgate.services.records import CrossingRecord, FlightRecord, LedgerRow, PassengerRecord
from fairgate.services.undo_match import ToUndo, undo_boarding
from fairgate.vocabulary import Actor, RecordClass, Status

_TRIES = 8
"""A boarding, or another correction, may change the row while a correction is prepared, which is then prepared anew."""


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """A correction on record.

    Args:
        record: what changed by name, and what went with it.
        state: what the passenger's reference is now.
        repeated: it was on record before; nothing was done again.
    """

    record: CorrectionRecord
    state: str
    repeated: bool = False


class CorrectStatus:
    """Corrects.

    For example, a passenger listed with a German passport turns out to hold an American one too::

        correct = CorrectStatus(Desk(store, registrar, rules, clock, entropy), vault)
        made = correct(
            "FG420-2026-11-22-BOS",
            "P0042",
            CorrectedFacts(further_nationalities=("USA",)),
            CorrectionReason.PAPERS_SEEN,
            Actor(ActorKind.OFFICER, "o-17"),
        )
        made.record.templates_resealed, made.record.photos_erased, made.record.matches_undone

    Args:
        desk: store, ledger and rulebook, the rules being those of the gallery's lane.
        vault: opens what was sealed, each read entered first, and seals it anew.
    """

    def __init__(self, desk: Desk, vault: DeadlineVault) -> None:
        self._desk = desk
        self._vault = vault

    def __call__(
        self, flight_key: str, passenger_ref: str, facts: CorrectedFacts, reason: CorrectionReason, actor: Actor
    ) -> CorrectionMade:
        """Correct what is known of one passenger; the same again changes nothing and returns the record of the first.

        Args:
            flight_key: whose gallery.
            passenger_ref: who.
            facts: what is known now; what is not named stays.
            reason: why.
            actor: the officer.

        Raises:
            ManualResultRefused: no officer acts.
            NothingStaged: the flight is not staged.
            NoSuchRecord: the list has no such passenger, or what it said of them has expired.
            CorrectionRefused: nothing differs from what is known, or a value is not of its form.
            StagingConflict: the gallery is being staged, or kept changing.
            LedgerFault: it could not be recorded, so it did not happen.
        """
        require_officer(actor)
        plan = PlanCorrection(self._desk.rules, self._vault, self._open_gallery(actor))
        for _ in range(_TRIES):
            flight, row, before = self._known(flight_key, passenger_ref)
            planned = plan(flight, row, before, facts, self._desk.clock())
            if planned is None:
                if before:
                    return CorrectionMade(before[-1], row.state.value, repeated=True)
                raise CorrectionRefused("Nothing differs from what is known, so there is nothing to correct.")
            with self._desk.store.writing() as transaction:
                if self._has_changed(transaction, flight, row, before):
                    continue
                made, rows = self._write(transaction, flight, planned, reason, actor)
            self._desk.committed(rows)
            return made
        raise StagingConflict("The passenger's row kept changing meanwhile.", way_out="Run it again.")

    def _open_gallery(self, actor: Actor) -> OpenGallery:
        desk = self._desk
        return OpenGallery(
            store=desk.store,
            vault=self._vault,
            rules=desk.rules,
            registrar=desk.registrar,
            clock=desk.clock,
            actor=actor,
        )

    def _known(
        self, flight_key: str, passenger_ref: str
    ) -> tuple[FlightRecord, PassengerRecord, tuple[CorrectionRecord, ...]]:
        with self._desk.store.reading() as transaction:
            flight = transaction.flight(flight_key)
            rows = [one for one in transaction.passengers(flight_key) if one.passenger_ref == passenger_ref]
            made = transaction.corrections(flight_key)
        if flight is None:
            raise NothingStaged(f"The flight {flight_key} is not staged.", way_out="See `fairgate gallery show`.")
        if not flight.complete:
            raise StagingConflict(f"The gallery {flight_key} is being staged.", way_out="Run `fairgate stage` again.")
        if not rows or not rows[0].is_listed:
            raise NoSuchRecord("The list has no such passenger.", way_out="See `fairgate gallery show`.")
        return flight, rows[0], tuple(one for one in made if one.passenger_ref == passenger_ref)

    @staticmethod
    def _has_changed(
        transaction: WriteTransaction, flight: FlightRecord, row: PassengerRecord, before: Sequence[CorrectionRecord]
    ) -> bool:
        kept = [one for one in transaction.passengers(flight.flight_key) if one.passenger_ref == row.passenger_ref]
        made = [one for one in transaction.corrections(flight.flight_key) if one.passenger_ref == row.passenger_ref]
        return transaction.flight(flight.flight_key) != flight or kept != [row] or made != list(before)

    def _write(
        self,
        transaction: WriteTransaction,
        flight: FlightRecord,
        planned: Planned,
        reason: CorrectionReason,
        actor: Actor,
    ) -> tuple[CorrectionMade, list[LedgerRow]]:
        desk, row, now = self._desk, planned.row, planned.at
        own = transaction.crossings_of_passenger(flight.flight_key, row.passenger_ref)
        match = transaction.match_of(flight.flight_key, row.passenger_ref)
        doubted = match if match is not None and self._is_doubtful(flight, planned, match) else None
        departure = transaction.departure_of(flight.flight_key)
        has_left = departure is not None and now >= departure.departs_at
        photos = sum(transaction.let_go_photo(one.crossing_id) for one in own if self._photo_goes(flight, planned, one))
        replaced = transaction.replace_passenger(row)
        resealed = len(row.sealed_templates) if replaced else 0
        record = CorrectionRecord(
            correction_id=desk.entropy(16).hex(),
            flight_key=flight.flight_key,
            passenger_ref=row.passenger_ref,
            facts=planned.changed,
            reason=reason,
            recorded_at=now,
            officer=str(actor),
            list_erase_by=planned.list_erase_by,
            template_erase_by=planned.template_erase_by,
            crossing_erase_by=min((self._crossing_erase_by(flight, planned, one) for one in own), default=None),
            templates_erased=replaced - resealed,
            templates_resealed=resealed,
            photos_erased=photos,
            matches_undone=int(doubted is not None and not has_left),
            matches_in_doubt=int(doubted is not None and has_left),
            salt=desk.entropy(SALT_BYTES),
            ledger_index=transaction.ledger_size(),
        )
        rows = [desk.registrar.append(transaction, self._entry(record, planned, doubted, actor))]
        transaction.add_correction(record)
        # What was sealed before is gone, the entry of the list and templates sealed anew included.
        erased = Entry(
            kind=EntryKind.ERASURE,
            at=now,
            actor=actor,
            purpose=desk.rules.purpose,
            rulebook_sha256=desk.rules.rulebook_sha256,
            reason=ErasureReason.CORRECTION,
            counts=(("list_entries", 1), ("templates", replaced), ("photos", photos)),
            refers_to=record.ledger_index,
        )
        rows.append(desk.registrar.append(transaction, erased))
        if doubted is not None and not has_left:
            rows += self._undo(transaction, flight, doubted, actor)
        return CorrectionMade(record, row.state.value), rows

    def _undo(
        self, transaction: WriteTransaction, flight: FlightRecord, match: CrossingRecord, actor: Actor
    ) -> list[LedgerRow]:
        """Take the match back; whoever stood there gets a number in the queue."""
        boarding = Boarding(match.passenger_ref or "", match.ledger_index, crossing_id=match.crossing_id)
        _, rows = undo_boarding(
            self._desk,
            transaction,
            boarding,
            ToUndo(UndoReason.RULE_FORBIDS),
            actor,
            flight_key=flight.flight_key,
            lane=match.lane,
            behind=match.crossing_id,
        )
        return rows

    def _is_doubtful(self, flight: FlightRecord, planned: Planned, match: CrossingRecord) -> bool:
        """Say whether the rules of that day would not have let a machine match them, as far as is known now."""
        rules = self._desk.rules
        now_known = rules.may_ask(flight, planned.after, match.taken_at)
        if isinstance(now_known, Refusal):
            return True
        as_known = rules.may_ask(flight, planned.before, match.taken_at)
        # Where a guardian was needed as it was known, the lane found one before it compared.
        return now_known.guardian_needed and not (not isinstance(as_known, Refusal) and as_known.guardian_needed)

    def _photo_goes(self, flight: FlightRecord, planned: Planned, crossing: CrossingRecord) -> bool:
        """Say whether a captured photo is let go: it may not be kept, or not so long as it was sealed for."""
        if crossing.sealed_photo is None:
            return False
        rules, since = self._desk.rules, min(crossing.taken_at, crossing.recorded_at)
        if isinstance(rules.may_ask(flight, planned.after, crossing.taken_at), Refusal):
            return True
        sealed_until = min(
            rules.erase_by(RecordClass.PHOTO, Status.UNKNOWN, since), since + timedelta(hours=CAPTURE_CLASS_HOURS)
        )
        corrected = self._corrected(flight, planned, RecordClass.PHOTO, since)
        return corrected < sealed_until or whole_hour(corrected) <= planned.at

    def _crossing_erase_by(self, flight: FlightRecord, planned: Planned, crossing: CrossingRecord) -> datetime:
        return self._corrected(flight, planned, RecordClass.CROSSING, min(crossing.taken_at, crossing.recorded_at))

    def _corrected(
        self, flight: FlightRecord, planned: Planned, record_class: RecordClass, since: datetime
    ) -> datetime:
        return NowKnown(self._desk.rules, flight, planned.before, planned.after).erase_by(record_class, since)

    def _entry(self, record: CorrectionRecord, planned: Planned, doubted: CrossingRecord | None, actor: Actor) -> Entry:
        """Return the entry: which kind of thing happened and how much went, never what was corrected into what."""
        rules = self._desk.rules
        status = rules.status(planned.before), rules.status(planned.after)
        return Entry(
            kind=EntryKind.CORRECTION,
            at=record.recorded_at,
            actor=actor,
            purpose=rules.purpose,
            rule_id=planned.rule_id,
            rulebook_sha256=rules.rulebook_sha256,
            reason=record.reason.value,
            counts=(
                ("templates_erased", record.templates_erased),
                ("templates_resealed", record.templates_resealed),
                ("photos_erased", record.photos_erased),
                ("matches_undone", record.matches_undone),
                ("matches_in_doubt", record.matches_in_doubt),
            ),
            refers_to=doubted.ledger_index if doubted is not None else None,
            commitments=(
                Commitment(
                    of=RecordClass.CASE,
                    sha256=commit(RecordClass.CASE, record.salt, record.canonical()),
                    erase_by=rules.corrected_erase_by(RecordClass.CASE, *status, record.recorded_at),
                ),
            ),
        )
