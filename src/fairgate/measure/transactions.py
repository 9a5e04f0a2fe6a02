"""Whole transactions: enrolment, capture, attempts and the chain from offered to matched."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class WithAttempts:
    """Error rates if so many attempts are allowed.

    Args:
        attempts: the most attempts that count.
        frr: genuine transactions in which no attempt matched; a failure to acquire is an attempt without match.
        far: impostor transactions in which some attempt matched.
    """

    attempts: int
    frr: Proportion
    far: Proportion


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One step of the chain.

    Args:
        name: ``offered``, ``captured``, ``usable``, ``with_reference`` or ``matched``.
        of_before: of the step before.
        of_offered: of all offered.
    """

    name: str
    of_before: Proportion
    of_offered: Proportion


@dataclass(frozen=True, slots=True)
class Transactions:
    """Everything about transactions at one threshold.

    Args:
        target: the FMR that the threshold is for.
        threshold: a score at or above it is a match.
        policy: how attempts are counted, in words.
        attempts_known: the file tells attempts; else each row is a transaction of one attempt.
        failure_to_enrol: genuine transactions for which there is no reference.
        failure_to_acquire: attempts, genuine or not, without usable capture.
        by_attempts: for 1, 2, … allowed attempts.
        chain: of genuine transactions.
        product: the last link's share of all offered, as the product of the links' shares.
    """

    target: float
    threshold: float
    policy: str
    attempts_known: bool
    failure_to_enrol: Proportion
    failure_to_acquire: Proportion
    by_attempts: tuple[WithAttempts, ...]
    chain: tuple[ChainLink, ...]
    product: float | None
