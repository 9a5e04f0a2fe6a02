"""An officer's desk beside a boarding lane, for tests of the manual path."""

from __future__ import annotations

from datetime import datetime

from boarding_parts import FLIGHT
from boarding_room import Room

from fairgate.ledger.manual_codes import ManualReason, ManualResult, OpenedReason, UndoReason
from fairgate.measure.endings import Endings
from fairgate.services.desk import Desk
from fairgate.services.manual_counts import endings_of
from fairgate.services.officer_queue import OfficerQueue, Opening
from fairgate.services.ports import Store
from fairgate.services.record_manual_result import Recorded, RecordManualResult, Stated
from fairgate.services.undo_match import CloseFlight, ToUndo, UndoMatch, Undone
from fairgate.vocabulary import Actor, ActorKind

OFFICER = Actor(ActorKind.OFFICER, "o-7")
LANE = Actor(ActorKind.LANE, "B22")


class AtTheDesk:
    """What an officer does, at the desk of a room.

    Args:
        room: with a staged flight.
        store: the room's, unless another process's is meant.
    """

    def __init__(self, room: Room, store: Store | None = None) -> None:
        self.desk = Desk(
            store=store or room.store,
            registrar=room.registrar,
            rules=room.rules,
            clock=room.clock,
            entropy=room.entropy,
        )
        self.queue = OfficerQueue(self.desk)
        self._record = RecordManualResult(self.desk)
        self._undo = UndoMatch(self.desk)
        self.close = CloseFlight(self.desk)

    def numbers(self) -> list[tuple[int, str]]:
        """Return who waits, by number and reason."""
        return [(one.entry.number, one.entry.reason) for one in self.queue.waiting(FLIGHT)]

    def confirms(self, number: int, passenger_ref: str | None, *, reason: str = "papers_checked") -> Recorded:
        stated = Stated(ManualResult.CONFIRMED, ManualReason(reason), 3, passenger_ref)
        return self._record(number, stated, OFFICER, flight_key=FLIGHT)

    def states(self, number: int, result: str, reason: str, minutes: int | None = None) -> Recorded:
        stated = Stated(ManualResult(result), ManualReason(reason), minutes)
        return self._record(number, stated, OFFICER, flight_key=FLIGHT)

    def undoes(self, boarded_by: str, *, really: str | None = None, actor: Actor = OFFICER) -> Undone:
        return self._undo(boarded_by, ToUndo(UndoReason.WRONG_PERSON, really), actor)

    def opens(self, reason: OpenedReason = OpenedReason.CAMERA_DOWN, *, joined_at: datetime | None = None) -> int:
        return self.queue.open(Opening("B22", reason, FLIGHT, joined_at), OFFICER).number

    def endings(self) -> Endings:
        with self.desk.store.reading() as transaction:
            return endings_of(transaction, FLIGHT, self.desk.clock())
