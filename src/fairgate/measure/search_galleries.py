"""Searches counted in the galleries that they were made in, flight by flight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.growth import assumption_of, grow, non_mated_top
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.rates import resolves
from fairgate.measure.search_at_threshold import SearchPlan, point_at, ranks_of
from fairgate.measure.search_figures import GrowthPoint, Identification, WithoutError
from fairgate.measure.search_rates import HighestFirst, KeptSearches, false_positives, misses
from fairgate.measure.search_thresholds import SizedThreshold, threshold_by_rate

COUNTED_FLIGHTS = (
    "counted: flights (galleries) in which every passenger of the gallery was found first and nobody else was taken "
    "for a passenger, each flight as it was searched"
)


def as_searched(kept: KeptSearches, gallery: NDArray[np.int64], people: int, plan: SearchPlan) -> Identification:
    """Count searches in the galleries that they were made in.

    Everybody's search counts for the FPIR, the own person disregarded, as in galleries drawn at random. A flight is
    without error where every mate was found first and nobody without mate was named.

    Args:
        kept: searches.
        gallery: shape (searches,): where each was made.
        people: on all references.
        plan: what to measure.
    """
    met = kept.others if kept.references is None else kept.references
    flights, flight = np.unique(gallery, return_inverse=True)
    sizes = np.zeros(flights.size, dtype=np.int64)
    np.maximum.at(sizes, flight, met)
    usual, most = int(np.median(sizes)), int(sizes.max())
    top = non_mated_top(kept)
    tail = top.tail()
    counted = HighestFirst.of(kept).threshold_at(plan.fpir, None) if resolves(plan.fpir, len(kept.mates)) else None
    at: SizedThreshold | None
    if counted is not None:
        words = (
            f"counted: lowest score that keeps the FPIR at or below {plan.fpir:.3g} over {len(kept.mates)} searches in "
            f"{flights.size} galleries as they were"
        )
        at = SizedThreshold(usual, counted, True, words)
    else:
        at = threshold_by_rate(top, tail, max(usual, 1), plan.fpir)
    point = point_at(kept, None, at, usual, plan)
    growth: tuple[GrowthPoint, ...] = ()
    without: tuple[WithoutError, ...] = ()
    if at is not None:
        if point.fpir is not None and point.fnir is not None:
            growth = (
                GrowthPoint(
                    usual, at.threshold, point.fpir.value, point.fnir.value, point.fnir.low, point.fnir.high, False
                ),
            )
        beyond = [
            threshold_by_rate(top, tail, size, plan.fpir) for size in sorted(set(plan.extrapolate_to)) if size > most
        ]
        growth += grow(
            kept,
            [(one.size, max(one.threshold, at.threshold)) for one in beyond if one is not None],
            plan.fpir,
            most,
            confidence=plan.confidence,
        )
        without = (_flights_without_error(kept, flight, at.threshold, usual, plan.confidence),)
    return Identification(
        probes=len(kept.mates),
        with_mate=int(np.count_nonzero(kept.has_mate())),
        people=people,
        points=(point,),
        ranks=ranks_of(kept, None, plan.confidence),
        ranks_size=usual,
        growth=growth,
        growth_assumption=assumption_of(growth),
        without_error=without,
        galleries=int(flights.size),
    )


def _flights_without_error(
    kept: KeptSearches, flight: NDArray[np.intp], threshold: float, size: int, confidence: float
) -> WithoutError:
    mated = kept.has_mate()
    wrong = np.zeros(len(kept.mates), dtype=np.bool_)
    wrong[mated] = misses(kept, threshold, None).low > 0
    wrong[~mated] = false_positives(kept.only(~mated), threshold, None).low > 0
    errors = np.bincount(flight, wrong)
    clean = clopper_pearson(int(np.count_nonzero(errors == 0)), errors.size, confidence)
    return WithoutError(size, clean.count / clean.of, clean.low, clean.high, clean.of, COUNTED_FLIGHTS)
