"""Stable codes and figures in plain words, for reports that people read."""

from __future__ import annotations

import math

from fairgate.measure.intervals import IntervalMethod, Proportion

NARROW = "\N{NARROW NO-BREAK SPACE}"

OUTCOME_WORDS = {
    "match": "Match",
    "see_officer": "See officer",
    "not_attempted": "Not attempted",
}

REASON_WORDS = {
    "matched": "matched to a passenger",
    "no_match": "no match found",
    "poor_image": "image too poor",
    "no_face": "no face found",
    "several_faces": "several faces",
    "already_boarded": "already boarded",
    "unreadable_image": "image unreadable",
    "capture_missing": "capture missing",
    "no_reference": "no reference",
    "engine_fault": "engine fault",
    "chip_not_genuine": "chip not genuine",
    "chip_copied": "chip did not show its key",
    "no_csca": "no certificate to check the chip with",
    "chip_undecided": "chip could not be checked",
    "papers_differ": "papers differ",
    "document_expired": "document expired",
    "shared_face": "face like another passenger's",
    "no_notice": "no current notice at the lane",
    "manual_check": "manual check",
    "reference_too_old": "reference photo too old for the age",
    "unaccompanied_child": "child without a guardian",
    "camera_down": "camera out of order",
    "engine_down": "engine out of order",
    "centre_down": "centre out of reach",
    "lane_closed": "lane closed",
    "asked_for_officer": "asked for an officer",
    "not_on_list": "not on the list",
    "match_undone": "a match was taken back",
    "papers_checked": "papers checked",
    "second_document": "second document",
    "fingerprints_checked": "fingerprints checked",
    "same_person_again": "the same person again",
    "listed_nowhere": "on no list",
    "not_confirmed": "not confirmed",
    "papers_doubted": "papers doubted",
    "further_questions": "further questions",
    "went_away": "went away",
    "not_there_when_called": "not there when called",
    "entered_by_mistake": "entered by mistake",
    "wrong_person": "wrong person",
    "wrong_capture": "wrong capture",
    "wrong_entry": "wrong entry",
    "opted_out": "opted out",
    "rule_forbids": "rule forbids asking",
}

CHAIN_WORDS = {
    "offered": "Offered",
    "captured": "Captured",
    "usable": "Usable",
    "with_reference": "Had a reference",
    "matched": "Matched",
}


def plain(code: str) -> str:
    """Return a stable code as words: ``inter_eye_distance`` becomes ``inter eye distance``."""
    return code.replace("_", " ")


def reason_in_words(reason: str, component: str | None = None) -> str:
    """Return a reason, and what failed, in words; an unknown code is shown as it is, without underscores."""
    words = REASON_WORDS.get(reason, plain(reason))
    return f"{words} ({plain(component)})" if component else words


def count(number: int) -> str:
    """Return a whole number with its thousands set apart: ``180 811``."""
    return f"{number:,}".replace(",", NARROW)


def percent(share: float) -> str:
    """Return a share as a percentage: one decimal, more near 0 % and 100 %, which only exact shares are called."""
    value = 100 * share
    if abs(value - round(value)) < 1e-9:
        return f"{round(value)}{NARROW}%"
    to_the_end = min(value, 100 - value)
    decimals = 1 if to_the_end >= 0.1 else 1 - math.floor(math.log10(to_the_end))
    return f"{value:.{decimals}f}{NARROW}%"


def k_of_n(share: Proportion) -> str:
    """Return a proportion as ``72 of 78``."""
    return f"{count(share.count)} of {count(share.of)}"


def bracket(low: float, high: float) -> str:
    """Return an interval of a share as ``84.2 % to 96.4 %``."""
    return f"{percent(low)} to {percent(high)}"


def one_in(rate: float) -> str:
    """Return a small rate as people say it: ``1 in 10 000`` or ``3 in 1 000``; ``0`` for none."""
    if rate <= 0:
        return "0"
    per = 10
    while rate * per < 1 - 1e-9:
        per *= 10
    hits = rate * per
    if abs(hits - round(hits)) < 1e-6 * hits:
        return f"{round(hits)} in {count(per)}"
    return f"1 in {count(round(1 / rate))}"


def milliseconds(value: float) -> str:
    """Return a duration with two significant digits or whole milliseconds."""
    if value >= 10:
        return f"{count(round(value))}{NARROW}ms"
    return f"{value:.2g}{NARROW}ms"


INTERVAL_WORDS = {
    IntervalMethod.WILSON: "Wilson",
    IntervalMethod.CLOPPER_PEARSON: "exact (Clopper–Pearson)",
    IntervalMethod.RULE_OF_THREE: "rule of three",
    IntervalMethod.SUBJECT_BOOTSTRAP: "bootstrap over people",
}

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST_PERCENT = 1e-5


def rate_percent(rate: float) -> str:
    """Return an error rate as a percentage with at least two significant digits, and one decimal at least."""
    value = 100 * rate
    if rate <= 0 or rate >= 1:
        return f"{round(value)}{NARROW}%"
    to_the_end = min(value, 100 - value)
    if to_the_end < _SMALLEST_PERCENT:
        near = "below 0.00001" if value < 50 else "above 99.99999"
        return f"{near}{NARROW}%"
    decimals = max(1, 1 - math.floor(math.log10(to_the_end)))
    return f"{value:.{decimals}f}{NARROW}%"


def rate_power(rate: float) -> str:
    """Return a small rate as laboratories write it: ``9.6 × 10⁻⁵``; a power of ten alone as ``10⁻⁴``."""
    if rate <= 0:
        return "0"
    if rate >= 0.0995:
        return f"{rate:.2g}"
    digits, _, power = f"{rate:.1e}".partition("e")
    exponent = f"10{str(int(power)).translate(_SUPERSCRIPTS)}"
    if abs(rate / 10.0 ** int(power) - 1) < 1e-9:
        return exponent
    return f"{digits}{NARROW}×{NARROW}{exponent}"


def rate_bracket(low: float, high: float) -> str:
    """Return an interval of an error rate as ``0.61 % to 1.4 %``."""
    return f"{rate_percent(low)} to {rate_percent(high)}"


def power_bracket(low: float, high: float) -> str:
    """Return an interval of a small rate as ``6.1 × 10⁻⁵ to 1.4 × 10⁻⁴``."""
    return f"{rate_power(low)} to {rate_power(high)}"


def few_of(rate: float) -> tuple[int, int]:
    """Return a rate as whole people of a round number of them: 0.0096 as 1 of 100, 0.004 as 4 of 1000.

    Args:
        rate: in (0, 1].
    """
    per = 100
    while rate * per < 0.95:
        per *= 10
    return min(round(rate * per), per), per


def threshold_text(threshold: float) -> str:
    """Return a threshold with six significant digits."""
    return f"{threshold:.6g}"
