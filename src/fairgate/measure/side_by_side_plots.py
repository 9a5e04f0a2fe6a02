"""Several packs beside each other, as a figure."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.measure.interval_plots import ROWS_DRAWN, IntervalRow, interval_panel
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Plot, Table, render_svg
from fairgate.measure.words import k_of_n, rate_bracket, rate_percent


def fnmr_plot(rows: Sequence[tuple[str, Proportion, bool]], table: Table, name: str) -> Plot:
    """Draw the FNMR of packs at fixed FMR, a row each.

    Args:
        rows: what stands at the left (each once), the rate, and whether its threshold is extrapolated.
        table: what it is drawn from.
        name: unique within the page.
    """
    drawn = [
        IntervalRow(label, rate.value, rate.low, rate.high, k_of_n(rate), hollow=extrapolated)
        for label, rate, extrapolated in rows[:ROWS_DRAWN]
    ]
    spec = interval_panel(drawn, "People missed (FNMR)", width=420)
    return Plot(
        name=name,
        title="People missed, side by side",
        reading="A diamond at the share missed, on its interval; a hollow one where the threshold is extrapolated. "
        "Overlapping intervals prove nothing either way; where both judged the same comparisons, the differences tell.",
        description="; ".join(
            f"{label}: {rate_percent(rate.value or 0.0)} ({k_of_n(rate)}, interval {rate_bracket(rate.low, rate.high)})"
            for label, rate, _ in rows
        )
        + ".",
        svg=render_svg(spec, name),
        table=table,
    )
