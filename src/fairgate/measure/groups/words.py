"""What may be said of an attribute's groups, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.measure.groups.figures import GroupFigures, GroupRates, LargestDifference, Verdict
from fairgate.measure.groups.verdicts import compare_fmr, compare_fnmr
from fairgate.measure.words import count, percent

MOST_NAMES = 5
"""Groups that a sentence names before it only counts the rest."""


def verdict_in_words(figures: GroupFigures) -> str:
    """Return the verdict on an attribute in plain sentences, for the page, the table and scripts.

    ``No difference`` is said on :attr:`Verdict.NO_DIFFERENCE` only. Otherwise the sentences tell what was shown, what
    the data could have shown, and which groups are too small for the difference looked for.
    """
    if len(figures.groups) < 2:
        return "There is one group only, so there is nothing to compare."
    labels = [group.label for group in figures.groups]
    fnmr = compare_fnmr(labels, [group.fnmr for group in figures.groups])
    fmr = compare_fmr(labels, [group.fmr for group in figures.groups])
    if figures.verdict is Verdict.NO_DIFFERENCE:
        alike = (
            "No difference beyond the margins: between every two groups FNMR lies within 1 percentage point and FMR "
            f"within a ratio of 2, at {percent(figures.confidence)} confidence for all groups at once."
        )
        said = [alike]
        if fnmr.clearest or fmr.clearest:
            said.append("A smaller one is there all the same:")
            said += _shown(fnmr.clearest, fmr.clearest)
        return " ".join(said)
    if figures.verdict is Verdict.DIFFERENCE:
        said = ["A difference is shown.", *_shown(fnmr.clearest, fmr.clearest)]
    else:
        said = ["Neither a difference nor its absence is shown."]
    said += _could_have_shown(figures.groups)
    return " ".join(said)


def _shown(fnmr: LargestDifference | None, fmr: LargestDifference | None) -> list[str]:
    said = []
    if fnmr is not None and fnmr.value is not None:
        said.append(
            f"{fnmr.first} is missed more often than {fnmr.second}, by {_points(fnmr.value)} of FNMR "
            f"({_number(100 * fnmr.low)} to {_points(fnmr.high or 1.0)})."
        )
    if fmr is not None:
        times = "" if fmr.value is None else f", {_number(fmr.value)} times as often"
        reach = f"at least {_number(fmr.low)}"
        if fmr.high is not None:
            reach = f"{_number(fmr.low)} to {_number(fmr.high)}"
        said.append(f"{fmr.first} is falsely matched more often than {fmr.second}{times} (ratio of FMR {reach}).")
    return said


def _could_have_shown(groups: Sequence[GroupRates]) -> list[str]:
    said = []
    if seen := [(group.fnmr_visible, group.label) for group in groups if group.fnmr_visible is not None]:
        rise, label = max(seen)
        said.append(
            f"These data could have shown a difference of {_points(rise)} of FNMR between {_any(seen, groups)} and the "
            f"others, 4 times in 5 (hardest to see: {label}); smaller ones would have stayed unseen there."
        )
    if seen := [(group.fmr_visible, group.label) for group in groups if group.fmr_visible is not None]:
        ratio, label = max(seen)
        said.append(
            f"They could have shown an FMR {_number(ratio)} times that of the others in {_any(seen, groups)} (hardest "
            f"to see: {label}); smaller ratios would have stayed unseen there."
        )
    for rate, unseen in (
        ("FNMR", [group.label for group in groups if group.fnmr_visible is None]),
        ("FMR", [group.label for group in groups if group.fmr_visible is None]),
    ):
        if unseen:
            said.append(f"Not even the largest difference in {rate} could have been told of {_names(unseen)}.")
    if small := [group.label for group in groups if group.small]:
        said.append(f"Too small for a difference of one point of FNMR or twice the FMR: {_names(small)}.")
    return said


def _any(seen: Sequence[object], groups: Sequence[object]) -> str:
    return "any group" if len(seen) == len(groups) else f"any of {count(len(seen))} groups of {count(len(groups))}"


def _names(labels: Sequence[str]) -> str:
    if len(labels) > MOST_NAMES:
        return f"{', '.join(labels[:MOST_NAMES])} and {count(len(labels) - MOST_NAMES)} more"
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _points(share: float) -> str:
    points = _number(100 * share)
    return f"{points} {'point' if points == '1' else 'points'}"


def _number(value: float) -> str:
    """Return a number with two significant digits, or whole."""
    return count(round(value)) if abs(value) >= 10 else f"{value:.2g}"
