"""At which line of a TOML text each table and key stands, which the parser does not tell.

The text has been parsed already, so it is sound TOML and only needs following: table headers, keys, and the strings,
arrays and inline tables that a value may spread over several lines.

Source: TOML 1.0.0, sections Keys, String, Table, Array of Tables.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from types import MappingProxyType

Path = tuple[str | int, ...]
"""Where a value is: keys, and after the name of an array of tables the place in it, from 0."""

_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')[ \t]*(\.?)""")
_LONG = ('"""', "'''")


def line_numbers(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, of every table's header and every key; the whole, ``()``, is at line 1.

    Args:
        text: TOML that was parsed without fault.
    """
    found: dict[Path, int] = {(): 1}
    arrays: dict[Path, int] = {}
    table: Path = ()
    value = _Value()
    for number, line in enumerate(text.split("\n"), start=1):
        at = 0
        if not value.is_open:
            start = len(line) - len(line.lstrip(" \t"))
            if line[start:].strip() == "" or line[start] == "#":
                continue
            if line.startswith("[[", start):
                named, _ = _dotted(line, start + 2)
                above = _resolved(named[:-1], arrays)
                place = (*above, named[-1])
                arrays[place] = arrays.get(place, -1) + 1
                table = (*place, arrays[place])
                found.setdefault(place, number)
                _note(found, table, len(above) + 2, number)
                continue
            if line[start] == "[":
                named, _ = _dotted(line, start + 1)
                table = _resolved(named, arrays)
                _note(found, table, 1, number)
                continue
            named, at = _dotted(line, start)
            _note(found, (*table, *named), len(table) + 1, number)
        value.follow(line, at)
    return MappingProxyType(found)


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a value, or else that of the nearest thing around it that has one."""
    while path not in lines:
        if not path:
            return None
        path = path[:-1]
    return lines[path]


class _Value:
    """Follows values over lines: what string, if any, and how many brackets are open."""

    def __init__(self) -> None:
        self._string = ""
        self._depth = 0

    @property
    def is_open(self) -> bool:
        return bool(self._string) or self._depth > 0

    def follow(self, line: str, at: int) -> None:
        while at < len(line):
            if self._string:
                at = self._through_string(line, at)
            elif line[at] == "#":
                return
            elif line[at] in "\"'":
                self._string = next((long for long in _LONG if line.startswith(long, at)), line[at])
                at += len(self._string)
            else:
                self._depth += (line[at] in "[{") - (line[at] in "]}")
                at += 1

    def _through_string(self, line: str, at: int) -> int:
        """Go on to the end of a string, which may lie on another line."""
        if line[at] == "\\" and self._string[0] == '"':
            return at + 2
        if not line.startswith(self._string, at):
            return at + 1
        at += len(self._string)
        if len(self._string) == len(_LONG[0]):
            # One or two quotes may stand right before the three that end it.
            while line.startswith(self._string[0], at):
                at += 1
        self._string = ""
        return at


def _dotted(line: str, at: int) -> tuple[tuple[str, ...], int]:
    """Return the parts of a dotted key, and where what follows it begins."""
    parts: list[str] = []
    while (match := _PART.match(line, at)) is not None:
        bare, basic, literal, dot = match.groups()
        if basic is not None:
            parts.append(str(tomllib.loads(f'key = "{basic}"')["key"]))
        else:
            parts.append(bare if bare is not None else literal)
        at = match.end()
        if not dot:
            break
    return tuple(parts), at


def _resolved(named: tuple[str, ...], arrays: Mapping[Path, int]) -> Path:
    """Return where a header leads: into the latest table of every array that it goes through."""
    path: Path = ()
    for part in named:
        path = (*path, part)
        if path in arrays:
            path = (*path, arrays[path])
    return path


def _note(found: dict[Path, int], path: Path, shortest: int, number: int) -> None:
    """Note the line of a path, and of whatever it makes on its way that had no line yet."""
    for length in range(shortest, len(path) + 1):
        found.setdefault(path[:length], number)
