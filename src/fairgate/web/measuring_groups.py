"""Groups of people, for the figures' part of a measuring report."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fairgate.measure.group_plots import group_plot, group_table
from fairgate.measure.groups.figures import GroupFigures, LargestDifference, Verdict, WorstRatios
from fairgate.measure.groups.words import verdict_in_words
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Plot, Table
from fairgate.measure.words import count, k_of_n, one_in, percent, plain, rate_power, threshold_text
from fairgate.web.measuring_blocks import Block, Data, Heading, Picture, Section, Words
from fairgate.web.measuring_heat import heat_table


@dataclass(frozen=True, slots=True)
class Room:
    """How much of very many groups a page holds; what it leaves out, it says.

    Args:
        pictures: attributes and crossings that are drawn.
        matrix: groups up to which the matrix of an attribute is printed.
        rows: groups of an attribute that are listed, those with most comparisons first.
    """

    pictures: int = 12
    matrix: int = 10_000
    rows: int = 10_000


_JSON = "To keep this page small (the JSON output has everything):"


def group_plots(groups: tuple[GroupFigures, ...], most: int) -> tuple[Plot, ...]:
    """Draw the first of the attributes; once, however often the page is tried for size."""
    return tuple(group_plot(figures, f"group-{number}") for number, figures in enumerate(groups[:most], start=1))


def groups_section(groups: tuple[GroupFigures, ...], room: Room, plots: tuple[Plot, ...]) -> Section:
    """Return every attribute and crossing: what may be said, both rates by group, and who matches whom.

    Args:
        groups: one of each attribute and crossing.
        room: how much of them to print.
        plots: of the first of them, as :func:`group_plots` draws them.
    """
    first = groups[0]
    blocks: list[Block] = [
        Words(
            f"One threshold for everybody, {threshold_text(first.threshold)}, made for a false match rate of "
            f"{one_in(first.target)}. Intervals within an attribute hold for all its groups at once, so that looking "
            "at many groups does not turn chance into a finding. Small groups are listed and marked: they cannot show "
            "the difference looked for."
        )
    ]
    for number, figures in enumerate(groups, start=1):
        blocks += _attribute(figures, number, room, plots)
    if len(groups) > room.pictures:
        blocks.append(Words(f"Pictures are drawn of the first {room.pictures} of {len(groups)}; the tables have all."))
    return Section("groups", "Groups of people", tuple(blocks))


def _attribute(figures: GroupFigures, number: int, room: Room, plots: tuple[Plot, ...]) -> list[Block]:
    blocks: list[Block] = [Heading(f"By {plain(figures.attribute)}"), Words(verdict_in_words(figures))]
    name = f"group-{number}"
    texts = (2,)
    listed = len(figures.groups)
    if number <= room.pictures:
        plot = plots[number - 1]
        blocks.append(Picture(replace(plot, table=_cut(plot.table, room.rows)), texts=texts))
    else:
        blocks.append(Data(name, _cut(group_table(figures), room.rows), folded="Rates by group", texts=texts))
    if listed > room.rows:
        blocks.append(Words(f"{_JSON} {count(listed - room.rows)} groups with the fewest comparisons are not listed."))
    small = [one.label for one in figures.groups if one.small]
    if small and (figures.verdict is Verdict.NO_DIFFERENCE or len(figures.groups) < 2):
        named = ", ".join(small[:8]) + (f" and {count(len(small) - 8)} more" if len(small) > 8 else "")
        blocks.append(Words(f"Small groups, listed all the same: {named}."))
    if figures.fnmr_ratios or figures.fmr_ratios:
        blocks.append(Data(f"{name}-worst", _ratios_table(figures), texts=(1, 2, 5)))
        if any(one.zero_groups for one in (figures.fnmr_ratios, figures.fmr_ratios) if one):
            blocks.append(Words(figures.zero_rule))
    if figures.fnmr_difference or figures.fmr_difference:
        blocks.append(Data(f"{name}-difference", _differences_table(figures), texts=(1, 2)))
    if listed > room.matrix:
        blocks.append(Words(f"{_JSON} The matrix of {count(listed)} × {count(listed)} groups is not printed."))
    elif figures.fmr_matrix:
        blocks.append(heat_table(figures, f"{name}-matrix"))
    if figures.unlabelled:
        blocks.append(Words(f"{count(figures.unlabelled)} comparisons lack a label on one side and stand in no group."))
    return blocks


def _cut(table: Table, rows: int) -> Table:
    return replace(table, rows=table.rows[:rows])


def _ratios_table(figures: GroupFigures) -> Table:
    fnmr = {one.label: one.fnmr for one in figures.groups}
    fmr = {one.label: one.fmr for one in figures.groups}
    rows = [
        _ratio_row(what, ratios, rates)
        for what, ratios, rates in (
            ("Missed (FNMR)", figures.fnmr_ratios, fnmr),
            ("False matches (FMR)", figures.fmr_ratios, fmr),
        )
        if ratios is not None
    ]
    return Table(
        "How much worse the worst group is",
        ("Error", "Worst", "Best", "Worst to geometric mean", "Worst to best", "Counted with half an error"),
        tuple(rows),
    )


def _ratio_row(what: str, ratios: WorstRatios, rates: dict[str, Proportion]) -> tuple[str, ...]:
    zero = ratios.zero_groups
    return (
        what,
        _with_count(ratios.worst, rates),
        _with_count(ratios.best, rates),
        "–" if ratios.to_geometric_mean is None else f"{ratios.to_geometric_mean:.3g}",
        "–" if ratios.to_best is None else f"{ratios.to_best:.3g}",
        ", ".join(zero[:6]) + (f" and {len(zero) - 6} more" if len(zero) > 6 else "") if zero else "none",
    )


def _differences_table(figures: GroupFigures) -> Table:
    rows: list[tuple[str, ...]] = []
    if figures.fnmr_difference is not None:
        found = figures.fnmr_difference
        value = "–" if found.value is None else f"{100 * found.value:+.2g} points"
        high = "no end" if found.high is None else f"{100 * found.high:+.2g} points"
        rows.append(_difference_row("Missed (FNMR)", found, value, f"{100 * found.low:+.2g} to {high}"))
    if figures.fmr_difference is not None:
        found = figures.fmr_difference
        value = "–" if found.value is None else f"{_times(found.value)} times"
        high = "no end" if found.high is None else f"{_times(found.high)} times"
        rows.append(_difference_row("False matches (FMR)", found, value, f"{_times(found.low)} to {high}"))
    return Table(
        f"The two groups furthest apart, as far as the intervals reach (simultaneous, {percent(figures.confidence)})",
        ("Error", "Higher", "Lower", "Difference", "Interval"),
        tuple(rows),
    )


def _times(ratio: float) -> str:
    return rate_power(ratio) if 0 < ratio < 0.01 else count(round(ratio)) if ratio >= 1000 else f"{ratio:.3g}"


def _difference_row(what: str, found: LargestDifference, value: str, interval: str) -> tuple[str, ...]:
    return (what, found.first, found.second, value, interval)


def _with_count(label: str, rates: dict[str, Proportion]) -> str:
    return f"{label} ({k_of_n(rates[label])})" if label in rates else label
