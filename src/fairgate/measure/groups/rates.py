"""Error rates by group with intervals, and how much worse the worst group is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fairgate.measure.groups.figures import WorstRatios
from fairgate.measure.intervals import IntervalMethod, Proportion, exact_bounds

ZERO_RULE = (
    "A group without an error is put at half an error out of its comparisons, or at the rate of all groups together "
    "where that is lower, for the ratios to the best group and to the geometric mean only; these groups are listed. "
    "Its own rate stays 0 with its interval. Where no group has an error there are no ratios. Groups without "
    "comparisons are left out of the ratios and named."
)


def group_rate(errors: int, of: int, effective: float, confidence: float) -> Proportion:
    """Return a group's error rate with the exact interval on its effective number of trials.

    Args:
        errors: in [0, of].
        of: comparisons.
        effective: how many independent ones they are worth, in [0, of].
        confidence: of this one interval.

    Source: Korn and Graubard, Survey Methodology 24 (1998) 193-201; with ``effective == of`` it is that of Clopper
    and Pearson.
    """
    if of == 0 or effective <= 0:
        value = errors / of if of else None
        return Proportion(errors, of, value, 0.0, 1.0, IntervalMethod.CLOPPER_PEARSON, confidence)
    low, high = exact_bounds(errors * (effective / of), effective, confidence)
    value = errors / of
    return Proportion(errors, of, value, min(low, value), max(high, value), IntervalMethod.CLOPPER_PEARSON, confidence)


def worst_ratios(labels: Sequence[str], rates: Sequence[Proportion]) -> WorstRatios | None:
    """Return the worst group's rate over the geometric mean of the groups' rates and over the best group's.

    With a rate of 0 both ratios would be infinite, whatever the size of the group. Leaving such groups out would hide
    the best ones, and adding something to every group would change rates that were seen. So only rates of 0 are
    replaced, by what lies halfway between the counts of no and of one error. A small group without error would so
    become the worst one; nothing speaks for that, so it is put no higher than all groups together.

    Args:
        labels: of the groups.
        rates: in the same order.

    Returns:
        ``None`` with fewer than two groups that have trials, and where no group has an error.

    Source: ISO/IEC 19795-10:2024 and NIST IR 8429 (2022) for the ratio to the geometric mean and to the best.
    """
    tried = [(label, rate) for label, rate in zip(labels, rates, strict=True) if rate.of > 0]
    errors = sum(rate.count for _, rate in tried)
    if len(tried) < 2 or errors == 0:
        return None
    together = errors / sum(rate.of for _, rate in tried)
    values = np.array([rate.count / rate.of if rate.count else min(0.5 / rate.of, together) for _, rate in tried])
    order = sorted(range(len(tried)), key=lambda at: (values[at], tried[at][1].count > 0))
    best = order[0]
    worst = max((at for at in order if tried[at][1].count), key=lambda at: values[at])
    return WorstRatios(
        tried[worst][0],
        tried[best][0],
        float(values[worst] / np.exp(np.log(values).mean())),
        float(values[worst] / values[best]),
        tuple(label for label, rate in tried if rate.count == 0),
    )
