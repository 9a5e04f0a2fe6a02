"""Whole transactions: enrolment, capture, attempts and the chain from offered to matched.

Source: the terms are those of ISO/IEC 19795-1:2021: failure-to-enrol, failure-to-acquire, and false reject and false
accept rates of transactions, a failure to acquire being no match.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class WithAttempts:
    """Error rates if so many attempts are allowed.

    Args:
        attempts: the most attempts that count.
        frr: genuine transactions in which no attempt matched; a failure to acquire is an attempt without match. Those
            known to lack a reference are not in it.
        far: impostor transactions in which some attempt matched; likewise.
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
        failure_to_enrol: genuine transactions for which there is no reference, of those that got as far as looking for
            one: without a usable capture nobody learns whether there is one.
        failure_to_acquire: attempts, genuine or not, without usable capture; all that were made, whatever the policy.
        by_attempts: for 1, 2, … allowed attempts, as far as the file has so many.
        chain: of genuine transactions, with as many attempts as the policy allows.
        product: the last link's share of all offered, as the product of the links' shares; ``None`` where nobody got as
            far as the last link.
        people_without_reference: people of whom no genuine row found a reference and some row missed one, of all people
            for whom one was looked for; ``None`` where people or failures are unknown.
        failures_known: the file tells failures. Else both failure rates have no trial, and the chain shows nothing but
            matching.
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
    people_without_reference: Proportion | None = None
    failures_known: bool = True
