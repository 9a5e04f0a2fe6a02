"""What searches show at one threshold, and without any."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from fairgate.measure.search_figures import CmcPoint, SearchPoint
from fairgate.measure.search_rates import Errors, KeptSearches, false_positives, misses, selectivity
from fairgate.measure.search_thresholds import SizedThreshold

RANKS = 20


class SearchPlan(Protocol):
    """What to measure; :class:`fairgate.measure.evaluate.Plan` is one."""

    @property
    def fpir(self) -> float:
        """FPIR of the searches."""
        ...

    @property
    def gallery_sizes(self) -> tuple[int, ...]:
        """Sizes of the searches."""
        ...

    @property
    def extrapolate_to(self) -> tuple[int, ...]:
        """Sizes to extrapolate the growth to."""
        ...

    @property
    def confidence(self) -> float:
        """Of every interval."""
        ...


def point_at(
    kept: KeptSearches, size: int | None, chosen: SizedThreshold | None, largest: int, plan: SearchPlan
) -> SearchPoint:
    """Return what searches show at a threshold.

    Args:
        kept: searches.
        size: of the gallery; ``None`` for galleries as they were searched.
        chosen: the threshold; ``None`` where there is none.
        largest: size of the largest gallery that the data allow, or of the usual one as searched.
        plan: what to measure.
    """
    shown = largest if size is None else size
    if chosen is None:
        words = "not resolvable: fewer than three false positive searches are expected, and no tail can be fitted"
        return SearchPoint(shown, plan.fpir, None, False, words, None, None)
    beyond = size is not None and size > largest
    searched = largest if beyond else size
    method = chosen.method
    if beyond:
        method += f"; no gallery of {size} can be drawn, so the misses are those among {largest}"
    return SearchPoint(
        size=shown,
        target=plan.fpir,
        threshold=chosen.threshold,
        resolvable=chosen.resolvable,
        method=method,
        fpir=None if beyond else false_positives(kept, chosen.threshold, searched).rate(plan.confidence),
        fnir=misses(kept, chosen.threshold, searched).rate(plan.confidence),
        selectivity=None if beyond else selectivity(kept, chosen.threshold, searched),
    )


def ranks_of(kept: KeptSearches, size: int | None, confidence: float) -> tuple[CmcPoint, ...]:
    """Return the cumulative match characteristic, as far as it is known exactly; empty without mates.

    Args:
        kept: searches.
        size: of the gallery; ``None`` for galleries as they were searched.
        confidence: of the intervals.
    """
    if not kept.has_mate().any():
        return ()
    points = []
    for rank in range(1, RANKS + 1):
        missed = misses(kept, -np.inf, size, rank)
        found = Errors(1 - missed.high, 1 - missed.low, missed.person).rate(confidence)
        if found is None:
            break
        points.append(CmcPoint(rank, found))
    return tuple(points)
