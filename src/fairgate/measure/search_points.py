"""From kept searches to everything that is said of identification."""

from __future__ import annotations

import numpy as np

from fairgate.measure.growth import assumption_of, grow
from fairgate.measure.search_at_threshold import SearchPlan, point_at, ranks_of
from fairgate.measure.search_figures import Identification, WithoutError
from fairgate.measure.search_galleries import as_searched
from fairgate.measure.search_rates import KeptSearches
from fairgate.measure.search_thresholds import thresholds

REACHED_BY = 0.9
"""A gallery size is measured where at least this share of the searches met so many people."""

LEAST_PEOPLE = 10
"""Where searches meet fewer other people than these, rows are pairs, and no gallery is drawn from them."""

_LADDER = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)

INDEPENDENT_PASSENGERS = (
    "computed as (1 − FNIR) to the power of the passengers: every passenger is in the gallery and searched once, and "
    "one passenger's miss says nothing of another's"
)


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
        return as_searched(kept, kept.gallery, people, plan)
    largest = largest_gallery(kept)
    mated = int(np.count_nonzero(kept.has_mate()))
    ladder = [size for size in _LADDER if size < largest] + [largest]
    asked = sorted({*plan.gallery_sizes, *plan.extrapolate_to, *ladder})
    found = {one.size: one for one in thresholds(kept, asked, plan.fpir, largest)}
    points = tuple(point_at(kept, size, found.get(size), largest, plan) for size in sorted(set(plan.gallery_sizes)))
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
        ranks=ranks_of(kept, largest, plan.confidence),
        ranks_size=largest,
        growth=growth,
        growth_assumption=assumption_of(growth),
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
