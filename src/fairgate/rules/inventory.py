"""What a rulebook holds, at a glance: periods, rules by status, and everything that was not checked with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fairgate.rules.deadlines import RetentionRule
from fairgate.rules.rule import Basis, RuleStatus
from fairgate.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A stretch of days on which the same rules are in force.

    Args:
        first_day: its first.
        last_day: its last; ``None`` for no end.
        rules: how many rules are in force.
    """

    first_day: date
    last_day: date | None
    rules: int


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not compared with the text it cites.

    Args:
        what: part of the rulebook and its identifier, e.g. ``"rules us-citizen"``.
        basis: what it rests on, and why it was not compared.
    """

    what: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a rulebook holds.

    Args:
        periods: in the order of days.
        rules_by_status: how many rules there are of each status.
        sources: how many things cite something.
        unchecked: those of them that were not compared with it.
    """

    periods: tuple[PeriodFacts, ...]
    rules_by_status: Mapping[RuleStatus, int]
    sources: int
    unchecked: tuple[Unchecked, ...]


def inventory(rulebook: Rulebook) -> Inventory:
    """Return what a rulebook holds."""
    bases = list(_bases(rulebook))
    return Inventory(
        periods=tuple(_periods(rulebook)),
        rules_by_status={status: sum(rule.status is status for rule in rulebook.rules) for status in RuleStatus},
        sources=len(bases),
        unchecked=tuple(Unchecked(what, basis) for what, basis in bases if not basis.text_checked),
    )


def _periods(rulebook: Rulebook) -> Iterator[PeriodFacts]:
    calendar = rulebook.calendar
    for place, (start, period) in enumerate(zip(calendar.starts, calendar.periods, strict=True)):
        if period is None:
            continue
        following = calendar.starts[place + 1] if place + 1 < len(calendar.starts) else None
        in_force = {rule.id for bands in period.cells.values() for rule in bands.rules}
        yield PeriodFacts(
            first_day=date.fromordinal(start),
            last_day=date.fromordinal(following) - timedelta(days=1) if following is not None else None,
            rules=len(in_force),
        )


def _bases(rulebook: Rulebook) -> Iterator[tuple[str, Basis]]:
    yield "state", rulebook.state.basis
    for exemption in rulebook.exemptions.values():
        yield f"exemptions {exemption.id}", exemption.basis
    for port_set in rulebook.port_sets.values():
        yield f"port_sets {port_set.id}", port_set.basis
    for rule in rulebook.rules:
        yield f"rules {rule.id}", rule.basis
    deadlines: dict[RetentionRule, list[str]] = {}
    for (record_class, status), deadline in rulebook.retention.items():
        deadlines.setdefault(deadline, []).append(f"{record_class} of {status}")
    for deadline, whose in deadlines.items():
        yield f"retention {', '.join(whose)}", deadline.basis
    for purpose in rulebook.purposes.values():
        yield f"purposes {purpose.id}", purpose.basis
    yield "care", rulebook.care.basis
    yield "opting_out", rulebook.opting_out.basis
    yield "changes", rulebook.changes.basis
    yield "others", rulebook.others.basis
    yield "operating_point", rulebook.operating_point.basis
