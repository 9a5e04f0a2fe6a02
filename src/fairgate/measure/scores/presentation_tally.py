"""Second pass: what detection and the whole system made of attack and bona fide presentations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.presentation_figures import Answered, Claimed, presentation_figures
from fairgate.measure.presentations import Presentations
from fairgate.measure.scores.batch import UNKNOWN, Failure, Names, PadDecision, ScoreBatch
from fairgate.measure.scores.selection import take

UNSEEN = -2
"""The answer for a probe that no row has named yet."""

ANSWERS = len(PadDecision)
ENDS = 5
"""Ways in which a claim can end, in the order of :class:`Claimed`'s fields."""

ACCEPTED, BELOW, FAILED, STOPPED, NOT_COMPARED = range(ENDS)


class PresentationTally:
    """Counts presentations by kind and answer, and claims by kind and end.

    Memory goes with kinds, and with probes (three bytes each) where the source names them and has detection.

    Args:
        threshold: a comparison score at or above it is a match; ``None`` where there are no comparisons.
        pad_threshold: a detection score at or above it is an alarm; ``None`` where the source has decisions.
        names: of the source, complete (a first pass is done).
    """

    def __init__(self, threshold: float | None, pad_threshold: float | None, names: Names) -> None:
        self._threshold = None if threshold is None else np.float64(threshold)
        self._pad_threshold = pad_threshold
        self._names = names
        kinds = len(names.attacks) + 1
        self._answers = np.zeros((kinds, ANSWERS), dtype=np.int64)
        self._ends = np.zeros((kinds, ENDS), dtype=np.int64)
        self._answer_of = np.full(0, UNSEEN, dtype=np.int8)
        self._kind_of = np.full(0, UNKNOWN, dtype=np.int16)
        self._scores_used = False
        self._attacks_compared = False
        self._undecided = 0

    def add(self, batch: ScoreBatch) -> None:
        """Count a batch.

        Raises:
            ScoresRefused: a probe has two different answers, or is of two kinds.
        """
        detection = batch.pad_decision is not None or batch.pad_score is not None
        if not detection and batch.attack is None:
            return
        answer = self._answered(batch)
        if detection:
            self._add_presentations(batch, answer)
        if self._threshold is not None:
            self._add_claims(batch, answer)

    def figures(self, confidence: float = CONFIDENCE) -> Presentations | None:
        """Return the rates; ``None`` where the source has neither attacks nor answers of detection."""
        seen = self._answer_of != UNSEEN
        answers = self._answers + self._counted(self._kind_of[seen], self._answer_of[seen], ANSWERS)
        answered = [Answered(*(int(row[code]) for code in (0, 1, 2, UNKNOWN))) for row in answers]
        claimed = [Claimed(*(int(count) for count in row)) for row in self._ends]
        if not any(one.asked for one in answered) and not any(one.of for one in claimed[:-1]):
            return None
        return presentation_figures(
            list(zip(self._names.attacks, answered, claimed, strict=False)),
            (answered[-1], claimed[-1]),
            pad_threshold=self._pad_threshold if self._scores_used else None,
            threshold=None if self._threshold is None else float(self._threshold),
            attacks_compared=self._attacks_compared,
            confidence=confidence,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be counted, in whole sentences."""
        notes = []
        if self._undecided:
            notes.append(
                f"No detection threshold was given for {self._undecided} presentation rows that state a detection "
                "score and no decision; no rate of attack detection counts them."
            )
        lost = int(self._ends[:, NOT_COMPARED].sum())
        if lost and self._attacks_compared:
            notes.append(
                f"Neither IAPAR nor FRR counts {lost} of the presentation rows: attack detection let them pass, and "
                "they were never compared."
            )
        return tuple(notes)

    def _answered(self, batch: ScoreBatch) -> NDArray[np.int8]:
        """Return detection's answers, in the narrowest shape that holds them."""
        answer = np.full((1,) * batch.score.ndim, PadDecision.NOT_ASKED, dtype=np.int8)
        if batch.pad_decision is not None:
            answer = batch.pad_decision
        if batch.pad_score is None:
            return answer
        open_still = (answer == PadDecision.NOT_ASKED) & np.isfinite(batch.pad_score)
        if self._pad_threshold is None:
            self._undecided += np.flatnonzero(np.broadcast_to(open_still, batch.score.shape)).size
            return answer
        self._scores_used |= bool(open_still.any())
        # Detection scores are float32, so a row that states the very threshold must be compared in that type.
        alarm = batch.pad_score >= np.float32(self._pad_threshold)
        said = np.where(alarm, np.int8(PadDecision.ATTACK), np.int8(PadDecision.BONA_FIDE))
        return np.where(open_still, said, answer)

    def _add_presentations(self, batch: ScoreBatch, answer: NDArray[np.int8]) -> None:
        kind = np.full(answer.shape, UNKNOWN, dtype=np.int16) if batch.attack is None else batch.attack
        if batch.probe is None:
            wide = batch.score.shape
            self._answers += self._counted(np.broadcast_to(kind, wide), np.broadcast_to(answer, wide), ANSWERS)
            return
        wide = np.broadcast_shapes(batch.probe.shape, kind.shape, answer.shape)
        probe = np.broadcast_to(batch.probe, wide).ravel()
        kind, answer = np.broadcast_to(kind, wide).ravel(), np.broadcast_to(answer, wide).ravel()
        nameless = probe == UNKNOWN
        self._answers += self._counted(kind[nameless], answer[nameless], ANSWERS)
        self._note_probes(probe[~nameless], kind[~nameless], answer[~nameless], batch.first_row)

    def _note_probes(
        self, probe: NDArray[np.int32], kind: NDArray[np.int16], answer: NDArray[np.int8], first_row: int
    ) -> None:
        if probe.size == 0:
            return
        if (need := int(probe.max()) + 1) > self._answer_of.size:
            more = max(need, self._names.probes, 2 * self._answer_of.size) - self._answer_of.size
            self._answer_of = np.append(self._answer_of, np.full(more, UNSEEN, dtype=np.int8))
            self._kind_of = np.append(self._kind_of, np.full(more, UNKNOWN, dtype=np.int16))
        before = self._answer_of[probe]
        odd = (before != UNSEEN) & ((before != answer) | (self._kind_of[probe] != kind))
        self._answer_of[probe], self._kind_of[probe] = answer, kind
        odd |= (self._answer_of[probe] != answer) | (self._kind_of[probe] != kind)
        if odd.any():
            raise ScoresRefused(
                f"Among the rows from row {first_row} on, one probe has two different answers of attack detection, or "
                "is of two kinds; each presentation needs an identifier of its own in the column probe."
            )

    def _counted(self, kind: NDArray[np.int16], second: NDArray[np.integer], size: int) -> NDArray[np.int64]:
        """Count rows by kind, bona fide last, and by a second code in [-size, size)."""
        kinds = len(self._answers)
        cell = (kind.astype(np.int64) % kinds) * size + second % size
        return np.bincount(cell.ravel(), minlength=kinds * size).reshape(kinds, size)

    def _add_claims(self, batch: ScoreBatch, answer: NDArray[np.int8]) -> None:
        """Count attack rows, and the bona fide mated rows of people who have a reference."""
        shape = batch.score.shape
        wanted = batch.mated if batch.attack is None else batch.mated | (batch.attack != UNKNOWN)
        at = np.flatnonzero(np.broadcast_to(wanted, shape))
        score = take(batch.score, shape, at)
        said = take(answer, shape, at)
        kind = np.full(at.size, UNKNOWN, dtype=np.int16) if batch.attack is None else take(batch.attack, shape, at)
        failure = (
            np.full(at.size, Failure.NONE, dtype=np.uint8) if batch.failure is None else take(batch.failure, shape, at)
        )
        compared = np.isfinite(score)
        self._attacks_compared |= bool((compared & (kind != UNKNOWN)).any())
        stopped = (said == PadDecision.ATTACK) | (said == PadDecision.NO_RESPONSE)
        end = np.where(failure == Failure.NONE, NOT_COMPARED, FAILED)
        end[compared] = np.where(score[compared] >= self._threshold, ACCEPTED, BELOW)
        end[stopped] = STOPPED
        told = (kind != UNKNOWN) | (failure != Failure.NO_REFERENCE)
        if batch.pad_decision is not None or batch.pad_score is not None:
            told &= said != PadDecision.NOT_ASKED
        self._ends += self._counted(kind[told], end[told], ENDS)
