"""What the first page of a measuring report speaks of, and how it says it."""

from __future__ import annotations

from fairgate.measure.intervals import Proportion
from fairgate.measure.presentations import Presentations
from fairgate.measure.search_figures import Identification, SearchPoint
from fairgate.measure.verification import FnmrAtFmr, Verification
from fairgate.measure.words import count, rate_bracket
from fairgate.web.measuring_verification import ways


def operating_point(found: Verification) -> FnmrAtFmr | None:
    """Return the point that the page speaks of: that of the histogram's threshold, or the strictest resolved."""
    resolved = [one for one in found.at if isinstance(one, FnmrAtFmr)]
    chosen = [one for one in resolved if one.threshold == found.histogram.threshold]
    return min(chosen or resolved, key=lambda one: one.target, default=None)


def told(point: FnmrAtFmr) -> tuple[str, Proportion, Proportion]:
    """Return the way of counting nearest to operation, and both rates counted so: words, FMR, FNMR."""
    for how, fmr, fnmr in reversed(ways(point)):
        if fmr is not None and fnmr is not None and fmr.of and fnmr.of:
            return how, fmr, fnmr
    return "as if independent", point.fmr, point.fnmr


def search_told(found: Identification | None) -> SearchPoint | None:
    """Return the point that the page speaks of: the largest gallery whose threshold was counted, else the largest."""
    points = [one for one in found.points if one.fnir is not None] if found is not None else []
    resolved = [one for one in points if one.resolvable]
    return max(resolved or points, key=lambda one: one.size, default=None)


def worst_kind(found: Presentations | None) -> tuple[str, Proportion] | None:
    """Return the kind of attack that passes most often, and its APCER; ``None`` where detection was not asked."""
    if found is None:
        return None
    tried = [kind for kind in found.kinds if kind.apcer.of]
    if not tried:
        return None
    # Of kinds that never passed, the one of which least is known comes first.
    worst = max(tried, key=lambda kind: (kind.apcer.value or 0.0, kind.apcer.high))
    return worst.name, worst.apcer


def odds(low: float, high: float) -> str:
    """Return an interval as ``1 in 16 000 to 1 in 6 900``, or in percent where the upper end is no small rate."""
    if high >= 0.1:
        return rate_bracket(low, high)
    return f"{_one_in_about(low) if low > 0 else '0'} to {_one_in_about(high)}"


def _one_in_about(rate: float) -> str:
    return f"1 in {count(round(float(f'{1 / rate:.1e}')))}"
