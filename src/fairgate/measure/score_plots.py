"""Comparison scores as figures."""

from __future__ import annotations

import math

from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.plots import DARK, INK, MIDDLE, Plot, Table, render_svg
from fairgate.measure.words import count


def scores_plot(scores: ScoreHistogram) -> Plot:
    """Draw both score distributions one above the other, with logarithmic counts and the threshold through both."""
    kinds = (("the same person (mated)", scores.mated, DARK), ("two people (non-mated)", scores.non_mated, MIDDLE))
    bins = list(zip(scores.edges[:-1], scores.edges[1:], strict=True))
    span = scores.edges[-1] - scores.edges[0]
    threshold = _text(scores.threshold, span)
    panels = []
    for index, (kind, counted, colour) in enumerate(kinds):
        values = [
            {"from": low, "to": high, "count": number, "zero": 0.7}
            for (low, high), number in zip(bins, counted, strict=True)
            if number
        ]
        last = index == len(kinds) - 1
        x = {
            "type": "quantitative",
            "scale": {"domain": [scores.edges[0], scores.edges[-1]], "nice": False},
            "axis": {
                "title": "comparison score (higher is more alike)" if last else None,
                "labels": last,
                "ticks": last,
                "format": ".2f" if 0.1 <= span <= 10 else "~g",
            },
        }
        top = max([*counted, 10])
        y = {
            "type": "quantitative",
            "scale": {"type": "log", "domain": [0.7, top * 1.5]},
            "axis": {"title": "comparisons", "values": _decades(top), "format": ",d"},
        }
        panels.append(
            {
                "width": 560,
                "height": 130,
                "title": {"text": f"Comparisons of {kind}: {count(sum(counted))}", "anchor": "start"},
                "layer": [
                    {
                        "data": {"values": values},
                        "mark": {"type": "bar", "color": colour, "binSpacing": 1},
                        "encoding": {
                            "x": {"field": "from", "bin": {"binned": True}, **x},
                            "x2": {"field": "to"},
                            "y": {"field": "count", **y},
                            "y2": {"field": "zero"},
                        },
                    },
                    {
                        "data": {"values": [{"at": scores.threshold}]},
                        "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "strokeDash": [6, 3]},
                        "encoding": {"x": {"field": "at", **x}},
                    },
                    {
                        "data": {"values": [{"at": scores.threshold, "said": f"threshold {threshold}"}]},
                        "mark": {"type": "text", "align": "right", "dx": -6, "y": 8, "fontSize": 12},
                        "encoding": {"x": {"field": "at", **x}, "text": {"field": "said"}},
                    },
                ],
            }
        )
    above = [
        count(sum(n for (low, _), n in zip(bins, counted, strict=True) if low >= scores.threshold))
        for _, counted, _ in kinds
    ]
    return Plot(
        name="scores",
        title="Comparison scores, in bins",
        reading="Above, comparisons of one person with themself; below, of two people. The further right, the more "
        "alike; what lies right of the dashed line is taken for one person. Each mark upwards is ten times as many.",
        description=f"The dashed line is the threshold {threshold}: {above[0]} of "
        f"{count(sum(scores.mated))} comparisons of the same person and {above[1]} of "
        f"{count(sum(scores.non_mated))} of two people reach it.",
        svg=render_svg({"vconcat": panels, "spacing": 12}, "scores"),
        table=Table(
            f"Comparisons by score; a score of {threshold} or more is a match",
            ("Score from", "to below", "Same person", "Two people"),
            tuple(
                (_text(low, span), _text(high, span), count(mated), count(non_mated))
                for (low, high), mated, non_mated in zip(bins, scores.mated, scores.non_mated, strict=True)
                if mated or non_mated
            ),
        ),
    )


def _text(score: float, span: float) -> str:
    """Return a score with four decimals where scores lie within some ten of each other; else as its scale needs."""
    return f"{score:.4f}" if 0.02 <= span <= 20 else f"{score:.{_decimals(span)}f}"


def _decimals(span: float) -> int:
    return min(max(0, 3 - math.floor(math.log10(span))), 12) if span > 0 else 6


def _decades(top: int) -> list[int]:
    return [10**power for power in range(len(str(top)))]
