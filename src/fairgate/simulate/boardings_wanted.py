"""What simulated boardings are wanted, and the faults that they can be given on purpose.

A second opinion that finds nothing must find these.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What can be broken on purpose, to see that the second opinion notices."""

    AGE = "age"
    MIDNIGHT = "midnight"
    CITIZEN_RETENTION = "citizen-retention"
    OPT_OUT = "opt-out"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is simulated.

    Args:
        seed: of everything, not negative.
        flights: how many; those that arrive together share a gallery.
        ship: passengers of the one ship; 0 for none.
        broken: what to break on purpose.
        keep: an empty folder to keep everything in; ``None`` for a temporary one.
    """

    seed: int = 1
    flights: int = 200
    ship: int = 4000
    broken: Fault | None = None
    keep: Path | None = None


def broken_text(text: str, broken: Fault | None) -> str:
    """Return a rulebook's text with a fault that :class:`Fault` names, if it is one of the text."""
    match broken:
        case Fault.AGE:
            return text.replace("age_to = 13", "age_to = 12").replace("age_from = 14", "age_from = 13")
        case Fault.CITIZEN_RETENTION:
            return text.replace("hours = 12\n", "days = 14\n").replace("hours = 1\n", "days = 2\n")
        case _:
            return text
