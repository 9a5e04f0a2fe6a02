"""Groups on the terminal: one threshold for all, and what may be said of their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fairgate.cli.measure_cells import rate, sentence, signed, small_rate, target
from fairgate.cli.output import print_line, print_table
from fairgate.measure.groups.figures import GroupFigures, GroupRates, LargestDifference, WorstRatios
from fairgate.measure.groups.words import verdict_in_words
from fairgate.measure.intervals import Proportion
from fairgate.measure.words import count, k_of_n, rate_percent

CROSSED = " × "
"""Stands between the attributes of a crossing."""
_MOST_ROWS = 20
_COLUMNS = ("group", "people", "mated missed", "FNMR", "false matches", "FMR", "could show")


def print_groups(every: Sequence[GroupFigures]) -> None:
    """Print each attribute: its largest groups, how much worse the worst is, and what may be said of them.

    Of a crossing, whose groups are many, only what may be said; the report and ``--json`` have its table.
    """
    for found in every:
        _print_attribute(found)
    rules = [one.zero_rule for one in every for ratios in (one.fnmr_ratios, one.fmr_ratios) if _without_error(ratios)]
    for rule in dict.fromkeys(rules):
        print_line(f"Groups without an error: {sentence(rule)}")


def _print_attribute(found: GroupFigures) -> None:
    small = sum(one.small for one in found.groups)
    if CROSSED in found.attribute:
        told = f"{count(len(found.groups))} groups, {count(small)} of them small; the table is in the report and --json"
        print_line(f"Groups by {found.attribute}: {told}. {verdict_in_words(found)}")
        return
    title = f"Groups by {found.attribute} at one threshold (FMR {target(found.target)})"
    rows = [_row(one) for one in found.groups[:_MOST_ROWS]]
    print_table(f"{title}; {rate_percent(found.confidence)} that all intervals hold", _COLUMNS, rows)
    if len(found.groups) > _MOST_ROWS:
        print_line(f"And {count(len(found.groups) - _MOST_ROWS)} smaller groups, in the report and in --json.")
    print_line(verdict_in_words(found))
    _worst("FNMR", found.fnmr_ratios, {one.label: one.fnmr for one in found.groups})
    _worst("FMR", found.fmr_ratios, {one.label: one.fmr for one in found.groups})
    _furthest(found.fnmr_difference, found.fmr_difference)
    if found.unlabelled:
        print_line(f"Without a label, in no group: {count(found.unlabelled)} comparisons.")


def _row(one: GroupRates) -> tuple[str, ...]:
    rise = "nothing" if one.fnmr_visible is None else f"+{rate_percent(one.fnmr_visible)}"
    ratio = "nothing" if one.fmr_visible is None else f"× {_times(one.fmr_visible)}"
    return (
        f"{one.label} (small)" if one.small else one.label,
        "" if one.subjects is None else count(one.subjects),
        k_of_n(one.fnmr),
        rate(one.fnmr),
        k_of_n(one.fmr),
        small_rate(one.fmr),
        f"{rise}, {ratio}",
    )


def _times(ratio: float) -> str:
    return count(round(ratio)) if ratio >= 10 else f"{ratio:.2g}"


def _worst(name: str, found: WorstRatios | None, rates: Mapping[str, Proportion]) -> None:
    if found is None or found.to_geometric_mean is None or found.to_best is None:
        return
    without = f" Without an error: {', '.join(found.zero_groups)}." if found.zero_groups else ""
    print_line(
        f"{name}, worst group {found.worst} ({k_of_n(rates[found.worst])}): {found.to_geometric_mean:.2f} times the "
        f"geometric mean, {found.to_best:.2f} times the best, {found.best} ({k_of_n(rates[found.best])}).{without}"
    )


def _furthest(fnmr: LargestDifference | None, fmr: LargestDifference | None) -> None:
    """Print between which two groups the simultaneous intervals reach farthest."""
    if fnmr is not None and fnmr.value is not None and fnmr.high is not None:
        reach = f"{signed(fnmr.low)} to {signed(fnmr.high)}"
        print_line(f"Furthest apart in FNMR: {fnmr.first} less {fnmr.second}, {signed(fnmr.value)} ({reach}).")
    if fmr is not None:
        value = "no ratio" if fmr.value is None else f"× {fmr.value:.3g}"
        high = "no end" if fmr.high is None else f"{fmr.high:.3g}"
        print_line(f"Furthest apart in FMR: {fmr.first} over {fmr.second}, {value} ({fmr.low:.3g} to {high}).")


def _without_error(found: WorstRatios | None) -> bool:
    return found is not None and bool(found.zero_groups)
