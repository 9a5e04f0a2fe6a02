"""The purposes that a rulebook names: a closed list, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fairgate.rules.care import AgeGroup
from fairgate.rules.faults import KeyMissing
from fairgate.rules.rule import Basis
from fairgate.rules.tables import Table
from fairgate.vocabulary import RecordClass


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose, and the classes of records that may serve it.

    Args:
        id: stable identifier, named by every use of a record.
        text: in words.
        record_classes: the classes that may be used for it.
        basis: what it rests on.
        not_for: age bands whose records may not be used for it.
        export_days: how long exported records may be used for it, in days; 0 where none may be exported.
    """

    id: str
    text: str
    record_classes: tuple[RecordClass, ...]
    basis: Basis
    not_for: frozenset[AgeGroup] = frozenset()
    export_days: int = 0


def read_purposes(tables: Iterable[Table]) -> Mapping[str, Purpose]:
    """Return the purposes of a rulebook, by identifier.

    Raises:
        RulebookRefused: there is none, or one is not well formed.
    """
    purposes: dict[str, Purpose] = {}
    for table in tables:
        purposes[table.identity] = Purpose(
            id=table.identity,
            text=table.text("text"),
            record_classes=table.choices("record_classes", RecordClass, any_of=tuple(RecordClass)),
            basis=table.basis(),
            not_for=frozenset(table.choices("not_for", AgeGroup, any_of=tuple(AgeGroup)))
            if table.has("not_for")
            else frozenset(),
            export_days=table.number("export_days") if table.has("export_days") else 0,
        )
        table.finish()
    if not purposes:
        raise KeyMissing("A rulebook that names no purpose allows nothing.", line=1)
    return MappingProxyType(purposes)
