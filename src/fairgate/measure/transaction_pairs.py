"""Transactions where only attempts and people are stated: a number that comes again begins the next one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.transaction_states import MOST_ATTEMPTS

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
            attempt: from 1, shape (n,); above :data:`MOST_ATTEMPTS` a number that comes again begins nothing.
        """
        by_key = np.argsort(key, kind="stable")
        ordered = key[by_key]
        begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
        rows_of_key = np.diff(np.append(begins, key.size))
        pair = np.repeat(self._pairs(ordered[begins]), rows_of_key)
        rank = np.arange(key.size) - np.repeat(begins, rows_of_key)
        number = attempt[by_key]
        bit = np.left_shift(np.uint64(1), np.minimum(number - 1, MOST_ATTEMPTS - 1).astype(np.uint64))
        bit[number > MOST_ATTEMPTS] = 0
        given = self._rounds(pair, rank, bit)
        found = np.empty(key.size, dtype=np.int32)
        found[by_key] = given
        return found

    def _rounds(self, pair: NDArray[np.int64], rank: NDArray[np.int64], bit: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Go through the rows of all pairs at once, first the first of each, then the second; the last few singly."""
        found = np.empty(pair.size, dtype=np.int32)
        small = rank.size == 0 or int(rank.max()) < 1 << 16
        order = np.argsort(rank.astype(np.uint16) if small else rank, kind="stable")  # 16 bits are sorted by radix
        start = 0
        for end in np.cumsum(np.bincount(rank)):
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

    def _pairs(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a lasting number of each pair; a new one begins a transaction.

        Args:
            keys: ascending and distinct.
        """
        place = np.searchsorted(self._keys, keys)
        known = place < self._keys.size
        known[known] = self._keys[place[known]] == keys[known]
        pairs = np.empty(keys.size, dtype=np.int64)
        pairs[known] = self._pair_of_key[place[known]]
        fresh = ~known
        news = int(np.count_nonzero(fresh))
        if news:
            pairs[fresh] = self._current.size + np.arange(news)
            self._current = np.append(self._current, np.arange(self.count, self.count + news, dtype=np.int32))
            self._made = np.append(self._made, np.zeros(news, dtype=np.uint64))
            self.count += news
            self._pair_of_key = np.insert(self._pair_of_key, place[fresh], pairs[fresh])
            self._keys = np.insert(self._keys, place[fresh], keys[fresh])
        return pairs
