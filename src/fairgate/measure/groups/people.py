"""Counts by person and group, in memory that grows with the people and with how many groups one person is in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.intp]

NOBODY = -1
"""The label of a place that no person has taken yet."""


class PeopleInGroups:
    """Gives each pair of a person and a label that occurs a place, and counts there.

    Most people have one label, e.g. one sex; some have several, e.g. an age band at each capture. So there is a layer
    of one place a person for the first label seen, a second layer for the second, and so on.

    Args:
        people: how many people there are; codes run from 0. Code ``people`` stands for everybody unknown.
    """

    def __init__(self, people: int) -> None:
        self._width = people + 1
        self._labels: list[NDArray[np.int32]] = []
        self._seen = np.zeros(0, dtype=bool)
        self.own_trials = np.zeros(0, dtype=np.int64)
        self.own_errors = np.zeros(0, dtype=np.int64)
        self.mated_trials = np.zeros(0, dtype=np.int64)
        self.mated_errors = np.zeros(0, dtype=np.int64)

    def places(self, person: NDArray[np.integer], label: NDArray[np.integer]) -> Codes:
        """Return the place of each person with each label.

        Args:
            person: shape (n,), each in [-1, people]; -1 is anybody unknown.
            label: shape (n,), each at least 0.
        """
        who: Codes = person.astype(np.intp)
        if who.size and who.min() < 0:
            who = np.where(who < 0, self._width - 1, who)
        return self._in_layer(0, who, label)

    def see(self, places: Codes) -> None:
        """Note that these people took part in a comparison with these labels."""
        self._seen[places] = True

    def by_label(self, labels: int) -> list[Codes]:
        """Return the places of each label in turn, in ascending order."""
        held = np.concatenate(self._labels) if self._labels else np.zeros(0, dtype=np.int32)
        order = np.argsort(held, kind="stable")
        ends = np.searchsorted(held[order], np.arange(labels + 1))
        return [order[first:last] for first, last in pairwise(ends)]

    def people_seen(self, places: Codes) -> int:
        """Return how many of these places belong to a known person who took part in a comparison."""
        known = places % self._width != self._width - 1
        return int(np.count_nonzero(self._seen[places] & known))

    def _in_layer(self, layer: int, who: Codes, label: NDArray[np.integer]) -> Codes:
        if layer == len(self._labels):
            self._grow()
        held = self._labels[layer]
        at = held[who]
        fits = at == label
        if not fits.all():
            free = np.flatnonzero(at == NOBODY)
            if free.size:
                held[who[free]] = label[free]
                fits = held[who] == label
        place: Codes = who + layer * self._width
        if not fits.all():
            other = np.flatnonzero(~fits)
            place[other] = self._in_layer(layer + 1, who[other], label[other])
        return place

    def _grow(self) -> None:
        self._labels.append(np.full(self._width, NOBODY, dtype=np.int32))
        more = np.zeros(self._width, dtype=np.int64)
        self._seen = np.concatenate([self._seen, more.astype(bool)])
        self.own_trials = np.concatenate([self.own_trials, more])
        self.own_errors = np.concatenate([self.own_errors, more])
        self.mated_trials = np.concatenate([self.mated_trials, more])
        self.mated_errors = np.concatenate([self.mated_errors, more])


def count_at(counts: NDArray[np.int64], places: Codes) -> None:
    """Add one at each place, as often as it is named."""
    if places.size * 4 > counts.size:
        counts += np.bincount(places, minlength=counts.size)
    else:
        np.add.at(counts, places, 1)
