"""Issue receipts: for every opt-out, and on request for every crossing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from fairgate.errors import NoSuchRecord
from fairgate.ledger.entry import Entry, EntryKind
from fairgate.ledger.receipt import (
    RECEIPT_ID_BYTES,
    RULEBOOK_PREFIX_BYTES,
    Choice,
    Kept,
    Moment,
    Receipt,
    signed_code,
)
from fairgate.rules.permission import Permission, Refusal, RefusalReason
from fairgate.services.append_entry import Registrar
from fairgate.services.opting_out_records import ReceiptRecord
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, ReadTransaction, Store
from fairgate.services.ports_opting_out import ReceiptSigner
from fairgate.services.records import CrossingRecord, ReferenceState
from fairgate.vocabulary import Actor, Modality, RecordClass, Status

CAPTURE_CLASS_HOURS = 12
"""Every capture starts in the class of the shortest deadline, whoever the subject turns out to be."""


class MakeReceipt:
    """Makes the signed code of a receipt.

    Args:
        signer: of receipts alone.
        rulebook_sha256: hex digest of the rulebook in force.
        entropy: random identifiers, which lead to nobody.
    """

    def __init__(self, signer: ReceiptSigner, *, rulebook_sha256: str, entropy: Entropy) -> None:
        self._signer = signer
        self._rulebook_prefix = rulebook_sha256[: 2 * RULEBOOK_PREFIX_BYTES]
        self._entropy = entropy

    def __call__(
        self, *, at: datetime, moment: Moment, choice: Choice, rule_id: str | None, kept: Iterable[Kept]
    ) -> tuple[str, str]:
        """Return the receipt's identifier and its code.

        Args:
            at: aware; the receipt holds the hour alone.
            moment: what the receipt is for.
            choice: what the rule left to the traveller.
            rule_id: the rule, where there is one.
            kept: what is kept.
        """
        receipt_id = self._entropy(RECEIPT_ID_BYTES).hex()
        receipt = Receipt(
            receipt_id=receipt_id,
            at=at,
            moment=moment,
            modality=Modality.PHOTOGRAPH,
            choice=choice,
            rule_id=rule_id or "",
            rulebook_prefix=self._rulebook_prefix,
            kept=tuple(kept),
        )
        return receipt_id, signed_code(receipt, self._signer)


class IssueReceipt:
    """Issues the receipt of a crossing to whoever asks for it; asked again, it is the same one.

    Args:
        store: holds the crossing, and keeps the receipt.
        registrar: appends to the ledger.
        rules: say how long records live.
        make_receipt: signs.
        clock: the present.
        actor: who asks.
    """

    def __init__(
        self,
        *,
        store: Store,
        registrar: Registrar,
        rules: LaneRules,
        make_receipt: MakeReceipt,
        clock: Clock,
        actor: Actor,
    ) -> None:
        self._store = store
        self._registrar = registrar
        self._rules = rules
        self._make_receipt = make_receipt
        self._clock = clock
        self._actor = actor

    def __call__(
        self,
        flight_key: str,
        capture_key: str,
        answer: Permission | Refusal | None = None,
        *,
        status: Status = Status.UNKNOWN,
    ) -> ReceiptRecord:
        """Return the receipt of one crossing; where the crossing is an opt-out's, the receipt of that.

        Args:
            flight_key: the flight.
            capture_key: the capture.
            answer: what the rulebook says about asking this traveller; ``None`` where nobody knows who it was.
            status: of the traveller, which decides deadlines.

        Raises:
            NoSuchRecord: there is no such crossing.
        """
        now = self._clock()
        with self._store.writing() as transaction:
            crossing = transaction.crossing_for(flight_key, capture_key)
            if crossing is None:
                raise NoSuchRecord("There is no such crossing.", way_out="Name its flight and its capture.")
            declined = transaction.opt_out_for_capture(flight_key, capture_key)
            issued = (
                transaction.receipt(declined.receipt_id)
                if declined is not None
                else transaction.receipt_of_crossing(crossing.crossing_id)
            )
            if issued is not None:
                return issued
            kept = [
                *kept_of_crossing(self._rules, crossing, status, photo=crossing.sealed_photo is not None),
                *kept_of_listing(self._rules, transaction, flight_key, crossing.passenger_ref, status),
            ]
            receipt_id, code = self._make_receipt(
                at=crossing.taken_at,
                moment=Moment.CROSSING,
                choice=_choice(answer),
                rule_id=crossing.rule_id or (answer.rule_id if answer else None),
                kept=kept,
            )
            receipt = ReceiptRecord(receipt_id, code, now, None, crossing.crossing_id, transaction.ledger_size())
            row = self._registrar.append(transaction, self._entry(crossing, now))
            transaction.add_receipt(receipt)
        self._registrar.committed(row)
        return receipt

    def _entry(self, crossing: CrossingRecord, now: datetime) -> Entry:
        return Entry(
            kind=EntryKind.RECEIPT,
            at=now,
            actor=self._actor,
            purpose=self._rules.purpose,
            rule_id=crossing.rule_id,
            rulebook_sha256=self._rules.rulebook_sha256,
            refers_to=crossing.ledger_index,
        )


def kept_of_crossing(rules: LaneRules, crossing: CrossingRecord, status: Status, *, photo: bool) -> list[Kept]:
    """Return what is kept of a crossing: its record, and its photo where one is."""
    since = min(crossing.taken_at, crossing.recorded_at)
    kept = [Kept(RecordClass.CROSSING, rules.erase_by(RecordClass.CROSSING, status, since))]
    if photo:
        until = rules.erase_by(RecordClass.PHOTO, Status.UNKNOWN, since)
        kept.append(Kept(RecordClass.PHOTO, min(until, since + timedelta(hours=CAPTURE_CLASS_HOURS))))
    return kept


def kept_of_listing(
    rules: LaneRules, transaction: ReadTransaction, flight_key: str, passenger_ref: str | None, status: Status
) -> list[Kept]:
    """Return what a flight keeps of a listed passenger: the list's entry, and templates while they are enrolled."""
    flight = transaction.flight(flight_key) if flight_key and passenger_ref else None
    if flight is None or passenger_ref is None:
        return []
    state = transaction.reference_state(flight_key, passenger_ref)
    classes = [RecordClass.PASSENGER_LIST] if state is not None else []
    if state is ReferenceState.ENROLLED:
        classes.append(RecordClass.TEMPLATE)
    return [Kept(one, rules.erase_by(one, status, flight.staged_at)) for one in classes]


def _choice(answer: Permission | Refusal | None) -> Choice:
    match answer:
        case Permission(voluntary=False):
            return Choice.REQUIRED
        case Permission() | None:
            return Choice.VOLUNTARY
        case Refusal(reason=RefusalReason.DECLINED):
            return Choice.REQUIRED
        case Refusal():
            return Choice.NOT_ASKED
