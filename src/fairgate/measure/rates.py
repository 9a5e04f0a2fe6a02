"""FMR, FNMR and thresholds of 1:1 comparison; higher scores are more alike, a score at the threshold is a match."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import Proportion, clopper_pearson

LEAST_EXPECTED_ERRORS = 3.0
"""Below this many expected errors the data do not resolve an error rate.

Source: the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983): no error in n trials bounds the rate at 3/n with
95 % confidence, so fewer than three expected errors cannot be told from none.
"""


@dataclass(frozen=True, slots=True)
class ThresholdFound:
    """The lowest threshold that keeps a rate at or below its target on the scores given.

    Args:
        target: the rate asked for, in (0, 1).
        threshold: a score at or above it is a match.
        errors: false matches at the threshold; never more than ``target`` times the comparisons.
    """

    target: float
    threshold: float
    errors: Proportion


@dataclass(frozen=True, slots=True)
class NotResolvable:
    """The scores are too few to say where a rate lies: fewer than three errors would be expected.

    Args:
        target: the rate asked for, in (0, 1).
        of: trials there are.
        expected: errors expected at the target.
    """

    target: float
    of: int
    expected: float


@dataclass(frozen=True, slots=True, eq=False)
class DetPoints:
    """Both error rates at every score that occurs.

    Args:
        thresholds: float64, shape (n,), ascending, each an observed score, with one above them all at the end.
        fmr: float64, shape (n,): share of non-mated scores at or above; falls from 1 (or less) to 0.
        fnmr: float64, shape (n,): share of mated scores below; rises from 0 to 1.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]


def fmr_at(non_mated: ArrayLike, threshold: float) -> Proportion:
    """Return the false match rate: the share of non-mated scores at or above a threshold, with the exact interval.

    Args:
        non_mated: scores of comparisons of two people, any shape.
        threshold: on the same scale.

    Source: ISO/IEC 19795-1:2021, false match rate.

    Raises:
        ScoresRefused: there is no score, or one is not finite.
    """
    scores = as_scores(non_mated)
    return clopper_pearson(int(np.count_nonzero(scores >= threshold)), scores.size)


def fnmr_at(mated: ArrayLike, threshold: float) -> Proportion:
    """Return the false non-match rate: the share of mated scores below a threshold, with the exact interval.

    Args:
        mated: scores of comparisons of one person with themself, any shape.
        threshold: on the same scale.

    Source: ISO/IEC 19795-1:2021, false non-match rate.

    Raises:
        ScoresRefused: there is no score, or one is not finite.
    """
    scores = as_scores(mated)
    return clopper_pearson(int(np.count_nonzero(scores < threshold)), scores.size)


def threshold_at_fmr(non_mated: ArrayLike, target: float) -> ThresholdFound | NotResolvable:
    """Find the lowest observed score that as a threshold keeps the FMR at or below a target.

    Ties count against: where several scores are equal, either all of them match or none does.

    Args:
        non_mated: scores of comparisons of two people, any shape.
        target: FMR in (0, 1).

    Returns:
        The threshold, or that fewer than three false matches would be expected.

    Raises:
        ScoresRefused: there is no score, one is not finite, or the target is not strictly between 0 and 1.
    """
    scores = as_scores(non_mated)
    check_rate(target)
    if not resolves(target, scores.size):
        return NotResolvable(target, scores.size, target * scores.size)
    allowed = errors_allowed(target, scores.size)
    top = np.sort(np.partition(scores, scores.size - allowed - 1)[scores.size - allowed - 1 :])
    # top[0] is the highest score that must not match; with ties, neither may its equals.
    above = top[top > top[0]]
    threshold = float(above[0]) if above.size else math.nextafter(float(top[0]), math.inf)
    return ThresholdFound(target, threshold, clopper_pearson(int(above.size), scores.size))


def det_points(mated: ArrayLike, non_mated: ArrayLike) -> DetPoints:
    """Return both error rates at every observed score: the points of a detection error trade-off curve.

    Source: Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997.

    Raises:
        ScoresRefused: there is no mated or no non-mated score, or one is not finite.
    """
    same, different = np.sort(as_scores(mated)), np.sort(as_scores(non_mated))
    observed = np.unique(np.concatenate([same, different]))
    thresholds = np.append(observed, np.nextafter(observed[-1], np.inf))
    below_different = np.searchsorted(different, thresholds, side="left")
    below_same = np.searchsorted(same, thresholds, side="left")
    return DetPoints(thresholds, (different.size - below_different) / different.size, below_same / same.size)


def resolves(target: float, of: int) -> bool:
    """Say whether at least three errors are expected among ``of`` trials at the target rate."""
    return target * of >= LEAST_EXPECTED_ERRORS - 1e-9


def errors_allowed(target: float, of: int) -> int:
    """Return the most errors among ``of`` trials whose rate does not exceed the target."""
    allowed = math.floor(target * of * (1 + 1e-12))
    return min(allowed, of - 1)


def check_rate(target: float) -> None:
    """Refuse a target rate that is not strictly between 0 and 1.

    Raises:
        ScoresRefused: it is not.
    """
    if not 0.0 < target < 1.0:
        raise ScoresRefused("A target rate lies strictly between 0 and 1.")


def as_scores(values: ArrayLike) -> NDArray[np.float64]:
    """Return scores as float64, shape (n,).

    Raises:
        ScoresRefused: there is no score, or one is not finite.
    """
    scores = np.ravel(np.asarray(values, dtype=np.float64))
    if scores.size == 0:
        raise ScoresRefused("There is no score to measure.")
    if not np.isfinite(scores).all():
        raise ScoresRefused("A score is not a finite number.")
    return scores
