"""The first pass over the scores: everything that thresholds are chosen from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.rates import NotResolvable, errors_allowed, resolves
from fairgate.measure.scores.batch import UNKNOWN, Failure
from fairgate.measure.scores.bins import ScoreBins
from fairgate.measure.scores.people import Folds, PeopleCounts
from fairgate.measure.scores.selection import Selection, typed
from fairgate.measure.scores.top import KEPT, LEAST_KEPT, NotKept, TopScores, count_at_least, threshold_above


@dataclass(frozen=True, slots=True, eq=False)
class ChosenPoint:
    """A threshold chosen on the non-mated scores.

    Args:
        target: FMR asked for.
        threshold: a score at or above it is a match.
        false_matches: of all non-mated comparisons.
        held_out: float64, shape (folds,): thresholds chosen without each fold's people; infinite for a fold without
            probes. ``None`` where people are unknown or some fold's others do not resolve the target.
        held_out_false_matches: of the folds' own probes at those.
    """

    target: float
    threshold: float
    false_matches: int
    held_out: NDArray[np.float64] | None = field(default=None, repr=False)
    held_out_false_matches: int = 0


class RowCounts:
    """Counts rows by kind, and non-mated scores that reach a threshold fixed beforehand."""

    def __init__(self, fixed: float | None) -> None:
        self.mated = 0
        self.non_mated = 0
        self.failures = 0
        self.attacks = 0
        self.fixed = fixed
        self.fixed_false_matches = 0

    def add(self, selection: Selection) -> None:
        """Count a batch."""
        batch, size = selection.batch, selection.score.size
        self.mated += selection.mated.size
        self.non_mated += selection.comparisons - selection.mated.size
        if batch.failure is not None:
            failed = int(np.count_nonzero(batch.failure != Failure.NONE))
            self.failures += failed * (size // max(1, batch.failure.size))
        if batch.attack is not None:
            self.attacks += int(np.count_nonzero(batch.attack != UNKNOWN)) * (size // max(1, batch.attack.size))
        if self.fixed is not None:
            reached = np.greater(selection.score >= typed(self.fixed, selection.score), selection.is_mated)
            if selection.usable is not None:
                reached &= selection.usable
            self.fixed_false_matches += int(np.count_nonzero(reached))


class Survey:
    """The first pass. Its parts can be fed one by one, each with every batch in order, or all at once.

    Args:
        folds: parts that people are dealt into; ``None`` for no held-out rates.
        targets: false match rates that thresholds will be asked for.
        fixed: a threshold given beforehand.
        rows: how many rows there are, if known; it is known then how many scores to keep.
        keep: the most of the highest scores to keep.
    """

    def __init__(
        self,
        folds: Folds,
        targets: Sequence[float],
        *,
        held_out: bool = True,
        fixed: float | None = None,
        rows: int | None = None,
        keep: int = KEPT,
    ) -> None:
        self._highest_target = max(targets, default=0.0)
        self._most = keep
        share = math.inf
        if rows is None:
            share = 4 * self._highest_target
        else:
            keep = min(keep, self._needed(rows))
        self.folds = folds
        self.held_out = held_out
        self.counts = RowCounts(fixed)
        self.bins = ScoreBins()
        self.people = PeopleCounts(folds)
        self.top = TopScores(keep, folds, share=share)

    def parts(self) -> tuple[RowCounts | ScoreBins | PeopleCounts | TopScores, ...]:
        """Return the parts that want every selection, the slowest first."""
        return self.bins, self.top, self.people, self.counts

    def add(self, selection: Selection) -> None:
        """Feed a batch to all parts."""
        for part in self.parts():
            part.add(selection)

    def settle(self) -> None:
        """End the pass."""
        if not self.people.known:
            self.top.forget_people()
        self.top.settle(self._needed(self.counts.non_mated))

    def again(self) -> TopScores | None:
        """Return what to feed once more, because fewer of the highest scores were kept than could be; then settle."""
        kept, ties = self.top.everything()
        wanted = min(self._most, self._needed(self.counts.non_mated), self.counts.non_mated)
        if kept.size + ties >= min(wanted, 1 + int(1.5 * self._highest_target * self.counts.non_mated)):
            return None
        self.top = TopScores(wanted, self.folds)
        return self.top

    def _needed(self, rows: int) -> int:
        """Return how many of the highest scores serve every target, also where a fold's people have most of them."""
        return LEAST_KEPT + int(2 * self._highest_target * rows)

    def choose(self, targets: Sequence[float]) -> tuple[ChosenPoint | NotResolvable | NotKept, ...]:
        """Choose the threshold for each FMR, on everybody and without each fold's people."""
        of = self.counts.non_mated
        whole = [self._found(*self.top.everything(), target, of) for target in targets]
        resolved = [place for place, found in enumerate(whole) if isinstance(found, tuple)]
        held_out = self._without_folds([targets[place] for place in resolved])
        apart = dict(zip(resolved, held_out, strict=True))
        return tuple(
            ChosenPoint(target, *found, *apart[place]) if isinstance(found, tuple) else found
            for place, (target, found) in enumerate(zip(targets, whole, strict=True))
        )

    def _found(
        self, highest: NDArray[np.floating], ties: int, target: float, of: int
    ) -> tuple[float, int] | NotKept | NotResolvable:
        if not resolves(target, of):
            return NotResolvable(target, of, target * of)
        return threshold_above(highest, ties, self.top.floor, errors_allowed(target, of))

    def at_fixed(self, target: float, threshold: float) -> ChosenPoint:
        """Return the point of a threshold that was given."""
        return ChosenPoint(target, threshold, self.counts.fixed_false_matches)

    def filled_folds(self) -> list[int]:
        """Return the folds that some comparison's probe falls into."""
        mated = self.mated_by_fold()
        return [fold for fold in range(self.folds.count) if self.people.by_fold[fold].sum() + mated[fold]]

    def mated_by_fold(self) -> NDArray[np.int64]:
        """Return how many mated comparisons show somebody of each fold, shape (folds,)."""
        counts = np.zeros(self.folds.count, dtype=np.int64)
        everybody = np.arange(self.people.mated.size, dtype=np.int32)
        np.add.at(counts, self.folds.of(everybody), self.people.mated)
        return counts

    def _without_folds(self, targets: Sequence[float]) -> list[tuple[NDArray[np.float64] | None, int]]:
        """Choose thresholds without each fold's people and count the fold's own false matches.

        Returns:
            For each target, thresholds by fold and false matches at them; ``None`` where some fold gives none.
        """
        if not self.held_out or not self.people.known or self.folds.count < 2:
            return [(None, 0) for _ in targets]
        thresholds, false = np.full((len(targets), self.folds.count), np.inf), [0] * len(targets)
        for fold in self.filled_folds():
            highest, ties = self.top.without(fold)
            own, of = self.top.of_probes_in(fold), self.people.without(fold)
            for place, target in enumerate(targets):
                found = self._found(highest, ties, target, of)
                thresholds[place, fold] = found[0] if isinstance(found, tuple) else np.nan
                false[place] += count_at_least(own, found[0]) if isinstance(found, tuple) else 0
        return [
            (None, 0) if np.isnan(row).any() else (row, count) for row, count in zip(thresholds, false, strict=True)
        ]
