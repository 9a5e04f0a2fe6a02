"""Rows of a score file become a batch of comparisons; a row that contradicts itself is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN, Failure, PadDecision, ScoreBatch
from fairgate.outside.score_codes import Codes, RowFault, Words
from fairgate.outside.score_coding import Coding, numbers
from fairgate.outside.score_words import FAILURE_WORDS, MATED_WORDS, PAD_WORDS

MOST_ATTEMPTS = 32_767


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Rows as they were read.

    Args:
        columns: Arrow arrays, shape (rows,): numbers as float, everything else as dictionary arrays of text; times
            perhaps as dates.
        rows: how many.
        place: says where a row of them stands, e.g. ``line 17``.
    """

    columns: Mapping[str, Any]
    rows: int
    place: Callable[[int], str]


class RowEncoder:
    """Makes batches of rows.

    Args:
        coding: code spaces of the source.
    """

    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._mated = Words("mated", MATED_WORDS)
        self._failure = Words("failure", FAILURE_WORDS)
        self._pad_decision = Words("pad_decision", PAD_WORDS)

    def batch(self, stretch: Stretch, first_row: int) -> ScoreBatch:
        """Return the rows as columns.

        Raises:
            RowFault: a value is outside its range, or two columns of one row contradict each other.
        """
        columns = stretch.columns
        failure = self._failure.of(columns["failure"]).astype(np.uint8) if "failure" in columns else None
        attack = self._coding.attacks(columns)
        pad_score = _finite_or_missing(columns, "pad_score")
        pad_decision = self._pad_decision.of(columns["pad_decision"]) if "pad_decision" in columns else None
        presented = [
            mask
            for mask in (
                None if attack is None else attack != UNKNOWN,
                None if pad_score is None else ~np.isnan(pad_score),
                None if pad_decision is None else pad_decision != PadDecision.NOT_ASKED,
            )
            if mask is not None
        ]
        score = _score(columns["score"])
        without_score = np.isnan(score)
        _check_score(score, without_score, failure, presented)
        if failure is not None:
            without_score &= failure == Failure.NONE
        probe_subject = self._coding.codes("probe_subject", columns)
        reference_subject = self._coding.codes("reference_subject", columns)
        mated = self._who(columns, probe_subject, reference_subject, attack, without_score)
        if "reference_subject" in columns and reference_subject is None:
            probe_subject = None  # the people were given up between the two
        return ScoreBatch(
            first_row=first_row,
            score=score,
            mated=mated,
            probe=self._coding.codes("probe", columns),
            reference=self._coding.codes("reference", columns),
            probe_subject=probe_subject,
            reference_subject=reference_subject,
            gallery=self._coding.codes("gallery", columns),
            transaction=self._coding.codes("transaction", columns),
            attempt=_attempt(columns["attempt"]) if "attempt" in columns else None,
            probe_quality=_finite_or_missing(columns, "probe_quality"),
            reference_quality=_finite_or_missing(columns, "reference_quality"),
            failure=failure,
            attack=attack,
            pad_score=pad_score,
            pad_decision=pad_decision,
            groups=self._coding.groups(columns),
        )

    def _who(
        self,
        columns: Mapping[str, Any],
        probe: NDArray[np.int32] | None,
        reference: NDArray[np.int32] | None,
        attack: NDArray[np.int16] | None,
        without_comparison: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Say which rows are mated, from the column, from the people, or from both if they agree."""
        same = known = stated = None
        if "probe_subject" in columns and "reference_subject" in columns:
            if probe is None or reference is None:  # too many people to keep: told apart within these rows only
                here = Codes(most=2 * len(without_comparison))
                probe = here.of("probe_subject", columns["probe_subject"])
                reference = here.of("reference_subject", columns["reference_subject"])
            if probe is not None and reference is not None:
                known = (probe != UNKNOWN) & (reference != UNKNOWN)
                same = (probe == reference) & known
        attacked = None if attack is None else attack != UNKNOWN
        if "mated" in columns:
            stated = self._mated.of(columns["mated"])
        mated, told = _agree(stated, same, known, attacked)
        untold = ~(told | without_comparison)
        if attacked is not None:
            untold &= ~attacked
            mated &= ~attacked
        if untold.any():
            text = "nothing says whether the comparison is mated"
            raise RowFault(int(np.argmax(untold)), text, "Fill in mated, or both subjects.")
        return mated


def _agree(
    stated: NDArray[np.int8] | None,
    same: NDArray[np.bool_] | None,
    known: NDArray[np.bool_] | None,
    attacked: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which rows are mated, and of which rows that is told at all."""
    if stated is None:
        if same is None or known is None:
            raise RowFault(0, "the people of these rows could not be told apart", "Add the column mated.")
        return same, known
    mated, told = stated == 1, stated != UNKNOWN
    if same is None or known is None:
        return mated, told
    apart = told & known & (mated != same)
    if attacked is not None:
        apart &= ~attacked
    if apart.any():
        raise RowFault(int(np.argmax(apart)), "mated contradicts the two subjects", "Correct one or the other.")
    return mated | (same & ~told), told | known


def _score(values: pa.Array) -> NDArray[np.floating]:
    score = np.asarray(values.to_numpy(zero_copy_only=False))
    return score if score.dtype in (np.float32, np.float64) else score.astype(np.float64)


def _check_score(
    score: NDArray[np.floating],
    missing: NDArray[np.bool_],
    failure: NDArray[np.uint8] | None,
    presented: list[NDArray[np.bool_]],
) -> None:
    if (infinite := np.isinf(score)).any():
        raise RowFault(int(np.argmax(infinite)), "the score is infinite")
    if failure is not None:
        failed = failure != Failure.NONE
        if (both := failed & ~missing).any():
            raise RowFault(int(np.argmax(both)), "there is a score and a failure", "A failed attempt has no score.")
        missing = missing & ~failed
    for mask in presented:
        missing = missing & ~mask
    if missing.any():
        text = "the score is empty or not a number, and the row names no failure"
        raise RowFault(int(np.argmax(missing)), text, "Fill in score, or say in failure why there is none.")


def _finite_or_missing(columns: Mapping[str, Any], column: str) -> NDArray[np.float32] | None:
    if column not in columns:
        return None
    with np.errstate(over="ignore"):
        values = numbers(columns[column]).astype(np.float32)
    if (infinite := np.isinf(values)).any():
        raise RowFault(int(np.argmax(infinite)), f"the column {column} is infinite")
    return values


def _attempt(values: pa.Array) -> NDArray[np.int16]:
    attempts = numbers(values)
    attempts = np.where(np.isnan(attempts), 1.0, attempts)
    odd = (attempts < 1) | (attempts > MOST_ATTEMPTS) | (attempts != np.trunc(attempts))
    if odd.any():
        raise RowFault(int(np.argmax(odd)), "the column attempt is not a whole number from 1")
    return attempts.astype(np.int16)
