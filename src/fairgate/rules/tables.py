"""Strict reading of TOML tables: each key is taken once, by type, and what was not taken is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from fairgate.rules.faults import (
    CitationMissing,
    KeyMissing,
    NameTwice,
    NoteMissing,
    RulebookFault,
    UnknownKey,
    ValueUnfit,
)
from fairgate.rules.rule import Basis
from fairgate.rules.toml_lines import Path, line_of

_Choice = TypeVar("_Choice", bound=StrEnum)
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_ANY = "any"
_CITATION = "citation"
NO_LINES: Mapping[Path, int] = MappingProxyType({})
MAX_NUMBER = 1_000_000


class Table:
    """One table of a rulebook, from which values are taken.

    Args:
        values: as TOML gave them.
        name: what to call the table in a refusal.
        identity: the table's own identifier, where it has one.
        rule_id: the rule that the table belongs to, where it does.
        path: where in the text the table is.
        lines: at which line each table and key stands.
    """

    def __init__(
        self,
        values: dict[str, object],
        name: str,
        *,
        identity: str = "",
        rule_id: str | None = None,
        path: Path = (),
        lines: Mapping[Path, int] = NO_LINES,
    ) -> None:
        self._values = dict(values)
        self._path = path
        self._lines = lines
        self.name = name
        self.identity = identity
        self.rule_id = rule_id

    def line(self, key: str | None = None) -> int | None:
        """Return the line where the table begins, or where one of its keys stands."""
        return line_of(self._lines, self._path if key is None else (*self._path, key))

    def refused(self, text: str, *, key: str | None = None, kind: type[RulebookFault] = ValueUnfit) -> RulebookFault:
        """Return the refusal of this table, or of one of its keys, to be raised."""
        return kind(f"{self.name}: {text}", line=self.line(key), rule_id=self.rule_id)

    def finish(self) -> None:
        """Refuse keys that nobody took.

        Raises:
            RulebookRefused: naming them.
        """
        if self._values:
            first = min(self._values, key=lambda key: (self.line(key) or 0, key))
            named = ", ".join(repr(key) for key in sorted(self._values))
            raise self.refused(f"unknown key {named}.", key=first, kind=UnknownKey)

    def has(self, key: str) -> bool:
        """Tell whether a key is there and not taken yet."""
        return key in self._values

    def text(self, key: str) -> str:
        """Take a text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            kind = CitationMissing if key == _CITATION else ValueUnfit
            raise self.refused(f"{key!r} must be a text that is not empty.", key=key, kind=kind)
        return value

    def identifier(self, key: str = "id") -> str:
        """Take an identifier of lower-case letters and digits, with single hyphens or underscores between them."""
        value = self.text(key)
        if _ID.fullmatch(value) is None:
            raise self.refused(f"{key!r} must be lower-case letters and digits, with hyphens or underscores.", key=key)
        return value

    def flag(self, key: str) -> bool:
        """Take true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.refused(f"{key!r} must be true or false.", key=key)
        return value

    def number(self, key: str) -> int:
        """Take a whole number, zero or more."""
        value = self._take(key)
        if type(value) is not int or not 0 <= value <= MAX_NUMBER:
            raise self.refused(f"{key!r} must be a whole number from 0 to {MAX_NUMBER}.", key=key)
        return value

    def rate(self, key: str) -> float:
        """Take a rate between 0 and 1, both excluded."""
        value = self._take(key)
        if not isinstance(value, float) or not 0 < value < 1:
            raise self.refused(f"{key!r} must be a rate between 0 and 1.", key=key)
        return value

    def day(self, key: str) -> date | None:
        """Take a date, where there is one."""
        if not self.has(key):
            return None
        value = self._take(key)
        if type(value) is not date:
            raise self.refused(f"{key!r} must be a date without a time.", key=key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts, not empty and without repetition."""
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise self.refused(f"{key!r} must be a list of texts that is not empty.", key=key)
        if len(set(value)) != len(value):
            raise self.refused(f"{key!r} repeats a value.", key=key)
        return tuple(value)

    def texts_or_none(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; none where the key is absent."""
        return self.texts(key) if self.has(key) else ()

    def choice(self, key: str, kind: type[_Choice]) -> _Choice:
        """Take one value of a closed set."""
        return self._chosen(key, self.text(key), kind)

    def choices(self, key: str, kind: type[_Choice], *, any_of: tuple[_Choice, ...]) -> tuple[_Choice, ...]:
        """Take values of a closed set; ``["any"]`` stands for all of ``any_of``."""
        given = self.texts(key)
        if given == (_ANY,):
            return any_of
        return tuple(self._chosen(key, text, kind) for text in given)

    def basis(self) -> Basis:
        """Take citation, note and whether the text was checked."""
        if not self.has(_CITATION):
            raise self.refused("a citation is missing.", kind=CitationMissing)
        citation = self.text(_CITATION)
        text_checked = self.flag("text_checked")
        note = self.text("note") if self.has("note") else ""
        if not text_checked and not note:
            raise self.refused("where the text was not checked, a 'note' must say why.", kind=NoteMissing)
        return Basis(citation, text_checked, note)

    def table(self, key: str) -> Table:
        """Take a table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.refused(f"{key!r} must be a table.", key=key)
        path = (*self._path, key)
        return Table(value, f"{self.name}, {key}", rule_id=self.rule_id, path=path, lines=self._lines)

    def tables(self, key: str) -> Iterator[Table]:
        """Take a list of tables; none where the key is absent."""
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refused(f"{key!r} must be a list of tables.", key=key)
        for place, item in enumerate(value):
            yield Table(item, f"{self.name}, {key} {place + 1}", path=(*self._path, key, place), lines=self._lines)

    def identified_tables(self, key: str, *, are_rules: bool = False) -> list[Table]:
        """Take a list of tables, each called by its own ``id`` from here on; no two may share one."""
        found: dict[str, Table] = {}
        for table in self.tables(key):
            identity = table.identifier()
            rule_id = identity if are_rules else None
            named = Table(
                table._values,
                f"{self.name}, {key} {identity!r}",
                identity=identity,
                rule_id=rule_id,
                path=table._path,
                lines=self._lines,
            )
            if identity in found:
                raise named.refused("the identifier is used twice.", key="id", kind=NameTwice)
            found[identity] = named
        return list(found.values())

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise self.refused(f"{key!r} is missing.", kind=KeyMissing)
        return self._values.pop(key)

    def _chosen(self, key: str, text: str, kind: type[_Choice]) -> _Choice:
        try:
            return kind(text)
        except ValueError:
            raise self.refused(f"{text!r} is no value of {key!r}; one of: {', '.join(kind)}.", key=key) from None
