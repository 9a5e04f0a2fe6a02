"""Dates and times of DTM and UNB, and the century of two-digit years.

Source: UN/EDIFACT code list 2379 for the forms (101, 102, 201, 203).
"""

from __future__ import annotations

from datetime import date, datetime, time

_LENGTHS = {"101": 6, "102": 8, "201": 10, "203": 12}
_FORMS_BY_LENGTH = {length: form for form, length in _LENGTHS.items()}
OLDEST_AGE_YEARS = 130
"""A birth date further back than this is not believed."""


def birth_date(text: str, form: str, on: date) -> date | None:
    """Return a birth date, or ``None`` where the text is none or cannot be one.

    Args:
        text: as listed; two-digit years are taken as the latest that is not after ``on``.
        form: code of UN/EDIFACT 2379; ``""`` has the form told by the length.
        on: the day of reading.
    """
    candidates = [day for day in _days(text, form, on) if day <= on and on.year - day.year <= OLDEST_AGE_YEARS]
    return max(candidates, default=None)


def nearest_date(text: str, form: str, on: date) -> date | None:
    """Return an expiry date, or ``None``; two-digit years are taken as the nearest to ``on``."""
    return min(_days(text, form, on), key=lambda day: abs(day - on), default=None)


def nearest_time(text: str, form: str, on: date) -> datetime | None:
    """Return a local time to the minute, without a zone, or ``None``; two-digit years are the nearest to ``on``."""
    if _form(text, form) not in ("201", "203"):
        return None
    hour, minute = int(text[-4:-2]), int(text[-2:])
    day = nearest_date(text, form, on)
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute))


def _form(text: str, form: str) -> str | None:
    """Return the form that the text has, where it is the one given or none was given."""
    if not (text.isascii() and text.isdigit()):
        return None
    actual = _FORMS_BY_LENGTH.get(len(text))
    return actual if form in ("", actual) else None


def _days(text: str, form: str, on: date) -> list[date]:
    """Return every date that the text can mean: one, or one for each century around ``on``."""
    actual = _form(text, form)
    if actual is None:
        return []
    digits = text[: 6 if actual in ("101", "201") else 8]
    century = on.year // 100
    years = [int(digits[:4])] if len(digits) == 8 else [100 * (century + away) + int(digits[:2]) for away in (-1, 0, 1)]
    month, day = int(digits[-4:-2]), int(digits[-2:])
    return [made for year in years if (made := _day(year, month, day)) is not None]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
