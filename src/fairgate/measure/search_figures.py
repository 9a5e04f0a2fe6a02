"""What 1:N searches show: both identification error rates by gallery size, ranks, growth, and flights without error."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.identification import MeanRate


@dataclass(frozen=True, slots=True)
class SearchPoint:
    """One gallery size at one FPIR.

    Args:
        size: references in the gallery.
        target: the FPIR asked for.
        threshold: ``None`` where not even an extrapolated one could be given.
        resolvable: at least three false positive searches were expected; else the threshold is extrapolated.
        method: how the threshold was found, in words.
        fpir: searches without mate that returned somebody, in an average gallery.
        fnir: searches with mate that missed the mate, in an average gallery.
        selectivity: mean number of wrong references at or above the threshold, in a search.
        on_other_people: the threshold was chosen on other people than it was tried on.
    """

    size: int
    target: float
    threshold: float | None
    resolvable: bool
    method: str
    fpir: MeanRate | None
    fnir: MeanRate | None
    selectivity: float | None = None
    on_other_people: bool = False


@dataclass(frozen=True, slots=True)
class CmcPoint:
    """How many mates stand at this rank or better, without a threshold.

    Args:
        rank: from 1.
        found: mean count over average galleries, with interval.
    """

    rank: int
    found: MeanRate


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """An error rate at a gallery size.

    Args:
        size: references.
        threshold: in force at this size.
        fpir: share of searches.
        fnir: share of searches.
        fnir_low: lower end of the interval of the FNIR.
        fnir_high: upper end.
        extrapolated: the data hold no gallery that large.
    """

    size: int
    threshold: float
    fpir: float
    fnir: float
    fnir_low: float
    fnir_high: float
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class WithoutError:
    """How often a whole flight boards without any error.

    Args:
        size: passengers, each of them searched once in a gallery of all.
        share: of flights.
        low: lower end of the interval.
        high: upper end.
        flights: how many were counted; 0 where computed from the FNIR.
        assumption: what the figure rests on, in words.
    """

    size: int
    share: float
    low: float
    high: float
    flights: int
    assumption: str


@dataclass(frozen=True, slots=True)
class Identification:
    """Everything about 1:N searches.

    Args:
        probes: searches made.
        with_mate: of them, whose person is in the gallery.
        people: different references, the largest gallery that could be drawn being one less.
        points: each size asked for at each FPIR.
        ranks: the cumulative match characteristic, in the largest gallery measured.
        ranks_size: that gallery's size.
        growth: by size at one FPIR, measured and then extrapolated.
        growth_assumption: what the extrapolation rests on, in words.
        without_error: by flight size, at the threshold for that size.
        galleries: how many galleries were searched as they were; 0 where galleries were drawn from all people.
    """

    probes: int
    with_mate: int
    people: int
    points: tuple[SearchPoint, ...]
    ranks: tuple[CmcPoint, ...]
    ranks_size: int
    growth: tuple[GrowthPoint, ...] = ()
    growth_assumption: str = ""
    without_error: tuple[WithoutError, ...] = ()
    galleries: int = 0
