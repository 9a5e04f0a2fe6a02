"""What 1:1 comparisons show: both error rates at fixed false match rates, their trade-off and the scores' shape."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.intervals import Proportion
from fairgate.measure.rates import NotResolvable


@dataclass(frozen=True, slots=True)
class FnmrAtFmr:
    """One operating point, its threshold chosen on the very non-mated scores that are counted.

    Args:
        target: the FMR asked for, in (0, 1).
        threshold: a score at or above it is a match.
        fmr: false matches at the threshold, exact interval for independent comparisons.
        fnmr: mated comparisons missed at it, exact interval.
        fmr_by_subject: the same rate with the interval of a bootstrap over people; ``None`` where people are unknown.
        fnmr_by_subject: likewise.
        held_out_fmr: thresholds chosen without a fold's people and tried on them; ``None`` where people are unknown or
            the other folds do not resolve the target.
        held_out_fnmr: likewise.
        folds: how many folds there were; 0 without.
    """

    target: float
    threshold: float
    fmr: Proportion
    fnmr: Proportion
    fmr_by_subject: Proportion | None = None
    fnmr_by_subject: Proportion | None = None
    held_out_fmr: Proportion | None = None
    held_out_fnmr: Proportion | None = None
    folds: int = 0


@dataclass(frozen=True, slots=True)
class DetCurve:
    """Both error rates at thresholds spread over the curve; exact at each of them.

    Args:
        thresholds: ascending; at most a few hundred.
        false_matches: non-mated comparisons at or above each.
        misses: mated comparisons below each.
        non_mated: of how many.
        mated: of how many.
    """

    thresholds: tuple[float, ...]
    false_matches: tuple[int, ...]
    misses: tuple[int, ...]
    non_mated: int
    mated: int


@dataclass(frozen=True, slots=True)
class EqualError:
    """Where both error rates meet; a single figure for comparing, never an operating point.

    Args:
        threshold: the lowest on the curve at which the FMR does not exceed the FNMR.
        fmr: at it.
        fnmr: at it.
    """

    threshold: float
    fmr: Proportion
    fnmr: Proportion


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything about 1:1 comparisons.

    Args:
        at: one for each target, in the order asked for; :class:`NotResolvable` where fewer than three false matches are
            expected.
        det: the trade-off.
        equal_error: ``None`` where the curve has no such place.
        histogram: both kinds of score in bins, with the threshold of the operating point looked at (the last that the
            data resolve). Its first and last bin also hold the few scores beyond them.
        at_fixed: the point that other figures are at, where its threshold was given or its FMR is not among ``at``.
    """

    at: tuple[FnmrAtFmr | NotResolvable, ...]
    det: DetCurve
    equal_error: EqualError | None
    histogram: ScoreHistogram
    at_fixed: FnmrAtFmr | None = None
