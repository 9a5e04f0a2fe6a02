"""How much a group's comparisons are worth, where they share people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.effective_size import effective_trials
from fairgate.measure.groups.counts import Counts, GroupCounts

ENOUGH_ERRORS = 10
"""Errors, over all groups, from which their dependence is taken to be known."""


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveTrials:
    """How many independent comparisons those of each group are worth.

    Args:
        mated: float64, shape (groups,), at most the mated comparisons.
        non_mated: float64, shape (groups, groups), likewise by group of probe and reference.
    """

    mated: NDArray[np.float64]
    non_mated: NDArray[np.float64]


def effective_by_group(counts: GroupCounts) -> EffectiveTrials:
    """Return the effective numbers of trials of all groups.

    A group of few errors hardly tells how strongly comparisons that share a person go together, and one without errors
    not at all. So that correlation is also estimated over all groups, each weighted by its errors, and a group's design
    effect is the larger of its own and of what that correlation means for comparisons shared out as this group's are.
    With fewer than ten errors in all groups together, a group without error is taken at its worst case instead.

    Cells of two different groups take the correlation within groups, and their people as having equal shares in the
    cell; with too few errors within groups, one without error is worth the smaller group's people. They enter no
    verdict.

    Source: the design effect is :func:`fairgate.measure.effective_size.effective_trials`; its form ``1 + correlation *
    (comparisons that share a person with a given one)`` is Kish, Survey Sampling (1965), section 5.4.
    """
    mated = counts.mated.astype(np.float64)
    non_mated = counts.non_mated.astype(np.float64)
    if counts.mated_by_person is None or counts.own_by_person is None or counts.subjects is None:
        return EffectiveTrials(mated, non_mated)
    missed, false = counts.missed, np.diagonal(counts.false)
    mated, _ = _pooled(missed, counts.mated, counts.mated_by_person, 1)
    own, correlation = _pooled(false, np.diagonal(counts.non_mated), counts.own_by_person, 2)
    people = np.maximum(1, counts.subjects).astype(np.float64)
    sharing = np.maximum(0.0, non_mated / people[:, None] - 1) + np.maximum(0.0, non_mated / people[None, :] - 1)
    worst = np.minimum(non_mated, np.minimum(people[:, None], people[None, :]))
    non_mated = non_mated / (1 + correlation * sharing)
    if int(false.sum()) < ENOUGH_ERRORS:
        non_mated = np.where(counts.false == 0, worst, non_mated)
    np.fill_diagonal(non_mated, own)
    return EffectiveTrials(mated, non_mated)


def _pooled(
    errors: Counts, of: Counts, by_person: Sequence[tuple[Counts, Counts]], sides: int
) -> tuple[NDArray[np.float64], float]:
    """Return the groups' effective trials and the correlation of two comparisons that share a person."""
    own = np.array(
        [
            effective_trials(int(wrong), int(made), *people, sides=sides)
            for wrong, made, people in zip(errors, of, by_person, strict=True)
        ]
    )
    sharing = np.array([_sharing(int(made), people[1], sides) for made, people in zip(of, by_person, strict=True)])
    telling = (errors > 0) & (errors < of) & (sharing > 0)
    enough = int(errors.sum()) >= ENOUGH_ERRORS
    if not telling.any():
        return own, 0.0
    correlation = float(np.average((of[telling] / own[telling] - 1) / sharing[telling], weights=errors[telling]))
    pooled = of / (1 + correlation * sharing)
    unknown = (errors == 0) | (errors == of)
    return np.where(unknown & enough, pooled, np.minimum(own, pooled)), correlation


def _sharing(of: int, made: Counts, sides: int) -> float:
    """Return with how many others a comparison shares a person, on average."""
    if of == 0:
        return 0.0
    shared = made.astype(np.float64)
    return float(shared @ shared) / of - sides
