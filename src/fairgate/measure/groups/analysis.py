"""From counts by group to everything that is said about an attribute."""

from __future__ import annotations

import math

import numpy as np

from fairgate.measure.groups.counts import GroupCounts
from fairgate.measure.groups.dependence import EffectiveTrials, effective_by_group
from fairgate.measure.groups.figures import GroupFigures, GroupRates
from fairgate.measure.groups.power import POWER, visible_rates
from fairgate.measure.groups.rates import ZERO_RULE, group_rate, worst_ratios
from fairgate.measure.groups.verdicts import FMR_MARGIN, FNMR_MARGIN, both, compare_fmr, compare_fnmr
from fairgate.measure.intervals import CONFIDENCE, Proportion
from fairgate.measure.simultaneous import per_interval_confidence


def intervals_at_once(groups: int) -> int:
    """Return how many intervals an attribute has: ``2 * groups ** 2``.

    They are one FNMR a group, one FMR a cell of the matrix, and for each pair of groups one difference of FNMR and one
    ratio of FMR.
    """
    return 2 * groups * groups


def group_figures(counts: GroupCounts, target: float, threshold: float, confidence: float = CONFIDENCE) -> GroupFigures:
    """Return everything that is said about one attribute.

    Args:
        counts: of the attribute, at least one label.
        target: the FMR that the threshold is for.
        threshold: as counted at.
        confidence: that all intervals of the attribute hold at once.
    """
    order = sorted(range(len(counts.labels)), key=lambda at: (-int(counts.mated[at]), counts.labels[at]))
    labels = tuple(counts.labels[at] for at in order)
    each = per_interval_confidence(confidence, intervals_at_once(len(labels)))
    worth = effective_by_group(counts)
    fnmr = [group_rate(int(counts.missed[at]), int(counts.mated[at]), float(worth.mated[at]), each) for at in order]
    matrix = tuple(
        tuple(
            group_rate(int(counts.false[at, by]), int(counts.non_mated[at, by]), float(worth.non_mated[at, by]), each)
            for by in order
        )
        for at in order
    )
    fmr = [row[at] for at, row in enumerate(matrix)]
    of_fnmr, of_fmr = compare_fnmr(labels, fnmr), compare_fmr(labels, fmr)
    return GroupFigures(
        counts.attribute,
        target,
        threshold,
        confidence,
        _groups(counts, order, list(zip(fnmr, fmr, strict=True)), worth, each),
        matrix,
        worst_ratios(labels, fnmr),
        worst_ratios(labels, fmr),
        of_fnmr.largest,
        of_fmr.largest,
        of_fnmr.verdict,
        of_fmr.verdict,
        both(of_fnmr.verdict, of_fmr.verdict),
        counts.unlabelled,
        ZERO_RULE,
    )


def _groups(
    counts: GroupCounts,
    order: list[int],
    rates: list[tuple[Proportion, Proportion]],
    worth: EffectiveTrials,
    each: float,
) -> tuple[GroupRates, ...]:
    of_fnmr = visible_rates(
        counts.missed, counts.mated, worth.mated, each, lambda others: others + FNMR_MARGIN, ratio=False
    )
    of_fmr = visible_rates(
        np.diagonal(counts.false),
        np.diagonal(counts.non_mated),
        np.diagonal(worth.non_mated),
        each,
        lambda others: others * FMR_MARGIN,
        ratio=True,
    )
    rises, ratios = of_fnmr.visible - of_fnmr.others, of_fmr.visible / of_fmr.others
    weak = (of_fnmr.power < POWER) & ~np.isnan(of_fnmr.others) | (of_fmr.power < POWER) & ~np.isnan(of_fmr.others)
    return tuple(
        GroupRates(
            counts.labels[at],
            None if counts.subjects is None else int(counts.subjects[at]),
            fnmr,
            fmr,
            bool(weak[at]) or fnmr.of == 0 or fmr.of == 0,
            _known(rises[at]),
            _known(ratios[at]),
            float(of_fnmr.power[at]),
            float(of_fmr.power[at]),
        )
        for at, (fnmr, fmr) in zip(order, rates, strict=True)
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
