"""From the first pass to what a page shows: where to put the points of a curve, and the bins of a histogram."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.histogram import BINS as PAGE_BINS
from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.scores.survey import Survey
from fairgate.measure.scores.tally import MatedTally
from fairgate.measure.scores.top import count_at_least
from fairgate.measure.verification import DetCurve, EqualError

LEVELS = 110
"""Points along each of three spreads: falling FMR and falling FNMR by equal ratios, and FMR by equal steps."""

PAGE_SHARE = 1e-5
"""This share of either kind of score at each end may lie beyond the page's histogram, in its end bins."""


@dataclass(frozen=True, slots=True, eq=False)
class CurvePoints:
    """Thresholds of a curve, and the false matches at each.

    Args:
        thresholds: float64, shape (n,), ascending.
        false_matches: int64, shape (n,).
    """

    thresholds: NDArray[np.float64]
    false_matches: NDArray[np.int64]


def curve_points(survey: Survey, chosen: list[tuple[float, int]]) -> CurvePoints:
    """Spread thresholds over the trade-off: exact scores where they are kept, else edges of the fine histogram.

    Args:
        survey: after its pass, with scores of both kinds.
        chosen: thresholds with their false matches that the curve is to pass through.
    """
    steps = survey.bins.steps()
    missed = np.append(0, np.cumsum(steps.mated))
    reached = np.append(survey.counts.non_mated - np.append(0, np.cumsum(steps.non_mated))[:-1], 0)
    highest, _ = survey.top.everything()
    end = float(np.nextafter(steps.borders[-1] + survey.bins.width(), np.inf))
    if highest.size:
        end = max(end, float(np.nextafter(highest[0], highest.dtype.type(np.inf))))
    borders = np.append(steps.borders, end)
    found = dict(chosen)
    wanted = np.geomspace(1.0 / survey.counts.non_mated, 1.0, LEVELS) * survey.counts.non_mated
    even = np.linspace(0.0, 1.0, LEVELS // 2) * survey.counts.non_mated
    for allowed in np.unique(np.concatenate([wanted, even]).astype(np.int64)):
        place = int(np.searchsorted(-reached, -allowed, side="left"))
        if 0 < allowed <= highest.size:
            threshold = float(highest[allowed - 1])
            found[threshold] = count_at_least(highest, threshold)
        else:
            found[float(borders[place])] = int(reached[place])
    misses = np.geomspace(1.0, survey.counts.mated, LEVELS).astype(np.int64)
    meeting = int(np.argmax(reached * survey.counts.mated <= missed * survey.counts.non_mated))
    for place in (*np.searchsorted(missed, np.unique(misses)), meeting, max(0, meeting - 1), 0, borders.size - 1):
        found[float(borders[place])] = int(reached[place])
    thresholds = np.asarray(sorted(found))
    return CurvePoints(thresholds, np.asarray([found[float(place)] for place in thresholds], dtype=np.int64))


def det_curve(points: CurvePoints, tally: MatedTally, survey: Survey) -> DetCurve:
    """Return the curve, its misses from the second pass."""
    return DetCurve(
        thresholds=tuple(float(threshold) for threshold in points.thresholds),
        false_matches=tuple(int(count) for count in points.false_matches),
        misses=tuple(int(count) for count in tally.misses(points.thresholds.tolist())),
        non_mated=survey.counts.non_mated,
        mated=survey.counts.mated,
    )


def equal_error(curve: DetCurve, confidence: float) -> EqualError | None:
    """Return the lowest point of a curve at which the FMR does not exceed the FNMR."""
    for threshold, false, missed in zip(curve.thresholds, curve.false_matches, curve.misses, strict=True):
        if false * curve.mated <= missed * curve.non_mated:
            return EqualError(
                threshold,
                clopper_pearson(false, curve.non_mated, confidence),
                clopper_pearson(missed, curve.mated, confidence),
            )
    return None


def page_histogram(survey: Survey, threshold: float, false_matches: int, misses: int) -> ScoreHistogram:
    """Return both kinds of score in about fifty bins, one of whose borders is a threshold.

    The first and the last bin also hold what lies beyond them, a few stray scores at most.

    Args:
        survey: after its pass.
        threshold: in force.
        false_matches: non-mated scores at or above it.
        misses: mated scores below it.
    """
    steps, counts = survey.bins.steps(), survey.counts
    low, high = math.inf, -math.inf
    for kind in (steps.mated, steps.non_mated):
        below = np.cumsum(kind)
        ends = np.searchsorted(below, [PAGE_SHARE * below[-1], (1 - PAGE_SHARE) * below[-1]], side="right")
        low = min(low, float(steps.borders[ends[0]]))
        high = max(high, float(steps.borders[min(ends[1], below.size - 1)]) + survey.bins.width())
    low, high = min(low, threshold), max(high, threshold)
    width = max((high - low) / PAGE_BINS, survey.bins.width())
    before, after = (max(1, math.ceil(reach / width)) for reach in (threshold - low, high - threshold))
    wished = threshold + width * np.arange(-before, after + 1)
    edges = survey.bins.snap(wished[np.abs(wished - threshold) > width / 2].tolist())
    mated_below, below = survey.bins.below(edges)
    place = int(np.searchsorted(edges, threshold))
    if place < edges.size and edges[place] == threshold:
        edges, mated_below, below = np.delete(edges, place), np.delete(mated_below, place), np.delete(below, place)
    edges = np.insert(edges, place, threshold)
    mated_below = np.insert(mated_below, place, misses)
    below = np.insert(below, place, counts.non_mated - false_matches)
    mated_below[0] = below[0] = 0
    mated_below[-1], below[-1] = counts.mated, counts.non_mated
    return ScoreHistogram(
        edges=tuple(float(edge) for edge in edges),
        mated=tuple(int(count) for count in np.diff(mated_below)),
        non_mated=tuple(int(count) for count in np.diff(below)),
        threshold=threshold,
    )
