"""Two attributes together: each pair of labels that occurs is a group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.groups.counts import Counting, Labels

MOST_LABELS = 200
"""The most groups of a crossing; with more, hardly any would have the comparisons to show anything."""

NEW = -2
"""Stands for a pair of labels that no comparison had so far."""


class Crossing:
    """Counts by pairs of labels, of which only those that occur are given a code.

    Args:
        first: how many labels the first attribute has.
        second: how many the second has.
        people: how many people there are; ``None`` where they are unknown.
    """

    def __init__(self, first: int, second: int, people: int | None) -> None:
        self._second = second
        table = np.full((first + 1, second + 1), NEW, dtype=np.int32)
        table[0, :] = table[:, 0] = -1
        self._table = table.reshape(-1)
        self._pairs: list[int] = []
        self.counting = Counting(min(MOST_LABELS, first * second), people)
        self.abandoned = False

    def combine(self, first: Labels, second: Labels) -> Labels:
        """Return the codes of the pairs, ``-1`` where either label is unknown; shape (n,) as both arguments."""
        place: NDArray[np.intp] = first.astype(np.intp)
        place += 1
        place *= self._second + 1
        place += second
        place += 1
        code = self._table.take(place)
        if code.size and code.min() == NEW:
            self._name(np.unique(place[code == NEW]))
            code = self._table.take(place)
        return code

    def labels(self, first: Sequence[str], second: Sequence[str]) -> list[str]:
        """Return the groups' labels by code."""
        pairs = (divmod(place, self._second + 1) for place in self._pairs)
        return [f"{first[one - 1]} × {second[other - 1]}" for one, other in pairs]

    def _name(self, places: NDArray[np.intp]) -> None:
        if len(self._pairs) + places.size > MOST_LABELS:
            self.abandoned = True
            self.counting = Counting(0, None)
            return
        self._table[places] = np.arange(len(self._pairs), len(self._pairs) + places.size)
        self._pairs.extend(int(place) for place in places)
