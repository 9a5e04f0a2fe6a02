"""Error versus discard: what would become of the misses if the poorest captures were taken again.

Source: Grother and Tabassi, IEEE TPAMI 29 (2007) 531-543, whose "error versus reject" curve ISO/IEC 29794-1:2024 and
the quality parts of NIST's FATE call error versus discard characteristic.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.measure.intervals import Proportion

UNLABELLED = ""
"""Label of those who state none."""


class Side(StrEnum):
    """Whose quality counts."""

    PROBE = "probe"
    REFERENCE = "reference"
    LOWER_OF_BOTH = "lower_of_both"


@dataclass(frozen=True, slots=True)
class DiscardPoint:
    """One quality limit.

    Args:
        limit: mated comparisons below this quality are discarded.
        discarded: of all mated comparisons with a quality.
        fnmr: of those kept.
    """

    limit: float
    discarded: Proportion
    fnmr: Proportion


@dataclass(frozen=True, slots=True)
class GroupDiscard:
    """Whom a quality limit hits.

    Args:
        attribute: e.g. ``"sex"``.
        label: the group; empty for those without a label, who are listed where there are any.
        discarded: of the group's mated comparisons with a quality.
    """

    attribute: str
    label: str
    discarded: Proportion


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything about quality at one threshold.

    Args:
        side: ``probe``, ``reference`` or ``lower_of_both``: whose quality counts.
        target: the FMR that the threshold is for.
        threshold: a score at or above it is a match.
        without_quality: mated comparisons that state none; left out of the curve, and said so.
        points: by rising discard, the first without any; at most :data:`~fairgate.measure.discard_figures.MOST_POINTS`,
            spread over the curve, each of them exact.
        area: below the curve from no discard to ``area_up_to``, less that of an ideal measure that discards every miss
            first; in units of rate times share. Lower is better.
        area_unsorted: the same of a measure that knows nothing (FNMR unchanged by discarding).
        area_up_to: share of discards up to which the area goes.
        example_discard: share at which ``by_group`` is told.
        by_group: discard by group at that share's limit.
        example: what is discarded over all groups at that limit: the share nearest to ``example_discard`` that can be
            reached, since equal qualities are discarded together.
        example_limit: the limit itself.
        every_value: each distinct quality is a limit on the whole curve; else there were too many, and neighbours
            were put together.
    """

    side: str
    target: float
    threshold: float
    without_quality: int
    points: tuple[DiscardPoint, ...]
    area: float
    area_unsorted: float
    area_up_to: float
    example_discard: float
    by_group: tuple[GroupDiscard, ...]
    example: Proportion | None = None
    example_limit: float | None = None
    every_value: bool = True
