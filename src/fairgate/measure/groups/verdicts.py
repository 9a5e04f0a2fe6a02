"""What may be said of the differences between groups: the rule, and the pair of groups that it hangs on.

The margins are one percentage point of FNMR and a ratio of 2 of FMR within the group. The rule reads the intervals of
all pairs of groups at once, for two reasons. Who looks at many groups and then at the pair that differs most has chosen
that pair because it differs; an interval made for one pair chosen beforehand would find "a difference" among enough
equal groups sooner or later. And a statement that no two groups differ is one about the most different two, whichever
they are: it is allowed only where even the interval that reaches farthest stays inside the margin. For that second
statement alone each pair could be tested by itself (Berger, Technometrics 24 (1982) 295-300); the simultaneous
intervals are stricter, and one table serves both statements, the reader's own comparisons included.

Precedence, for each of the two rates:

1. ``NO_DIFFERENCE``: every group has trials, there are at least two, and every pair's interval lies wholly inside the
   margin, ends included. It stands also where an interval excludes equality: the difference is then real, but smaller
   than the margin, and the words say so.
2. ``DIFFERENCE``: some pair's interval excludes equality.
3. ``NOT_SHOWN``: otherwise. Too few data look like this, so it never means that there is no difference.

A group without a trial can only take ``NO_DIFFERENCE`` away; a difference shown between two others stays shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from fairgate.measure.groups.figures import LargestDifference, Verdict
from fairgate.measure.intervals import Proportion
from fairgate.measure.simultaneous import difference_bounds, ratio_bounds

FNMR_MARGIN = 0.01
"""Difference of FNMR, as a share, within which groups count as alike."""

FMR_MARGIN = 2.0
"""Ratio of FMR within which groups count as alike."""

Bounds = Callable[[Proportion, Proportion], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Compared:
    """All pairs of one rate.

    Args:
        verdict: what may be said.
        largest: the pair whose interval reaches farthest; ``None`` with fewer than two groups that have trials.
        clearest: the pair whose interval keeps farthest from equality; ``None`` where every interval holds equality.
    """

    verdict: Verdict
    largest: LargestDifference | None
    clearest: LargestDifference | None


def compare_fnmr(labels: Sequence[str], rates: Sequence[Proportion]) -> Compared:
    """Compare the groups' FNMR by differences.

    Args:
        labels: of the groups.
        rates: in the same order, with intervals that hold at once.
    """
    return _compare(labels, rates, difference_bounds, 0.0, FNMR_MARGIN)


def compare_fmr(labels: Sequence[str], rates: Sequence[Proportion]) -> Compared:
    """Compare the groups' FMR by ratios; arguments as in :func:`compare_fnmr`."""
    return _compare(labels, rates, ratio_bounds, 1.0, FMR_MARGIN)


def both(fnmr: Verdict, fmr: Verdict) -> Verdict:
    """Return what may be said of the attribute: no difference only where both rates say so."""
    if fnmr is fmr:
        return fnmr
    return Verdict.DIFFERENCE if Verdict.DIFFERENCE in (fnmr, fmr) else Verdict.NOT_SHOWN


def _compare(
    labels: Sequence[str], rates: Sequence[Proportion], bounds: Bounds, equal: float, margin: float
) -> Compared:
    tried = [(label, rate) for label, rate in zip(labels, rates, strict=True) if rate.of > 0]
    if len(tried) < 2:
        return Compared(Verdict.NOT_SHOWN, None, None)
    # Each pair comes in both orders, so that a lower end is an upper one the other way round.
    pairs = [
        _Pair(one, other, _value(first, second, equal), *bounds(first, second))
        for (one, first), (other, second) in permutations(tried, 2)
    ]
    farthest = max(pairs, key=lambda pair: (pair.high, pair.low))
    clear = [pair for pair in pairs if pair.low > equal]
    clearest = max(clear, key=lambda pair: pair.low).told() if clear else None
    if len(tried) == len(rates) and farthest.high <= margin:
        return Compared(Verdict.NO_DIFFERENCE, farthest.told(), clearest)
    return Compared(Verdict.DIFFERENCE if clear else Verdict.NOT_SHOWN, farthest.told(), clearest)


class _Pair(NamedTuple):
    first: str
    second: str
    value: float | None
    low: float
    high: float

    def told(self) -> LargestDifference:
        high = None if math.isinf(self.high) else self.high
        return LargestDifference(self.first, self.second, self.value, self.low, high)


def _value(first: Proportion, second: Proportion, equal: float) -> float | None:
    if first.value is None or second.value is None:
        return None
    if equal == 0.0:
        return first.value - second.value
    return first.value / second.value if second.value > 0 else None
