"""Years of age become bands, and two dates the years between them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN
from fairgate.outside.score_codes import RowFault, places_of

AGE_BANDS = (
    (0, "under 14"),
    (14, "14 to 19"),
    (20, "20 to 34"),
    (35, "35 to 49"),
    (50, "50 to 64"),
    (65, "65 to 79"),
    (80, "80 and over"),
)
"""First age of each band. Under 14 and over 79 stand apart because entry and exit rules exempted them for long.

Source: 8 CFR 215.8(a)(2) and 235.1(f)(1)(iv) as they stood before 2025-12-26.
"""

PHOTO_AGE_BANDS = (
    (0, "under 1 year"),
    (1, "1 to 2 years"),
    (3, "3 to 5 years"),
    (6, "6 to 10 years"),
    (11, "over 10 years"),
)
"""First age of each band, in full years; a passport is valid for ten at most."""

_MOST_YEARS = 150
_DAYS_IN_A_YEAR = 365.2425
_DATE = r"^\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}[0-9:.+Z -]*)?\s*$"


class Bands:
    """Bands of years, which get a code when they are first seen.

    Args:
        bands: first year and label of each, rising.
        labels: where the labels are appended.
    """

    def __init__(self, bands: tuple[tuple[int, str], ...], labels: list[str]) -> None:
        self._starts = np.array([start for start, _ in bands], dtype=np.float64)
        self._names = [name for _, name in bands]
        self._labels = labels
        self._codes = np.full(len(bands) + 1, UNKNOWN, dtype=np.int16)

    def of(self, column: str, years: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the codes of ages in years, int16, shape (n,); NaN is ``UNKNOWN``.

        Raises:
            RowFault: an age is negative or above 150.
        """
        with np.errstate(invalid="ignore"):
            odd = (years < 0) | (years > _MOST_YEARS)
        if odd.any():
            raise RowFault(int(np.argmax(odd)), f"the column {column} is not an age in years")
        bands = np.searchsorted(self._starts, years, side="right") - 1
        bands[np.isnan(years)] = len(self._names)
        seen = np.bincount(bands, minlength=len(self._names) + 1)[:-1]
        for band in np.flatnonzero(seen):
            if self._codes[band] == UNKNOWN:
                self._codes[band] = len(self._labels)
                self._labels.append(self._names[band])
        return self._codes[bands]


def years_between(times: pa.Array, reference_times: pa.Array) -> NDArray[np.float64]:
    """Return how many years lie between probe and reference, whichever is older; NaN where one is not stated.

    Args:
        times: of the probe: Arrow dictionary array of ISO 8601 text, or dates or time stamps.
        reference_times: of the reference.

    Raises:
        RowFault: a text is no date.
    """
    apart = np.abs(_days(times, "time") - _days(reference_times, "reference_time"))
    return apart / _DAYS_IN_A_YEAR


def _days(values: pa.Array, column: str) -> NDArray[np.float64]:
    """Return days since 1970; a time of day and its zone are left out, which moves an age by a day at most."""
    if not pa.types.is_dictionary(values.type):
        return _numbers(values)
    texts = values.dictionary
    try:
        shaped = pc.match_substring_regex(texts, _DATE)
        empty = pc.equal(pc.utf8_trim_whitespace(texts), "")
        days = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(pc.if_else(shaped, texts, None)), 0, 10)
        meant = _numbers(_dates(days))
    except pa.ArrowInvalid as error:  # not UTF-8
        raise RowFault(0, f"the column {column} is not ISO 8601") from error
    odd = np.isnan(meant) & ~np.asarray(empty.to_numpy(zero_copy_only=False), dtype=np.bool_)
    places = places_of(values)
    if odd.any() and (wrong := np.append(odd, [False])[places]).any():
        raise RowFault(int(np.argmax(wrong)), f"the column {column} is not ISO 8601", "Write it as 2026-11-22.")
    return np.append(meant, [np.nan])[places]


def _dates(texts: pa.Array) -> pa.Array:
    """Read dates; one that the calendar does not have is left empty."""
    try:
        return texts.cast(pa.date32())
    except pa.ArrowInvalid:
        return pa.array([_date_or_none(text) for text in texts.to_pylist()], pa.date32())


def _date_or_none(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def _numbers(dates: pa.Array) -> NDArray[np.float64]:
    days = dates.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())
    return np.asarray(days.to_numpy(zero_copy_only=False), dtype=np.float64)
