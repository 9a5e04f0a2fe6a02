"""How a rate looks in a table of the terminal."""

from __future__ import annotations

from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import Proportion
from fairgate.measure.rates import NotResolvable
from fairgate.measure.words import (
    count,
    k_of_n,
    one_in,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
)


def target(value: float) -> str:
    """Return a rate asked for: ``1 in 1 000``."""
    return one_in(value)


def rate(share: Proportion) -> str:
    """Return a rate with its interval: ``1.2 % (0.84 % to 1.9 %)``."""
    if share.value is None:
        return "no trial"
    return f"{rate_percent(share.value)} ({rate_bracket(share.low, share.high)})"


def small_rate(share: Proportion) -> str:
    """Return a rate of false matches with its interval, in powers of ten: ``1.0 × 10⁻⁴ (6.1 × 10⁻⁵ to 1.4 × 10⁻⁴)``."""
    if share.value is None:
        return "no trial"
    return f"{rate_power(share.value)} ({power_bracket(share.low, share.high)})"


def parts(share: Proportion, *, small: bool) -> tuple[str, str]:
    """Return a rate and its interval apart, of false matches in powers of ten."""
    if share.value is None:
        return "no trial", ""
    if small:
        return rate_power(share.value), power_bracket(share.low, share.high)
    return rate_percent(share.value), rate_bracket(share.low, share.high)


def errors(share: Proportion) -> str:
    """Return count, rate and interval."""
    return f"{k_of_n(share)}, {rate(share)}"


def small_errors(share: Proportion) -> str:
    """Return count, rate and interval, the rate in powers of ten."""
    return f"{k_of_n(share)}, {small_rate(share)}"


def mean(found: MeanRate | None) -> str:
    """Return the errors in an average gallery, which need not be whole, with rate and interval."""
    if found is None:
        return ""
    shown = count(round(found.errors)) if float(found.errors).is_integer() else f"{found.errors:.2f}"
    return f"{shown} of {count(found.of)}, {rate_percent(found.value)} ({rate_bracket(found.low, found.high)})"


def missing(found: NotResolvable) -> tuple[str, str]:
    """Return that there is no figure, and why."""
    return "not resolvable", f"{found.expected:.2g} expected of {count(found.of)}"


def signed(difference: float) -> str:
    """Return a difference of shares with its sign: ``+0.41 %``."""
    sign = "+" if difference > 0 else "\N{MINUS SIGN}" if difference < 0 else ""
    return f"{sign}{rate_percent(abs(difference))}"


def sentence(text: str) -> str:
    """Return words as a sentence: with a capital at the start and a full stop at the end."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
