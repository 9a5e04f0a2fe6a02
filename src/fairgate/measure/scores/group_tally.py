"""Errors by group at one threshold: the second pass over the scores, for every attribute and crossing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from fairgate.errors import ScoresRefused
from fairgate.measure.groups.analysis import group_figures
from fairgate.measure.groups.counts import Counting, GroupCounts, Labels
from fairgate.measure.groups.crossing import MOST_LABELS, Crossing
from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.scores.batch import Names, ScoreBatch
from fairgate.measure.scores.group_rows import FlatRows, flat_rows, is_matrix, labels_of, matrix_cells


class GroupTally:
    """Counts comparisons and errors by group. Memory is bounded by people times the groups that each is in.

    Args:
        names: complete, as after the first pass.
        attributes: which of ``names.groups`` to count; ``None`` for all.
        crossings: attributes to cross; ``None`` for every two of ``attributes``.
        threshold: a score at or above it is a match, in every group.
        people: how many people there are; ``None`` where the source does not say who took part. Intervals then take
            all comparisons for independent.

    Raises:
        ScoresRefused: an attribute is asked for that the source lacks.
    """

    def __init__(
        self,
        names: Names,
        attributes: Sequence[str] | None,
        crossings: Sequence[tuple[str, str]] | None,
        threshold: float,
        people: int | None,
    ) -> None:
        self._names = names
        self._threshold = threshold
        self._people = people
        self._notes: list[str] = []
        chosen = tuple(dict.fromkeys(names.groups if attributes is None else attributes))
        pairs = tuple(combinations(chosen, 2)) if crossings is None else tuple(dict.fromkeys(crossings))
        for name in (*chosen, *(name for pair in pairs for name in pair)):
            if name not in names.groups:
                raise ScoresRefused(f"There are no labels of {name}.")
        self._counting = {name: Counting(len(names.groups[name]), people) for name in chosen if self._has_room(name)}
        self._crossings = {
            pair: Crossing(len(names.groups[pair[0]]), len(names.groups[pair[1]]), people)
            for pair in pairs
            if pair[0] != pair[1]
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out or bounded, in whole sentences."""
        notes = list(self._notes)
        for (first, second), crossing in self._crossings.items():
            if crossing.abandoned:
                notes.append(
                    f"The groups by {first} and {second} together are more than {MOST_LABELS} and are not shown."
                )
        if self._people is None and (self._counting or self._crossings):
            notes.append(
                "The scores do not say whose they are: the groups' intervals take every comparison as independent."
            )
        return tuple(notes)

    def add(self, batch: ScoreBatch) -> None:
        """Count a batch."""
        if batch.score.size == 0 or not (self._counting or self._crossings):
            return
        if is_matrix(batch):
            self._add_matrix(batch)
        else:
            for flat in flat_rows(batch, self._threshold, self._used()):
                self._add_rows(flat)

    def counts(self) -> tuple[GroupCounts, ...]:
        """Return what was counted so far: attributes in order, then crossings."""
        counts = [
            counting.counts(name, self._names.groups[name], range(len(self._names.groups[name])))
            for name, counting in self._counting.items()
        ]
        for (first, second), crossing in self._crossings.items():
            if not crossing.abandoned:
                labels = crossing.labels(self._names.groups[first], self._names.groups[second])
                name = f"{first} × {second}"
                counts.append(crossing.counting.counts(name, labels, crossing.counting.occurring()))
        return tuple(counted for counted in counts if counted.labels)

    def figures(self, target: float, confidence: float = CONFIDENCE) -> tuple[GroupFigures, ...]:
        """Return what is said about each attribute and crossing.

        Args:
            target: the FMR that the threshold is for.
            confidence: that all intervals of one attribute hold at once, in (0, 1).
        """
        return tuple(group_figures(counts, target, self._threshold, confidence) for counts in self.counts())

    def _has_room(self, name: str) -> bool:
        labels = len(self._names.groups[name])
        if labels > MOST_LABELS * 2:
            self._notes.append(f"The labels of {name} are {labels}, more than {MOST_LABELS * 2}, and are not shown.")
        return labels <= MOST_LABELS * 2

    def _used(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._counting, *(name for pair in self._crossings for name in pair)]))

    def _add_rows(self, flat: FlatRows) -> None:
        for counting, probe, reference in self._sides(flat.groups):
            counting.add_rows(probe, reference, flat.rows)

    def _add_matrix(self, batch: ScoreBatch) -> None:
        cells = matrix_cells(batch, self._threshold)
        columns = {name: batch.groups[name] for name in self._used() if name in batch.groups}
        groups = {
            name: (labels_of(both.probe, cells.rows), labels_of(both.reference, cells.columns))
            for name, both in columns.items()
        }
        for counting, probe, reference in self._sides(groups):
            counting.add_matrix(probe, reference, cells)

    def _sides(self, groups: Mapping[str, tuple[Labels, Labels]]) -> Iterator[tuple[Counting, Labels, Labels]]:
        """Yield where to count each attribute and crossing, with the labels of both sides."""
        for name, counting in self._counting.items():
            if name in groups:
                yield counting, *groups[name]
        for (first, second), crossing in self._crossings.items():
            if first in groups and second in groups and not crossing.abandoned:
                probe = crossing.combine(groups[first][0], groups[second][0])
                reference = crossing.combine(groups[first][1], groups[second][1])
                if not crossing.abandoned:
                    yield crossing.counting, probe, reference
