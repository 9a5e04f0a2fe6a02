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
        self.own_trials = np.zeros(0, dtype=np.int64)
        self.own_errors = np.zeros(0, dtype=np.int64)
        self.mated_trials = np.zeros(0, dtype=np.int64)
        self.mated_errors = np.zeros(0, dtype=np.int64)

    def places(self, person: NDArray[np.integer], label: NDArray[np.integer]) -> Codes:
        """Return the place of each person with each label. To ask is to note that the person was seen with the label.

        Args:
            person: shape (n,), each in [-1, people]; -1 is anybody unknown.
            label: shape (n,), each at least 0.
        """
        who: Codes = person.astype(np.intp)
        if who.size and who.min() < 0:
            who = np.where(who < 0, self._width - 1, who)
        return self._in_layer(0, who, label)

    def meet(self, person: NDArray[np.integer], label: NDArray[np.integer]) -> None:
        """Note who was seen with which label, quickly where nearly all are known; arguments as of :meth:`places`."""
        if not self._labels:
            self._grow()
        fresh = np.flatnonzero(self._labels[0].take(person) != label)
        fresh = fresh[label[fresh] >= 0]
        if fresh.size:
            self.places(person[fresh], label[fresh])

    def by_label(self, labels: int) -> list[Codes]:
        """Return the places of each label in turn, in ascending order."""
        held = np.concatenate(self._labels) if self._labels else np.zeros(0, dtype=np.int32)
        order = np.argsort(held, kind="stable")
        ends = np.searchsorted(held[order], np.arange(labels + 1))
        return [order[first:last] for first, last in pairwise(ends)]

    def known(self, places: Codes) -> int:
        """Return how many of these places belong to a known person."""
        return int(np.count_nonzero(places % self._width != self._width - 1))

    def _in_layer(self, layer: int, who: Codes, label: NDArray[np.integer]) -> Codes:
        if layer == len(self._labels):
            self._grow()
        held = self._labels[layer]
        place: Codes = who + layer * self._width if layer else who
        other = np.flatnonzero(held.take(who) != label)
        if other.size == 0:
            return place
        its, theirs = who[other], label[other]
        free = held[its] == NOBODY
        if free.any():
            held[its[free]] = theirs[free]
            still = np.flatnonzero(held[its] != theirs)
            other, its, theirs = other[still], its[still], theirs[still]
        if other.size:
            place = place.copy()
            place[other] = self._in_layer(layer + 1, its, theirs)
        return place

    def _grow(self) -> None:
        self._labels.append(np.full(self._width, NOBODY, dtype=np.int32))
        more = np.zeros(self._width, dtype=np.int64)
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
