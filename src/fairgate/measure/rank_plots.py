"""Ranks, growing galleries and whole flights as figures."""

from __future__ import annotations

import math

from fairgate.measure.identification import MeanRate
from fairgate.measure.interval_plots import IntervalRow, interval_panel
from fairgate.measure.plots import DARK, INK, MIDDLE, Plot, Table, render_svg
from fairgate.measure.search_figures import Identification
from fairgate.measure.words import count, rate_bracket, rate_percent, threshold_text

_RANKS_DRAWN = 100


def mean_of(rate: MeanRate) -> str:
    """Return an average gallery's errors as ``1.64 of 78``."""
    errors = count(round(rate.errors)) if abs(rate.errors - round(rate.errors)) < 5e-7 else f"{rate.errors:.2f}"
    return f"{errors} of {count(rate.of)}"


def cmc_plot(found: Identification) -> Plot:
    """Draw the cumulative match characteristic: how many mates stand at each rank or better.

    Source: ISO/IEC 19795-1:2021, cumulative match characteristic; it knows no threshold, so it says nothing of
        strangers.
    """
    ranks = found.ranks
    values: list[dict[str, int | float]] = [
        {"rank": one.rank, "share": one.found.value, "low": one.found.low, "high": one.found.high}
        for one in ranks[:_RANKS_DRAWN]
    ]
    marks = [one.rank for one in ranks[:_RANKS_DRAWN] if one.rank <= 10 or one.rank % 10 == 0]
    lowest = min((float(value["low"]) for value in values), default=0.0)
    x = {
        "field": "rank",
        "type": "quantitative",
        "title": "rank: the person stands among so many best candidates",
        "scale": {"domain": [0.5, max((one["rank"] for one in values), default=1) + 0.5], "nice": False},
        "axis": {"values": marks, "format": "d", "labelOverlap": True},
    }
    y: dict[str, object] = {
        "type": "quantitative",
        "title": "searches",
        "scale": {"domain": [math.floor(lowest * 20) / 20, 1.0], "nice": False},
        "axis": {"format": "~%"},
    }
    spec = {
        "data": {"values": values},
        "width": 480,
        "height": 220,
        "layer": [
            {
                "mark": {"type": "rule", "color": MIDDLE, "strokeWidth": 3},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": DARK, "strokeWidth": 1.5, "interpolate": "step-after"},
                "encoding": {"x": x, "y": {"field": "share", **y}},
            },
            {
                "mark": {"type": "point", "shape": "diamond", "filled": True, "color": DARK, "size": 60, "opacity": 1},
                "encoding": {"x": x, "y": {"field": "share", **y}},
            },
        ],
    }
    first = ranks[0].found if ranks else None
    said = f"At rank 1 {mean_of(first)}, interval {rate_bracket(first.low, first.high)}." if first else ""
    return Plot(
        name="cmc",
        title="Rank of the right person (CMC)",
        reading="Diamonds are the share of searches in which the person stands at this rank or better, on a line as "
        f"long as the interval. In galleries of {count(found.ranks_size)}, whatever the score: no threshold.",
        description=f"A curve rising with the rank. {said}",
        svg=render_svg(spec, "cmc"),
        table=Table(
            f"Mates found at a rank or better among {count(found.ranks_size)} (mean over galleries)",
            ("Rank", "Found", "Share", "Interval"),
            tuple(
                (
                    count(one.rank),
                    mean_of(one.found),
                    rate_percent(one.found.value),
                    rate_bracket(one.found.low, one.found.high),
                )
                for one in ranks
            ),
        ),
    )


def growth_plot(found: Identification) -> Plot:
    """Draw the FNIR by gallery size: solid where counted, dashed and hollow where extrapolated."""
    growth = found.growth
    values = [
        {
            "size": one.size,
            "fnir": one.fnir,
            "low": one.fnir_low,
            "high": one.fnir_high,
            "extrapolated": one.extrapolated,
        }
        for one in growth
    ]
    measured = [value for value in values if not value["extrapolated"]]
    # The dashed part begins at the last measured point, so that the line does not break.
    further = measured[-1:] + [value for value in values if value["extrapolated"]]
    sizes = [one.size for one in growth] or [1]
    x: dict[str, object] = {
        "field": "size",
        "type": "quantitative",
        "title": "references in the gallery (equal steps are equal factors)",
        "scale": {"type": "log", "domain": [min(sizes) / 1.3, max(sizes) * 1.6], "nice": False},
        "axis": {"values": sizes, "format": ",d", "labelOverlap": True},
    }
    top = max((one.fnir_high for one in growth), default=1.0)
    y: dict[str, object] = {
        "type": "quantitative",
        "title": "searches that miss the person (FNIR)",
        "scale": {"domain": [0, min(1.0, max(top * 1.05, 1e-4))], "nice": False},
        "axis": {"format": "~%", "tickCount": 5},
    }
    layers: list[dict[str, object]] = []
    for part, dash, fill in ((measured, [1, 0], DARK), (further, [6, 4], "#fff")):
        marks = [value for value in part if value["extrapolated"]] if part is further else part
        layers += [
            {
                "data": {"values": part},
                "mark": {"type": "line", "color": DARK, "strokeDash": dash, "strokeWidth": 2},
                "encoding": {"x": x, "y": {"field": "fnir", **y}},
            },
            {
                "data": {"values": marks},
                "mark": {"type": "rule", "color": MIDDLE, "strokeWidth": 3, "strokeDash": dash},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": marks},
                "mark": {"type": "point", "shape": "diamond", "filled": True, "fill": fill, "stroke": DARK, "size": 80},
                "encoding": {"x": x, "y": {"field": "fnir", **y}, "opacity": {"value": 1}},
            },
        ]
    layers.append(
        {
            "data": {"values": further[-1:] if any(one.extrapolated for one in growth) else []},
            "mark": {"type": "text", "align": "right", "dx": -10, "fontSize": 12, "color": INK, "y": 10},
            "encoding": {"x": x, "text": {"value": "extrapolated"}},
        }
    )
    return Plot(
        name="growth",
        title="Growing galleries",
        reading="Filled diamonds were counted; hollow ones at the dashed line are extrapolated beyond the data, with "
        "the assumption named below.",
        description="; ".join(
            f"among {count(one.size)}, {rate_percent(one.fnir)}{' (extrapolated)' if one.extrapolated else ''}, "
            f"interval {rate_bracket(one.fnir_low, one.fnir_high)}"
            for one in growth
        ).capitalize()
        + f"; all from {count(found.with_mate)} searches of people in the gallery.",
        svg=render_svg({"width": 520, "height": 240, "layer": layers}, "growth"),
        table=Table(
            f"Error rates by gallery size, from {count(found.with_mate)} searches with mate",
            ("References", "Kind", "Threshold", "FPIR", "FNIR", "Interval of the FNIR"),
            tuple(
                (
                    count(one.size),
                    "extrapolated" if one.extrapolated else "counted",
                    threshold_text(one.threshold),
                    rate_percent(one.fpir),
                    rate_percent(one.fnir),
                    rate_bracket(one.fnir_low, one.fnir_high),
                )
                for one in growth
            ),
        ),
    )


def flights_plot(found: Identification) -> Plot:
    """Draw how often whole flights board without any error."""
    rows = [
        IntervalRow(
            f"{count(one.size)} passengers",
            one.share,
            one.low,
            one.high,
            rate_percent(one.share),
            hollow=not one.flights,
        )
        for one in found.without_error
    ]
    spec = interval_panel(rows, "Flights without any error, with interval (hollow: computed)", width=420)
    return Plot(
        name="flights",
        title="Flights without any error",
        reading="A filled diamond was counted on flights drawn from the data, a hollow one computed from the error "
        "rate of single searches.",
        description="; ".join(
            f"{count(one.size)} passengers: {rate_percent(one.share)} of flights, interval "
            f"{rate_bracket(one.low, one.high)}"
            for one in found.without_error
        )
        + ".",
        svg=render_svg(spec, "flights"),
        table=Table(
            "Flights on which every passenger is recognised and nobody is taken for another, from "
            f"{count(found.with_mate)} searches with mate",
            ("Passengers", "Share of flights", "Interval", "Flights counted", "It rests on"),
            tuple(
                (
                    count(one.size),
                    rate_percent(one.share),
                    rate_bracket(one.low, one.high),
                    count(one.flights) if one.flights else "none: computed",
                    one.assumption,
                )
                for one in found.without_error
            ),
        ),
    )
