"""The boarding lane: captures arrive one after another, each ends in one outcome, the next one goes on regardless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fairgate.services.board_traveller import BoardTraveller
from fairgate.services.faces import Lent
from fairgate.services.ports import Progress
from fairgate.services.record_crossing import Boarded
from fairgate.vocabulary import Capture

OnBoarded = Callable[[Capture, Boarded], None]
"""Called after each capture, once its crossing is durable."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody walks up.

    Args:
        capture: what the lane knows of it.
        read_photo: lends the photo, or several frames, when it is needed; raises ``ImageRefused`` where it has
            vanished.
    """

    capture: Capture
    read_photo: Callable[[], Lent] = field(repr=False)


def board(
    traveller: BoardTraveller,
    arrivals: Sequence[Arrival],
    *,
    on_boarded: OnBoarded = lambda capture, boarded: None,
    progress: Progress = lambda done, total: None,
) -> None:
    """Board everybody who walks up, in order.

    Args:
        traveller: the service, opened for this lane's flight.
        arrivals: captures already recorded are recognised and not done again.
        on_boarded: told after each.
        progress: told after each.

    Raises:
        LedgerFault: the ledger takes no entries; nobody is boarded from then on.
    """
    progress(0, len(arrivals))
    for done, arrival in enumerate(arrivals, start=1):
        on_boarded(arrival.capture, traveller(arrival.capture, arrival.read_photo))
        progress(done, len(arrivals))
    traveller.finish()
