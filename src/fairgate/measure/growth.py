"""How both error rates of searches grow with the gallery: measured as far as people reach, extrapolated beyond."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.rates import errors_allowed, resolves
from fairgate.measure.search_figures import GrowthPoint
from fairgate.measure.search_rates import KeptSearches, false_positives, misses, rate_by_person
from fairgate.measure.tail import LARGEST_MISFIT, LEAST_EXCEEDANCES, SHARES, TailFit, fit_tail
from fairgate.measure.thresholds import Chosen

MOST_EXCEEDANCES = 1000
"""A tail is not fitted to more scores than these.

Source: simulated with independent normal scores, FPIR 0.003 extrapolated to N = 40 000, 24 samples each. From 160 000
comparisons the true FPIR at the threshold was, in the median, 7 times the one asked for with up to 5 000 exceedances, 3
times with 1 000, 1.5 times with 500 or 200 but then from a tenth to 15 times; from 2.25 million 2.0, 1.2 and 0.8 times.
"""

ASSUMPTION = (
    "The threshold is the one whose false match rate of a comparison gives the FPIR asked for if the comparisons of a "
    "search go wrong independently of each other, and if more people resemble each other no more than these do. Where "
    "that rate lies beyond what was counted, the tail of the non-mated scores is taken to keep its shape; the "
    "true FPIR may then be several times the one asked for. The FNIR counts mates below the threshold; being "
    "outranked by somebody at or above it would add at most the FPIR."
)
"""What an extrapolation rests on.

Simulated for scores of which a part belongs to the probe, with the FMR known exactly, N = 40 000: where that part has a
tenth of the variance, the FPIR is 0.98 of 0.003 or 0.87 of 0.05; with three tenths 0.72 and 0.46. So the first part of
the assumption errs towards strictness, and the fitted tail, as :data:`MOST_EXCEEDANCES` says, rather towards laxness.
"""


@dataclass(frozen=True, slots=True, eq=False)
class NonMatedTop:
    """The highest non-mated scores, complete, and how many there are in all.

    Args:
        scores: float64, descending.
        of: non-mated comparisons, one for each other person of each search.
    """

    scores: NDArray[np.float64] = field(repr=False)
    of: int

    def tail(self) -> TailFit | None:
        """Fit the largest tail that follows its distribution; ``None`` where too few scores are kept.

        Raises:
            ScoresRefused: the rate of the tail makes no sense.
        """
        shares = [share for share in SHARES if share * self.of <= MOST_EXCEEDANCES]
        shares = [share for share in shares if math.floor(share * self.of) < self.scores.size]
        most = min(self.scores.size - 1, MOST_EXCEEDANCES)
        if len(shares) < len(SHARES) and most >= LEAST_EXCEEDANCES:
            shares = [(most + 0.5) / self.of, *(share for share in shares if share * self.of < most)]
        chosen = None
        for share in shares:
            if math.floor(share * self.of) < LEAST_EXCEEDANCES or (chosen and chosen.misfit <= LARGEST_MISFIT):
                break
            try:
                chosen = fit_tail(self.scores, share, self.of)
            except ScoresRefused:
                break
        return chosen

    def choose(self, rate: float, tail: TailFit | None) -> Chosen | None:
        """Return the threshold of a false match rate: counted where three errors are expected, else extrapolated.

        Args:
            rate: in (0, 1).
            tail: of :meth:`tail`.
        """
        allowed = errors_allowed(rate, self.of)
        if resolves(rate, self.of) and allowed < self.scores.size:
            barred = float(self.scores[allowed])
            matching = self.scores[:allowed]
            matching = matching[matching > barred]
            threshold = float(matching[-1]) if matching.size else math.nextafter(barred, math.inf)
            return Chosen(rate, threshold, resolvable=True, of=self.of, tail=None)
        if tail is None or rate > tail.share:
            return None
        return Chosen(rate, tail.threshold(rate), resolvable=False, of=self.of, tail=tail)


def non_mated_top(kept: KeptSearches) -> NonMatedTop:
    """Return the highest non-mated scores of all searches, down to the highest floor."""
    complete = kept.top[kept.top > max(float(np.max(kept.floor, initial=-np.inf)), -np.inf)]
    return NonMatedTop(np.sort(complete)[::-1], int(kept.others.sum()))


def grow(
    kept: KeptSearches,
    thresholds: Iterable[tuple[int, float]],
    target: float,
    largest: int,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[GrowthPoint, ...]:
    """Return both error rates by gallery size, each at its own threshold.

    Args:
        kept: searches.
        thresholds: of each size, ascending.
        target: the FPIR that thresholds beyond the data were chosen for.
        largest: size of the largest gallery that the data allow.
        confidence: of the FNIR's interval.
    """
    points = []
    mated = kept.only(kept.has_mate())
    for size, threshold in thresholds:
        if size <= largest:
            fpir, fnir = (
                made.rate(confidence)
                for made in (false_positives(kept, threshold, size), misses(kept, threshold, size))
            )
            if fpir is not None and fnir is not None:
                points.append(GrowthPoint(size, threshold, fpir.value, fnir.value, fnir.low, fnir.high, False))
        elif len(mated.mates):
            below = (mated.mates < threshold).astype(np.float64)
            fnir = rate_by_person(below, mated.person, confidence)
            points.append(GrowthPoint(size, threshold, target, fnir.value, fnir.low, fnir.high, True))
    return tuple(points)


def assumption_of(growth: Iterable[GrowthPoint]) -> str:
    """Return what the extrapolated points rest on, in words; empty where there are none."""
    return ASSUMPTION if any(one.extrapolated for one in growth) else ""
