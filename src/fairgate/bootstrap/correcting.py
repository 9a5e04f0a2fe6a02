"""Wires corrections of what is known about somebody listed."""

from __future__ import annotations

from fairgate.bootstrap.parts import Parts
from fairgate.errors import NothingStaged
from fairgate.services.correct_status import CorrectStatus
from fairgate.services.desk import Desk


def correct_status(parts: Parts, flight_key: str) -> CorrectStatus:
    """Return what corrects under the rules of the lane that a gallery was staged for.

    Raises:
        NothingStaged: the flight is not staged.
    """
    with parts.store.reading() as transaction:
        flight = transaction.flight(flight_key)
    if flight is None:
        raise NothingStaged(f"The flight {flight_key} is not staged.", way_out="See `fairgate gallery show`.")
    desk = Desk(
        store=parts.store,
        registrar=parts.registrar,
        rules=parts.rules_at(flight.lane),
        clock=parts.clock,
        entropy=parts.entropy,
    )
    return CorrectStatus(desk, parts.vault)
