"""Dots with their intervals, one row each: the picture behind groups, attacks, attempts and chains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fairgate.measure.plots import DARK, INK, MIDDLE
from fairgate.measure.words import rate_power

ROWS_DRAWN = 16
"""The most rows in one picture; whatever it leaves out stands in the table."""

Scale = Literal["share", "log"]


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row.

    Args:
        label: what stands at its left.
        value: the rate; ``None`` where nothing was tried, which is said instead of drawn.
        low: lower end of the interval.
        high: upper end.
        said: text at its right, e.g. the rate in figures.
        hollow: draw the dot hollow: too few to say much, or extrapolated.
    """

    label: str
    value: float | None
    low: float
    high: float
    said: str = ""
    hollow: bool = False


def interval_panel(
    rows: Sequence[IntervalRow],
    title: str,
    *,
    scale: Scale = "share",
    width: int = 240,
    labels: bool = True,
    line: float | None = None,
) -> dict[str, object]:
    """Return one panel of a Vega-Lite picture; panels of the same rows can stand side by side.

    Args:
        rows: from top to bottom, each label once.
        title: above the panel.
        scale: ``share`` runs in percent from 0, or from where shares above one half begin; ``log`` has a mark for every
            factor of ten, and a row without error begins at its left edge with a triangle.
        width: pixels of the drawing itself.
        labels: write the labels; off in the panels further right.
        line: where to draw an upright dashed line, such as the target.
    """
    domain = _log_domain(rows, line) if scale == "log" else _share_domain(rows, line)
    edge = domain[0]
    values = [
        {
            "label": row.label,
            "value": None if row.value is None else max(row.value, edge),
            "low": max(row.low, edge),
            "high": max(row.high, edge),
            "said": row.said or ("not tried" if row.value is None else ""),
            "mark": "none" if scale == "log" and row.value == 0 else "hollow" if row.hollow else "full",
        }
        for row in rows
    ]
    x: dict[str, object] = {
        "type": "quantitative",
        "title": None,
        "scale": {"type": "log" if scale == "log" else "linear", "domain": domain, "nice": False, "clamp": True},
        "axis": _axis(scale, domain),
    }
    y_axis = {"labelLimit": 230, "labelFontSize": 13} if labels else None
    tried = {"filter": "datum.value !== null"}
    layers: list[dict[str, object]] = [
        {
            "transform": [tried],
            "mark": {"type": "rule", "strokeWidth": 3, "color": MIDDLE},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
        },
        *(_dots(mark, look, x) for mark, look in _LOOKS.items() if any(value["mark"] == mark for value in values)),
        {
            "mark": {"type": "text", "align": "left", "fontSize": 12, "x": width + 8},
            "encoding": {"text": {"field": "said"}},
        },
    ]
    if line is not None:
        layers.append(
            {
                "data": {"values": [{"at": line}]},
                "mark": {"type": "rule", "strokeDash": [5, 3], "color": INK, "strokeWidth": 1.5},
                "encoding": {"x": {"field": "at", **x}, "y": None},
            }
        )
    return {
        "data": {"values": values},
        "width": width,
        "height": {"step": 26},
        "title": {"text": title, "anchor": "start"},
        "encoding": {
            "y": {"field": "label", "type": "ordinal", "sort": None, "title": None, "axis": y_axis},
        },
        "layer": layers,
    }


_LOOKS: dict[str, dict[str, object]] = {
    "full": {"shape": "diamond", "filled": True, "color": DARK},
    "hollow": {"shape": "diamond", "filled": True, "fill": "#fff", "stroke": DARK, "strokeWidth": 2},
    "none": {"shape": "triangle-left", "filled": True, "fill": "#fff", "stroke": DARK, "strokeWidth": 2},
}


def _dots(mark: str, look: dict[str, object], x: dict[str, object]) -> dict[str, object]:
    return {
        "transform": [{"filter": f"datum.value !== null && datum.mark === '{mark}'"}],
        "mark": {"type": "point", "size": 80, "opacity": 1, **look},
        "encoding": {"x": {"field": "value", **x}},
    }


def _axis(scale: Scale, domain: list[float]) -> dict[str, object]:
    if scale == "share":
        return {"format": "~%", "tickCount": 4}
    powers = range(round(math.log10(domain[0])), round(math.log10(domain[1])) + 1)
    every = 2 if len(powers) > 5 else 1
    return {"values": [10.0**power for power in powers], "labelExpr": power_labels(powers, every)}


def power_labels(powers: range, every: int = 1) -> str:
    """Return a Vega expression that writes powers of ten as such, ``every`` so many of them."""
    words = {power: rate_power(10.0**power) if power else "1" for power in powers if power % every == 0}
    written = ", ".join(f"'{power}': '{text}'" for power, text in words.items())
    return f"{{{written}}}[toString(round(log(datum.value) / LN10))] || ''"


def _share_domain(rows: Sequence[IntervalRow], line: float | None) -> list[float]:
    lows = [row.low for row in rows if row.value is not None]
    if lows and min(lows) > 0.5:
        return [math.floor(min(lows) * 20 - 0.4) / 20, 1.0]
    highs = [row.high for row in rows if row.value is not None]
    if not highs and not line:
        return [0.0, 1.0]
    top = max([*highs, line or 0.0, 1e-6])
    step = 10.0 ** math.floor(math.log10(top))
    nice = next(factor * step for factor in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if factor * step >= top * (1 - 1e-9))
    return [0.0, min(1.0, nice)]


def _log_domain(rows: Sequence[IntervalRow], line: float | None) -> list[float]:
    ends = [end for row in rows if row.value is not None for end in (row.low, row.value, row.high) if end > 0]
    if line:
        ends.append(line)
    low, high = min(ends, default=1e-4), max(ends, default=1.0)
    # Intervals that begin next to nothing would squeeze the rest: three decades below the largest rate are enough.
    floor = min([row.value for row in rows if row.value] + [line or high], default=low) / 10
    bottom = math.floor(math.log10(max(low, floor)) + 1e-9)
    top = max(math.ceil(math.log10(high) - 1e-9), bottom + 1)
    return [10.0**bottom, 10.0**top]
