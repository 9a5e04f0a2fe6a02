"""What is said about the groups of one attribute, at one threshold for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.measure.intervals import Proportion


class Verdict(StrEnum):
    """What may be said of the differences between groups."""

    NO_DIFFERENCE = "no_difference"
    DIFFERENCE = "difference"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One group.

    Args:
        label: the group; of a crossing, its labels joined with `` × ``.
        subjects: different people, where known.
        fnmr: its mated comparisons missed; interval simultaneous over the attribute's groups.
        fmr: false matches among its own non-mated comparisons (both sides in the group); likewise.
        small: the group cannot show the difference looked for; it is listed all the same.
        fnmr_visible: smallest rise over the other groups' FNMR, as a share, that its size could show; ``None`` where
            even total failure could not be told.
        fmr_visible: smallest ratio to the other groups' FMR that its size could show; ``None`` likewise.
        fnmr_power: chance that its size shows a rise of one point.
        fmr_power: chance that its size shows a doubling.
    """

    label: str
    subjects: int | None
    fnmr: Proportion
    fmr: Proportion
    small: bool
    fnmr_visible: float | None
    fmr_visible: float | None
    fnmr_power: float
    fmr_power: float


@dataclass(frozen=True, slots=True)
class WorstRatios:
    """How much worse the worst group is.

    Args:
        worst: label of the group with the highest rate.
        best: label of that with the lowest.
        to_geometric_mean: the worst rate over the geometric mean of the rates of all groups that have trials.
        to_best: the worst rate over the best.
        zero_groups: groups with trials and without an error, whose rate was put at half an error, or that of all
            groups together where lower, for the ratios.
    """

    worst: str
    best: str
    to_geometric_mean: float | None
    to_best: float | None
    zero_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LargestDifference:
    """Between which two groups the simultaneous interval of the difference reaches farthest.

    Args:
        first: label of the group with the higher upper end.
        second: label of the other.
        value: difference of FNMR as a share, or ratio of FMR.
        low: lower end.
        high: upper end.
    """

    first: str
    second: str
    value: float | None
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Everything about one attribute.

    Args:
        attribute: e.g. ``"sex"`` or, crossed, ``"sex × age_band"``.
        target: the FMR that the one threshold is for.
        threshold: a score at or above it is a match, in every group.
        confidence: that all intervals of this attribute hold at once: the groups' FNMR, every cell of the matrix of
            FMR, and the differences and ratios of all pairs of groups. Each :class:`Proportion` states its own.
        groups: every label that occurs, also without a comparison; largest number of mated comparisons first. The
            group of a mated comparison is the label of its probe, or of its reference where the probe has none.
        fmr_matrix: rows are the probe's group, columns the reference's, in the order of ``groups``.
        fnmr_ratios: of the worst group; ``None`` with fewer than two groups that have trials, or without any error.
        fmr_ratios: likewise.
        fnmr_difference: ``None`` with fewer than two groups that have trials.
        fmr_difference: likewise.
        fnmr_verdict: whether FNMR lies within one point, simultaneously over all groups.
        fmr_verdict: whether FMR lies within a ratio of 2.
        verdict: ``NO_DIFFERENCE`` only where both say so, ``DIFFERENCE`` where either does.
        unlabelled: mated comparisons without any label and non-mated ones that lack one; in no group, and said so.
        zero_rule: the rule for groups without error, in words.
    """

    attribute: str
    target: float
    threshold: float
    confidence: float
    groups: tuple[GroupRates, ...]
    fmr_matrix: tuple[tuple[Proportion, ...], ...]
    fnmr_ratios: WorstRatios | None
    fmr_ratios: WorstRatios | None
    fnmr_difference: LargestDifference | None
    fmr_difference: LargestDifference | None
    fnmr_verdict: Verdict
    fmr_verdict: Verdict
    verdict: Verdict
    unlabelled: int
    zero_rule: str
