"""Transactions where only attempts and people are stated: a number that comes again begins the next one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.transaction_states import ranks

FEW = 32
"""Pairs at which going through their rows one by one is quicker than in rounds of one row a pair."""


class TransactionsOfPairs:
    """Codes of transactions by pair of people, given out as rows come. 28 bytes a pair.

    Rows of one pair must come transaction by transaction; within a transaction attempts may come in any order.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.int64)
        self._pair_of_key = np.empty(0, dtype=np.int64)
        self._current = np.empty(0, dtype=np.int32)
        self._made = np.empty(0, dtype=np.uint64)
        self.count = 0

    def codes(self, key: NDArray[np.int64], attempt: NDArray[np.integer]) -> NDArray[np.int32]:
        """Return the transaction of each row.

        Args:
            key: one number for each pair of people, shape (n,).
            attempt: from 1 to 64, shape (n,).
        """
        pair = self._pairs(key)
        bit = np.left_shift(np.uint64(1), (attempt - 1).astype(np.uint64))
        found = np.empty(key.size, dtype=np.int32)
        rank = ranks(pair)
        order = np.argsort(rank, kind="stable")
        ends = np.cumsum(np.bincount(rank))
        start = 0
        for end in ends:
            if end - start <= FEW:
                break
            at = order[start:end]
            who = pair[at]
            again = (self._made[who] & bit[at]) != 0
            self._current[who[again]] = self.count + np.arange(np.count_nonzero(again))
            self.count += int(np.count_nonzero(again))
            self._made[who[again]] = 0
            self._made[who] |= bit[at]
            found[at] = self._current[who]
            start = end
        for at in order[start:]:
            who = pair[at]
            if self._made[who] & bit[at]:
                self._current[who] = self.count
                self.count += 1
                self._made[who] = 0
            self._made[who] |= bit[at]
            found[at] = self._current[who]
        return found

    def _pairs(self, key: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a lasting number of each row's pair; a new pair begins a transaction."""
        keys, of_key = np.unique(key, return_inverse=True)
        place = np.searchsorted(self._keys, keys)
        known = place < self._keys.size
        known[known] = self._keys[place[known]] == keys[known]
        fresh = keys[~known]
        first = self._current.size
        self._current = np.append(self._current, np.arange(self.count, self.count + fresh.size, dtype=np.int32))
        self._made = np.append(self._made, np.zeros(fresh.size, dtype=np.uint64))
        self.count += fresh.size
        self._pair_of_key = np.insert(self._pair_of_key, place[~known], first + np.arange(fresh.size))
        self._keys = np.insert(self._keys, place[~known], fresh)
        pairs: NDArray[np.int64] = self._pair_of_key[np.searchsorted(self._keys, keys)][of_key]
        return pairs
