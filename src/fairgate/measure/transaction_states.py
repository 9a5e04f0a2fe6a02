"""What is known of each transaction so far, in a few arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.transaction_figures import Stage

MOST_ATTEMPTS = 64
"""Attempts of one transaction that are told apart, one bit each; later ones are beyond every policy."""

NEVER = 255
"""The first match of a transaction without one."""

UNSEEN = -1


class TransactionStates:
    """Transactions by code: their attempts, which one matched first, how far they got. 13 bytes a transaction.

    Args:
        attempts: the most attempts that count for how far a transaction got.
        expected: how many transactions there will be, as far as known; there may be more.
    """

    def __init__(self, attempts: int, expected: int = 0) -> None:
        self._attempts = attempts
        self._made = np.zeros(expected, dtype=np.uint64)
        self._rows = np.zeros(expected, dtype=np.uint16)
        self._genuine = np.full(expected, UNSEEN, dtype=np.int8)
        self._first_match = np.full(expected, NEVER, dtype=np.uint8)
        self._stage = np.zeros(expected, dtype=np.uint8)

    def numbers(self, code: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return attempt numbers for rows that state none: as they follow each other within each transaction."""
        self._grow(code)
        numbers: NDArray[np.int64] = self._rows[code].astype(np.int64) + ranks(code) + 1
        return numbers

    def add(
        self,
        code: NDArray[np.integer],
        attempt: NDArray[np.integer],
        genuine: NDArray[np.bool_],
        stage: NDArray[np.uint8],
        row: NDArray[np.integer],
    ) -> None:
        """Add attempts in any order; all columns have shape (n,).

        Args:
            code: of the transaction, from 0.
            attempt: number within it, from 1.
            genuine: the person is whom the reference shows.
            stage: how far the attempt got.
            row: number of each row in the source, for messages.

        Raises:
            ScoresRefused: a number is below 1, one up to :data:`MOST_ATTEMPTS` comes twice in one transaction, or a
                transaction is both genuine and not.
        """
        _refuse(attempt < 1, row, "has an attempt below 1")
        self._grow(code)
        code = code.astype(np.intp)
        self._note_sides(code, genuine, row)
        if (late := attempt > MOST_ATTEMPTS).any():
            code, attempt, stage, row = code[~late], attempt[~late], stage[~late], row[~late]
        # Powers of two that are all different add up to as many set bits as there are powers; a repeated one carries.
        np.add.at(self._made, code, np.left_shift(np.uint64(1), (attempt - 1).astype(np.uint64)))
        np.add.at(self._rows, code, np.uint16(1))
        again = np.bitwise_count(self._made[code]) != self._rows[code]
        _refuse(again, row, "is in a transaction that has an attempt number twice")
        matched = stage == Stage.MATCHED
        np.minimum.at(self._first_match, code[matched], attempt[matched].astype(np.uint8))
        counts = attempt <= self._attempts
        np.maximum.at(self._stage, code[counts], stage[counts])

    def _note_sides(self, code: NDArray[np.integer], genuine: NDArray[np.bool_], row: NDArray[np.integer]) -> None:
        before = self._genuine[code]
        odd = (before != UNSEEN) & (before != genuine)
        self._genuine[code] = genuine
        odd |= self._genuine[code] != genuine
        _refuse(odd, row, "is in a transaction that is mated in one attempt and not in another")

    def counted(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return transactions by stage, shape (2, 5), and by first match within the policy, shape (2, attempts seen).

        The first row is of impostors, the second of genuine ones.
        """
        seen = self._genuine != UNSEEN
        made = int(np.bitwise_or.reduce(self._made)) if self._made.size else 0
        most = max(1, min(self._attempts, made.bit_length()))
        stages = np.zeros((2, len(Stage)), dtype=np.int64)
        first = np.zeros((2, most), dtype=np.int64)
        for genuine in (0, 1):
            of_kind = seen & (self._genuine == genuine)
            stages[genuine] = np.bincount(self._stage[of_kind], minlength=len(Stage))
            first[genuine] = np.bincount(self._first_match[of_kind], minlength=NEVER + 1)[1 : most + 1]
        return stages, first

    def _grow(self, code: NDArray[np.integer]) -> None:
        """Make room up to the highest code, at least doubling so that growing stays cheap."""
        need = int(code.max(initial=-1)) + 1
        size = self._made.size
        if need <= size:
            return
        more = max(need, 2 * size) - size
        self._made = np.append(self._made, np.zeros(more, dtype=np.uint64))
        self._rows = np.append(self._rows, np.zeros(more, dtype=np.uint16))
        self._genuine = np.append(self._genuine, np.full(more, UNSEEN, dtype=np.int8))
        self._first_match = np.append(self._first_match, np.full(more, NEVER, dtype=np.uint8))
        self._stage = np.append(self._stage, np.zeros(more, dtype=np.uint8))


def ranks(code: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return for each row how many earlier rows have its code."""
    order = np.argsort(code, kind="stable")
    ordered = code[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    rank = np.empty(code.size, dtype=np.int64)
    rank[order] = np.arange(code.size) - np.repeat(begins, np.diff(np.append(begins, code.size)))
    return rank


def _refuse(odd: NDArray[np.bool_], row: NDArray[np.integer], why: str) -> None:
    if odd.any():
        raise ScoresRefused(f"Row {int(row[int(np.argmax(odd))])} {why}.")
