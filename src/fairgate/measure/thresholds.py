"""Thresholds for false match rates: counted where the data resolve them, extrapolated and labelled so where not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.portraits import Portraits
from fairgate.measure.rates import errors_allowed, resolves
from fairgate.measure.tail import TailFit, fit_tail

TAIL_SHARE = 0.002
"""Share of the non-mated scores, from the top, that a tail is fitted to."""

_DECIMALS = 1_000_000
"""Thresholds are rounded to six decimals before anything is counted with them."""

_KEPT = 5.0
"""How many times the tail's share is kept for the bootstrap, which may weigh some people heavily."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A threshold for a false match rate.

    Args:
        rate: the FMR wanted.
        threshold: a score at or above it is a match.
        resolvable: at least three false matches were expected, and the threshold was counted.
        of: non-mated comparisons.
        tail: what it was read off where not counted.
    """

    rate: float
    threshold: float
    resolvable: bool
    of: int
    tail: TailFit | None

    def in_words(self) -> str:
        """Say how the threshold was found."""
        if self.tail is None:
            return f"counted: lowest score that keeps the FMR at or below {self.rate:.3g} among {self.of} comparisons"
        return (
            f"extrapolated: generalised Pareto tail (shape {self.tail.shape:.2f}) of the {self.tail.exceedances} "
            f"highest of {self.of} non-mated scores, read at an FMR of {self.rate:.3g}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Top:
    """The highest non-mated scores, descending, and how many there are in all."""

    scores: NDArray[np.float64]
    of: int


def choose_thresholds(faces: Portraits, rates: Sequence[float], tail_share: float = TAIL_SHARE) -> tuple[Chosen, ...]:
    """Choose the thresholds of several false match rates on all non-mated comparisons.

    A lower rate never gets a lower threshold, even where one is counted and the other extrapolated.

    Raises:
        ScoresRefused: there are too few comparisons to count or to fit.
    """
    first, second = faces.non_mated()
    scores = np.sort(faces.scores[first, second])[::-1]
    return _choose(_Top(scores, scores.size), rates, tail_share)


def bootstrap_intervals(
    faces: Portraits,
    rates: Sequence[float],
    rng: np.random.Generator,
    *,
    resamples: int,
    tail_share: float = TAIL_SHARE,
    confidence: float = 0.95,
) -> tuple[tuple[float, float], ...]:
    """Return percentile intervals of thresholds, drawing people with replacement.

    Comparisons that share a person are not independent; drawing people keeps what they share together. Two copies of
    one person are not compared with each other.

    Source: Bolle, Ratha and Pankanti, Computer Vision and Image Understanding 93 (2004) 1-25 (subsets bootstrap);
    percentile intervals: Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13.

    Raises:
        ScoresRefused: fewer than 20 rounds were asked for, or as :func:`choose_thresholds`.
    """
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    people, person = np.unique(faces.subjects, return_inverse=True)
    portraits_of = np.bincount(person)
    first, second = faces.non_mated()
    scores = faces.scores[first, second]
    kept = min(scores.size, max(1000, math.ceil(_KEPT * max(tail_share, *rates) * scores.size)))
    top = np.argsort(-scores, kind="stable")[:kept]
    scores, one, other = scores[top], person[first[top]], person[second[top]]
    drawn = np.empty((resamples, len(rates)))
    for round_ in range(resamples):
        copies = rng.multinomial(len(people), np.full(len(people), 1 / len(people)))
        total = int((np.sum(copies * portraits_of) ** 2 - np.sum((copies * portraits_of) ** 2)) // 2)
        again = _Top(np.repeat(scores, copies[one] * copies[other]), total)
        drawn[round_] = [choice.threshold for choice in _choose(again, rates, tail_share)]
    low, high = np.quantile(drawn, ((1 - confidence) / 2, (1 + confidence) / 2), axis=0)
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def _choose(top: _Top, rates: Sequence[float], tail_share: float) -> tuple[Chosen, ...]:
    tail = None if all(resolves(rate, top.of) for rate in rates) else fit_tail(top.scores, tail_share, top.of)
    found: dict[float, Chosen] = {}
    least = -math.inf
    for rate in sorted(set(rates), reverse=True):
        counted = resolves(rate, top.of)
        threshold = (
            _counted(top, rate) if counted or tail is None else math.ceil(tail.threshold(rate) * _DECIMALS) / _DECIMALS
        )
        least = max(least, threshold)
        found[rate] = Chosen(rate, least, counted, top.of, None if counted else tail)
    return tuple(found[rate] for rate in rates)


def _counted(top: _Top, rate: float) -> float:
    allowed = errors_allowed(rate, top.of)
    if allowed >= top.scores.size:
        raise ScoresRefused("Too few of the highest scores were kept.")
    barred = top.scores[allowed]
    matching = top.scores[:allowed]
    matching = matching[matching > barred]
    return _rounded(float(matching[-1]) if matching.size else float(barred), float(barred))


def _rounded(threshold: float, barred: float) -> float:
    """Round down to six decimals where that still keeps the barred score out, else up: the record's text is exact."""
    down = math.floor(threshold * _DECIMALS) / _DECIMALS
    return down if down > barred else (math.floor(threshold * _DECIMALS) + 1) / _DECIMALS
