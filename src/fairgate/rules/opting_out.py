"""What follows when somebody declines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table


class AfterOptOut(StrEnum):
    """What follows an opt-out; being turned away by a machine is none of it."""

    MANUAL_CHECK = "manual check"
    SEE_OFFICER = "see officer"


@dataclass(frozen=True, slots=True)
class OptingOut:
    """What a rulebook promises to whoever declines.

    Args:
        equal_within_minutes: the two paths count as equally fast while their mean waiting times differ by no more.
        when_voluntary: what follows where the rule leaves it free.
        when_required: what follows where the rule requires it.
        basis: what it rests on.
    """

    equal_within_minutes: int
    when_voluntary: AfterOptOut
    when_required: AfterOptOut
    basis: Basis


def read_opting_out(table: Table) -> OptingOut:
    """Return what follows when somebody declines.

    Raises:
        RulebookRefused: something is missing.
    """
    read = OptingOut(
        equal_within_minutes=table.number("equal_within_minutes"),
        when_voluntary=table.choice("when_voluntary", AfterOptOut),
        when_required=table.choice("when_required", AfterOptOut),
        basis=table.basis(),
    )
    table.finish()
    return read
