"""Age on a day, leap days included."""

from __future__ import annotations

from datetime import date


def possible_ages(born_on: date | None, on: date) -> tuple[int, ...]:
    """Return the ages in whole years that somebody may have on a day; none where it is not known.

    Somebody born on 29 February has their birthday on 28 February or on 1 March in a year without a leap day, depending
    on whose law one asks. On 28 February of such a year both ages are returned, and whoever asks takes the reading that
    protects more. A birth date after the day is an error of the papers, so the age is not known.
    """
    if born_on is None or born_on > on:
        return ()
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    if (born_on.month, born_on.day, on.month, on.day) == (2, 29, 2, 28) and not _is_leap(on.year):
        return age, age + 1
    return (age,)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
