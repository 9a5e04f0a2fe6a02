"""Errors by quality limit as a figure."""

from __future__ import annotations

from fairgate.measure.discard import Quality
from fairgate.measure.plots import DARK, INK, MIDDLE, Plot, Table, render_svg
from fairgate.measure.words import k_of_n, percent, rate_bracket, rate_percent, threshold_text

_BAND = "#f3d3ab"


def discard_plot(quality: Quality) -> Plot:
    """Draw the error-versus-discard curve: FNMR of what is kept, by the share discarded.

    Source: Grother and Tabassi, IEEE TPAMI 29 (2007) 531-543; ISO/IEC 29794-1:2024, error versus discard
        characteristic.
    """
    drawn = [
        {"gone": one.discarded.value, "fnmr": one.fnmr.value, "low": one.fnmr.low, "high": one.fnmr.high}
        for one in quality.points
        if one.discarded.value is not None
        and one.fnmr.value is not None
        and one.discarded.value <= max(quality.area_up_to, 0.05) * 1.5
    ]
    start = drawn[0]["fnmr"] or 0.0 if drawn else 0.0
    ends = max((one["gone"] or 0.0 for one in drawn), default=1.0) or 1.0
    # The curve's far end may rest on few comparisons and its interval run off the picture; the first one's may not.
    whole = 2 * (drawn[0]["high"] or 0.0) if drawn else 1.0
    top = max((min(one["high"] or 0.0, max(whole, 3 * (one["fnmr"] or 0.0), 3 * start)) for one in drawn), default=1.0)
    x: dict[str, object] = {
        "type": "quantitative",
        "title": "share of mated comparisons discarded, poorest first",
        "scale": {"domain": [0, ends], "nice": False, "clamp": True},
        "axis": {"format": "~%", "tickCount": 6},
    }
    y: dict[str, object] = {
        "type": "quantitative",
        "title": "missed, of those kept (FNMR)",
        "scale": {"domain": [0, max(top, start, 1e-6) * 1.08], "nice": False, "clamp": True},
        "axis": {"format": "~%", "tickCount": 5},
    }
    level = [{"gone": 0.0, "fnmr": start}, {"gone": ends, "fnmr": start}]
    ideal = [{"gone": 0.0, "fnmr": start}, {"gone": min(start, ends), "fnmr": max(0.0, start - ends)}]
    spec = {
        "width": 520,
        "height": 260,
        "layer": [
            {
                "data": {"values": drawn},
                "mark": {"type": "area", "color": _BAND, "opacity": 1},
                "encoding": {"x": {"field": "gone", **x}, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": level},
                "mark": {"type": "line", "color": INK, "strokeDash": [6, 4], "strokeWidth": 1.5},
                "encoding": {"x": {"field": "gone", **x}, "y": {"field": "fnmr", **y}},
            },
            {
                "data": {"values": ideal},
                "mark": {"type": "line", "color": INK, "strokeDash": [2, 3], "strokeWidth": 1.5},
                "encoding": {"x": {"field": "gone", **x}, "y": {"field": "fnmr", **y}},
            },
            {
                "data": {"values": drawn},
                "mark": {"type": "line", "color": DARK, "strokeWidth": 2.5, "interpolate": "step-after"},
                "encoding": {"x": {"field": "gone", **x}, "y": {"field": "fnmr", **y}},
            },
            {
                "data": {"values": [{"gone": quality.area_up_to}] if quality.area_up_to < ends else []},
                "mark": {"type": "rule", "color": MIDDLE, "strokeWidth": 1.5},
                "encoding": {"x": {"field": "gone", **x}},
            },
        ],
    }
    first, last = (quality.points[0], quality.points[-1]) if quality.points else (None, None)
    return Plot(
        name="discard",
        title="If the poorest captures were taken again",
        reading="The solid line is the share missed among what is kept, on its interval. A quality measure that knows "
        "nothing stays on the dashed line; one that finds every miss first falls along the dotted one. The area counts "
        f"up to a discard of {percent(quality.area_up_to)}.",
        description=f"The curve begins at {k_of_n(first.fnmr)} missed without discarding and ends at "
        f"{k_of_n(last.fnmr)} with {rate_percent(last.discarded.value or 0.0)} discarded."
        if first and last
        else "No comparison states its quality.",
        svg=render_svg(spec, "discard"),
        table=Table(
            "Missed among those kept, by quality limit",
            ("Quality limit", "Discarded", "Share", "Interval", "Missed of those kept", "FNMR", "Interval"),
            tuple(
                (
                    threshold_text(one.limit),
                    k_of_n(one.discarded),
                    "–" if one.discarded.value is None else rate_percent(one.discarded.value),
                    rate_bracket(one.discarded.low, one.discarded.high),
                    k_of_n(one.fnmr),
                    "–" if one.fnmr.value is None else rate_percent(one.fnmr.value),
                    rate_bracket(one.fnmr.low, one.fnmr.high),
                )
                for one in quality.points
            ),
        ),
    )
