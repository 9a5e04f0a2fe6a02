"""Thresholds for an FPIR by gallery size: counted on searches, or by the false match rate that the size needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fairgate.measure.growth import NonMatedTop, non_mated_top
from fairgate.measure.identification import fmr_for_fpir
from fairgate.measure.rates import resolves
from fairgate.measure.search_rates import HighestFirst, KeptSearches
from fairgate.measure.tail import TailFit


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
            one = threshold_by_rate(top, tail, size, target)
        if one is not None:
            least = max(least, one.threshold)
            found.append(SizedThreshold(size, float(least), one.resolvable, one.method))
    return found


def threshold_by_rate(top: NonMatedTop, tail: TailFit | None, size: int, target: float) -> SizedThreshold | None:
    """Return the threshold whose false match rate a comparison gives the FPIR, if comparisons are independent.

    Args:
        top: highest non-mated scores.
        tail: their fit, where there is one.
        size: people in the gallery.
        target: FPIR.
    """
    chosen = top.choose(fmr_for_fpir(target, size), tail)
    if chosen is None:
        return None
    words = (
        f"{chosen.in_words()}; an FPIR of {target:.3g} among {size} needs this FMR if comparisons go wrong "
        "independently of each other"
    )
    return SizedThreshold(size, chosen.threshold, False, words)
