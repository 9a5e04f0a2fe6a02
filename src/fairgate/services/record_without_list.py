"""Record an act at a lane without a list, in one transaction with whatever its traveller declined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fairgate.ledger.entry import Entry
from fairgate.rules.permission import Refusal
from fairgate.services.append_entry import Registrar
from fairgate.services.enter_opt_out import Declared, EnterOptOut
from fairgate.services.opting_out_records import NO_FLIGHT
from fairgate.services.ports import Store
from fairgate.vocabulary import Actor, NotAttempted, NotAttemptedReason, Outcome, Status

UNNAMED_LANE = "lane"


@dataclass(frozen=True, slots=True)
class LanePlace:
    """Where somebody stands, and what they may decline.

    Args:
        lane: identifier of the lane.
        capture_key: names the capture while it is under way, so that it can be declined elsewhere; unique here.
    """

    lane: str = UNNAMED_LANE
    capture_key: str | None = None


UNNAMED = LanePlace()


class RecordWithoutList:
    """Records acts at lanes without a list.

    Args:
        store: keeps the ledger.
        registrar: appends to it.
        opt_outs: enters what is declined, with a receipt.
    """

    def __init__(self, *, store: Store, registrar: Registrar, opt_outs: EnterOptOut) -> None:
        self._store = store
        self._registrar = registrar
        self._opt_outs = opt_outs

    def __call__(
        self,
        outcome: Outcome,
        entry_of: Callable[[Outcome], Entry],
        place: LanePlace,
        *,
        declined: Refusal | None,
        status: Status,
        actor: Actor,
        now: datetime,
    ) -> tuple[Outcome, str]:
        """Return what is on record, once it is, and the code of the receipt where the traveller declined.

        Whoever declined this capture while it was compared gets no match: that is settled here.

        Args:
            outcome: what was found.
            entry_of: makes the act's entry of the outcome that holds.
            place: where it is.
            declined: what the rulebook says to the traveller's declining; ``None`` where they do not.
            status: of the traveller, which decides deadlines.
            actor: who is answerable.
            now: the present moment.
        """
        receipt = ""
        with self._store.writing() as transaction:
            earlier = transaction.opt_out_for_capture(NO_FLIGHT, place.capture_key) if place.capture_key else None
            if earlier is not None and not isinstance(outcome, NotAttempted):
                outcome = NotAttempted(NotAttemptedReason.OPTED_OUT, earlier.rule_id)
            rows = [self._registrar.append(transaction, entry_of(outcome))]
            if declined is not None:
                declared = Declared(place.lane, now, NO_FLIGHT, None, place.capture_key)
                opted_out, more = self._opt_outs(
                    transaction, declared, declined, status=status, actor=actor, now=now, cancels=False
                )
                rows += more
                receipt = opted_out.receipt.code
        self._registrar.committed(rows[-1])
        return outcome, receipt
