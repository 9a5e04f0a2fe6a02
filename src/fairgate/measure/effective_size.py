"""How many independent comparisons the comparisons at hand are worth, where some of them share a person."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused


def effective_trials(
    errors: int, of: int, errors_by_subject: ArrayLike, trials_by_subject: ArrayLike, *, sides: int
) -> float:
    """Return the number of independent comparisons whose rate would be as uncertain as the one found.

    It is ``of`` divided by the design effect, the variance of the rate over what independent comparisons would give.
    With ``u_s = errors of person s - rate * comparisons of person s``, the sum of ``u_s ** 2`` holds every two
    comparisons that share a person. A comparison of two people would be in it twice together with itself, so with two
    sides its own share ``of * rate * (1 - rate)`` is taken off once. Comparisons made several times between the same
    two people, or in both directions, are then counted too often rather than too seldom. The design effect is never
    taken below 1.

    ``exact_bounds(errors * effective / of, effective, confidence)`` is Korn and Graubard's interval.

    Args:
        errors: comparisons decided wrongly, in [0, of].
        of: comparisons.
        errors_by_subject: shape (people,): erroneous comparisons that the person takes part in.
        trials_by_subject: shape (people,): comparisons that the person takes part in; people without any may be listed.
        sides: 1 where each comparison belongs to one person (mated), so that the counts sum to ``of``; 2 where each
            touches two people and is counted with both, so that they sum to twice that.

    Returns:
        In (0, of]; 0 where there is no comparison. Where no comparison or every one is wrong, nothing is known of the
        dependence and the result is :func:`disjoint_trials`, the worst case.

    Source: Fafchamps and Gubert, Journal of Development Economics 83 (2007) 326-350; Aronow, Samii and Assenova,
    Political Analysis 23 (2015) 564-577, eq. (3) (dyadic cluster-robust variance); Korn and Graubard, Survey
    Methodology 24 (1998) 193-201 (exact interval with the effective sample size).

    Raises:
        ScoresRefused: the counts contradict each other.
    """
    wrong, made = _counts(errors_by_subject), _counts(trials_by_subject)
    _check(errors, of, wrong, made, sides)
    if errors in (0, of):
        return disjoint_trials(of, made, sides=sides)
    rate = errors / of
    independent = of * rate * (1 - rate)
    residual = wrong - rate * made
    people = int(np.count_nonzero(made))
    shared = float(residual @ residual)
    variance = shared - independent if sides == 2 else shared * people / max(people - 1, 1)
    return of / max(1.0, variance / independent)


def disjoint_trials(of: int, trials_by_subject: ArrayLike, *, sides: int) -> float:
    """Return how many comparisons can be picked of which no two share a person.

    If each of these had a chance r of an error, and whatever else the people share, the chance that no error is seen
    in all of the comparisons is at most ``(1 - r)`` to this power. The bound is reached where some people fail always,
    or are taken for everybody: so it is the number of trials for the rule of three when nothing is known about
    dependence.

    With one side it is the number of people. With two it is ``of`` over the comparisons of the busiest person: exact
    where everybody is compared with everybody, half the people, and, by König's theorem, where probes and references
    are different people; elsewhere it may be too high by at most one half (Shannon).

    Source: Hoeffding, JASA 58 (1963) 13-30, section 5b (sums of dependent terms by disjoint picks); König (1916) and
    Shannon, Journal of Mathematics and Physics 28 (1949) 148-151 (colouring the edges of a multigraph).
    """
    made = _counts(trials_by_subject)
    if of == 0 or not made.any():
        return 0.0
    if sides == 1:
        return float(min(of, int(np.count_nonzero(made))))
    return of / max(map(float, made))


def _counts(by_subject: ArrayLike) -> NDArray[np.float64]:
    return np.ravel(np.asarray(by_subject, dtype=np.float64))


def _check(errors: int, of: int, wrong: NDArray[np.float64], made: NDArray[np.float64], sides: int) -> None:
    if sides not in (1, 2):
        raise ScoresRefused("A comparison has one or two people.")
    if not 0 <= errors <= of or wrong.shape != made.shape or (wrong > made).any() or (wrong < 0).any():
        raise ScoresRefused("The errors by person do not fit the comparisons by person.")
    if round(float(wrong.sum())) != sides * errors or round(float(made.sum())) != sides * of:
        raise ScoresRefused("The counts by person do not add up to those of all comparisons.")
