"""What it adds to a difference of FNMR that both packs' thresholds are only known from the comparisons at hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.paired_tally import Errors, HighestScores, Presence
from fairgate.measure.subject_bootstrap import changed_rates, changed_unshared_rates

Floats = NDArray[np.float64]

_MOST = 20.0
"""A false match rate is not taken to be further off than by this factor."""


def threshold_shift(
    kind: Presence,
    found: Errors,
    highest: tuple[HighestScores, HighestScores],
    mated: Floats,
    rng: np.random.Generator,
    *,
    resamples: int,
    confidence: float,
) -> tuple[float, float]:
    """Return bounds of what other people's thresholds would do to the difference of FNMR.

    1. People are drawn, and both packs' false match rates at their thresholds change together.
    2. Where a rate becomes, say, half as large again, the threshold that restores it is, to first order, the one that
       now lets two thirds as many comparisons match.
    3. The mated scores between the old and the new threshold are the change of the FNMR.

    Args:
        kind: the non-mated comparisons.
        found: their errors at the thresholds.
        highest: the highest non-mated scores of each pack.
        mated: mated scores, shape (2, n), each pack's in ascending order.
        rng: draws people.
        resamples: rounds.
        confidence: in (0, 1).

    Returns:
        Lower end, at most 0, and upper, at least 0, of the second pack's change less the first's.

    Source: as :func:`fairgate.measure.subject_bootstrap.rate_by_subject`; step 2 is Bahadur's representation of a
    quantile, Annals of Mathematical Statistics 37 (1966) 577-580.
    """
    if min(found.first, found.second) == 0:
        return 0.0, 0.0
    if kind.known:
        trials = kind.trials(found.probe, found.reference)
        ratios = changed_rates(trials, found.wrong, rng, resamples=resamples, confidence=confidence)
    else:
        ratios = changed_unshared_rates(kind.of, found.wrong, rng, resamples=resamples)
    changes = []
    for pack, errors in enumerate((found.first, found.second)):
        ranked = highest[pack].ranked()
        ranks = np.rint(errors / np.clip(ratios[pack], 1 / _MOST, _MOST)).astype(np.int64)
        thresholds = ranked[np.clip(np.append(ranks, errors), 1, ranked.size) - 1]
        missed = np.searchsorted(mated[pack], thresholds, side="left") / mated.shape[1]
        changes.append(missed[:-1] - missed[-1])
    low, high = np.quantile(changes[1] - changes[0], ((1 - confidence) / 2, (1 + confidence) / 2))
    return min(0.0, float(low)), max(0.0, float(high))
