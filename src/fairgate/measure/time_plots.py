"""How long stages took, as a figure."""

from __future__ import annotations

from collections.abc import Sequence

from fairgate.measure.boarding import StageTime
from fairgate.measure.plots import DARK, LIGHT, MIDDLE, Plot, Table, render_svg
from fairgate.measure.words import count, milliseconds, plain


def stages_plot(stages: Sequence[StageTime]) -> Plot:
    """Draw the median and the slow end of each stage's time, on a logarithmic scale."""
    marks = (("half", "p50_ms"), ("95 of 100", "p95_ms"), ("99 of 100", "p99_ms"))
    values = [
        {"stage": plain(stage.stage), "done": done, "ms": max(getattr(stage, field), 1e-3)}
        for stage in stages
        for done, field in marks
    ]
    y = {
        "field": "stage",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 200, "labelFontSize": 13},
    }
    decades = [10.0**power for power in range(-3, 7)]
    times = [value["ms"] for value in values] or [1.0]
    lowest = max((decade for decade in decades if decade <= min(times)), default=1e-3)
    highest = min((decade for decade in decades if decade >= max(times)), default=1e6)
    scale = {"type": "log", "domain": [lowest, highest], "nice": False}
    spec = {
        "data": {"values": values},
        "width": 480,
        "height": {"step": 28},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": LIGHT},
                "encoding": {
                    "x": {"aggregate": "min", "field": "ms", "type": "quantitative", "scale": scale},
                    "x2": {"aggregate": "max", "field": "ms"},
                },
            },
            {
                "mark": {"type": "point", "size": 80, "filled": True, "opacity": 1},
                "encoding": {
                    "x": {
                        "field": "ms",
                        "type": "quantitative",
                        "scale": scale,
                        "axis": {
                            "title": "milliseconds (each mark is ten times the one before)",
                            "values": decades,
                            "format": ",~r",
                        },
                    },
                    "shape": {
                        "field": "done",
                        "sort": [done for done, _ in marks],
                        "title": "Finished within",
                        "scale": {"domain": [done for done, _ in marks], "range": ["circle", "square", "triangle-up"]},
                        "legend": {"orient": "top"},
                    },
                    "color": {
                        "field": "done",
                        "title": "Finished within",
                        "scale": {"domain": [done for done, _ in marks], "range": [DARK, MIDDLE, "#6f7880"]},
                        "legend": {"orient": "top"},
                    },
                },
            },
        ],
    }
    said = "; ".join(f"{plain(one.stage)}: half within {milliseconds(one.p50_ms)}" for one in stages)
    return Plot(
        name="stages",
        title="Time per stage",
        reading="For each stage, marks where half, 95 and 99 of 100 runs were finished.",
        description=f"{said[:1].upper()}{said[1:]}.",
        svg=render_svg(spec, "stages"),
        table=Table(
            "Milliseconds by stage; each figure is a time that was really observed",
            ("Stage", "Runs", "Half within (p50)", "95 of 100 within (p95)", "99 of 100 within (p99)"),
            tuple(
                (
                    plain(one.stage),
                    count(one.runs),
                    milliseconds(one.p50_ms),
                    milliseconds(one.p95_ms),
                    milliseconds(one.p99_ms),
                )
                for one in stages
            ),
        ),
    )
