"""Intervals for rates whose comparisons share people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from fairgate.errors import ScoresRefused
from fairgate.measure.effective_size import disjoint_trials
from fairgate.measure.intervals import CONFIDENCE, IntervalMethod, Proportion, clopper_pearson, rule_of_three

_BLOCK = 50


@dataclass(frozen=True, slots=True, eq=False)
class SubjectTrials:
    """Comparisons counted by person, and the erroneous ones one by one.

    Args:
        of: how many comparisons there are.
        as_probe: int64, shape (people,): comparisons in which the person is on the probe.
        as_reference: int64, shape (people,): comparisons in which the person is on the reference.
        first: int32, shape (errors,): person on the probe of each erroneous comparison.
        second: int32, shape (errors,): person on its reference; the same person in mated comparisons.
        mated: comparisons of one person with themself.
    """

    of: int
    as_probe: NDArray[np.int64] = field(repr=False)
    as_reference: NDArray[np.int64] = field(repr=False)
    first: NDArray[np.int32] = field(repr=False)
    second: NDArray[np.int32] = field(repr=False)
    mated: bool = False


def rate_by_subject(
    trials: SubjectTrials, rng: np.random.Generator, *, resamples: int = 1000, confidence: float = CONFIDENCE
) -> Proportion:
    """Return an error rate with an interval from drawing people, not comparisons, again and again.

    Raises:
        ScoresRefused: fewer than 20 rounds were asked for, or the counts contradict each other.
    """
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    errors = int(trials.first.size)
    if trials.of == 0:
        return clopper_pearson(0, 0, confidence)
    if errors == 0:
        made = trials.as_probe if trials.mated else trials.as_probe + trials.as_reference
        independent = disjoint_trials(trials.of, made, sides=1 if trials.mated else 2)
        high = rule_of_three(max(1, int(independent)), confidence).high
        return Proportion(0, trials.of, 0.0, 0.0, high, IntervalMethod.RULE_OF_THREE, confidence)
    people = trials.as_probe.size
    matrix = csr_array((np.ones(errors), (trials.first, trials.second)), shape=(people, people))
    rates: list[NDArray[np.float64]] = []
    for start in range(0, resamples, _BLOCK):
        weight = rng.standard_exponential((people, min(_BLOCK, resamples - start)))
        if trials.mated:
            over = trials.as_probe @ weight
            wrong = np.bincount(trials.first, minlength=people) @ weight
        else:
            over = (trials.as_probe @ weight) * (trials.as_reference @ weight) / trials.of
            wrong = (weight * (matrix @ weight)).sum(axis=0)
        rates.append(np.minimum(wrong / over, 1.0))
    low, high = np.quantile(np.concatenate(rates), ((1 - confidence) / 2, (1 + confidence) / 2))
    value = errors / trials.of
    method = IntervalMethod.SUBJECT_BOOTSTRAP
    return Proportion(errors, trials.of, value, min(value, float(low)), max(value, float(high)), method, confidence)
