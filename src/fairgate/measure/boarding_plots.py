"""What became of travellers, as figures."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.measure.boarding import ChainStep, ReasonCount
from fairgate.measure.plots import DARK, INK, LIGHT, MIDDLE, Plot, Table, render_svg
from fairgate.measure.words import (
    CHAIN_WORDS,
    NARROW,
    OUTCOME_WORDS,
    bracket,
    count,
    k_of_n,
    percent,
    plain,
    reason_in_words,
)

_SHARES_WIDTH = 270


def chain_plot(chain: Sequence[ChainStep], floor: float) -> Plot:
    """Draw the chain: how many reached each step, and beside it the share of the step before with its interval."""
    values = [
        {
            "step": CHAIN_WORDS.get(step.name, plain(step.name)),
            "count": step.count,
            "said": count(step.count),
            "share": step.of_previous.value,
            "low": step.of_previous.low,
            "high": step.of_previous.high,
            "kept": percent(step.of_previous.value) if step.of_previous.value is not None else "",
            "floor": floor if step.name == "matched" else None,
        }
        for step in chain
    ]
    order = [value["step"] for value in values]
    shown: dict[str, object] = {"field": "step", "type": "ordinal", "scale": {"domain": order}, "title": None}
    most = max((step.count for step in chain), default=0)
    counts = {
        "width": 250,
        "height": {"step": 34},
        "title": {"text": "How many", "anchor": "start"},
        "encoding": {"y": {**shown, "axis": {"labelLimit": 200, "labelFontSize": 13}}},
        "layer": [
            {
                "mark": {"type": "bar", "color": DARK, "height": 18},
                "encoding": {"x": _x("count", None, [0, max(most, 1) * 1.22], axis=None)},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13},
                "encoding": {"x": _x("count", None, None, axis=None), "text": {"field": "said"}},
            },
        ],
    }
    rest = {"filter": "datum.share !== null && datum.step !== 'Offered'"}
    lowest = min((step.of_previous.low for step in chain[1:]), default=0.0)
    scale = [max(0.0, round(lowest - 0.08, 1)), 1.0]
    shares = {
        "width": _SHARES_WIDTH,
        "height": {"step": 34},
        "title": {"text": f"Share of the step before, with its 95{NARROW}% interval", "anchor": "start"},
        "encoding": {"y": {**shown, "axis": None}},
        "layer": [
            {
                "transform": [rest],
                "mark": {"type": "rule", "strokeWidth": 3, "color": MIDDLE},
                "encoding": {
                    "x": _x("low", None, scale, axis={"format": "%", "tickCount": 5}),
                    "x2": {"field": "high"},
                },
            },
            {
                "transform": [rest],
                "mark": {"type": "point", "shape": "diamond", "size": 90, "filled": True, "color": DARK},
                "encoding": {"x": _x("share", None, scale)},
            },
            {
                "transform": [rest],
                "mark": {"type": "text", "align": "left", "fontSize": 13},
                "encoding": {"x": {"value": _SHARES_WIDTH + 10}, "text": {"field": "kept"}},
            },
            {
                "transform": [{"filter": "datum.floor !== null"}],
                "mark": {"type": "tick", "thickness": 2, "size": 26, "color": INK},
                "encoding": {"x": _x("floor", None, scale)},
            },
            {
                "transform": [{"filter": "datum.floor !== null"}],
                "mark": {"type": "text", "dy": -20, "fontSize": 12},
                "encoding": {"x": _x("floor", None, scale), "text": {"value": f"floor {percent(floor)}"}},
            },
        ],
    }
    rows = tuple(
        (
            CHAIN_WORDS.get(step.name, plain(step.name)),
            count(step.count),
            *(("", "") if step.name == "offered" else _share_cells(step)),
            percent(step.of_offered.value) if step.of_offered.value is not None else "–",
        )
        for step in chain
    )
    said = ", ".join(f"{count(step.count)} {CHAIN_WORDS.get(step.name, plain(step.name)).lower()}" for step in chain)
    return Plot(
        name="chain",
        title="From offered to matched",
        reading="Left, how many travellers reached each step. Right, a diamond at their share of the step before, on a "
        f"line as long as its 95{NARROW}% interval; the upright mark is the floor.",
        description=f"Bars: {said}. The shares and their intervals stand in the table.",
        svg=render_svg({"data": {"values": values}, "hconcat": [counts, shares], "spacing": 30}, "chain"),
        table=Table(
            f"Travellers who reached each step (Wilson intervals, 95{NARROW}%)",
            ("Step", "Travellers", "Of the step before", "Interval", "Of all offered"),
            rows,
        ),
    )


def reasons_plot(reasons: Sequence[ReasonCount]) -> Plot:
    """Draw how many crossings ended for which reason."""
    values = [
        {
            "label": _ending(reason),
            "outcome": OUTCOME_WORDS.get(reason.outcome, plain(reason.outcome)),
            "count": reason.share.count,
            "said": count(reason.share.count),
        }
        for reason in reasons
    ]
    most = max((reason.share.count for reason in reasons), default=1)
    spec = {
        "data": {"values": values},
        "width": 380,
        "height": {"step": 26},
        "encoding": {
            "y": {
                "field": "label",
                "type": "ordinal",
                "sort": None,
                "title": None,
                "axis": {"labelLimit": 330, "labelFontSize": 13},
            }
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": 15},
                "encoding": {
                    "x": _x("count", None, [0, most * 1.12], axis=None),
                    "color": {
                        "field": "outcome",
                        "type": "nominal",
                        "scale": {"domain": list(OUTCOME_WORDS.values()), "range": [DARK, MIDDLE, LIGHT]},
                        "legend": None,
                    },
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13},
                "encoding": {"x": _x("count", None, None, axis=None), "text": {"field": "said"}},
            },
        ],
    }
    said = "; ".join(f"{_ending(reason)}: {count(reason.share.count)}" for reason in reasons)
    return Plot(
        name="reasons",
        title="How crossings ended",
        reading="One bar a reason: blue for a match, orange for the officer, grey where nothing was compared.",
        description=f"Bars, one a reason. {said}.",
        svg=render_svg(spec, "reasons"),
        table=Table(
            f"Outcomes by reason, as shares of everyone who walked up (Wilson intervals, 95{NARROW}%)",
            ("Outcome", "Reason", "Crossings", "Share", "Interval"),
            tuple(
                (
                    OUTCOME_WORDS.get(reason.outcome, plain(reason.outcome)),
                    reason_in_words(reason.reason, reason.component),
                    k_of_n(reason.share),
                    percent(reason.share.value or 0.0),
                    bracket(reason.share.low, reason.share.high),
                )
                for reason in reasons
            ),
        ),
    )


def _share_cells(step: ChainStep) -> tuple[str, str]:
    share = step.of_previous
    if share.value is None:
        return "–", "–"
    return f"{k_of_n(share)} = {percent(share.value)}", bracket(share.low, share.high)


def _ending(reason: ReasonCount) -> str:
    outcome = OUTCOME_WORDS.get(reason.outcome, plain(reason.outcome))
    return f"{outcome}: {reason_in_words(reason.reason, reason.component)}"


def _x(
    field: str, title: str | None, domain: list[float] | None, axis: dict[str, object] | str | None = ""
) -> dict[str, object]:
    drawn: dict[str, object] = {"field": field, "type": "quantitative", "title": title}
    if domain is not None:
        drawn["scale"] = {"domain": domain, "nice": False, "zero": False}
    if axis != "":
        drawn["axis"] = axis
    return drawn
