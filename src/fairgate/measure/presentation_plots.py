"""Presentation attacks by kind, as a figure."""

from __future__ import annotations

from fairgate.measure.interval_plots import ROWS_DRAWN, IntervalRow, interval_panel
from fairgate.measure.intervals import Proportion
from fairgate.measure.plots import Plot, Table, render_svg
from fairgate.measure.presentations import AttackKind, Presentations
from fairgate.measure.words import k_of_n, rate_bracket, rate_percent


def attacks_plot(found: Presentations) -> Plot:
    """Draw the APCER of every kind of attack with its interval, and the BPCER below; never a mean over kinds."""
    kinds = sorted(found.kinds, key=lambda kind: kind.apcer.value or 0.0, reverse=True)[:ROWS_DRAWN]
    rows = [_row(kind.name, kind.apcer) for kind in kinds]
    panels = [interval_panel(rows, "Attacks taken for genuine (APCER), by kind", width=380)]
    if found.bpcer.of:
        genuine = [_row("genuine travellers", found.bpcer)]
        panels.append(interval_panel(genuine, "Genuine taken for attacks (BPCER)", width=380))
    left = len(found.kinds) - len(kinds)
    return Plot(
        name="attacks",
        title="Attacks that pass, by kind",
        reading="One row a kind of attack, the one that passes most often at the top; a mean over kinds would hide it."
        + (" Below, genuine travellers rejected as attacks." if found.bpcer.of else "")
        + (f" {left} kinds that pass less often stand in the table only." if left else ""),
        description="; ".join(
            f"{kind.name}: {k_of_n(kind.apcer)}, interval {rate_bracket(kind.apcer.low, kind.apcer.high)}"
            for kind in kinds
        )
        + ".",
        svg=render_svg({"vconcat": panels, "spacing": 18}, "attacks"),
        table=attacks_table(found.kinds),
    )


def attacks_table(kinds: tuple[AttackKind, ...]) -> Table:
    """Return every kind with what passed detection, what also matched, and both together."""
    return Table(
        "Attacks by kind",
        (
            "Kind of attack",
            "Taken for genuine",
            "APCER",
            "Interval",
            "No response",
            "Passed and matched",
            "IAPAR",
            "Interval",
            "RIAPAR",
            "Interval",
        ),
        tuple(
            (
                kind.name,
                *_cells(kind.apcer),
                k_of_n(kind.no_response),
                *_cells(kind.iapar),
                "–" if kind.riapar is None else rate_percent(kind.riapar),
                "–"
                if kind.riapar_low is None or kind.riapar_high is None
                else rate_bracket(kind.riapar_low, kind.riapar_high),
            )
            for kind in kinds
        ),
    )


def _row(label: str, rate: Proportion) -> IntervalRow:
    return IntervalRow(label, rate.value, rate.low, rate.high, k_of_n(rate) if rate.of else "not tried")


def _cells(rate: Proportion | None) -> tuple[str, str, str]:
    if rate is None or rate.value is None:
        return "–", "–", "–"
    return k_of_n(rate), rate_percent(rate.value), rate_bracket(rate.low, rate.high)
