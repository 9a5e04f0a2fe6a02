"""Two-digit years: which century, by what the date is and the day of reading."""

from __future__ import annotations

from datetime import date

from fairgate.papers.document_facts import PartialDate
from fairgate.papers.mrz.alphabet import DIGITS
from fairgate.papers.mrz.formats import MrzKind

UNKNOWN = "<<"
YEARS_AHEAD = {MrzKind.TD1: 79, MrzKind.TD2: 79, MrzKind.TD3: 19, MrzKind.MRV_A: 19, MrzKind.MRV_B: 19}
"""How many years after the day of reading a document may still be valid; the century is chosen so that none is more.

Passports and visas are valid for ten years, seldom longer; identity cards of the old may be valid for ever, which is
written as a date near the end of the century.
"""


def read_birth(text: str, on: date) -> PartialDate | None:
    """Return a date of birth from six characters ``YYMMDD``, or ``None`` where it is none.

    The century is the latest that puts the birth on or before the day of reading. Unknown parts are ``<<``.
    """
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    try:
        if year is None:
            return PartialDate(None, month, day)
        for century in (on.year // 100 * 100, on.year // 100 * 100 - 100):
            if (century + year, month or 1, day or 1) <= (on.year, on.month, on.day):
                return PartialDate(century + year, month, day)
    except ValueError:
        pass
    return None


def read_expiry(text: str, kind: MrzKind, on: date) -> date | None:
    """Return a last day of validity from six digits ``YYMMDD``, or ``None`` where it is none."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    if year is None or month is None or day is None:
        return None
    latest = on.year + YEARS_AHEAD[kind]
    try:
        return date(latest - (latest - year) % 100, month, day)
    except ValueError:
        return None


def write_date(day: PartialDate | None) -> str:
    """Return six characters ``YYMMDD`` with ``<<`` for what is unknown."""
    if day is None:
        return UNKNOWN * 3
    parts = (None if day.year is None else day.year % 100, day.month, day.day)
    return "".join(UNKNOWN if part is None else f"{part:02d}" for part in parts)


def _parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Return year, month and day, each ``None`` where unknown; or ``None`` where the text is no date."""
    parts: list[int | None] = []
    for start in (0, 2, 4):
        part = text[start : start + 2]
        if part == UNKNOWN:
            parts.append(None)
        elif len(part) == 2 and part[0] in DIGITS and part[1] in DIGITS:
            parts.append(int(part))
        else:
            return None
    return parts[0], parts[1], parts[2]
