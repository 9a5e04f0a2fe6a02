"""The error-versus-discard curve, its area and whom it hits, from counts by quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from fairgate.measure.discard import UNLABELLED, DiscardPoint, GroupDiscard, Quality, Side
from fairgate.measure.discard_bins import QualityBins
from fairgate.measure.intervals import CONFIDENCE, clopper_pearson

MOST_POINTS = 200
"""Points of a curve that a page or table holds."""

AREA_UP_TO = 0.2
"""Discard share up to which the area goes: more recaptures than one in five nobody would bear."""

EXAMPLE_DISCARD = 0.05
"""Discard share at which groups are compared."""


def quality_figures(
    bins: QualityBins,
    side: Side,
    labels: Mapping[str, Sequence[str]],
    *,
    target: float,
    threshold: float,
    without_quality: int,
    confidence: float = CONFIDENCE,
    area_up_to: float = AREA_UP_TO,
    example_discard: float = EXAMPLE_DISCARD,
) -> Quality | None:
    """Return the curve, or ``None`` if no comparison states its quality.

    Args:
        bins: counts of the mated comparisons that state their quality.
        side: whose quality it is.
        labels: labels by attribute, in the order of their codes.
        target: the FMR that the threshold is for.
        threshold: that told a miss from a match.
        without_quality: mated comparisons that are not in ``bins``.
        confidence: of each interval; comparisons are taken for independent.
        area_up_to: in (0, 1].
        example_discard: in (0, 1).
    """
    of, errors = int(bins.counts.sum()), int(bins.misses.sum())
    if of == 0:
        return None
    dropped = np.cumsum(bins.counts) - bins.counts
    missed = errors - (np.cumsum(bins.misses) - bins.misses)
    shares = dropped / of
    points = tuple(
        DiscardPoint(
            limit=float(bins.lows[at]),
            discarded=clopper_pearson(int(dropped[at]), of, confidence),
            fnmr=clopper_pearson(int(missed[at]), int(of - dropped[at]), confidence),
        )
        for at in _shown(shares, area_up_to)
    )
    ideal = ideal_area(errors, of, area_up_to)
    example = _nearest(shares, example_discard)
    return Quality(
        side=side,
        target=target,
        threshold=threshold,
        without_quality=without_quality,
        points=points,
        area=curve_area(shares, missed / (of - dropped), area_up_to) - ideal,
        area_unsorted=errors / of * area_up_to - ideal,
        area_up_to=area_up_to,
        example_discard=example_discard,
        by_group=_by_group(bins, labels, example, confidence),
        example=clopper_pearson(int(dropped[example]), of, confidence),
        example_limit=float(bins.lows[example]),
        every_value=bins.every_value,
    )


def curve_area(shares: NDArray[np.float64], rates: NDArray[np.float64], up_to: float) -> float:
    """Return the area below a curve of steps from no discard to ``up_to``.

    Equal qualities are discarded together, so between two shares that can be reached the lower one's rate holds.

    Args:
        shares: ascending from 0; shape (n,).
        rates: at each of them.
        up_to: in (0, 1].

    Source: Schlett, Rathgeb, Tapia and Busch, IEEE TBIOM 6 (2024) 54-67, on steps against straight lines.
    """
    ends = np.minimum(np.append(shares[1:], 1.0), up_to)
    return float(np.sum(rates * np.maximum(ends - shares, 0.0)))


def ideal_area(errors: int, of: int, up_to: float) -> float:
    """Return the area below the lowest curve that any measure could have: misses go first, one by one.

    The sum over k discarded misses of (errors - k) / (of - k), each for a share of 1 / of, is written with the digamma
    function, whose differences are partial harmonic sums.

    Source: the lower limit of Schlett et al. (2024).
    """
    whole = min(errors, int(up_to * of))
    total = whole - (of - errors) * float(digamma(of + 1) - digamma(of - whole + 1)) if whole else 0.0
    if whole < errors:
        total += (errors - whole) / (of - whole) * (up_to * of - whole)
    return total / of


def _shown(shares: NDArray[np.float64], area_up_to: float) -> NDArray[np.intp]:
    """Return which points to show: all, or more of those within the area than beyond it."""
    if shares.size <= MOST_POINTS:
        return np.arange(shares.size)
    within = np.linspace(0.0, area_up_to, MOST_POINTS * 3 // 5)
    beyond = np.linspace(area_up_to, 1.0, MOST_POINTS - within.size)
    return np.unique(np.searchsorted(shares, np.concatenate([within, beyond]), side="right") - 1)


def _nearest(shares: NDArray[np.float64], share: float) -> int:
    """Return the limit that discards about ``share``; one that discards somebody if there is any."""
    return 0 if shares.size == 1 else 1 + int(np.argmin(np.abs(shares[1:] - share)))


def _by_group(
    bins: QualityBins, labels: Mapping[str, Sequence[str]], at: int, confidence: float
) -> tuple[GroupDiscard, ...]:
    rows = []
    for attribute, table in bins.by_label.items():
        named = [*labels[attribute][: len(table) - 1], UNLABELLED]
        for label, counts in zip(named, table, strict=True):
            if label != UNLABELLED or counts.any():
                discarded = clopper_pearson(int(counts[:at].sum()), int(counts.sum()), confidence)
                rows.append(GroupDiscard(attribute, label, discarded))
    return tuple(rows)
