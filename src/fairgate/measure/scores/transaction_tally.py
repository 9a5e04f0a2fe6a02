"""Second pass: transactions, their attempts, and how far they got."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.scores.batch import UNKNOWN, Failure, Names, ScoreBatch
from fairgate.measure.scores.selection import take
from fairgate.measure.transaction_figures import Stage, ToldApart, TransactionCounts, transaction_figures
from fairgate.measure.transaction_pairs import TransactionsOfPairs
from fairgate.measure.transaction_states import MOST_ATTEMPTS, TransactionStates
from fairgate.measure.transactions import Transactions

MOST_TRANSACTIONS = 30_000_000
"""Beyond, what would have to be kept of each transaction grows past a gigabyte, and none is evaluated."""

STAGE_OF_FAILURE = np.array(
    [Stage.WITH_REFERENCE, Stage.OFFERED, Stage.CAPTURED, Stage.USABLE], dtype=np.uint8
)  # by Failure
NOBODY, SOUGHT, FOUND = range(3)


class TransactionTally:
    """Counts transactions of bona fide rows that have a score or a failure.

    Where transactions are told apart, memory is 13 bytes for each (41 by people), else it does not grow.

    Args:
        threshold: a score at or above it is a match.
        target: the FMR that it is for.
        attempts: the most attempts that the policy allows, from 1.
        names: of the source, complete (a first pass is done).
        columns: of the source; without ``transaction``, ``attempt`` and ``failure`` nothing is counted.

    Raises:
        ScoresRefused: ``attempts`` is not in 1 to 64.
    """

    def __init__(self, threshold: float, target: float, attempts: int, names: Names, columns: Sequence[str]) -> None:
        if not 1 <= attempts <= MOST_ATTEMPTS:
            raise ScoresRefused(f"A transaction can have 1 to {MOST_ATTEMPTS} attempts, not {attempts}.")
        self._threshold = np.float64(threshold)  # a float32 score must not round it
        self._target = target
        self._allowed = attempts
        self._told = bool({"transaction", "attempt", "failure"} & set(columns))
        self._failures_told = "failure" in columns
        self._told_apart = _told_apart(set(columns))
        self._states = TransactionStates(attempts)
        self._pairs = TransactionsOfPairs()
        self._people = np.zeros(len(names.subjects), dtype=np.uint8)
        self._people_known = bool({"probe_subject", "reference_subject"} & set(columns))
        self._subjects, self._galleries = len(names.subjects), len(names.galleries)
        self._alone = np.zeros((2, len(Stage)), dtype=np.int64)
        self._attempts = self._not_acquired = 0
        self._too_many = False

    def add(self, batch: ScoreBatch) -> None:
        """Count a batch.

        Raises:
            ScoresRefused: an attempt's number makes no sense or comes twice in one transaction, or a transaction is
                mated in one attempt and not in another.
        """
        if not self._told:
            return
        shape = batch.score.shape
        counts = np.isfinite(batch.score)
        if batch.failure is not None:
            counts = counts | (batch.failure != Failure.NONE)
        if batch.attack is not None:
            counts = counts & (batch.attack == UNKNOWN)
        if self._told_apart is ToldApart.NOT_AT_ALL:
            counts = self._without_plain_impostors(batch, counts)
        at = np.flatnonzero(np.broadcast_to(counts, shape))
        genuine = take(batch.mated, shape, at)
        stage = self._stages(batch, at)
        self._attempts += at.size
        self._not_acquired += int(np.count_nonzero(stage < Stage.USABLE))
        self._note_people(batch, at[genuine], stage[genuine])
        together = self._add_together(batch, at, genuine, stage)
        cell = genuine[~together].astype(np.int64) * len(Stage) + stage[~together]
        self._alone += np.bincount(cell, minlength=self._alone.size).reshape(self._alone.shape)

    def figures(self, confidence: float = CONFIDENCE) -> Transactions | None:
        """Return the rates; ``None`` where the source tells neither attempts nor failures, or has no row."""
        if not self._told or self._attempts == 0 or self._too_many:
            return None
        stages, first_match = self._states.counted()
        first_match[:, 0] += self._alone[:, Stage.MATCHED]
        counts = TransactionCounts(
            stages=stages + self._alone,
            first_match=first_match,
            attempts=self._attempts,
            not_acquired=self._not_acquired,
            people=int(np.count_nonzero(self._people)) if self._people_known else None,
            people_without=int(np.count_nonzero(self._people == SOUGHT)),
            failures_known=self._failures_told,
        )
        return transaction_figures(
            counts,
            self._told_apart,
            target=self._target,
            threshold=float(self._threshold),
            attempts=self._allowed,
            confidence=confidence,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be counted as asked, in whole sentences."""
        if self._too_many:
            return ("There are too many transactions, or people, to follow each of them; no transaction is evaluated.",)
        if self._told_apart is not ToldApart.NOT_AT_ALL and (lone := int(self._alone.sum())):
            return (f"What attempt they are is unknown of {lone} rows; each counts as a transaction of one attempt.",)
        return ()

    def _without_plain_impostors(self, batch: ScoreBatch, counts: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Count impostors' scores, which may be a hundred million, as a whole; return the rows left to look at."""
        plain = counts & ~batch.mated
        if batch.failure is not None:
            plain &= batch.failure == Failure.NONE
        of = int(np.count_nonzero(plain))
        matched = int(np.count_nonzero(plain & (batch.score >= self._threshold)))
        self._alone[0, Stage.MATCHED] += matched
        self._alone[0, Stage.WITH_REFERENCE] += of - matched
        self._attempts += of
        return counts & ~plain

    def _stages(self, batch: ScoreBatch, at: NDArray[np.intp]) -> NDArray[np.uint8]:
        score = take(batch.score, batch.score.shape, at)
        stage: NDArray[np.uint8] = np.where(
            score >= self._threshold, np.uint8(Stage.MATCHED), np.uint8(Stage.WITH_REFERENCE)
        )
        if batch.failure is not None:
            failure = take(batch.failure, batch.score.shape, at)
            stage = np.where(failure == Failure.NONE, stage, STAGE_OF_FAILURE[failure])
        return stage

    def _note_people(self, batch: ScoreBatch, at: NDArray[np.intp], stage: NDArray[np.uint8]) -> None:
        """Note of whom a reference was sought and of whom one was found; genuine rows alone."""
        columns = (batch.probe_subject, batch.reference_subject)
        self._people_known &= batch.score.size == 0 or any(column is not None for column in columns)
        for column in columns:
            if column is not None:
                who = take(column, batch.score.shape, at)
                known = who != UNKNOWN
                self._people = _with_room(self._people, who)
                for least, mark in ((Stage.USABLE, SOUGHT), (Stage.WITH_REFERENCE, FOUND)):
                    some = who[known & (stage >= least)]
                    self._people[some] = np.maximum(self._people[some], np.uint8(mark))

    def _add_together(
        self, batch: ScoreBatch, at: NDArray[np.intp], genuine: NDArray[np.bool_], stage: NDArray[np.uint8]
    ) -> NDArray[np.bool_]:
        """Add attempts to their transactions; return which rows belong to one."""
        together: NDArray[np.bool_] = np.zeros(at.size, dtype=np.bool_)
        if self._told_apart is ToldApart.NOT_AT_ALL or self._too_many:
            return together
        shape, row = batch.score.shape, batch.first_row + at
        attempt = None if batch.attempt is None else take(batch.attempt, shape, at).astype(np.int64)
        if self._told_apart is ToldApart.BY_PEOPLE:
            key = self._keys(batch, at)
            if key is None or attempt is None:
                self._too_many = True
                return together
            together = (key != UNKNOWN) & (attempt != UNKNOWN)
            number = attempt[together]
            if number.size and int(number.min()) < 1:
                raise ScoresRefused(f"Row {row[together][int(np.argmin(number))]} has an attempt below 1.")
            code = self._pairs.codes(key[together], number)
        elif batch.transaction is not None:
            code = take(batch.transaction, shape, at)
            together = code != UNKNOWN
            code = code[together]
            number = self._states.numbers(code) if attempt is None else attempt[together]
        else:
            self._too_many = True
            return together
        if int(code.max(initial=0)) >= MOST_TRANSACTIONS:
            self._too_many = True
            return together
        self._states.add(code, number, genuine[together], stage[together], row[together])
        return together

    def _keys(self, batch: ScoreBatch, at: NDArray[np.intp]) -> NDArray[np.int64] | None:
        """Return one number for each pair of people and gallery; ``UNKNOWN`` where a person is unknown.

        It is ``None`` where the source has too many people to give them codes.
        """
        if batch.probe_subject is None or batch.reference_subject is None:
            return None
        shape = batch.score.shape
        probe, reference = take(batch.probe_subject, shape, at), take(batch.reference_subject, shape, at)
        key = probe.astype(np.int64) * max(1, self._subjects) + reference
        if batch.gallery is not None:
            key = key * (self._galleries + 1) + take(batch.gallery, shape, at) + 1
        key[(probe == UNKNOWN) | (reference == UNKNOWN)] = UNKNOWN
        return key


def _told_apart(columns: set[str]) -> ToldApart:
    if "transaction" in columns:
        return ToldApart.BY_COLUMNS if "attempt" in columns else ToldApart.BY_ROW_ORDER
    if {"attempt", "probe_subject", "reference_subject"} <= columns:
        return ToldApart.BY_PEOPLE
    return ToldApart.NOT_AT_ALL


def _with_room(marks: NDArray[np.uint8], codes: NDArray[np.int32]) -> NDArray[np.uint8]:
    more = int(codes.max(initial=-1)) + 1 - marks.size
    return marks if more <= 0 else np.append(marks, np.zeros(max(more, marks.size), dtype=np.uint8))
