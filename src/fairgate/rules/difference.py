"""Who is treated differently by another rulebook: counted on a population, and told in sentences to travellers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.explanation import Explanation, explain, permission_of
from fairgate.rules.permission import Facts, Permission, may_ask
from fairgate.rules.retention import erase_by
from fairgate.rules.rulebook import Rulebook
from fairgate.vocabulary import RecordClass, Status

_PARTS = ("languages", "state", "care", "opting_out", "changes", "others", "purposes", "exemptions", "operating_point")


@dataclass(frozen=True, slots=True)
class People:
    """Some people of a population who have everything in common.

    Args:
        facts: what is known of each.
        count: how many they are, 1 or more.
    """

    facts: Facts
    count: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: everybody who went from one answer under one rule to another.

    Args:
        count: how many people.
        is_other_treatment: they are treated differently, and not only by a rule of another name.
        before, after: what one of them would be told.
        example: the facts of that one.
    """

    count: int
    is_other_treatment: bool
    before: Explanation
    after: Explanation
    example: Facts


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """A class of record that lives longer or shorter.

    Args:
        record_class: which.
        status: of whose records; ``UNKNOWN`` for those of people whose status is not known.
        exempt: of those whom the rules of the day do not ask, where that makes a difference.
        before, after: when a record of noon on the day compared would be gone, aware.
    """

    record_class: RecordClass
    status: Status
    exempt: bool
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What another text of a rulebook changes.

    Args:
        people: how many were looked at.
        treated_differently: how many of them have another answer.
        by_another_rule: how many have the same answer under a rule of another name.
        changes: each kind of change, most people first, those of treatment before the others.
        deadlines: classes of records that live longer or shorter.
        parts: other parts of the text that differ.
    """

    people: int
    treated_differently: int
    by_another_rule: int
    changes: tuple[Change, ...]
    deadlines: tuple[DeadlineChange, ...]
    parts: tuple[str, ...]


def diff(
    old: Rulebook, new: Rulebook, population: Iterable[People], on: date, *, language: str, new_on: date | None = None
) -> Difference:
    """Return who is treated differently.

    Args:
        old, new: the two texts.
        population: who to look at.
        on: the calendar day at the port.
        language: of the sentences; one that both rulebooks are explained in.
        new_on: the day for the new text, where it is another: a rulebook compared with itself across a day on which
            its own rules change.

    Raises:
        InputRefused: one of the two is not explained in that language.
    """
    then = new_on or on
    people = 0
    found: dict[tuple[object, object], tuple[int, Facts]] = {}
    for group in population:
        people += group.count
        key = _answer(old, group.facts, on), _answer(new, group.facts, then)
        if key[0] != key[1]:
            count, first = found.get(key, (0, group.facts))
            found[key] = count + group.count, first
    changes = [
        Change(
            count,
            _treatment(old, first, on) != _treatment(new, first, then),
            explain(old, first, on, language),
            explain(new, first, then, language),
            first,
        )
        for count, first in found.values()
    ]
    changes.sort(key=lambda change: (not change.is_other_treatment, -change.count))
    differently = sum(change.count for change in changes if change.is_other_treatment)
    return Difference(
        people=people,
        treated_differently=differently,
        by_another_rule=sum(change.count for change in changes) - differently,
        changes=tuple(changes),
        deadlines=_deadline_changes(old, new, on),
        parts=tuple(part for part in _PARTS if getattr(old, part) != getattr(new, part)),
    )


def _treatment(rulebook: Rulebook, facts: Facts, on: date) -> tuple[str, bool]:
    """Return what somebody meets with, whatever the rule is called."""
    answer = may_ask(rulebook, facts, on)
    return permission_of(answer), isinstance(answer, Permission) and answer.guardian_needed


def _answer(rulebook: Rulebook, facts: Facts, on: date) -> tuple[tuple[str, bool], str | None]:
    return _treatment(rulebook, facts, on), may_ask(rulebook, facts, on).rule_id


def _deadline_changes(old: Rulebook, new: Rulebook, on: date) -> tuple[DeadlineChange, ...]:
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    found = []
    for record_class in RecordClass:
        for status in (*KNOWN_STATUSES, Status.UNKNOWN):
            usual = [erase_by(book, record_class, status, noon) for book in (old, new)]
            exempt = [erase_by(book, record_class, status, noon, exempt=True) for book in (old, new)]
            if usual[0] != usual[1]:
                found.append(DeadlineChange(record_class, status, False, *usual))
            if exempt[0] != exempt[1] and exempt != usual:
                found.append(DeadlineChange(record_class, status, True, *exempt))
    return tuple(found)
