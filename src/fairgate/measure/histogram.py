"""Comparison scores in bins: the shape of two distributions without the score of any one comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused

BINS = 50


@dataclass(frozen=True, slots=True)
class ScoreHistogram:
    """Mated and non-mated scores counted into the same bins.

    Args:
        edges: bin borders, ascending, one more than there are bins; a bin holds its lower border.
        mated: comparisons of one person with themself, by bin.
        non_mated: comparisons of two people, by bin.
        threshold: at or above it the decision is a match.
    """

    edges: tuple[float, ...]
    mated: tuple[int, ...]
    non_mated: tuple[int, ...]
    threshold: float


def score_histogram(
    mated: NDArray[np.floating], non_mated: NDArray[np.floating], threshold: float, *, bins: int = BINS
) -> ScoreHistogram:
    """Count scores into bins of equal width, one of whose borders is the threshold, so that no bin is decided twice.

    Args:
        mated: float, any shape; higher is more alike.
        non_mated: float, any shape.
        threshold: on the same scale.
        bins: about how many; two more may be needed at the ends.

    Raises:
        ScoresRefused: there is no score at all, or one is not finite.
    """
    first, second = np.ravel(mated).astype(np.float64), np.ravel(non_mated).astype(np.float64)
    both = np.concatenate([first, second, [threshold]])
    if both.size == 1 or not np.isfinite(both).all():
        raise ScoresRefused("A histogram needs at least one score, and all of them finite.")
    low, high = float(both.min()), float(both.max())
    width = max(high - low, 1e-6) / bins
    below, above = math.floor((threshold - low) / width) + 1, math.floor((high - threshold) / width) + 1
    edges = threshold + width * np.arange(-below, above + 1)
    return ScoreHistogram(
        edges=tuple(float(edge) for edge in edges),
        mated=tuple(int(count) for count in np.histogram(first, edges)[0]),
        non_mated=tuple(int(count) for count in np.histogram(second, edges)[0]),
        threshold=float(threshold),
    )
