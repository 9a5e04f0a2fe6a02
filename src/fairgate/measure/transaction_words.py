"""Transactions in plain sentences."""

from __future__ import annotations

from fairgate.measure.share_words import rate_told, told
from fairgate.measure.transactions import Transactions, WithAttempts

LINK_WORDS = {
    "captured": "captured",
    "usable": "usable",
    "with_reference": "compared with a reference",
    "matched": "matched",
}


def transactions_in_words(found: Transactions) -> tuple[str, ...]:
    """Return what happened to people who came with a right to pass, and to the others, sentence by sentence."""
    offered = found.chain[0].of_offered
    lines = []
    if not found.failures_known:
        lines.append("The files tell no failures, so nothing is known of failures to enrol or to acquire.")
    if offered.of:
        steps = ", ".join(f"{link.of_offered.count} {LINK_WORDS[link.name]}" for link in found.chain[1:])
        lines.append(f"Of {offered.of} genuine transactions offered: {steps}.")
    if found.product is not None:
        lines.append(f"From end to end that is {rate_told(found.chain[-1].of_offered)}.")
    if found.failure_to_enrol.of:
        lines.append(f"{told(found.failure_to_enrol)} found no reference to compare with.")
    people = found.people_without_reference
    if people is not None and people.of:
        lines.append(f"Counted by person, {told(people)} had none.")
    if found.failure_to_acquire.of:
        lines.append(f"{told(found.failure_to_acquire)} attempts brought no usable capture.")
    lines += [attempts_in_words(row) for row in found.by_attempts]
    lines.append(found.policy)
    return tuple(lines)


def attempts_in_words(row: WithAttempts) -> str:
    """Return both error rates with so many attempts."""
    allowed = "With one attempt" if row.attempts == 1 else f"With up to {row.attempts} attempts"
    parts = [
        f"{told(rate)} {what}"
        for rate, what in (
            (row.frr, "genuine transactions were rejected"),
            (row.far, "impostor transactions were accepted"),
        )
        if rate.of
    ]
    return f"{allowed} {' and '.join(parts) or 'nothing can be said'}."
