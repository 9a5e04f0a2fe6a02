"""How a rulebook itself may be changed."""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table

LEAST_APPROVERS = 2
"""No rulebook may be changed by one person, whatever it says. Source: docs/reference/rulebooks.md."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What it takes to adopt another text in this one's place.

    Args:
        comment_days: how long a proposal lies open for comment, in whole days.
        approvers: how many different people must adopt it, 2 or more.
        basis: what it rests on.
    """

    comment_days: int
    approvers: int
    basis: Basis


def read_changes(table: Table) -> Changes:
    """Return how a rulebook may be changed.

    Raises:
        RulebookRefused: something is missing, or one person alone could change it.
    """
    read = Changes(table.number("comment_days"), table.number("approvers"), table.basis())
    table.finish()
    if read.approvers < LEAST_APPROVERS:
        raise table.refused(f"'approvers' must be {LEAST_APPROVERS} or more.", key="approvers")
    return read
