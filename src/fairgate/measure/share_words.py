"""A share with its count and interval, as sentences say it."""

from __future__ import annotations

from fairgate.measure.intervals import Proportion
from fairgate.measure.words import bracket, k_of_n, percent


def told(share: Proportion) -> str:
    """Return a proportion as ``2 of 60 (3.3 %; 0.4 % to 11.5 %)``."""
    return f"{k_of_n(share)} ({rate_told(share)})"


def rate_told(share: Proportion) -> str:
    """Return a rate and its interval, e.g. ``5 %; 1.0 % to 13.9 %``."""
    return "no trial" if share.value is None else f"{percent(share.value)}; {bracket(share.low, share.high)}"
