"""Two packs on the same comparisons: who decides better, and what the comparisons could have shown."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """One error rate of two packs on the same comparisons.

    Args:
        rate: ``"fnmr"``, ``"fmr"``, or of searches ``"fnir"``.
        first: errors of the first; exact interval for independent comparisons.
        second: errors of the second; likewise.
        only_first: comparisons that only the first got wrong.
        only_second: that only the second got wrong.
        p_value: exact McNemar test, two-sided, for independent comparisons.
        difference: second minus first, as a share.
        low: lower end of the interval by a paired bootstrap over people (over comparisons where people are unknown).
        high: upper end.
        visible: smallest difference, as a share, that so many effective comparisons could show with a power of 80 %.
    """

    rate: str
    first: Proportion
    second: Proportion
    only_first: int
    only_second: int
    p_value: float
    difference: float
    low: float
    high: float
    visible: float


@dataclass(frozen=True, slots=True)
class PairedPoint:
    """Both packs at the same FMR, each with the threshold that gives it.

    Args:
        target: the FMR.
        first_threshold: of the first.
        second_threshold: of the second.
        differences: FNMR, then FMR.
    """

    target: float
    first_threshold: float
    second_threshold: float
    differences: tuple[PairedDifference, ...]
