"""Second pass: everything that is counted at one threshold."""

from __future__ import annotations

from typing import Protocol

from fairgate.measure.discard import Quality
from fairgate.measure.groups.figures import GroupFigures
from fairgate.measure.presentations import Presentations
from fairgate.measure.scores.batch import ScoreSource
from fairgate.measure.scores.group_tally import GroupTally
from fairgate.measure.scores.passes import BatchCounter
from fairgate.measure.scores.presentation_tally import PresentationTally
from fairgate.measure.scores.quality_tally import QualityTally
from fairgate.measure.scores.transaction_tally import TransactionTally
from fairgate.measure.transactions import Transactions


class AskedAtOneThreshold(Protocol):
    """What to measure; :class:`fairgate.measure.evaluate.Plan` is one."""

    @property
    def attempts(self) -> int:
        """The most attempts that a transaction may take."""
        ...

    @property
    def pad_threshold(self) -> float | None:
        """A PAD score at or above it is taken for an attack."""
        ...

    @property
    def crossings(self) -> tuple[tuple[str, str], ...] | None:
        """Attributes to cross."""
        ...

    @property
    def confidence(self) -> float:
        """Of every interval."""
        ...


class AtOneThreshold:
    """Groups, transactions, quality and attacks; without a threshold only what attack detection said.

    Args:
        source: after its first pass.
        at: the threshold, and the FMR that it is for; ``None`` where there is none.
        people: how many people there are; ``None`` where some comparison does not say whose it is.
        asked: what to measure.
    """

    def __init__(
        self, source: ScoreSource, at: tuple[float, float] | None, *, people: int | None, asked: AskedAtOneThreshold
    ) -> None:
        names = source.names
        self._at = at
        self._confidence = asked.confidence
        self._presentations = PresentationTally(at[0] if at else None, asked.pad_threshold, names)
        self._groups: GroupTally | None = None
        self._quality: QualityTally | None = None
        self._transactions: TransactionTally | None = None
        if at is not None:
            self._groups = GroupTally(names, None, asked.crossings, at[0], people)
            self._quality = QualityTally(*at, names)
            self._transactions = TransactionTally(*at, asked.attempts, names, tuple(source.columns))

    def counters(self) -> list[BatchCounter]:
        """Return those that want every batch, the slowest first."""
        every = (self._groups, self._transactions, self._quality, self._presentations)
        return [counter for counter in every if counter is not None]

    def groups(self) -> tuple[GroupFigures, ...]:
        """Return what is said about each attribute and crossing."""
        return self._groups.figures(self._at[1], self._confidence) if self._groups and self._at else ()

    def transactions(self) -> Transactions | None:
        """Return everything about transactions."""
        return self._transactions.figures(self._confidence) if self._transactions else None

    def quality(self) -> Quality | None:
        """Return error versus discard."""
        return self._quality.figures(self._confidence) if self._quality else None

    def presentations(self) -> Presentations | None:
        """Return the rates of attack detection."""
        return self._presentations.figures(self._confidence)

    def notes(self) -> list[str]:
        """Return what was left out or bounded."""
        every = (self._groups, self._transactions, self._presentations)
        return [note for counter in every if counter is not None for note in counter.notes]
