"""Groups of people side by side, as a figure."""

from __future__ import annotations

from fairgate.measure.groups.figures import GroupFigures, GroupRates
from fairgate.measure.interval_plots import ROWS_DRAWN, IntervalRow, interval_panel
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Plot, Table, render_svg
from fairgate.measure.words import (
    count,
    k_of_n,
    percent,
    plain,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
)

_LONGEST = 32

SMALL = "small group"
"""How a group is marked that cannot show the difference looked for."""


def group_plot(figures: GroupFigures, name: str) -> Plot:
    """Draw both error rates of every group with their simultaneous intervals.

    Of very many groups the largest are drawn and those with the highest rates; the table holds all.

    Args:
        figures: of one attribute.
        name: of the picture, unique in the page.
    """
    drawn = _worth_drawing(figures.groups)
    labels = _labels(drawn)
    fnmr = [
        IntervalRow(label, one.fnmr.value, one.fnmr.low, one.fnmr.high, _said(one.fnmr, "percent"), hollow=one.small)
        for label, one in zip(labels, drawn, strict=True)
    ]
    fmr = [
        IntervalRow(label, one.fmr.value, one.fmr.low, one.fmr.high, _said(one.fmr, "power"), hollow=one.small)
        for label, one in zip(labels, drawn, strict=True)
    ]
    panels = [
        interval_panel(fnmr, "People missed (FNMR)", width=250),
        interval_panel(fmr, "Strangers of the same group matched (FMR)", scale="log", width=250, labels=False),
    ]
    left = len(figures.groups) - len(drawn)
    return Plot(
        name=name,
        title=f"Error rates by {plain(figures.attribute)}",
        reading="Left, how often people are missed; right, on a scale where each mark is ten times the one before, how "
        "often strangers of the same group match; a triangle at its left edge: none did. Lines are intervals that hold "
        f"for all groups at once ({percent(figures.confidence)}). Hollow: a small group."
        + (f" The picture shows {len(drawn)} of {len(figures.groups)} groups; the table has all." if left else ""),
        description="; ".join(
            f"{one.label}: missed {k_of_n(one.fnmr)}, interval {rate_bracket(one.fnmr.low, one.fnmr.high)}"
            for one in drawn
        )
        + ".",
        svg=render_svg({"hconcat": panels, "spacing": 24}, name),
        table=group_table(figures),
    )


def group_table(figures: GroupFigures) -> Table:
    """Return every group with both rates, their intervals, and what its size could show."""
    return Table(
        f"Groups by {plain(figures.attribute)} at one threshold; intervals hold for all groups at once "
        f"({percent(figures.confidence)})",
        (
            "Group",
            "People",
            "Size",
            "Missed",
            "FNMR",
            "Interval",
            "False matches",
            "FMR",
            "Interval",
            "Visible rise of FNMR",
            "Chance to see 1 point",
            "Visible ratio of FMR",
            "Chance to see a doubling",
        ),
        tuple(
            (
                one.label,
                "unknown" if one.subjects is None else count(one.subjects),
                SMALL if one.small else "large enough",
                k_of_n(one.fnmr),
                "–" if one.fnmr.value is None else rate_percent(one.fnmr.value),
                rate_bracket(one.fnmr.low, one.fnmr.high),
                k_of_n(one.fmr),
                "–" if one.fmr.value is None else rate_power(one.fmr.value),
                power_bracket(one.fmr.low, one.fmr.high),
                "none" if one.fnmr_visible is None else f"{100 * one.fnmr_visible:.2g} points",
                f"{one.fnmr_power:.0%}",
                "none" if one.fmr_visible is None else f"{one.fmr_visible:.3g} times",
                f"{one.fmr_power:.0%}",
            )
            for one in figures.groups
        ),
    )


def _worth_drawing(groups: tuple[GroupRates, ...]) -> list[GroupRates]:
    if len(groups) <= ROWS_DRAWN:
        return list(groups)
    shown = {one.label for one in groups[: ROWS_DRAWN // 2]}
    for one in sorted(groups, key=lambda one: max(one.fnmr.value or 0.0, 0.0), reverse=True):
        if len(shown) == ROWS_DRAWN:
            break
        shown.add(one.label)
    return [one for one in groups if one.label in shown]


def _labels(groups: list[GroupRates]) -> list[str]:
    """Return what stands beside the rows: cut to what fits, and still each of them once."""
    cut = [one.label if len(one.label) <= _LONGEST else f"{one.label[:_LONGEST]}…" for one in groups]
    once = [label if cut.count(label) == 1 else f"{row}. {label}" for row, label in enumerate(cut, start=1)]
    return [f"{label} · small" if one.small else label for one, label in zip(groups, once, strict=True)]


def _said(rate: Proportion, how: str) -> str:
    if rate.value is None:
        return "not tried"
    if rate.count == 0:
        return f"0 of {count(rate.of)}"
    return rate_percent(rate.value) if how == "percent" else rate_power(rate.value)
