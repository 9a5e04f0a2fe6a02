"""Dates and times of DTM and UNB, and the century of two-digit years.

Source: UN/EDIFACT code list 2379 for the forms (101, 102, 201, 203).
"""

from __future__ import annotations

from datetime import date, datetime, time

_LENGTHS = {"101": 6, "102": 8, "201": 10, "203": 12}
_FORMS_BY_LENGTH = {length: form for form, length in _LENGTHS.items()}
_SHORT_FORMS = ("", "101")
OLDEST_AGE_YEARS = 130
"""A birth date further back than this is not believed."""


def birth_date(text: str, form: str, on: date) -> date | None:
    """Return a birth date, or ``None`` where the text is none or cannot be one.

    Args:
        text: as listed; two-digit years are taken as the latest that is not after ``on``.
        form: code of UN/EDIFACT 2379; ``""`` has the form told by the length.
        on: the day of reading.
    """
    plain = _day_near(text, on, years_ahead=0) if len(text) == 6 and form in _SHORT_FORMS else _whole_day(text, form)
    if plain is not None and plain <= on and on.year - plain.year <= OLDEST_AGE_YEARS:
        return plain
    candidates = [day for day in _days(text, form, on) if day <= on and on.year - day.year <= OLDEST_AGE_YEARS]
    return max(candidates, default=None)


def nearest_date(text: str, form: str, on: date) -> date | None:
    """Return an expiry date, or ``None``; two-digit years are taken as the nearest to ``on``."""
    if len(text) == 6 and form in _SHORT_FORMS:
        plain = _day_near(text, on, years_ahead=49)
        if plain is not None and plain.year > on.year - 49:
            return plain
    elif (plain := _whole_day(text, form)) is not None:
        return plain
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


def _day_near(text: str, on: date, *, years_ahead: int) -> date | None:
    """Return the date of a two-digit year that is at most some years after a day's, or ``None`` to look closer.

    Most dates of a list come this way; what is odd about the others is left to :func:`_days`.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    year = 100 * (on.year // 100) + int(text[:2])
    if year > on.year + years_ahead:
        year -= 100
    return _day(year, int(text[2:4]), int(text[4:]))


def _whole_day(text: str, form: str) -> date | None:
    """Return a date with its century, or ``None`` to look closer."""
    if len(text) != 8 or form not in ("", "102") or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


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
