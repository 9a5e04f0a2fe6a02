"""What the house answers to those who open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fairgate.measure.endings import Endings, count_endings


@dataclass(frozen=True, slots=True)
class BoardingSummary:
    """What a boarding came to.

    Args:
        flight_key: which flight.
        counts: ``offered``, ``captured``, ``usable``, ``with_reference``, ``matched``, ``see_officer``,
            ``not_attempted``, ``strangers_offered``, ``strangers_matched``.
        reasons: (outcome, reason, component, count), as the report lists them.
        repeated: captures that an earlier run or another process had recorded.
        deviations: rows of the captures or truth file that were set aside; they may name files.
        report: where the report was written; ``None`` where none was asked for.
        endings: what became of everybody, as the queue and the gallery print it.
    """

    flight_key: str
    counts: Mapping[str, int]
    reasons: tuple[tuple[str, str, str | None, int], ...]
    repeated: int
    deviations: tuple[str, ...]
    report: Path | None
    endings: Endings = field(default_factory=lambda: count_endings(()))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that ``fairgate doctor`` looked at.

    Args:
        name: what.
        ok: whether it is as it must be.
        text: what was found.
        way_out: what to do where it is not.
    """

    name: str
    ok: bool
    text: str
    way_out: str = ""
