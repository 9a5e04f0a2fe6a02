"""Comparisons as columns: what a reader of score files hands over, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1
"""The code of whatever a row does not state."""


class Failure(IntEnum):
    """Why a row has no score.

    The chain of a transaction is offered, captured, usable, had a reference, matched; a failure ends it.
    """

    NONE = 0
    NOT_CAPTURED = 1
    NOT_USABLE = 2
    NO_REFERENCE = 3


class PadDecision(IntEnum):
    """What presentation attack detection said of a presentation."""

    NOT_ASKED = -1
    BONA_FIDE = 0
    ATTACK = 1
    NO_RESPONSE = 2


@dataclass(frozen=True, slots=True, eq=False)
class GroupColumns:
    """Labels of one attribute on both sides of each comparison.

    Args:
        probe: int16, broadcastable to the batch's shape; index into the attribute's labels, or ``UNKNOWN``.
        reference: the same of the reference.
    """

    probe: NDArray[np.int16]
    reference: NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreBatch:
    """A stretch of comparisons. Every column can be broadcast to the shape of ``score``.

    A file of rows gives columns of shape (n,). A matrix gives ``score`` of shape (probes, references), ``probe`` of
    shape (probes, 1) and ``reference`` of shape (1, references), so that nothing is copied out for each score. A
    column is ``None`` where the file lacks it, in every batch alike.

    Args:
        first_row: number of the first row in the source, counted from 1 over all its files.
        score: float64 (or float32 where the source is), higher is more alike; NaN exactly where ``failure`` is not NONE
            or the row is a presentation without comparison.
        mated: bool; True where probe and reference show one person. False for attack presentations.
        probe: int32 code of the probe.
        reference: int32 code of the reference.
        probe_subject: int32 code; one code space for both sides.
        reference_subject: int32 code.
        gallery: int32 code of the gallery that was searched.
        transaction: int32 code of the transaction that the row is an attempt of.
        attempt: int16, from 1.
        probe_quality: float32, higher is better; NaN where not stated.
        reference_quality: the same of the reference.
        failure: uint8 of :class:`Failure`.
        attack: int16 code of the attack's kind; ``UNKNOWN`` for a bona fide presentation.
        pad_score: float32, higher is more like an attack; NaN where not stated.
        pad_decision: int8 of :class:`PadDecision`.
        groups: columns by attribute, in the order of :attr:`Names.groups`.
    """

    first_row: int
    score: NDArray[np.floating]
    mated: NDArray[np.bool_]
    probe: NDArray[np.int32] | None = None
    reference: NDArray[np.int32] | None = None
    probe_subject: NDArray[np.int32] | None = None
    reference_subject: NDArray[np.int32] | None = None
    gallery: NDArray[np.int32] | None = None
    transaction: NDArray[np.int32] | None = None
    attempt: NDArray[np.int16] | None = None
    probe_quality: NDArray[np.float32] | None = None
    reference_quality: NDArray[np.float32] | None = None
    failure: NDArray[np.uint8] | None = None
    attack: NDArray[np.int16] | None = None
    pad_score: NDArray[np.float32] | None = None
    pad_decision: NDArray[np.int8] | None = None
    groups: Mapping[str, GroupColumns] = field(default_factory=dict)


@dataclass(slots=True)
class Names:
    """What codes stand for. A reader appends while it reads; codes never change, and a second pass gives the same.

    Args:
        probes: how many different probes there are so far.
        references: how many different references.
        subjects: identifiers of people, by code.
        galleries: identifiers of galleries, by code.
        transactions: how many transactions.
        attacks: kinds of attack, by code.
        groups: labels by attribute, by code.
    """

    probes: int = 0
    references: int = 0
    subjects: list[str] = field(default_factory=list)
    galleries: list[str] = field(default_factory=list)
    transactions: int = 0
    attacks: list[str] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)


class ScoreSource(Protocol):
    """Comparisons that can be read more than once, in the same order and with the same codes."""

    @property
    def names(self) -> Names:
        """What the codes read so far stand for; complete after the first pass."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns that the source has."""
        ...

    def batches(self) -> Iterator[ScoreBatch]:
        """Start a pass."""
        ...
