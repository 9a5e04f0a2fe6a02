"""The same comparisons scored by two packs, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class MatchedBatch:
    """A stretch of comparisons that both packs scored. Every column has shape (n,).

    Args:
        first_score: float64, finite, higher is more alike.
        second_score: float64, finite, on the second pack's own scale.
        mated: bool; whether probe and reference show one person.
        probe_subject: int32 code of the person, one code space for both sides; ``None`` where people are unknown,
            in every batch alike.
        reference_subject: int32 code; likewise.
    """

    first_score: NDArray[np.float64]
    second_score: NDArray[np.float64]
    mated: NDArray[np.bool_]
    probe_subject: NDArray[np.int32] | None = None
    reference_subject: NDArray[np.int32] | None = None


class MatchedScores(Protocol):
    """Comparisons scored by two packs, which can be read more than once, in the same order and with the same codes."""

    @property
    def people(self) -> int:
        """How many codes of people there are so far; complete after the first pass, 0 where people are unknown."""
        ...

    def batches(self) -> Iterator[MatchedBatch]:
        """Start a pass."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MatchedInMemory:
    """Batches that are all there already.

    Args:
        parts: the batches, in order.
    """

    parts: Sequence[MatchedBatch]

    @property
    def people(self) -> int:
        """One more than the highest code; 0 where people are unknown."""
        sides = [side for part in self.parts for side in (part.probe_subject, part.reference_subject)]
        return max((int(side.max()) + 1 for side in sides if side is not None and side.size), default=0)

    def batches(self) -> Iterator[MatchedBatch]:
        """Start a pass."""
        return iter(self.parts)
