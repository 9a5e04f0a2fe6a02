"""Thresholds for false match rates: counted where the data resolve them, extrapolated and labelled so where not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.portraits import Comparisons, Portraits
from fairgate.measure.rates import errors_allowed, resolves
from fairgate.measure.tail import SHARES, TailFit, choose_tail, fit_tail

_DECIMALS = 1_000_000
"""Thresholds are rounded to six decimals before anything is counted with them."""

_KEPT = 3.0
"""How many times the scores needed are kept for the bootstrap, which may weigh some people heavily."""


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
            f"highest scores, read at an FMR of {self.rate:.3g}, among {self.of} comparisons"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Top:
    """The highest non-mated scores, descending, and how many there are in all."""

    scores: NDArray[np.float64]
    of: int


def choose_thresholds(
    faces: Portraits, rates: Sequence[float], which: Comparisons = Comparisons.ALL
) -> tuple[Chosen, ...]:
    """Choose the thresholds of several false match rates on non-mated comparisons.

    A lower rate never gets a lower threshold, even where one is counted and the other extrapolated.

    Raises:
        ScoresRefused: there are too few comparisons to count or to fit.
    """
    scores = np.sort(faces.scores[faces.non_mated(which)])[::-1]
    return choose_from_highest(scores, scores.size, rates)


def choose_from_highest(scores: NDArray[np.float64], of: int, rates: Sequence[float]) -> tuple[Chosen, ...]:
    """Choose thresholds as :func:`choose_thresholds`, from the highest non-mated scores alone.

    Args:
        scores: the highest scores, descending; more than a twentieth of all, and than the highest rate allows.
        of: how many non-mated scores there are in all.
        rates: the false match rates.

    Raises:
        ScoresRefused: there are too few scores to count or to fit.
    """
    counted = frozenset(rate for rate in rates if resolves(rate, of))
    tail = None if counted >= set(rates) else choose_tail(scores, of)
    found = _choose(_Top(scores, of), rates, counted, tail)
    least = {one.rate: max(other.threshold for other in found if other.rate >= one.rate) for one in found}
    return tuple(replace(one, threshold=least[one.rate]) for one in found)


def bootstrap_intervals(
    faces: Portraits,
    rates: Sequence[float],
    rng: np.random.Generator,
    which: Comparisons = Comparisons.ALL,
    *,
    resamples: int,
    confidence: float = CONFIDENCE,
) -> tuple[tuple[float, float], ...]:
    """Return percentile intervals of thresholds, drawing people as :func:`drawn_thresholds` does.

    Source: percentile intervals: Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13.

    Raises:
        ScoresRefused: fewer than 20 rounds were asked for, or as :func:`choose_thresholds`.
    """
    drawn = drawn_thresholds(faces, rates, rng, which, resamples=resamples)
    low, high = np.quantile(drawn, ((1 - confidence) / 2, (1 + confidence) / 2), axis=0)
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def drawn_thresholds(
    faces: Portraits,
    rates: Sequence[float],
    rng: np.random.Generator,
    which: Comparisons = Comparisons.ALL,
    *,
    resamples: int,
) -> NDArray[np.float64]:
    """Choose thresholds again and again, drawing people with replacement.

    Comparisons that share a person are not independent; drawing people keeps what they share together. Two copies of
    one person are not compared with each other. Which rates are counted, and the share that a tail holds, is decided
    once, on the people as they are. Generators in the same state draw the same people, whatever the scores.

    Returns:
        Shape (resamples, rates).

    Source: Bolle, Ratha and Pankanti, Computer Vision and Image Understanding 93 (2004) 1-25 (subsets bootstrap).

    Raises:
        ScoresRefused: fewer than 20 rounds were asked for, or as :func:`choose_thresholds`.
    """
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    people, person = np.unique(faces.subjects, return_inverse=True)
    first, second = faces.non_mated(which)
    scores = faces.scores[first, second]
    counted = frozenset(rate for rate in rates if resolves(rate, scores.size))
    share = 0.0 if counted >= set(rates) else _share(choose_tail(scores))
    kept = min(scores.size, max(1000, math.ceil(_KEPT * max(share, *rates) * scores.size)))
    top = np.argsort(-scores, kind="stable")[:kept]
    scores, one, other = scores[top], person[first[top]], person[second[top]]
    drawn = np.empty((resamples, len(rates)))
    for round_ in range(resamples):
        copies = rng.multinomial(len(people), np.full(len(people), 1 / len(people)))
        again = _Top(np.repeat(scores, copies[one] * copies[other]), _drawn(faces, copies[person], which))
        tail = fit_tail(again.scores, share, again.of) if share else None
        drawn[round_] = [choice.threshold for choice in _choose(again, rates, counted, tail)]
    return drawn


def _drawn(faces: Portraits, copies: NDArray[np.int64], which: Comparisons) -> int:
    """Return how many comparisons of two different people there are among so many copies of each portrait."""
    people, person = np.unique(faces.subjects, return_inverse=True)
    older = np.bincount(person, weights=copies * faces.enrolled, minlength=len(people))
    newer = np.bincount(person, weights=copies * ~faces.enrolled, minlength=len(people))
    if which is Comparisons.NEW_WITH_OLD:
        return round(float(older.sum() * newer.sum() - (older * newer).sum()))
    both = older + newer
    return round(float(both.sum() ** 2 - (both**2).sum())) // 2


def _share(tail: TailFit) -> float:
    """Return which of the shares a tail was fitted with; ties may have left it a little short."""
    return min(SHARES, key=lambda share: abs(share - tail.share))


def _choose(top: _Top, rates: Sequence[float], counted: frozenset[float], tail: TailFit | None) -> list[Chosen]:
    return [
        Chosen(rate, _counted(top, rate), resolvable=True, of=top.of, tail=None)
        if rate in counted or tail is None
        else Chosen(rate, _read_off(tail, rate), resolvable=False, of=top.of, tail=tail)
        for rate in rates
    ]


def _read_off(tail: TailFit, rate: float) -> float:
    return math.ceil(tail.threshold(rate) * _DECIMALS) / _DECIMALS


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
