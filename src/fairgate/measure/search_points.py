"""From kept searches to everything that is said of identification."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.growth import ASSUMPTION, NonMatedTop, grow, non_mated_top
from fairgate.measure.identification import fmr_for_fpir
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.rates import resolves
from fairgate.measure.search_figures import CmcPoint, GrowthPoint, Identification, SearchPoint, WithoutError
from fairgate.measure.search_rates import Errors, HighestFirst, KeptSearches, false_positives, misses, selectivity
from fairgate.measure.tail import TailFit

RANKS = 20

REACHED_BY = 0.9
"""A gallery size is measured where at least this share of the searches met so many people."""

LEAST_PEOPLE = 10
"""Where searches meet fewer other people than these, rows are pairs, and no gallery is drawn from them."""

_LADDER = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)

INDEPENDENT_PASSENGERS = (
    "computed as (1 − FNIR) to the power of the passengers: every passenger is in the gallery and searched once, and "
    "one passenger's miss says nothing of another's"
)

COUNTED_FLIGHTS = (
    "counted: flights (galleries) in which every passenger of the gallery was found first and nobody else was taken "
    "for a passenger, each flight as it was searched"
)


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


@dataclass(frozen=True, slots=True)
class SizedThreshold:
    """The threshold for an FPIR among so many people.

    Args:
        size: people in the gallery.
        threshold: a score at or above it names somebody.
        resolvable: counted on searches.
        method: how it was found, in words.
    """

    size: int
    threshold: float
    resolvable: bool
    method: str


def identification(kept: KeptSearches, people: int, plan: SearchPlan) -> Identification | None:
    """Return everything about 1:N searches; ``None`` where there are none to speak of.

    Args:
        kept: searches, those in galleries as they were made or those to draw galleries for.
        people: on all references.
        plan: what to measure.
    """
    if not len(kept.mates) or too_few_people(kept):
        return None
    if kept.gallery is not None:
        return _as_searched(kept, kept.gallery, people, plan)
    largest = largest_gallery(kept)
    mated = int(np.count_nonzero(kept.has_mate()))
    ladder = [size for size in _LADDER if size < largest] + [largest]
    asked = sorted({*plan.gallery_sizes, *plan.extrapolate_to, *ladder})
    found = {one.size: one for one in thresholds(kept, asked, plan.fpir, largest)}
    points = tuple(_point(kept, size, found.get(size), largest, plan) for size in sorted(set(plan.gallery_sizes)))
    growth = grow(
        kept,
        [(one.size, one.threshold) for one in found.values()],
        plan.fpir,
        largest,
        confidence=plan.confidence,
    )
    return Identification(
        probes=len(kept.mates),
        with_mate=mated,
        people=people,
        points=points,
        ranks=_ranks(kept, largest if mated else None, plan.confidence) if mated else (),
        ranks_size=largest,
        growth=growth,
        growth_assumption=_assumption(growth),
        without_error=tuple(
            WithoutError(
                size=one.size,
                share=(1 - one.fnir.value) ** one.size,
                low=(1 - one.fnir.high) ** one.size,
                high=(1 - one.fnir.low) ** one.size,
                flights=0,
                assumption=INDEPENDENT_PASSENGERS,
            )
            for one in points
            if one.fnir is not None
        ),
    )


def too_few_people(kept: KeptSearches) -> bool:
    """Say that searches meet so few other people that no gallery can be drawn from these."""
    return kept.gallery is None and largest_gallery(kept) < LEAST_PEOPLE


def largest_gallery(kept: KeptSearches) -> int:
    """Return the largest gallery that at least nine of ten searches can be made in."""
    place = int((1 - REACHED_BY) * len(kept.others))
    return int(np.partition(kept.others, place)[place])


def thresholds(kept: KeptSearches, sizes: Iterable[int], target: float, largest: int) -> list[SizedThreshold]:
    """Return the threshold for an FPIR at each size: counted on searches, or by the false match rate that it needs.

    A larger gallery never gets a lower threshold, even where one is counted and the other extrapolated.

    Args:
        kept: searches.
        sizes: ascending.
        target: FPIR.
        largest: gallery that can be drawn.
    """
    found: list[SizedThreshold] = []
    top: NonMatedTop | None = None
    tail: TailFit | None = None
    least = -np.inf
    ordered = HighestFirst.of(kept)
    for size in sizes:
        one = None
        searched = int(np.count_nonzero(kept.others >= size))
        if size <= largest and resolves(target, searched):
            counted = ordered.threshold_at(target, size)
            if counted is not None:
                words = (
                    f"counted: lowest score that keeps the mean FPIR at or below {target:.3g} over {searched} searches "
                    f"in all galleries of {size}"
                )
                one = SizedThreshold(size, counted, True, words)
        if one is None:
            if top is None:
                top = non_mated_top(kept)
                tail = top.tail()
            one = _by_rate(top, tail, size, target)
        if one is not None:
            least = max(least, one.threshold)
            found.append(SizedThreshold(size, float(least), one.resolvable, one.method))
    return found


def _by_rate(top: NonMatedTop, tail: TailFit | None, size: int, target: float) -> SizedThreshold | None:
    chosen = top.choose(fmr_for_fpir(target, size), tail)
    if chosen is None:
        return None
    words = (
        f"{chosen.in_words()}; an FPIR of {target:.3g} among {size} needs this FMR if comparisons go wrong "
        "independently of each other"
    )
    return SizedThreshold(size, chosen.threshold, False, words)


def _point(
    kept: KeptSearches, size: int | None, chosen: SizedThreshold | None, largest: int, plan: SearchPlan
) -> SearchPoint:
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


def _ranks(kept: KeptSearches, size: int | None, confidence: float) -> tuple[CmcPoint, ...]:
    """Return the ranks as far as they are known exactly."""
    points = []
    for rank in range(1, RANKS + 1):
        missed = misses(kept, -np.inf, size, rank)
        found = Errors(1 - missed.high, 1 - missed.low, missed.person).rate(confidence)
        if found is None:
            break
        points.append(CmcPoint(rank, found))
    return tuple(points)


def _assumption(growth: tuple[GrowthPoint, ...]) -> str:
    return ASSUMPTION if any(one.extrapolated for one in growth) else ""


def _as_searched(kept: KeptSearches, gallery: NDArray[np.int64], people: int, plan: SearchPlan) -> Identification:
    """Count searches in the galleries that they were made in."""
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
        at = _by_rate(top, tail, max(usual, 1), plan.fpir)
    point = _point(kept, None, at, usual, plan)
    growth: tuple[GrowthPoint, ...] = ()
    without: tuple[WithoutError, ...] = ()
    if at is not None:
        if point.fpir is not None and point.fnir is not None:
            growth = (
                GrowthPoint(
                    usual, at.threshold, point.fpir.value, point.fnir.value, point.fnir.low, point.fnir.high, False
                ),
            )
        beyond = [_by_rate(top, tail, size, plan.fpir) for size in sorted(set(plan.extrapolate_to)) if size > most]
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
        ranks=_ranks(kept, None, plan.confidence) if kept.has_mate().any() else (),
        ranks_size=usual,
        growth=growth,
        growth_assumption=_assumption(growth),
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
