"""Wires an officer's desk: store, ledger and rulebook. No engine, no pack, no decoder and no vault is opened for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from fairgate.bootstrap.places import ANCHOR, BOARDING_PURPOSE, DATABASE, SIGNING_KEY
from fairgate.bootstrap.rulebook_in_force import line_for
from fairgate.config import Settings
from fairgate.errors import FairgateError, LedgerFault, ManualPathDown, StoreFault, StoreRefused, VaultFault
from fairgate.ledger.manual_codes import ManualReason, ManualResult, OpenedReason, UndoReason
from fairgate.measure.endings import Endings
from fairgate.outside.anchor_file import AnchorFile
from fairgate.outside.private_folder import make_private_folder
from fairgate.services.append_entry import Registrar
from fairgate.services.desk import Desk
from fairgate.services.manual_counts import endings_of
from fairgate.services.manual_records import Departure, QueueEntry
from fairgate.services.officer_queue import OfficerQueue, Opening, Waiting
from fairgate.services.permissions import LaneRules
from fairgate.services.ports import Clock, Entropy, Timer
from fairgate.services.record_manual_result import Recorded, RecordManualResult, Stated
from fairgate.services.undo_match import CloseFlight, ToUndo, UndoMatch, Undone
from fairgate.store.sqlite import SqliteStore
from fairgate.vault.signing_key import load_or_create_signing_key
from fairgate.vocabulary import Actor, LaneKind

FORM_ALPHABET = "ACDEFHJKLMNPRTUVWXY347"
"""Letters and digits that no handwriting confuses."""
_FORM_LETTERS = 6
_WAY_OUT = (
    "Go on by hand: print lines with `fairgate officer form`, and enter them later with `fairgate officer enter`. "
    "Nobody has to wait for this machine."
)


@dataclass(frozen=True, slots=True)
class LateLine:
    """A line of a paper form, as the command line names it.

    Args:
        form: the form's name.
        line: its line, from 1.
        lane: identifier of the lane.
        flight_key: the flight, where there is one.
        reason: why the machine was out of it.
        joined_at: aware time of joining.
        decided_at: aware time of the decision.
        result: what the officer stated.
        why: why.
        passenger_ref: whom the officer confirmed.
        minutes: as written; ``None`` for those between the two times.
    """

    form: str
    line: int
    lane: str
    flight_key: str | None
    reason: str
    joined_at: datetime
    decided_at: datetime
    result: str
    why: str
    passenger_ref: str | None = None
    minutes: int | None = None


class OfficerDesk:
    """What an officer does; :func:`open_desk` makes one.

    Args:
        desk: store, ledger and rulebook.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queue = OfficerQueue(desk)
        self._record = RecordManualResult(desk)

    def waiting(self, flight_key: str | None) -> tuple[tuple[Waiting, ...], Endings]:
        """Return who waits, oldest first, and what became of everybody."""
        waiting = self._queue.waiting(flight_key)
        with self._desk.store.reading() as transaction:
            return waiting, endings_of(transaction, flight_key, self._desk.clock())

    def open(self, lane: str, reason: str, actor: Actor, *, flight_key: str | None = None) -> QueueEntry:
        """Let somebody wait whom no camera saw.

        Raises:
            ManualResultRefused: a name is not of its form, or the actor may not.
        """
        return self._queue.open(Opening(lane, OpenedReason(reason), flight_key), actor)

    def call(
        self, number: int, actor: Actor, *, flight_key: str | None = None, lane: str | None = None
    ) -> tuple[QueueEntry, datetime]:
        """Call a number, and return who has it and when it was called first.

        Raises:
            QueueNumberUnknown: nobody has it today, or several have.
            ManualResultRefused: they were served already.
        """
        return self._queue.call(number, actor, flight_key=flight_key, lane=lane)

    def result(
        self,
        number: int,
        result: str,
        reason: str,
        actor: Actor,
        *,
        minutes: int | None = None,
        passenger_ref: str | None = None,
        flight_key: str | None = None,
        lane: str | None = None,
        day: date | None = None,
    ) -> Recorded:
        """Record what the officer stated of whoever has a number.

        Raises:
            QueueNumberUnknown: nobody has it, or several have.
            ManualResultRefused: the statement contradicts itself, the list, or a result on record.
        """
        stated = Stated(ManualResult(result), ManualReason(reason), minutes, passenger_ref)
        return self._record(number, stated, actor, flight_key=flight_key, lane=lane, day=day)

    def enter(self, late: LateLine, actor: Actor) -> Recorded:
        """Record a line of a paper form with the times written there; the same line again is the first.

        Raises:
            ManualResultRefused: the line contradicts itself, the list, or one entered before.
        """
        form_line = f"{late.form}/{late.line}"
        opening = Opening(late.lane, OpenedReason(late.reason), late.flight_key, late.joined_at, form_line)
        stated = Stated(
            ManualResult(late.result), ManualReason(late.why), late.minutes, late.passenger_ref, late.decided_at
        )
        return self._record.from_paper(opening, stated, actor)

    def undo(
        self, boarded_by: str, reason: str, actor: Actor, *, really: str | None = None, minutes: int | None = None
    ) -> Undone:
        """Take back what boarded somebody.

        Raises:
            UndoRefused: nobody was boarded by it, or it was undone already.
            FlightDeparted: the flight has left.
            ManualResultRefused: the person named as the real one is not on the list.
        """
        return UndoMatch(self._desk)(boarded_by, ToUndo(UndoReason(reason), really, minutes=minutes), actor)

    def close(self, flight_key: str, actor: Actor, *, departs_at: datetime | None = None) -> Departure:
        """State when a flight departs; without a time, it has left.

        Raises:
            NothingStaged: there is no such flight.
            FlightDeparted: it has left already.
        """
        return CloseFlight(self._desk)(flight_key, actor, departs_at=departs_at)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_desk(
    settings: Settings,
    *,
    clock: Clock = _utc_now,
    timer: Timer = time.perf_counter,
    entropy: Entropy = os.urandom,
) -> Iterator[OfficerDesk]:
    """Open an officer's desk on one data folder.

    Args:
        settings: as loaded.
        clock: the present.
        timer: seconds since an arbitrary start.
        entropy: identifiers and salts.

    Raises:
        ManualPathDown: the record can be neither read nor written; people are served on paper.
        RulebookNotAdopted: no rulebook was adopted in this data folder, nor is it a demonstration.
    """
    with ExitStack() as closing:
        try:
            folder = make_private_folder(settings.data_dir)
            store = closing.enter_context(SqliteStore.open(folder / DATABASE))
            key = load_or_create_signing_key(folder / SIGNING_KEY, name=settings.ledger_name, entropy=entropy)
            rules = LaneRules(
                line_for(settings, store=store, clock=clock, timer=timer),
                lane=LaneKind.BOARDING,
                purpose=BOARDING_PURPOSE,
                port_zone=ZoneInfo(settings.port_time_zone),
            )
            rules.require_allowed()
            registrar = Registrar(key, AnchorFile(folder / ANCHOR))
            yield OfficerDesk(Desk(store=store, registrar=registrar, rules=rules, clock=clock, entropy=entropy))
        except (StoreFault, StoreRefused, LedgerFault, VaultFault) as fault:
            raise _down(fault) from fault
        except OSError as fault:
            raise ManualPathDown("The record cannot be written, so nothing was recorded.", way_out=_WAY_OUT) from fault


def name_of_form(entropy: Entropy = os.urandom) -> str:
    """Return a name for a paper form, so that each of its lines is entered once."""
    return "".join(FORM_ALPHABET[byte % len(FORM_ALPHABET)] for byte in entropy(_FORM_LETTERS))


def _down(fault: FairgateError) -> ManualPathDown:
    return ManualPathDown(f"Nothing was recorded. {fault.public_text}", way_out=_WAY_OUT)
