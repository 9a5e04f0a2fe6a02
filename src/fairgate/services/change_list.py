"""A list that changes after staging: later messages reach the gallery at once, and each person keeps their reference.

The policy. A set of files that contains the one staged is a later state of the same list; any other is a conflict.
Because a list is a function of the set of its messages, so is the gallery: staged in two steps or at once, in order or
late, it ends with the same people in the same states.

- Whoever is no longer listed – cancelled, replaced, left behind at close-out – is withdrawn in the transaction that
  takes over the list: templates and list entry are erased, and the ledger says how many. The row remains as
  ``cancelled`` so that the reference is nobody else's, and theirs again if they are named again.
- Whoever has boarded already stays as they are: that they are off the list now is a finding, for an officer.
- Whoever is listed as before has their facts sealed anew where they changed, and the rulebook is asked again. Whom it
  does not let ask any more is withdrawn. Whose standing changed, or whose documents a photo could be joined by, loses
  the templates, which have another deadline now or may show somebody else; they are made again from the photos given.
- Whoever opted out has opted out, whatever later messages say.
- Whoever is new, or named again, is enrolled as at a first staging. Whoever was not enrolled is tried again.

Crossings already recorded stay as they are. All withdrawals and changes are one transaction with its ledger entries;
enrolments follow in small ones, and the gallery is not complete until they are done: nobody opens it meanwhile, and a
lane that has it open matches nobody who was withdrawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fairgate.ledger.entry import ErasureReason
from fairgate.rules.permission import Permission, Refusal
from fairgate.services.bookings import Listed
from fairgate.services.correction_records import Standing
from fairgate.services.enrol_reference import SealReferences
from fairgate.services.permissions import LaneRules
from fairgate.services.records import FlightRecord, PassengerRecord, ReferenceState
from fairgate.services.who_is_listed import OPTED_OUT, Expected
from fairgate.vocabulary import Traveller

Document = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as it is to be.

    Args:
        row: in place of the one with its reference.
        lost: why templates are erased that it does not have any more.
        resealed: facts that were sealed before are replaced by others.
    """

    row: PassengerRecord
    lost: ErasureReason
    resealed: bool


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What later messages mean for the rows of a gallery.

    Args:
        rows: of people still listed.
        gone: rows of people no longer listed; to be cancelled unless they have boarded.
        added: people named who have no row, or whose row is cancelled.
    """

    rows: tuple[RowChange, ...]
    gone: tuple[PassengerRecord, ...]
    added: int


class PlanChange:
    """Says what a changed list means for a gallery; writes nothing.

    Args:
        rules: decides who may be asked, and how long a record lives.
        seal: seals facts that changed.
    """

    def __init__(self, rules: LaneRules, seal: SealReferences) -> None:
        self._rules = rules
        self._seal = seal

    def __call__(
        self,
        flight: FlightRecord,
        rows: Sequence[PassengerRecord],
        listed: Mapping[str, Listed],
        expected: Sequence[Expected],
        *,
        pictured: frozenset[str],
        now: datetime,
        standing: Mapping[str, Standing],
    ) -> PlannedChange:
        """Return the change.

        Args:
            flight: as staged.
            rows: of the gallery.
            listed: facts of those rows that open, by passenger reference.
            expected: everybody on the list as it is now.
            pictured: references of those for whom a photo is given.
            now: the present.
            standing: what officers' corrections hold to, by passenger reference; nothing lives longer than they say.
        """
        row_of = {row.passenger_ref: row for row in rows}
        still = {one.passenger_ref for one in expected}
        before = documents_of_one([listed[row.passenger_ref].traveller for row in rows if row.passenger_ref in listed])
        after = documents_of_one([one.traveller for one in expected])
        changes = []
        added = 0
        for one in expected:
            row = row_of.get(one.passenger_ref)
            if row is None or row.state is ReferenceState.CANCELLED:
                added += 1
            if row is not None:
                known = listed.get(one.passenger_ref)
                same_documents = before.get(one.passenger_ref) == after[one.passenger_ref]
                again = not same_documents or (
                    known is not None and self._rules.status(known.traveller) is not self._rules.status(one.traveller)
                )
                state = self._state(flight, row, one, now, again=again, pictured=one.passenger_ref in pictured)
                until = standing[row.passenger_ref].list_erase_by if row.passenger_ref in standing else None
                sealed = None
                if known != one.listed:
                    sealed = self._sealed(flight, one, now, until)
                changes.append(self._changed(row, sealed, state))
        return PlannedChange(
            rows=tuple(change for change in changes if change is not None),
            gone=tuple(row for row in rows if row.is_listed and row.passenger_ref not in still),
            added=added,
        )

    def _state(
        self,
        flight: FlightRecord,
        row: PassengerRecord,
        one: Expected,
        now: datetime,
        *,
        again: bool,
        pictured: bool,
    ) -> tuple[ReferenceState, str | None]:
        """Return what somebody still listed is from now on, and the reason.

        Args:
            flight: as staged.
            row: theirs.
            one: what the list says of them.
            now: the present.
            again: documents or standing are others than those of the templates.
            pictured: a photo of them is given.
        """
        if row.state is ReferenceState.OPTED_OUT or (row.state is ReferenceState.CANCELLED and row.reason == OPTED_OUT):
            return ReferenceState.OPTED_OUT, None
        match self._rules.may_ask(flight, one.traveller, now):
            case Refusal(rule_id=rule_id):
                return ReferenceState.NOT_ASKED, rule_id
            case Permission():
                pass
        stays = {
            ReferenceState.ENROLLED: not again,
            ReferenceState.NO_PHOTO: not again and not pictured,
            ReferenceState.NOT_ENROLLABLE: not again and not pictured,
        }
        return (row.state, row.reason) if stays.get(row.state, False) else (ReferenceState.WAITING, None)

    def _sealed(self, flight: FlightRecord, one: Expected, now: datetime, until: datetime | None) -> bytes:
        return self._seal.listed(
            flight,
            one.listed,
            status=self._rules.status(one.traveller),
            since=now,
            exempt=self._rules.is_exempt(flight.port, flight.direction, one.traveller, now),
            no_later_than=until,
        )

    @staticmethod
    def _changed(
        row: PassengerRecord, sealed: bytes | None, state: tuple[ReferenceState, str | None]
    ) -> RowChange | None:
        """Return the row as it is to be, or ``None`` where it stays as it is.

        Args:
            row: as it is.
            sealed: facts that are others than before, sealed; ``None`` where they are not.
            state: what they are from now on, and the reason.
        """
        if sealed is None and state == (row.state, row.reason):
            return None
        refused = state[0] is ReferenceState.NOT_ASKED
        return RowChange(
            row=replace(
                row,
                state=state[0],
                reason=state[1],
                sealed_traveller=row.sealed_traveller if sealed is None else sealed,
                sealed_templates=row.sealed_templates if state[0] is ReferenceState.ENROLLED else (),
            ),
            lost=ErasureReason.RULE_FORBIDS if refused else ErasureReason.CORRECTION,
            resealed=sealed is not None and row.sealed_traveller is not None,
        )


def cancelled(row: PassengerRecord) -> PassengerRecord:
    """Return the row of somebody who is no longer listed: nothing of them is kept but that they opted out."""
    opted_out = row.state is ReferenceState.OPTED_OUT
    return replace(
        row,
        state=ReferenceState.CANCELLED,
        reason=OPTED_OUT if opted_out else None,
        sealed_traveller=None,
        sealed_templates=(),
    )


def documents_of_one(travellers: Sequence[Traveller]) -> dict[str, frozenset[Document]]:
    """Return the documents that each holds alone, by reference: a photo of such a document shows nobody else."""
    holders: Counter[Document] = Counter()
    own: dict[str, set[Document]] = {}
    for traveller in travellers:
        documents = {(document.issuer, document.number) for document in traveller.documents}
        own[traveller.passenger_ref] = documents
        holders.update(documents)
    return {ref: frozenset(one for one in documents if holders[one] == 1) for ref, documents in own.items()}
