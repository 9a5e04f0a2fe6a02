"""Facts of any paper in plain values that JSON can hold. Image bytes never leave this way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from fairgate.vocabulary import Photo

Plain = Mapping[str, object]
"""Names to texts, numbers, truth values, ``None``, and lists or mappings of these: what JSON can hold."""


def plain(value: object) -> object:
    """Return a value in plain ones: frozen facts as mappings, dates as ISO 8601, images as their size."""
    if isinstance(value, Photo):
        return {"size_bytes": value.size_bytes}
    if is_dataclass(value) and not isinstance(value, type):
        return plain_fields(value)
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return plain(value.value)
    return value.isoformat() if isinstance(value, date) else value


def plain_fields(facts: object, *, without: Iterable[str] = ()) -> dict[str, object]:
    """Return the fields of frozen facts that say something; findings are told elsewhere.

    Args:
        facts: a dataclass.
        without: fields to leave out.
    """
    if not is_dataclass(facts) or isinstance(facts, type):
        raise TypeError("facts are dataclasses")
    left_out = {"findings", *without}
    told = {field.name: getattr(facts, field.name) for field in fields(facts) if field.name not in left_out}
    return {name: plain(one) for name, one in told.items() if says_something(one)}


def says_something(value: object) -> bool:
    """Tell whether a fact is given: zero and false are, empty texts, lists and ``None`` are not."""
    return value is not None and not (isinstance(value, str | tuple | list | Mapping) and not value)


def counted(values: Iterable[str]) -> dict[str, int]:
    """Return how often each value stands, in the values' order."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))
