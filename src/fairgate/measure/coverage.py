"""How often intervals hold the true rate where comparisons share people: found by simulating people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fairgate.errors import ScoresRefused
from fairgate.measure.effective_size import effective_trials
from fairgate.measure.intervals import CONFIDENCE, clopper_pearson, exact_bounds
from fairgate.measure.subject_bootstrap import SubjectTrials, rate_by_subject


@dataclass(frozen=True, slots=True)
class People:
    """A world from which people are drawn.

    A score is normal. Part of its variance belongs to each person in the comparison and is the same in all of theirs:
    some are easily missed (goats), some easily taken for others (wolves and lambs).

    Args:
        people: how many are drawn.
        rate: the true error rate over all people, in (0, 1).
        share: part of a score's variance that each person brings, in [0, 1) for mated comparisons, [0, 0.5) for others.
        each: mated comparisons a person, on average; 0 for non-mated ones, everybody with everybody in both directions.
    """

    people: int
    rate: float
    share: float
    each: int = 0


WORLDS = (
    People(50, 0.02, 0.0, 4),
    People(50, 0.02, 0.5, 4),
    People(50, 0.1, 0.5, 4),
    People(200, 0.02, 0.0, 4),
    People(200, 0.02, 0.5, 4),
    People(200, 0.02, 0.5, 10),
    People(1000, 0.003, 0.5, 3),
    People(1000, 0.02, 0.5, 3),
    People(50, 0.01, 0.0),
    People(50, 0.01, 0.05),
    People(50, 0.01, 0.15),
    People(100, 0.001, 0.0),
    People(100, 0.001, 0.15),
    People(200, 0.0001, 0.15),
    People(200, 0.001, 0.05),
    People(200, 0.001, 0.2),
    People(200, 0.01, 0.3),
    People(400, 0.001, 0.2),
    People(200, 0.001, 0.4),
    People(200, 0.02, 0.9, 10),
)
"""The worlds of the table in docs/discussion/intervals.md: from few errors to many, and from no dependence to much."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often an interval held the true rate.

    Args:
        held: share of the worlds in which it did.
        above: share in which the whole interval lay above the true rate.
        below: share in which it lay below.
        width: median of its width, over the true rate.
        error: standard error of ``held``, from the number of worlds.
    """

    held: float
    above: float
    below: float
    width: float
    error: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one kind of world.

    Args:
        world: which.
        worlds: how many were drawn.
        errors: mean number of errors seen.
        without: worlds in which none was seen; the bootstrap then gives the rule of three on people.
        independent: Clopper-Pearson, as if no comparison shared a person.
        effective: the same with the effective number of comparisons (Korn and Graubard).
        bootstrap: :func:`fairgate.measure.subject_bootstrap.rate_by_subject`.
    """

    world: People
    worlds: int
    errors: float
    without: int
    independent: Coverage
    effective: Coverage
    bootstrap: Coverage


def find_coverage(
    world: People, worlds: int, rng: np.random.Generator, *, resamples: int = 1000, confidence: float = CONFIDENCE
) -> Found:
    """Draw people anew so often, measure them, and count how often each interval holds the true rate.

    Source: the people of Doddington et al., "Sheep, goats, lambs and wolves", ICSLP 1998, as normal random effects.

    Raises:
        ScoresRefused: the world makes no sense.
    """
    if not 0 < world.rate < 1 or not 0 <= world.share < (1 if world.each else 0.5) or world.people < 3 or worlds < 1:
        raise ScoresRefused("No such people can be drawn.")
    ends = np.empty((3, worlds, 2))
    errors = np.empty(worlds)
    for number in range(worlds):
        trials = _mated(world, rng) if world.each else _crossed(world, rng)
        errors[number] = trials.first.size
        ends[:, number] = _intervals(trials, rng, resamples, confidence)
    independent, effective, bootstrap = (coverage_of(one, world.rate) for one in ends)
    without = int(np.count_nonzero(errors == 0))
    return Found(world, worlds, float(errors.mean()), without, independent, effective, bootstrap)


def _intervals(
    trials: SubjectTrials, rng: np.random.Generator, resamples: int, confidence: float
) -> list[tuple[float, float]]:
    errors, people = int(trials.first.size), trials.as_probe.size
    wrong, made = np.bincount(trials.first, minlength=people), trials.as_probe
    if not trials.mated:
        wrong, made = wrong + np.bincount(trials.second, minlength=people), made + trials.as_reference
    effective = effective_trials(errors, trials.of, wrong, made, sides=1 if trials.mated else 2)
    plain = clopper_pearson(errors, trials.of, confidence)
    drawn = rate_by_subject(trials, rng, resamples=resamples, confidence=confidence)
    return [
        (plain.low, plain.high),
        exact_bounds(errors * effective / trials.of, effective, confidence),
        (drawn.low, drawn.high),
    ]


def _mated(world: People, rng: np.random.Generator) -> SubjectTrials:
    """Draw mated comparisons: from one to nearly twice the mean number a person, whatever their rate."""
    made = rng.integers(1, 2 * world.each, world.people)
    own = math.sqrt(world.share) * rng.standard_normal(world.people)
    wrong = rng.binomial(made, ndtr((own + ndtri(world.rate)) / math.sqrt(1 - world.share)))
    first = np.repeat(np.arange(world.people, dtype=np.int32), wrong)
    return SubjectTrials(int(made.sum()), made, made, first, first, mated=True)


def _crossed(world: People, rng: np.random.Generator) -> SubjectTrials:
    """Draw comparisons of everybody with everybody else, in both directions."""
    own = math.sqrt(world.share) * rng.standard_normal(world.people)
    chance = ndtr((own[:, None] + own + ndtri(world.rate)) / math.sqrt(1 - 2 * world.share))
    np.fill_diagonal(chance, 0.0)
    first, second = np.nonzero(rng.random(chance.shape) < chance)
    made = np.full(world.people, world.people - 1)
    return SubjectTrials(int(made.sum()), made, made, first.astype(np.int32), second.astype(np.int32))


def coverage_of(ends: NDArray[np.float64], rate: float) -> Coverage:
    """Return how often intervals held a true value.

    Args:
        ends: shape (worlds, 2): lower and upper ends.
        rate: the true value, above 0.
    """
    above, below = float(np.mean(ends[:, 0] > rate)), float(np.mean(ends[:, 1] < rate))
    held = 1.0 - above - below
    width = float(np.median(ends[:, 1] - ends[:, 0])) / rate
    return Coverage(held, above, below, width, math.sqrt(held * (1 - held) / len(ends)))
