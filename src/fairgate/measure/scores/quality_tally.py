"""Second pass: misses among mated comparisons by quality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.discard import Quality, Side
from fairgate.measure.discard_bins import EXACT_UP_TO, QualityBins
from fairgate.measure.discard_figures import AREA_UP_TO, EXAMPLE_DISCARD, quality_figures
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.scores.batch import UNKNOWN, Names, ScoreBatch
from fairgate.measure.scores.selection import take

PREFERRED = (Side.LOWER_OF_BOTH, Side.PROBE, Side.REFERENCE)


class QualityTally:
    """Counts misses by the probe's, the reference's and the lower of both qualities, as far as a source states them.

    Memory goes with distinct qualities (up to :data:`~fairgate.measure.discard_bins.EXACT_UP_TO`) times labels.

    Args:
        threshold: a score at or above it is a match.
        target: the FMR that it is for.
        names: of the source, complete (a first pass is done).
        side: whose quality counts; ``None`` for the lower of both where the source states both, else the one it
            states. One that at least half as many comparisons state as the best-stated one counts as stated.
        area_up_to: discard share up to which the area goes, in (0, 1].
        example_discard: share at which groups are compared, in (0, 1).
        exact_up_to: distinct qualities that are kept apart.
    """

    def __init__(
        self,
        threshold: float,
        target: float,
        names: Names,
        *,
        side: Side | None = None,
        area_up_to: float = AREA_UP_TO,
        example_discard: float = EXAMPLE_DISCARD,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self._threshold = np.float64(threshold)  # a float32 score must not round it
        self._target = target
        self._names = names
        self._side = side
        self._area_up_to = area_up_to
        self._example_discard = example_discard
        self._exact_up_to = exact_up_to
        self._mated = 0
        self._bins: dict[Side, QualityBins] = {}

    def add(self, batch: ScoreBatch) -> None:
        """Count a batch's mated comparisons."""
        if batch.probe_quality is None and batch.reference_quality is None:
            return
        shape = batch.score.shape
        at = np.flatnonzero(np.broadcast_to(batch.mated, shape))
        score = take(batch.score, shape, at)
        compared = np.isfinite(score)
        if batch.attack is not None:
            compared &= take(batch.attack, shape, at) == UNKNOWN
        at, missed = at[compared], score[compared] < self._threshold
        self._mated += at.size
        for side, quality in self._qualities(batch, at).items():
            stated = np.isfinite(quality)
            labels = {name: codes[stated] for name, codes in _labels(batch, at, side).items()}
            self._bins_of(side).add(quality[stated], missed[stated], labels)

    def figures(self, confidence: float = CONFIDENCE, side: Side | None = None) -> Quality | None:
        """Return the curve; ``None`` where no mated comparison states the quality asked for.

        Args:
            confidence: of each interval.
            side: another than the tally was made for.
        """
        chosen = side or self._side or self._best_stated()
        if chosen is None or chosen not in self._bins:
            return None
        bins = self._bins[chosen]
        return quality_figures(
            bins,
            chosen,
            self._names.groups,
            target=self._target,
            threshold=float(self._threshold),
            without_quality=self._mated - int(bins.counts.sum()),
            confidence=confidence,
            area_up_to=self._area_up_to,
            example_discard=self._example_discard,
        )

    @property
    def sides(self) -> tuple[Side, ...]:
        """Whose quality is stated by some mated comparison, the preferred first."""
        return tuple(side for side in PREFERRED if side in self._bins and self._bins[side].counts.any())

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be counted, in whole sentences."""
        if self._mated and not self.sides:
            return ("There is a column of qualities, but no mated comparison states one.",)
        return ()

    def _best_stated(self) -> Side | None:
        stated = {side: int(self._bins[side].counts.sum()) for side in self.sides}
        enough = max(stated.values(), default=0) / 2
        return next((side for side, count in stated.items() if count >= enough), None)

    def _bins_of(self, side: Side) -> QualityBins:
        if side not in self._bins:
            labels = {name: len(found) for name, found in self._names.groups.items()}
            self._bins[side] = QualityBins(labels, exact_up_to=self._exact_up_to)
        return self._bins[side]

    def _qualities(self, batch: ScoreBatch, at: NDArray[np.intp]) -> dict[Side, NDArray[np.float32]]:
        """Return the qualities of the mated comparisons by side; NaN where not stated, on either side for both."""
        columns = {Side.PROBE: batch.probe_quality, Side.REFERENCE: batch.reference_quality}
        stated = {side: take(column, batch.score.shape, at) for side, column in columns.items() if column is not None}
        if len(stated) == 2:
            stated[Side.LOWER_OF_BOTH] = np.minimum(*stated.values())
        return {side: quality for side, quality in stated.items() if self._side in (None, side)}


def _labels(batch: ScoreBatch, at: NDArray[np.intp], side: Side) -> dict[str, NDArray[np.int16]]:
    """Return the labels of whose quality counts, by attribute; where that side has none, the other's."""
    labels = {}
    for name, both in batch.groups.items():
        sides = (both.reference, both.probe) if side is Side.REFERENCE else (both.probe, both.reference)
        first, second = (take(column, batch.score.shape, at) for column in sides)
        labels[name] = np.where(first == UNKNOWN, second, first)
    return labels
