"""Enter an opt-out inside the transaction of whatever it concerns: what was captured goes, and a receipt is made.

There is one writer at a time. So either a crossing is written first, and the opt-out takes its photo and its match
back, or the opt-out is first, and the crossing finds it and keeps nothing: there is no third way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fairgate.ledger.commitment import SALT_BYTES, Commitment, commit
from fairgate.ledger.entry import Entry, EntryKind, ErasureReason
from fairgate.ledger.receipt import Choice, Kept, Moment
from fairgate.rules.permission import Refusal, RefusalReason
from fairgate.services.append_entry import Registrar
from fairgate.services.issue_receipt import MakeReceipt, kept_of_crossing, kept_of_listing
from fairgate.services.opting_out_records import NO_FLIGHT, OptOutRecord, ReceiptRecord
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Entropy, WriteTransaction
from fairgate.services.records import CrossingRecord, LedgerRow, ReferenceState
from fairgate.vocabulary import Actor, RecordClass, Status


@dataclass(frozen=True, slots=True)
class Declared:
    """Somebody declines.

    Args:
        lane: identifier of the lane, or of the place where they say so.
        declared_at: aware time.
        flight_key: whose gallery they would be compared with; ``""`` at a lane without a list.
        passenger_ref: who they are on that flight's list, where they say so or an officer read it.
        capture_key: the capture that they decline, where one is taken or under way.
    """

    lane: str
    declared_at: datetime
    flight_key: str = NO_FLIGHT
    passenger_ref: str | None = None
    capture_key: str | None = None


@dataclass(frozen=True, slots=True)
class OptedOut:
    """An opt-out on record.

    Args:
        record: what was declared, and what went with it.
        receipt: for the traveller.
        repeated: it was on record before; nothing was done again, and the receipt is the first one.
    """

    record: OptOutRecord
    receipt: ReceiptRecord
    repeated: bool = False


Undo = Callable[[WriteTransaction, CrossingRecord, Actor, datetime], Sequence[LedgerRow]]
"""Takes a match back within the transaction, for the manual path, and returns what it appended."""


def undo_nothing(
    transaction: WriteTransaction, match: CrossingRecord, actor: Actor, now: datetime
) -> Sequence[LedgerRow]:
    """Leave the match to the opt-out's own record, where nobody keeps a manual path."""
    return ()


@dataclass(frozen=True, slots=True)
class _Gone:
    """What went with an opt-out."""

    moment: Moment
    passenger_ref: str | None
    crossing: CrossingRecord | None
    undone: bool
    photos: int
    templates: int
    rows: list[LedgerRow] = field(default_factory=list)


class EnterOptOut:
    """Enters opt-outs.

    Args:
        registrar: appends to the ledger.
        rules: name the purpose, and how long records live.
        make_receipt: signs receipts.
        entropy: identifiers and salts.
        undo: takes a match back for the manual path.
    """

    def __init__(
        self,
        *,
        registrar: Registrar,
        rules: LaneRules,
        make_receipt: MakeReceipt,
        entropy: Entropy,
        undo: Undo = undo_nothing,
    ) -> None:
        self._registrar = registrar
        self._rules = rules
        self._make_receipt = make_receipt
        self._entropy = entropy
        self._undo = undo

    def __call__(
        self,
        transaction: WriteTransaction,
        declared: Declared,
        answer: Refusal,
        *,
        status: Status,
        actor: Actor,
        now: datetime,
        recorded_with: CrossingRecord | None = None,
        cancels: bool = True,
    ) -> tuple[OptedOut, list[LedgerRow]]:
        """Write everything that an opt-out changes, its record and its receipt.

        1. Photos of the crossings concerned are let go.
        2. The passenger's templates leave the gallery.
        3. A match is taken back.
        4. Record, receipt, and the ledger's entries over them.

        Args:
            transaction: the one writer's.
            declared: what was said.
            answer: what the rulebook says to it.
            status: of the person, which decides deadlines.
            actor: who is answerable for the record.
            now: the present moment.
            recorded_with: the crossing written in this very transaction because of the opt-out; it keeps nothing.
            cancels: the capture named is under way elsewhere; ``False`` where it was declined before it was taken.

        Returns:
            The opt-out, and the rows appended.
        """
        repeated = self._earlier(transaction, declared)
        if repeated is not None:
            return repeated, []
        gone = self._take_back(transaction, declared, actor, now, recorded_with, cancels=cancels)
        concerned = gone.crossing or recorded_with
        opt_out_id = self._entropy(16).hex()
        kept = [
            *(kept_of_crossing(self._rules, concerned, status, photo=False) if concerned else ()),
            *kept_of_listing(self._rules, transaction, declared.flight_key, gone.passenger_ref, status),
            Kept(RecordClass.CASE, self._rules.erase_by(RecordClass.CASE, status, now)),
        ]
        choice = choice_of(answer)
        receipt_id, code = self._make_receipt(
            at=declared.declared_at, moment=gone.moment, choice=choice, rule_id=answer.rule_id, kept=kept
        )
        record = OptOutRecord(
            opt_out_id=opt_out_id,
            flight_key=declared.flight_key,
            lane=declared.lane,
            passenger_ref=declared.passenger_ref,
            capture_key=declared.capture_key,
            moment=gone.moment,
            choice=choice,
            rule_id=answer.rule_id,
            declared_at=declared.declared_at,
            recorded_at=now,
            crossing_id=concerned.crossing_id if concerned else None,
            photos=gone.photos,
            templates=gone.templates,
            matches=int(gone.undone),
            receipt_id=receipt_id,
            salt=self._entropy(SALT_BYTES),
            ledger_index=transaction.ledger_size(),
        )
        rows = [*gone.rows, self._registrar.append(transaction, self._entry(record, concerned, status, actor))]
        transaction.add_opt_out(record)
        receipt = ReceiptRecord(receipt_id, code, now, opt_out_id, None, record.ledger_index)
        transaction.add_receipt(receipt)
        if gone.photos or gone.templates:
            rows.append(self._registrar.append(transaction, self._erasure(record, concerned, actor)))
        return OptedOut(record, receipt), rows

    @staticmethod
    def _earlier(transaction: WriteTransaction, declared: Declared) -> OptedOut | None:
        if declared.passenger_ref is None and declared.capture_key is None:
            return None
        found = transaction.opt_out_of(declared.flight_key, declared.passenger_ref, declared.capture_key)
        receipt = transaction.receipt(found.receipt_id) if found is not None else None
        return OptedOut(found, receipt, repeated=True) if found is not None and receipt is not None else None

    def _take_back(
        self,
        transaction: WriteTransaction,
        declared: Declared,
        actor: Actor,
        now: datetime,
        recorded_with: CrossingRecord | None,
        *,
        cancels: bool,
    ) -> _Gone:
        flight_key, rows = declared.flight_key, list[LedgerRow]()
        ended = transaction.crossing_for(flight_key, declared.capture_key) if declared.capture_key else None
        if ended is not None and recorded_with is not None and ended.crossing_id == recorded_with.crossing_id:
            ended = None
        passenger_ref = declared.passenger_ref or (ended.passenger_ref if ended else None)
        own = transaction.crossings_of_passenger(flight_key, passenger_ref) if passenger_ref else ()
        photos = sum(
            transaction.let_go_photo(crossing_id)
            for crossing_id in dict.fromkeys(one.crossing_id for one in (*own, *((ended,) if ended else ())))
        )
        match = transaction.match_of(flight_key, passenger_ref) if passenger_ref else None
        if match is not None:
            rows += self._undo(transaction, match, actor, now)
        undone = bool(rows)
        templates = 0
        if passenger_ref is not None and transaction.reference_state(flight_key, passenger_ref) is not None:
            templates = transaction.withdraw_reference(flight_key, passenger_ref, ReferenceState.OPTED_OUT)
        if ended is not None or match is not None:
            moment = Moment.AFTER
        elif declared.capture_key is not None and recorded_with is None and cancels:
            moment = Moment.DURING
        else:
            moment = Moment.BEFORE
        return _Gone(moment, passenger_ref, ended or match, undone, photos, templates, rows)

    def _entry(self, record: OptOutRecord, concerned: CrossingRecord | None, status: Status, actor: Actor) -> Entry:
        return Entry(
            kind=EntryKind.OPT_OUT,
            at=record.recorded_at,
            actor=actor,
            purpose=self._rules.purpose,
            rule_id=record.rule_id,
            rulebook_sha256=self._rules.rulebook_sha256,
            counts=(
                (f"opted_out_{record.moment}", 1),
                (f"rule_{record.choice}", 1),
                ("matches_undone", record.matches),
            ),
            refers_to=concerned.ledger_index if concerned else None,
            commitments=(
                Commitment(
                    of=RecordClass.CASE,
                    sha256=commit(RecordClass.CASE, record.salt, record.canonical()),
                    erase_by=self._rules.erase_by(RecordClass.CASE, status, record.recorded_at),
                ),
            ),
        )

    def _erasure(self, record: OptOutRecord, concerned: CrossingRecord | None, actor: Actor) -> Entry:
        return Entry(
            kind=EntryKind.ERASURE,
            at=record.recorded_at,
            actor=actor,
            purpose=self._rules.purpose,
            rulebook_sha256=self._rules.rulebook_sha256,
            reason=ErasureReason.OPTED_OUT,
            counts=(("photos", record.photos), ("templates", record.templates)),
            refers_to=concerned.ledger_index if concerned else None,
        )


def choice_of(answer: Refusal) -> Choice:
    """Return what a rule left to whoever declines: where it requires, an officer says what follows."""
    match answer.reason:
        case RefusalReason.DECLINED:
            return Choice.REQUIRED
        case RefusalReason.OPTED_OUT:
            return Choice.VOLUNTARY
        case _:
            return Choice.NOT_ASKED
