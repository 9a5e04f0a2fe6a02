"""Opt out: before, during or after capture, at any lane, by capture, by name, or by neither.

By name, the passenger's templates leave the flight's gallery, in the store at once and in every process that has the
gallery open at its next crossing; whatever such a process compares meanwhile is settled when it is recorded. By
capture, the match that is under way is cancelled, or one that was recorded is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from fairgate.errors import NoSuchRecord, NothingStaged
from fairgate.rules.permission import Permission, Refusal, RefusalReason
from fairgate.services.append_entry import Registrar
from fairgate.services.enter_opt_out import Declared, EnterOptOut, OptedOut
from fairgate.services.opting_out_records import NO_FLIGHT
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Store
from fairgate.services.records import FlightRecord
from fairgate.vocabulary import Actor, Direction, Traveller

TravellerOf = Callable[[str, str], Traveller | None]
"""Returns the listed facts of a flight's passenger, or ``None`` where they are gone."""

SOMEBODY = Traveller("", "", "")
"""Somebody of whom nothing is known; the reading that protects most applies."""


class OptOut:
    """Records opt-outs, whoever brings them.

    Args:
        store: keeps them.
        enter: writes one within a transaction.
        registrar: keeps the newest checkpoint outside the database.
        rules: of the lane; say what a declining traveller is free to.
        clock: the present.
        traveller_of: opens what a flight's list says of a passenger.
    """

    def __init__(
        self,
        *,
        store: Store,
        enter: EnterOptOut,
        registrar: Registrar,
        rules: LaneRules,
        clock: Clock,
        traveller_of: TravellerOf,
    ) -> None:
        self._store = store
        self._enter = enter
        self._registrar = registrar
        self._rules = rules
        self._clock = clock
        self._traveller_of = traveller_of

    def __call__(
        self, declared: Declared, actor: Actor, *, port: str = "", direction: Direction = Direction.ENTRY
    ) -> OptedOut:
        """Record an opt-out with everything that goes with it, in one transaction, and return its receipt.

        A second one of the same passenger and capture is the first one again.

        Args:
            declared: what was said.
            actor: who is answerable for the record; a traveller is ``self``.
            port: location of a lane without a list.
            direction: which way the border is crossed there.

        Raises:
            NothingStaged: the flight named is not staged.
            NoSuchRecord: the flight's list has no such passenger.
        """
        now = self._clock()
        declared = replace(declared, declared_at=min(declared.declared_at, now))
        flight = self._flight(declared)
        traveller = SOMEBODY
        if flight is not None and declared.passenger_ref is not None:
            traveller = self._traveller_of(flight.flight_key, declared.passenger_ref) or SOMEBODY
        where = (flight.port, flight.direction) if flight is not None else (port, direction)
        answer = declining(self._rules, *where, traveller, declared.declared_at)
        with self._store.writing() as transaction:
            opted_out, rows = self._enter(
                transaction, declared, answer, status=self._rules.status(traveller), actor=actor, now=now
            )
        if rows:
            self._registrar.committed(rows[-1])
        return opted_out

    def _flight(self, declared: Declared) -> FlightRecord | None:
        if declared.flight_key == NO_FLIGHT:
            return None
        with self._store.reading() as transaction:
            flight = transaction.flight(declared.flight_key)
            listed = declared.passenger_ref is None or transaction.is_listed(
                declared.flight_key, declared.passenger_ref
            )
        if flight is None:
            raise NothingStaged(
                f"The flight {declared.flight_key} is not staged.",
                way_out="Name a staged flight, or none: an opt-out at a lane needs no flight.",
            )
        if not listed:
            raise NoSuchRecord(
                "The flight's list has no such passenger.", way_out="See `fairgate gallery show` for the references."
            )
        return flight


def declining(rules: LaneRules, port: str, direction: Direction, traveller: Traveller, at: datetime) -> Refusal:
    """Return what the rulebook says to somebody who declines: always that nothing of them is compared."""
    match rules.may_ask_at(port, direction, traveller, at, opted_out=True):
        case Refusal() as refusal:
            return refusal
        case Permission(rule_id=rule_id, rulebook_sha256=sha256):
            # No reading of any rule lets a machine compare somebody who declined.
            return Refusal(rule_id, RefusalReason.OPTED_OUT, sha256)
