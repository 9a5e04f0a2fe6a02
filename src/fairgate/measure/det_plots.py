"""The trade-off of both error rates as a figure."""

from __future__ import annotations

import math

from fairgate.measure.intervals import CONFIDENCE, clopper_pearson
from fairgate.measure.plots import DARK, INK, MIDDLE, Plot, Table, render_svg
from fairgate.measure.rates import LEAST_EXPECTED_ERRORS, NotResolvable
from fairgate.measure.verification import DetCurve, FnmrAtFmr
from fairgate.measure.words import (
    count,
    one_in,
    percent,
    power_bracket,
    rate_bracket,
    rate_percent,
    rate_power,
    threshold_text,
)


def det_plot(det: DetCurve, at: tuple[FnmrAtFmr | NotResolvable, ...], confidence: float = CONFIDENCE) -> Plot:
    """Draw FNMR against FMR, both on logarithmic scales, and the operating points with their intervals.

    Where fewer than three errors of either kind were seen the curve is dashed; a threshold without any error of one
    kind cannot stand on these scales, and stands in the table only.

    Args:
        det: counts by threshold.
        at: operating points; those that are not resolvable are not drawn.
        confidence: of the intervals in the table.

    Source: Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997; with
        logarithmic instead of normal deviate axes, as ISO/IEC 19795-1:2021 allows.
    """
    seen = list(zip(det.thresholds, det.false_matches, det.misses, strict=True))
    drawn = [
        {"fmr": false / det.non_mated, "fnmr": missed / det.mated, "sure": min(false, missed) >= LEAST_EXPECTED_ERRORS}
        for _, false, missed in seen
        if false and missed
    ]
    points = [one for one in at if isinstance(one, FnmrAtFmr) and one.fmr.count and one.fnmr.count]
    reading = (
        "The further down and to the left, the fewer errors of both kinds. Each mark is ten times the one before. "
        "Diamonds are operating points with their exact intervals. Where the line is dashed, fewer than three errors "
        "of one kind were seen: not resolvable."
    )
    found = "; ".join(
        f"at a false match rate of {one_in(one.target)}, {rate_percent(one.fnmr.value or 0.0)} of mated comparisons "
        f"missed ({count(one.fnmr.count)} of {count(one.fnmr.of)}, interval "
        f"{rate_bracket(one.fnmr.low, one.fnmr.high)})"
        for one in at
        if isinstance(one, FnmrAtFmr)
    )
    return Plot(
        name="det",
        title="Trade-off of both errors (DET)",
        reading=reading if drawn else "No threshold has errors of both kinds, so there is no curve to draw.",
        description=f"The curve falls from upper left to lower right: {found}." if found else "A falling curve.",
        svg=render_svg(_spec(drawn, points), "det"),
        table=Table(
            f"Both errors by threshold (exact intervals for independent comparisons, {percent(confidence)})",
            ("Threshold", "False matches", "FMR", "Interval", "Missed", "FNMR", "Interval"),
            tuple(_row(threshold, false, missed, det, confidence) for threshold, false, missed in seen),
        ),
    )


def _row(threshold: float, false: int, missed: int, det: DetCurve, confidence: float) -> tuple[str, ...]:
    fmr = clopper_pearson(false, det.non_mated, confidence)
    fnmr = clopper_pearson(missed, det.mated, confidence)
    return (
        threshold_text(threshold),
        f"{count(false)} of {count(fmr.of)}",
        rate_power(fmr.value or 0.0),
        power_bracket(fmr.low, fmr.high),
        f"{count(missed)} of {count(fnmr.of)}",
        rate_percent(fnmr.value or 0.0),
        rate_bracket(fnmr.low, fnmr.high),
    )


def _spec(drawn: list[dict[str, float | bool]], points: list[FnmrAtFmr]) -> dict[str, object]:
    fmrs = [float(one["fmr"]) for one in drawn] + [one.fmr.low for one in points if one.fmr.low > 0]
    fnmrs = [float(one["fnmr"]) for one in drawn] + [one.fnmr.low for one in points if one.fnmr.low > 0]
    across, up = _decades(fmrs), _decades(fnmrs)
    steps = [step * 10.0**power for power in range(-9, 1) for step in (1, 2, 5)]
    x: dict[str, object] = {
        "type": "quantitative",
        "title": "false match rate: strangers taken for the person",
        "scale": {"type": "log", "domain": across, "nice": False, "clamp": True},
        "axis": {
            "values": [10.0**power for power in range(-12, 1) if across[0] * 0.99 < 10.0**power < across[1] * 1.01],
            "labelExpr": "datum.value >= 1 ? 'all' : '1 in ' + format(1 / datum.value, ',.0f')",
            "labelOverlap": True,
        },
    }
    y: dict[str, object] = {
        "type": "quantitative",
        "title": "false non-match rate: the person missed",
        "scale": {"type": "log", "domain": up, "nice": False, "clamp": True},
        "axis": {
            "values": [at for at in steps if up[0] * 0.99 < at < up[1] * 1.01],
            "format": "~%",
        },
    }
    layers: list[dict[str, object]] = [
        {
            "data": {"values": stretch},
            "mark": {
                "type": "line",
                "color": DARK,
                "strokeWidth": 2.5 if stretch[-1]["sure"] else 1.5,
                "strokeDash": [1, 0] if stretch[-1]["sure"] else [5, 4],
            },
            "encoding": {"x": {"field": "fmr", **x}, "y": {"field": "fnmr", **y}, "order": {"field": "at"}},
        }
        for stretch in _stretches(drawn)
    ]
    values = [
        {
            "fmr": one.fmr.value,
            "fmr_low": max(one.fmr.low, 1e-12),
            "fmr_high": one.fmr.high,
            "fnmr": one.fnmr.value,
            "fnmr_low": max(one.fnmr.low, 1e-12),
            "fnmr_high": one.fnmr.high,
        }
        for one in points
    ]
    along = {"type": "rule", "color": MIDDLE, "strokeWidth": 3}
    layers += [
        {
            "data": {"values": values},
            "mark": along,
            "encoding": {"x": {"field": "fmr_low", **x}, "x2": {"field": "fmr_high"}, "y": {"field": "fnmr", **y}},
        },
        {
            "data": {"values": values},
            "mark": along,
            "encoding": {"y": {"field": "fnmr_low", **y}, "y2": {"field": "fnmr_high"}, "x": {"field": "fmr", **x}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": INK, "opacity": 1},
            "encoding": {"x": {"field": "fmr", **x}, "y": {"field": "fnmr", **y}},
        },
    ]
    return {"width": 560, "height": 340, "layer": layers}


def _stretches(drawn: list[dict[str, float | bool]]) -> list[list[dict[str, float | bool]]]:
    """Cut the curve where it passes between sure and unsure; neighbours share a point, so that no gap shows."""
    stretches: list[list[dict[str, float | bool]]] = []
    for index, one in enumerate(drawn):
        point = {**one, "at": float(index)}
        if not stretches:
            stretches.append([point])
        elif stretches[-1][-1]["sure"] == one["sure"] or len(stretches[-1]) == 1:
            stretches[-1].append(point)
        else:
            stretches.append([stretches[-1][-1], point])
    return stretches


def _decades(rates: list[float]) -> list[float]:
    bottom = math.floor(math.log10(max(min(rates, default=1e-4), 1e-12)) + 1e-9)
    return [10.0**bottom, 10.0 ** min(0, max(bottom + 1, math.ceil(math.log10(max(rates, default=1.0)) - 1e-9)))]
