"""Decisions of two packs on the same comparisons: the exact test, and what it could have shown."""

from __future__ import annotations

import math

from scipy.special import bdtr, ndtri

from fairgate.errors import ScoresRefused

POWER = 0.8
"""Chance with which a difference that is called visible would be seen."""

LEVEL = 0.05
"""Chance of seeing one where there is none."""


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided p-value of the exact McNemar test.

    Comparisons that both packs get right, or both wrong, tell nothing. Of the others each is as likely to be the one's
    error as the other's if the packs are equally good: a sign test with a fair coin, for independent comparisons.

    Args:
        only_first: comparisons that only the first got wrong.
        only_second: that only the second got wrong.

    Returns:
        In (0, 1]; 1 where there is no such comparison.

    Source: McNemar, Psychometrika 12 (1947) 153-157; the exact binomial form is Cochran's, Biometrika 37 (1950)
    256-266.

    Raises:
        ScoresRefused: a count is negative.
    """
    if min(only_first, only_second) < 0:
        raise ScoresRefused("Comparisons cannot be fewer than none.")
    if only_first == only_second:
        return 1.0
    return min(1.0, 2.0 * float(bdtr(min(only_first, only_second), only_first + only_second, 0.5)))


def visible_difference(of: float, discordant: float, *, power: float = POWER, level: float = LEVEL) -> float:
    """Return the smallest difference of two error rates that a McNemar test of so many comparisons could show.

    Connor's sample size is solved for the difference d, given the share of comparisons on which the packs disagree::

        sqrt(of) * d = z(1 - level / 2) * sqrt(discordant) + z(power) * sqrt(discordant - d * d)

    A difference is never larger than the disagreement. Where the equation would need that, the packs are taken to
    disagree as much as they differ, all in one direction.

    Args:
        of: comparisons, or the number of independent ones that they are worth; at least 0.
        discordant: share on which exactly one pack errs, in [0, 1]; where none was seen, its upper bound.
        power: chance of seeing the difference, above a half.
        level: of the two-sided test.

    Returns:
        In (0, 1]; 1 where not even packs that always disagree could be told apart.

    Source: Connor, Biometrics 43 (1987) 207-211, eq. (4).

    Raises:
        ScoresRefused: an argument makes no sense.
    """
    if of < 0 or not 0 <= discordant <= 1 or not 0.5 < power < 1 or not 0 < level < 1:
        raise ScoresRefused("No difference can be planned for with these figures.")
    test, seen = float(ndtri(1 - level / 2)), float(ndtri(power))
    if of <= test * test:
        return 1.0
    # Both equations are quadratic; these are their roots on the side where the test rejects.
    root = test * math.sqrt(of) + seen * math.sqrt(of - test * test + seen * seen)
    difference = math.sqrt(discordant) * root / (of + seen * seen)
    if 0 < difference <= discordant:
        return difference
    agreeing = (math.sqrt(of * of + of * (seen * seen - test * test)) - test * seen) / (of + seen * seen)
    return min(1.0, (test + seen * agreeing) ** 2 / of)
