"""What any travel paper says about its holder and itself, in one form, so that papers can be compared."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Source(StrEnum):
    """Where facts about a document were read."""

    MRZ = "mrz"
    CHIP = "chip"
    VISA = "visa"
    LIST = "list"
    BOARDING = "boarding_pass"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which a part may be unknown, as dates of birth sometimes are.

    Args:
        year: four digits; ``None`` where unknown.
        month: 1 to 12; ``None`` where unknown.
        day: 1 to 31; ``None`` where unknown.

    Raises:
        ValueError: a part is out of range, or the whole is no day of the calendar.

    Source: ICAO Doc 9303-3, 4.8: unknown parts of a date of birth are filler characters.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.year is not None and not 1 <= self.year <= 9999:
            raise ValueError("the year is out of range")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError("the month is out of range")
        # 2000 was a leap year, so that an unknown year allows 29 February.
        longest = 31 if self.month is None else calendar.monthrange(self.year or 2000, self.month)[1]
        if self.day is not None and not 1 <= self.day <= longest:
            raise ValueError("the day is out of range")

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return a date of which everything is known."""
        return cls(day.year, day.month, day.day)

    @property
    def exact(self) -> date | None:
        """Return the date where all of it is known, else ``None``."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    def agrees_with(self, other: PartialDate) -> bool:
        """Tell whether no part that both know differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(ours is None or theirs is None or ours == theirs for ours, theirs in pairs)

    def __str__(self) -> str:
        """Return ISO 8601 with ``?`` for what is unknown, e.g. ``"1985-??-??"``."""
        year = "????" if self.year is None else f"{self.year:04d}"
        month, day = ("??" if part is None else f"{part:02d}" for part in (self.month, self.day))
        return f"{year}-{month}-{day}"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document and its holder, as one source gives them.

    Args:
        source: where this was read.
        document_code: ICAO's one or two characters without fillers, e.g. ``"P"``, ``"ID"``; ``""`` where not given.
        issuer: code of the issuing state or organisation, as written (Germany's passports write ``"D"``).
        number: document number, as written, without trailing fillers.
        family_name: primary identifier, components separated by spaces.
        given_names: secondary identifier, components separated by spaces; ``""`` where there is none.
        nationality: code, as written; ``""`` where not given.
        born: date of birth; ``None`` where not given or unreadable.
        sex: ``"F"``, ``"M"``, ``"X"`` for unspecified, or ``""`` where not given or unreadable.
        expires_on: last day of validity; ``None`` where not given or unreadable.
        name_may_be_truncated: the field was too short for the name, or exactly full.
        optional: what the issuer wrote into the first optional field, without trailing fillers.
        further_optional: the same for a TD1's second optional field.
    """

    source: Source
    document_code: str = ""
    issuer: str = ""
    number: str = ""
    family_name: str = ""
    given_names: str = ""
    nationality: str = ""
    born: PartialDate | None = None
    sex: str = ""
    expires_on: date | None = None
    name_may_be_truncated: bool = False
    optional: str = ""
    further_optional: str = ""
