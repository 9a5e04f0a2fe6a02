"""Intervals for rates whose comparisons share people: people are drawn, not comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.effective_size import disjoint_trials
from fairgate.measure.intervals import CONFIDENCE, IntervalMethod, Proportion, clopper_pearson, rule_of_three
from fairgate.measure.subject_bounds import bounds_across, bounds_alone, bounds_within, ratios_across
from fairgate.measure.subject_draws import Rounds
from fairgate.measure.subject_variance import variance_across, variance_within


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

    1. Each round gives every person a random weight of mean 1 (a smooth form of drawing people with replacement). A
       mated comparison weighs as its person, another as the product of its two people. Two copies of one person are
       not compared with each other: no such comparison was made.
    2. The round's rate is the weighted errors over the weighted comparisons. The latter are exact where every person on
       one side was compared once with every other on the other side; elsewhere they are to first order.
    3. Weights of mated comparisons have variance 1. For others that would treble the variance of comparisons that
       share nobody, so the weights' variance, at most 1, is chosen that the rate's is the dyadic cluster-robust one,
       enlarged by Student's factor for the few people that it rests on.
    4. The ends are percentiles. For the upper one each round holds one more person or pair who is in error throughout
       and as often as the most error-prone one; for the lower one, one more who never is. With one comparison a person
       this is the interval of Clopper and Pearson.

    Without any error (or with nothing else) no draw can tell anything; then the bound is the rule of three on
    :func:`fairgate.measure.effective_size.disjoint_trials`, the worst case, with the method ``RULE_OF_THREE``.

    How often it holds the true rate is found by simulation: docs/discussion/intervals.md has the table.

    Args:
        trials: of one kind, mated or not.
        rng: draws the weights.
        resamples: rounds, at least 20.
        confidence: in (0, 1).

    Source: Bolle, Ratha and Pankanti, Computer Vision and Image Understanding 93 (2004) 1-25 (drawing people); Snijders
    and Borgatti, Connections 22 (1999) 161-170 (drawing both ends of pairs); Rubin, Annals of Statistics 9 (1981)
    130-134 (smooth weights); Owen, Annals of Applied Statistics 1 (2007) 386-411 (the variance trebled); Fay and Feuer,
    Statistics in Medicine 16 (1997) 791-801 (one more, as heavy as the heaviest).

    Raises:
        ScoresRefused: fewer than 20 rounds were asked for, or the counts contradict each other.
    """
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    _check(trials)
    errors = int(trials.first.size)
    if trials.of == 0:
        return clopper_pearson(0, 0, confidence)
    value = errors / trials.of
    if errors in (0, trials.of):
        high = rule_of_three(max(1, int(trials_apart(trials))), confidence).high
        low, high = (0.0, high) if errors == 0 else (1.0 - high, 1.0)
        return Proportion(errors, trials.of, value, low, high, IntervalMethod.RULE_OF_THREE, confidence)
    low, high = signed_bounds(trials, np.ones(errors), rng, resamples=resamples, confidence=confidence)
    method = IntervalMethod.SUBJECT_BOOTSTRAP
    return Proportion(errors, trials.of, value, min(value, low), max(value, high), method, confidence)


def signed_bounds(
    trials: SubjectTrials,
    signs: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Return bounds of the mean of comparisons that count 1, 0 or -1, by drawing people.

    Args:
        trials: ``first`` and ``second`` list the comparisons that do not count 0, at least one.
        signs: shape (errors,): what they count, 1 or -1. Where all are 1 it is an error rate, which is never below 0.
        rng: as :func:`rate_by_subject`; so are ``resamples`` and ``confidence``.

    Returns:
        Lower and upper bound, in [-1, 1].
    """
    rounds = _rounds(signs, rng, resamples, confidence)
    if trials.mated:
        return bounds_within((trials.as_probe, trials.first, signs), rounds)
    made, listed = (trials.as_probe, trials.as_reference), (trials.first, trials.second, signs)
    return bounds_across(made, listed, trials.of, trials_apart(trials), rounds)


def unshared_bounds(
    of: int,
    signs: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """Return the same bounds where people are unknown, by drawing comparisons.

    Args:
        of: comparisons.
        signs: of those that do not count 0, what they count: 1 or -1.
        rng: as :func:`rate_by_subject`; so are ``resamples`` and ``confidence``.
    """
    return bounds_alone(of, signs, _rounds(signs, rng, resamples, confidence))


def independent_trials(trials: SubjectTrials, signs: NDArray[np.float64]) -> float:
    """Return how many independent comparisons would leave a mean as uncertain as these do.

    Args:
        trials: as :func:`signed_bounds`.
        signs: likewise.

    Source: as :func:`fairgate.measure.effective_size.effective_trials`, which needs no list but the errors by person.
    """
    if trials.mated:
        return trials.of / variance_within(trials.as_probe, trials.first, signs).effect
    made, listed = (trials.as_probe, trials.as_reference), (trials.first, trials.second, signs)
    return trials.of / variance_across(made, listed, trials.of).effect


def changed_rates(
    trials: SubjectTrials,
    wrong: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = CONFIDENCE,
) -> NDArray[np.float64]:
    """Draw people, and return by which factor the error rates of two packs change together.

    Args:
        trials: of two people each; ``first`` and ``second`` list the comparisons that either pack got wrong.
        wrong: shape (2, errors): which pack did.
        rng: as :func:`rate_by_subject`; so are ``resamples`` and ``confidence``.

    Returns:
        Shape (2, resamples), at least 0; 0 throughout for a pack without errors.
    """
    either = np.ones(trials.first.size)
    one, other = ((trials.first[mask], trials.second[mask], either[mask]) for mask in wrong)
    made, lists = (trials.as_probe, trials.as_reference), ((trials.first, trials.second, either), one, other)
    return ratios_across(made, lists, trials.of, trials_apart(trials), _rounds(either, rng, resamples, confidence))


def changed_unshared_rates(
    of: int, wrong: NDArray[np.bool_], rng: np.random.Generator, *, resamples: int = 1000
) -> NDArray[np.float64]:
    """Return the same where people are unknown, by drawing comparisons."""
    both = int(np.count_nonzero(wrong[0] & wrong[1]))
    first, second = (int(np.count_nonzero(one)) for one in wrong)
    counts = np.array([both, first - both, second - both, of - first - second + both], dtype=np.float64)
    same, one, other, rest = rng.standard_gamma(counts[:, None], size=(4, resamples))
    was = np.array([[max(first, 1)], [max(second, 1)]]) / of
    return np.asarray(np.stack([same + one, same + other]) / (same + one + other + rest) / was, dtype=np.float64)


def trials_apart(trials: SubjectTrials) -> float:
    """Return how many of the comparisons can be picked so that no two share a person."""
    if trials.mated:
        return disjoint_trials(trials.of, trials.as_probe, sides=1)
    return disjoint_trials(trials.of, trials.as_probe + trials.as_reference, sides=2)


def _check(trials: SubjectTrials) -> None:
    sides = (trials.as_probe, trials.as_reference)
    if any(int(side.sum()) != trials.of for side in sides) or trials.first.size > trials.of:
        raise ScoresRefused("The comparisons by person do not add up to all comparisons.")
    ends = (trials.first, trials.second)
    if ends[0].size != ends[1].size or any(
        end.size and not 0 <= end.min() <= end.max() < sides[0].size for end in ends
    ):
        raise ScoresRefused("An erroneous comparison names a person who is not listed.")
    if not trials.mated and (trials.first == trials.second).any():
        raise ScoresRefused("A comparison of two people names one of them twice.")


def _rounds(signs: NDArray[np.float64], rng: np.random.Generator, resamples: int, confidence: float) -> Rounds:
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    return Rounds(rng, resamples, ((1 - confidence) / 2, (1 + confidence) / 2), signed=bool((signs < 0).any()))
