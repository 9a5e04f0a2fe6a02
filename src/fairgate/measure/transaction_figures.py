"""Rates of transactions, from counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.intervals import CONFIDENCE, clopper_pearson
from fairgate.measure.transactions import ChainLink, Transactions, WithAttempts


class Stage(IntEnum):
    """How far an attempt got; a transaction gets as far as its best attempt."""

    OFFERED = 0
    CAPTURED = 1
    USABLE = 2
    WITH_REFERENCE = 3
    MATCHED = 4


class ToldApart(StrEnum):
    """How attempts are put together to transactions; the value is a sentence for the policy."""

    BY_COLUMNS = "Attempts are told apart by the columns transaction and attempt."
    BY_ROW_ORDER = "Attempts are those of one transaction, numbered as their rows follow each other."
    BY_PEOPLE = (
        "No column tells transactions apart: attempts of one person against one reference person (in one gallery) are "
        "one transaction, and a number that comes again begins the next."
    )
    NOT_AT_ALL = "Each row is a transaction of one attempt."


@dataclass(frozen=True, slots=True, eq=False)
class TransactionCounts:
    """What was counted.

    Args:
        stages: int64, shape (2, 5): impostor (0) and genuine (1) transactions by how far they got within the policy.
        first_match: int64, shape (2, attempts): likewise by the attempt that matched first, from 1.
        attempts: attempts of any transaction.
        not_acquired: those without usable capture.
        people: people for whom a reference was looked for; ``None`` where unknown.
        people_without: of them, those who have none.
        failures_known: the source tells failures.
    """

    stages: NDArray[np.int64]
    first_match: NDArray[np.int64]
    attempts: int
    not_acquired: int
    people: int | None = None
    people_without: int = 0
    failures_known: bool = True


def transaction_figures(
    counts: TransactionCounts,
    told_apart: ToldApart,
    *,
    target: float,
    threshold: float,
    attempts: int,
    confidence: float = CONFIDENCE,
) -> Transactions:
    """Return the rates.

    Args:
        counts: from a pass over the rows.
        told_apart: how attempts were put together.
        target: the FMR that the threshold is for.
        threshold: a score at or above it is a match.
        attempts: the most that the policy allows; ``counts.first_match`` may have fewer columns if the rows had.
        confidence: of each interval; transactions, and attempts, are taken for independent.
    """
    impostor, genuine = counts.stages
    without = int(genuine[Stage.USABLE])
    reached = np.cumsum(genuine[::-1])[::-1]
    false_accepts, matches = np.cumsum(counts.first_match, axis=1)
    of_impostors = int(impostor.sum() - impostor[Stage.USABLE])
    of_genuine = int(reached[0]) - without
    chain = tuple(
        ChainLink(
            name=Stage(at).name.lower(),
            of_before=clopper_pearson(int(reached[at]), int(reached[max(0, at - 1)]), confidence),
            of_offered=clopper_pearson(int(reached[at]), int(reached[0]), confidence),
        )
        for at in Stage
    )
    shares = [link.of_before.value for link in chain if link.of_before.value is not None]
    told = counts.failures_known
    people = counts.people if told else None
    return Transactions(
        target=target,
        threshold=threshold,
        policy=policy_in_words(told_apart, attempts, most=counts.first_match.shape[1]),
        attempts_known=told_apart is not ToldApart.NOT_AT_ALL,
        failure_to_enrol=clopper_pearson(without, int(reached[Stage.USABLE]) if told else 0, confidence),
        failure_to_acquire=clopper_pearson(counts.not_acquired, counts.attempts if told else 0, confidence),
        by_attempts=tuple(
            WithAttempts(
                attempts=allowed,
                frr=clopper_pearson(of_genuine - int(matched), of_genuine, confidence),
                far=clopper_pearson(int(accepted), of_impostors, confidence),
            )
            for allowed, (accepted, matched) in enumerate(zip(false_accepts, matches, strict=True), start=1)
        ),
        chain=chain,
        product=math.prod(shares) if len(shares) == len(chain) else None,
        people_without_reference=None if people is None else clopper_pearson(counts.people_without, people, confidence),
        failures_known=told,
    )


def policy_in_words(told_apart: ToldApart, attempts: int, most: int) -> str:
    """Return the policy on attempts in whole sentences.

    Args:
        told_apart: how attempts were put together.
        attempts: the most that the policy allows.
        most: how many any transaction has, at most ``attempts``.
    """
    lines = [str(told_apart)]
    if told_apart is not ToldApart.NOT_AT_ALL:
        ends = f"after {attempts} attempts" if attempts > 1 else "after one attempt"
        lines.insert(0, f"A transaction ends with the first match, or without one {ends}.")
        if most < attempts:
            lines.append(f"No transaction here has more than {most}.")
        lines.append("An attempt that is not in the files is one without a match.")
    lines.append("A failure to acquire is an attempt without a match.")
    lines.append("Transactions that found no reference are in the chain, and in neither FRR nor FAR.")
    return " ".join(lines)
