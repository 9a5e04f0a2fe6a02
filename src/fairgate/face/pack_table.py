"""Strict reading of a pack's TOML tables: each key is asked for by type and range; one never asked for is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from fairgate.errors import PackFormRefused

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Table:
    """One table of a pack file, with the place it stands at for error texts.

    Args:
        values: as :mod:`tomllib` read them.
        where: dotted place, e.g. ``"embedder.model"``.
    """

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._values = values
        self._where = where
        self._asked: set[str] = set()

    def refuse(self, key: str, why: str) -> PackFormRefused:
        """Return the refusal that names the key and says why."""
        place = f"{self._where}.{key}" if self._where else key
        return PackFormRefused(f"Pack: {place} {why}.", way_out="Correct the pack's TOML file.")

    def has(self, key: str) -> bool:
        """Say whether the key is present; does not count as reading it."""
        return key in self._values

    def _take(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._values:
            raise self.refuse(key, "is missing")
        return self._values[key]

    def text(self, key: str) -> str:
        """Return a string that is not blank."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "must be a text that is not empty")
        return value

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """Return a string out of a closed list."""
        value = self.text(key)
        if value not in allowed:
            raise self.refuse(key, f"must be one of {', '.join(allowed)}")
        return value

    def sha256(self, key: str) -> str:
        """Return a digest as 64 lower-case hexadecimal digits."""
        value = self.text(key)
        if not _SHA256.fullmatch(value):
            raise self.refuse(key, "must be a SHA-256 of 64 lower-case hexadecimal digits")
        return value

    def relative_path(self, key: str) -> str:
        """Return a path with forward slashes that cannot lead out of the folder it is joined to."""
        value = self.text(key)
        parts = value.split("/")
        if "\\" in value or "\0" in value or ":" in value or any(part in {"", ".", ".."} for part in parts):
            raise self.refuse(key, "must be a relative path that stays in its folder")
        return value

    def boolean(self, key: str) -> bool:
        """Return true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.refuse(key, "must be true or false")
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        """Return a whole number in [low, high]."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(key, f"must be a whole number from {low} to {high}")
        return value

    def number(self, key: str, low: float = -math.inf, high: float = math.inf) -> float:
        """Return a finite number in [low, high]."""
        return self._number(key, self._take(key), low, high)

    def _number(self, key: str, value: object, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(key, "must be a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.refuse(key, "must be finite")
        if not low <= number <= high:
            raise self.refuse(key, f"must lie between {low:g} and {high:g}")
        return number

    def numbers(self, key: str, length: int) -> tuple[float, ...]:
        """Return a list of exactly ``length`` finite numbers."""
        value = self._take(key)
        if not isinstance(value, list) or len(value) != length:
            raise self.refuse(key, f"must be a list of {length} numbers")
        return tuple(self._number(key, item, -math.inf, math.inf) for item in value)

    def points(self, key: str, length: int) -> tuple[tuple[float, float], ...]:
        """Return a list of exactly ``length`` pairs (x, y) of finite numbers."""
        value = self._take(key)
        if not isinstance(value, list) or len(value) != length:
            raise self.refuse(key, f"must be a list of {length} pairs")
        found = []
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.refuse(key, f"must be a list of {length} pairs")
            x, y = (self._number(key, item, -math.inf, math.inf) for item in pair)
            found.append((x, y))
        return tuple(found)

    def day(self, key: str) -> date:
        """Return a local date, written without quotes."""
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refuse(key, "must be a date such as 2026-01-31")
        return value

    def table(self, key: str) -> Table:
        """Return a table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.refuse(key, "must be a table")
        return Table(value, f"{self._where}.{key}" if self._where else key)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return an array of tables; none where the key is absent."""
        self._asked.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(key, "must be an array of tables")
        return tuple(Table(item, f"{key}[{index}]") for index, item in enumerate(value))

    def end(self) -> None:
        """Refuse every key that was not asked for."""
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise self.refuse(unknown[0], "is not a known key")
