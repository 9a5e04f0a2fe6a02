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

SAMPLED = 4_000_000
"""How many mated scores are kept of each pack, to see what another threshold would do to the FNMR."""

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
        self._ranked = False

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
        highest, allowed = self.ranked(), errors_allowed(target, of)
        if allowed >= highest.size:
            raise ScoresRefused(f"An FMR of {target:g} among {of} comparisons is too high to find its exact threshold.")
        above = int(np.searchsorted(-highest, -highest[allowed], side="left"))
        return float(highest[above - 1]) if above else math.nextafter(float(highest[0]), math.inf)

    def ranked(self) -> Floats:
        """Return the scores kept, highest first; nothing more is added."""
        if not self._ranked:
            self._shrink()
            self._held[0] = np.sort(self._held[0])[::-1]
            self._ranked = True
        return self._held[0]

    def _shrink(self) -> None:
        scores = np.concatenate(self._held) if self._held else np.empty(0)
        if scores.size > self._keep:
            scores = np.partition(scores, scores.size - self._keep)[scores.size - self._keep :]
            self._floor = float(scores.min())
        self._held, self._count = [scores], scores.size


class MatedScores:
    """Keeps mated scores of both packs; where they are too many, every second, fourth, … of them.

    Args:
        keep: how many at most.
    """

    def __init__(self, keep: int = SAMPLED) -> None:
        self._keep = keep
        self._step = 1
        self._next = 0
        self._held: list[Floats] = []
        self._count = 0

    def add(self, batch: MatchedBatch) -> None:
        """Take a batch in."""
        scores = np.stack([batch.first_score[batch.mated], batch.second_score[batch.mated]])
        some = scores[:, self._next :: self._step]
        self._next = self._next + some.shape[1] * self._step - scores.shape[1]
        self._held.append(some)
        self._count += some.shape[1]
        while self._count > self._keep:
            whole = np.concatenate(self._held, axis=1)
            self._next += self._step * (whole.shape[1] % 2)
            self._held, self._step = [whole[:, ::2]], 2 * self._step
            self._count = self._held[0].shape[1]

    def ranked(self) -> Floats:
        """Return the scores kept, shape (2, n), each pack's in ascending order."""
        return np.sort(np.concatenate(self._held, axis=1), axis=1)


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
class Errors:
    """What two packs decide wrongly among the comparisons of one kind.

    Args:
        first: errors of the first pack.
        second: errors of the second.
        wrong: bool, shape (2, listed): which pack is wrong, of each listed comparison.
        probe: the person on the probe of each; empty where people are unknown.
        reference: the person on the reference; likewise.
    """

    first: int
    second: int
    wrong: NDArray[np.bool_]
    probe: Codes
    reference: Codes

    def disagreements(self) -> tuple[Floats, Codes, Codes]:
        """Return of each comparison that exactly one got wrong 1 where it was the second, else -1; and its people."""
        apart = self.wrong[0] != self.wrong[1]
        signs = np.where(self.wrong[1, apart], 1.0, -1.0)
        return (signs, self.probe[apart], self.reference[apart]) if self.probe.size else (signs, self.probe, self.probe)


class DecisionTally:
    """Decides every comparison for both packs, each at its own threshold.

    Mated comparisons are listed where the packs disagree, non-mated ones wherever either is wrong.

    Args:
        first_threshold: of the first pack; a score at or above it is a match.
        second_threshold: of the second.
        mated: count mated comparisons, in which a non-match is an error, or the others, in which a match is one.
        known: whether people are known.
    """

    def __init__(self, first_threshold: float, second_threshold: float, *, mated: bool, known: bool) -> None:
        self._thresholds = (first_threshold, second_threshold)
        self._mated, self._known = mated, known
        self._errors = np.zeros(2, dtype=np.int64)
        self._wrong: list[NDArray[np.bool_]] = []
        self._people: tuple[list[Codes], list[Codes]] = ([], [])

    def add(self, batch: MatchedBatch) -> None:
        """Decide a batch."""
        first, second = (
            (score < threshold) & batch.mated if self._mated else (score >= threshold) & ~batch.mated
            for score, threshold in zip((batch.first_score, batch.second_score), self._thresholds, strict=True)
        )
        self._errors += np.count_nonzero(first), np.count_nonzero(second)
        places = np.flatnonzero(first != second if self._mated else first | second)
        self._wrong.append(np.stack([first[places], second[places]]))
        for kept, codes in zip(self._people, (batch.probe_subject, batch.reference_subject), strict=True):
            if self._known and codes is not None:
                kept.append(codes[places])

    def figures(self) -> Errors:
        """Return what was found."""
        nobody = np.zeros(0, dtype=np.int32)
        probe, reference = (np.concatenate([nobody, *kept]) for kept in self._people)
        wrong = np.concatenate([np.zeros((2, 0), dtype=bool), *self._wrong], axis=1)
        return Errors(int(self._errors[0]), int(self._errors[1]), wrong, probe, reference)
