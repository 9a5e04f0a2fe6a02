"""The deadlines that a rulebook sets: one for every class of record and every known status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fairgate.rules.coverage import KNOWN_STATUSES
from fairgate.rules.faults import Gap, Overlap
from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table
from fairgate.vocabulary import RecordClass, Status

_UNITS = ("hours", "days", "years")


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long one class of record may live, for one status.

    Args:
        hours: length of time, where it is counted in hours or days; else 0.
        years: calendar years, where it is counted in those; else 0.
        central_store_years: how long the central store may keep what is handed to it; ``None`` where nothing is.
        basis: what it rests on.
        exempt_as: the status whose deadline holds, where it is sooner, for whoever the rules of the day did not ask;
            ``None`` where that makes no difference.
    """

    hours: int
    years: int
    central_store_years: int | None
    basis: Basis
    exempt_as: Status | None = None


Retention = Mapping[tuple[RecordClass, Status], RetentionRule]
"""One rule for every class of record and every known status."""


def read_retention(tables: Iterable[Table]) -> Retention:
    """Return the retention rules of a rulebook.

    Raises:
        Gap: a class of record has no deadline for a status; the line is that of the last of these tables.
        Overlap: it has two.
    """
    found: dict[tuple[RecordClass, Status], RetentionRule] = {}
    last_line: int | None = 1
    for table in tables:
        record_classes = table.choices("record_classes", RecordClass, any_of=tuple(RecordClass))
        statuses = table.choices("status", Status, any_of=KNOWN_STATUSES)
        last_line = table.line()
        rule = _read_rule(table)
        for record_class in record_classes:
            for status in statuses:
                if status is Status.UNKNOWN:
                    raise table.refused(
                        "an unknown status has the soonest deadline and no rule of its own.", key="status"
                    )
                if (record_class, status) in found:
                    text = f"overlaps: {record_class} of {status} has a deadline already."
                    raise table.refused(text, kind=Overlap)
                found[record_class, status] = rule
    for record_class in RecordClass:
        for status in KNOWN_STATUSES:
            if (record_class, status) not in found:
                raise Gap(f"Records of class {record_class.value!r} of {status} have no deadline.", line=last_line)
    return MappingProxyType(found)


def _read_rule(table: Table) -> RetentionRule:
    given = {unit: table.number(unit) for unit in _UNITS if table.has(unit)}
    if len(given) != 1 or not all(given.values()):
        raise table.refused("exactly one of 'hours', 'days' and 'years' must say how long, and more than 0.")
    rule = RetentionRule(
        hours=given.get("hours", 0) + 24 * given.get("days", 0),
        years=given.get("years", 0),
        central_store_years=table.number("central_store_years") if table.has("central_store_years") else None,
        basis=table.basis(),
        exempt_as=table.choice("exempt_as", Status) if table.has("exempt_as") else None,
    )
    table.finish()
    if rule.exempt_as is Status.UNKNOWN:
        raise table.refused("an unknown status has the soonest deadline and no rule of its own.", key="exempt_as")
    return rule
