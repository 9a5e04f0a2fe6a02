"""How often the interval of two packs' difference holds the true one, where comparisons share people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fairgate.errors import ScoresRefused
from fairgate.measure.coverage import Coverage, coverage_of
from fairgate.measure.intervals import CONFIDENCE, rule_of_three
from fairgate.measure.subject_bootstrap import SubjectTrials, signed_bounds, trials_apart, unshared_bounds


@dataclass(frozen=True, slots=True)
class TwoPacks:
    """A world in which two packs score the same comparisons of the same people.

    Args:
        people: how many are drawn.
        first: true error rate of the first pack, in (0, 1).
        second: of the second, another one.
        share: part of a score's variance that each person brings.
        alike: correlation of both packs' scores, in people's part and in the rest, in [0, 1].
        each: mated comparisons a person; 0 for non-mated ones, everybody with everybody in both directions.
    """

    people: int
    first: float
    second: float
    share: float
    alike: float
    each: int = 0


TWO_PACKS = (
    TwoPacks(100, 0.05, 0.03, 0.3, 0.7, 5),
    TwoPacks(300, 0.02, 0.01, 0.5, 0.7, 5),
    TwoPacks(300, 0.02, 0.01, 0.0, 0.7, 5),
    TwoPacks(100, 0.01, 0.006, 0.15, 0.7),
    TwoPacks(200, 0.001, 0.0005, 0.15, 0.7),
    TwoPacks(200, 0.001, 0.0005, 0.0, 0.7),
)
"""The worlds of the second table in docs/discussion/intervals.md."""


@dataclass(frozen=True, slots=True)
class FoundDifference:
    """What was found in one kind of world.

    Args:
        world: which.
        worlds: how many were drawn.
        discordant: mean number of comparisons that exactly one pack gets wrong.
        unshared: the interval as if no comparison shared a person.
        by_people: the interval by drawing people.
    """

    world: TwoPacks
    worlds: int
    discordant: float
    unshared: Coverage
    by_people: Coverage


def find_difference_coverage(
    world: TwoPacks, worlds: int, rng: np.random.Generator, *, resamples: int = 1000, confidence: float = CONFIDENCE
) -> FoundDifference:
    """Draw people anew so often, let both packs decide, and count how often each interval holds the true difference.

    Thresholds are fixed, so that the true rates are known.

    Source: as :func:`fairgate.measure.coverage.find_coverage`.

    Raises:
        ScoresRefused: the world makes no sense.
    """
    if not 0 < world.first < 1 or not 0 < world.second < 1 or not 0 <= world.alike <= 1 or world.first == world.second:
        raise ScoresRefused("No such packs can be compared.")
    if not 0 <= world.share < (1 if world.each else 0.5) or world.people < 3 or worlds < 1:
        raise ScoresRefused("No such people can be drawn.")
    ends = np.empty((2, worlds, 2))
    discordant = np.empty(worlds)
    turn = 1.0 if world.second > world.first else -1.0
    for number in range(worlds):
        trials, signs = _draw(world, rng)
        discordant[number] = signs.size
        if signs.size == 0:
            most = np.array([rule_of_three(trials.of).high, rule_of_three(max(1, int(trials_apart(trials)))).high])
            ends[:, number] = np.stack([-most, most], axis=1)
            continue
        ends[0, number] = unshared_bounds(trials.of, turn * signs, rng, resamples=resamples, confidence=confidence)
        ends[1, number] = signed_bounds(trials, turn * signs, rng, resamples=resamples, confidence=confidence)
    gap = abs(world.second - world.first)
    unshared, by_people = (coverage_of(one, gap) for one in ends)
    return FoundDifference(world, worlds, float(discordant.mean()), unshared, by_people)


def _draw(world: TwoPacks, rng: np.random.Generator) -> tuple[SubjectTrials, NDArray[np.float64]]:
    everybody = np.arange(world.people, dtype=np.int32)
    if world.each:
        first = second = np.repeat(everybody, world.each)
        made = np.full(world.people, world.each)
    else:
        first, second = (side.astype(np.int32) for side in np.nonzero(~np.eye(world.people, dtype=bool)))
        made = np.full(world.people, world.people - 1)
    own = math.sqrt(world.share) * _both(world.alike, world.people, rng)
    rest = _both(world.alike, first.size, rng)
    effect = own[:, first] if world.each else own[:, first] + own[:, second]
    left = math.sqrt(1 - world.share * (1 if world.each else 2))
    limits = ndtri(np.array([[world.first], [world.second]]))
    wrong = effect + left * rest < limits
    places = np.flatnonzero(wrong[0] != wrong[1])
    trials = SubjectTrials(first.size, made, made, first[places], second[places], mated=bool(world.each))
    return trials, np.where(wrong[1][places], 1.0, -1.0)


def _both(alike: float, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return standard normal values of two packs, shape (2, count), that correlate."""
    values = rng.standard_normal((2, count))
    values[1] = alike * values[0] + math.sqrt(1 - alike * alike) * values[1]
    return values
