"""Error versus discard: what would become of the misses if the poorest captures were taken again."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


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
        label: the group.
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
        points: by rising discard, the first without any.
        area: below the curve from no discard to ``area_up_to``, less that of an ideal measure that discards every miss
            first; in units of rate times share. Lower is better.
        area_unsorted: the same of a measure that knows nothing (FNMR unchanged by discarding).
        area_up_to: share of discards up to which the area goes.
        example_discard: share at which ``by_group`` is told.
        by_group: discard by group at that share's limit.
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
