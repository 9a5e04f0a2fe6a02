"""The highest scores of many searches, each person once, in memory bounded by the number of searches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 256 << 20
"""Memory that the kept scores may take."""

SLOTS = 32
"""Scores kept of each search, where memory allows."""

_BYTES_A_SLOT = 12
_PENDING = 2_000_000


class SearchTops:
    """Keeps the best score of each of the highest-scoring people of every search.

    What is kept does not depend on the order of offering, except that ties at the last place are cut alike: a search is
    known completely above its floor, and only above it.

    Args:
        least_slots: when not even so many scores fit into memory for each search, nothing is kept any more.
        most_bytes: memory for the kept scores.
        slots: scores to keep of each search.
    """

    def __init__(self, least_slots: int, *, most_bytes: int = MOST_BYTES, slots: int = SLOTS) -> None:
        self.slots = slots
        self.overflowed = False
        self._least = least_slots
        self._most = most_bytes
        self._searches = 0
        self._scores = np.empty((0, slots))
        self._who = np.empty((0, slots), dtype=np.int32)
        self._floors = np.empty(0)
        self._pending: list[tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.int32]]] = []
        self._waiting = 0

    def grow(self, searches: int) -> None:
        """Make room for so many searches, giving up slots where memory would not do."""
        while searches * self.slots * _BYTES_A_SLOT > self._most and not self.overflowed:
            if self.slots // 2 < self._least:
                self.overflowed = True
                self.slots, searches = 1, 0
                self._searches, self._pending, self._waiting = 0, [], 0
                self._scores, self._who = np.empty((0, 1)), np.empty((0, 1), dtype=np.int32)
                self._floors = np.empty(0)
                return
            self._narrow(self.slots // 2)
        if self.overflowed:
            return
        room = len(self._floors)
        if searches > room:
            # Half as much again, so that growing step by step copies each score only a few times.
            more = max(searches, room + room // 2) - room
            more = min(more, max(searches - room, self._most // (self.slots * _BYTES_A_SLOT) - room))
            self._scores = np.vstack([self._scores, np.full((more, self.slots), -np.inf)])
            self._who = np.vstack([self._who, np.zeros((more, self.slots), dtype=np.int32)])
            self._floors = np.append(self._floors, np.full(more, -np.inf))
        self._searches = max(self._searches, searches)

    def floors(self) -> NDArray[np.float64]:
        """Return the score of each search at or below which some may be missing; ``-inf`` where all are kept."""
        return self._floors[: self._searches]

    def raise_floors(self, search: NDArray[np.intp], floors: NDArray[np.floating]) -> None:
        """Say that scores at or below these were not all offered."""
        np.maximum.at(self._floors, search, floors.astype(np.float64))

    def offer(self, search: NDArray[np.intp], score: NDArray[np.floating], who: NDArray[np.int32]) -> None:
        """Take scores of other people's references; any order, any number of a person.

        Args:
            search: below the number that :meth:`grow` was told.
            score: finite.
            who: code of the person on the reference.
        """
        hopeful = score > self._floors[search]
        self._pending.append((search[hopeful], score[hopeful].astype(np.float64), who[hopeful]))
        self._waiting += self._pending[-1][0].size
        if self._waiting > max(_PENDING, self._scores.size // 2):
            self._settle()

    def finish(self) -> NDArray[np.float64]:
        """Return the kept scores, shape (searches, slots), descending in each row, ``-inf`` where there is none."""
        self._settle()
        self._who = np.empty((0, self.slots), dtype=np.int32)
        return self._scores[: self._searches]

    def _settle(self) -> None:
        if not self._waiting:
            self._pending = []
            return
        search, score, who = (np.concatenate(column) for column in zip(*self._pending, strict=True))
        self._pending, self._waiting = [], 0
        touched, row = np.unique(search, return_inverse=True)
        kept_row, kept_slot = np.nonzero(self._scores[touched] > -np.inf)
        row = np.concatenate([row, kept_row])
        score = np.concatenate([score, self._scores[touched[kept_row], kept_slot]])
        who = np.concatenate([who, self._who[touched[kept_row], kept_slot]])
        row, score, who = _best_of_each(row, score, who)
        order = np.lexsort((-score, row))
        row, score, who = row[order], score[order], who[order]
        place = np.arange(row.size) - np.searchsorted(row, row)
        first_cut = place == self.slots
        np.maximum.at(self._floors, touched[row[first_cut]], score[first_cut])
        kept = place < self.slots
        self._scores[touched] = -np.inf
        self._scores[touched[row[kept]], place[kept]] = score[kept]
        self._who[touched[row[kept]], place[kept]] = who[kept]

    def _narrow(self, slots: int) -> None:
        self._settle()
        if len(self._floors):
            self._floors = np.maximum(self._floors, self._scores[:, slots])
        self._scores, self._who = self._scores[:, :slots].copy(), self._who[:, :slots].copy()
        self.slots = slots


def _best_of_each(
    row: NDArray[np.intp], score: NDArray[np.float64], who: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.int32]]:
    """Return the highest score of each person in each row, in any order."""
    key = (row.astype(np.int64) << 32) + who
    one_each = np.sort(key)
    if not (one_each[1:] == one_each[:-1]).any():
        return row, score, who
    order = np.argsort(key)
    key = key[order]
    starts = np.append(0, np.flatnonzero(key[1:] != key[:-1]) + 1)
    first = order[starts]
    return row[first], np.maximum.reduceat(score[order], starts), who[first]
