"""The two passes over comparisons scored by two packs: the highest scores first, then who errs where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.paired_scores import MatchedBatch
from fairgate.measure.rates import errors_allowed
from fairgate.measure.subject_bootstrap import SubjectTrials

KEPT = 6_000_000
"""How many of the highest non-mated scores are kept of each pack: enough for an FMR of 1 % of 500 million."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]


class HighestScores:
    """Keeps the highest of any number of scores.

    Args:
        keep: how many; twice as many at most are held while scores come.
    """

    def __init__(self, keep: int = KEPT) -> None:
        self._keep = keep
        self._floor = -math.inf
        self._held: list[Floats] = []
        self._count = 0

    def add(self, scores: Floats) -> None:
        """Take scores in."""
        some = scores[scores >= self._floor]
        self._held.append(some)
        self._count += some.size
        if self._count > 2 * self._keep:
            self._shrink()

    def threshold(self, target: float, of: int) -> float:
        """Return the lowest observed score that keeps the rate of scores at or above it at or below a target.

        Args:
            target: rate, in (0, 1).
            of: how many scores came in all.

        Raises:
            ScoresRefused: too few scores were kept for a target so high.
        """
        self._shrink()
        highest, allowed = self._held[0], errors_allowed(target, of)
        if allowed >= highest.size:
            raise ScoresRefused(f"An FMR of {target:g} among {of} comparisons is too high to find its exact threshold.")
        barred = np.partition(highest, highest.size - 1 - allowed)[highest.size - 1 - allowed]
        above = highest[highest > barred]
        return float(above.min()) if above.size else math.nextafter(float(barred), math.inf)

    def _shrink(self) -> None:
        scores = np.concatenate(self._held) if self._held else np.empty(0)
        if scores.size > self._keep:
            scores = np.partition(scores, scores.size - self._keep)[scores.size - self._keep :]
            self._floor = float(scores.min())
        self._held, self._count = [scores], scores.size


class Presence:
    """Counts comparisons of one kind by person.

    Args:
        mated: which kind.
    """

    def __init__(self, *, mated: bool) -> None:
        self.mated = mated
        self.of = 0
        self.known = True
        self._sides: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)] * 2

    def add(self, batch: MatchedBatch) -> None:
        """Count a batch."""
        chosen = batch.mated if self.mated else ~batch.mated
        self.of += int(np.count_nonzero(chosen))
        for side, codes in enumerate((batch.probe_subject, batch.reference_subject)):
            some = None if codes is None else codes[chosen]
            if some is None or (some < 0).any():
                self.known = False
            if self.known and some is not None and some.size:
                more = np.bincount(some, minlength=self._sides[side].size)
                more[: self._sides[side].size] += self._sides[side]
                self._sides[side] = more

    def trials(self, first: Codes, second: Codes) -> SubjectTrials:
        """Return the comparisons by person, with the listed ones."""
        people = max(side.size for side in self._sides)
        probe, reference = (np.pad(side, (0, people - side.size)) for side in self._sides)
        return SubjectTrials(self.of, probe, reference, first, second, self.mated)


@dataclass(frozen=True, slots=True, eq=False)
class Disagreements:
    """What two packs decide differently among the comparisons of one kind.

    Args:
        first: errors of the first pack.
        second: errors of the second.
        signs: of each comparison that exactly one got wrong: 1 where it was the second, -1 where the first.
        probe: the person on the probe of each; empty where people are unknown.
        reference: the person on the reference; likewise.
    """

    first: int
    second: int
    signs: Floats
    probe: Codes
    reference: Codes


class DecisionTally:
    """Decides every comparison for both packs, each at its own threshold.

    Args:
        first_threshold: of the first pack; a score at or above it is a match.
        second_threshold: of the second.
        mated: count mated comparisons, in which a non-match is an error, or the others, in which a match is one.
        known: whether people are known.
    """

    def __init__(self, first_threshold: float, second_threshold: float, *, mated: bool, known: bool) -> None:
        self._thresholds = (first_threshold, second_threshold)
        self._mated, self._known = mated, known
        self._errors = [0, 0]
        self._signs: list[NDArray[np.int8]] = []
        self._people: tuple[list[Codes], list[Codes]] = ([], [])

    def add(self, batch: MatchedBatch) -> None:
        """Decide a batch."""
        wrong = [
            (score < threshold) & batch.mated if self._mated else (score >= threshold) & ~batch.mated
            for score, threshold in zip((batch.first_score, batch.second_score), self._thresholds, strict=True)
        ]
        for pack, mask in enumerate(wrong):
            self._errors[pack] += int(np.count_nonzero(mask))
        places = np.flatnonzero(wrong[0] != wrong[1])
        self._signs.append(np.where(wrong[1][places], 1, -1).astype(np.int8))
        for kept, codes in zip(self._people, (batch.probe_subject, batch.reference_subject), strict=True):
            if self._known and codes is not None:
                kept.append(codes[places])

    def figures(self) -> Disagreements:
        """Return what was found."""
        nobody = np.zeros(0, dtype=np.int32)
        probe, reference = (np.concatenate([nobody, *kept]) for kept in self._people)
        signs = np.concatenate([np.zeros(0), *self._signs])
        return Disagreements(self._errors[0], self._errors[1], signs, probe, reference)
