"""Pictures of a measurement: whole elements, whatever the figures are like."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from fairgate.measure.det_plots import det_plot
from fairgate.measure.discard import DiscardPoint, Quality
from fairgate.measure.discard_plots import discard_plot
from fairgate.measure.histogram import ScoreHistogram
from fairgate.measure.interval_plots import IntervalRow, interval_panel
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.plots import render_svg
from fairgate.measure.rates import NotResolvable
from fairgate.measure.score_plots import scores_plot
from fairgate.measure.verification import DetCurve, FnmrAtFmr
from fairgate.measure.words import NARROW


def words_in(svg: str) -> list[str]:
    """Texts of a picture, in order."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("}text")]


def test_a_log_panel_draws_what_never_happened() -> None:
    """No error, certain errors, and a row that was never tried stand in one panel."""
    rows = [
        IntervalRow("none", 0.0, 0.0, 3e-4, "0 of 10 000"),
        IntervalRow("some <b>", 2e-3, 1e-3, 4e-3, "2 × 10⁻³"),
        IntervalRow("untried", None, 0.0, 1.0),
    ]
    said = words_in(render_svg(interval_panel(rows, "FMR", scale="log"), "x"))
    assert "not tried" in said
    assert "some <b>" in said
    assert {"10⁻⁴", "10⁻³", "10⁻²"} <= set(said)


@pytest.mark.parametrize("rates", [[0.0], [1.0], [0.97, 0.99], [1e-7]])
def test_a_share_panel_fits_its_rows(rates: list[float]) -> None:
    """Whatever lies in [0, 1] can be drawn, and shares near one are drawn large."""
    rows = [IntervalRow(f"row {at}", at, max(0.0, at - 0.01), min(1.0, at + 0.01)) for at in rates]
    said = words_in(render_svg(interval_panel(rows, "share"), "x"))
    assert len([word for word in said if word.endswith("%")]) >= 2
    if rates == [0.97, 0.99]:
        assert "0 %" not in [word.replace(NARROW, " ") for word in said]


def test_the_curve_has_a_row_for_each_threshold() -> None:
    """Each with counts and intervals; what cannot stand on the scales stands in the table all the same."""
    det = DetCurve((0.1, 0.2, 0.3, 0.4), (900, 40, 2, 0), (0, 3, 8, 90), 900, 90)
    at = (
        FnmrAtFmr(0.05, 0.2, clopper_pearson(40, 900), clopper_pearson(3, 90)),
        NotResolvable(1e-4, 900, 0.09),
    )
    plot = det_plot(det, at)
    assert [row[1].replace(NARROW, " ") for row in plot.table.rows] == [
        "900 of 900",
        "40 of 900",
        "2 of 900",
        "0 of 900",
    ]
    assert plot.table.rows[3][5] == f"100{NARROW}%"
    assert {len(row) for row in plot.table.rows} == {len(plot.table.header)}
    assert "stroke-dasharray" in plot.svg
    assert "3 of 90" in plot.description


def test_scores_of_any_scale_can_be_drawn() -> None:
    """Scores in the thousands, or a millionth apart, are written with the digits that tell them apart."""
    large = scores_plot(ScoreHistogram((0.0, 1000.0, 2000.0, 3000.0), (0, 1, 5), (400_000_000, 3, 0), 2000.0))
    assert large.table.rows[1][0] == "1000"
    small = scores_plot(ScoreHistogram((0.5, 0.500001, 0.500002), (0, 5), (7, 0), 0.500001))
    assert small.table.rows[0][:2] == ("0.500000000", "0.500001000")


def test_a_curve_without_misses_shows_its_interval_whole() -> None:
    """0 of 900 reaches to 0.41 %: the scale holds that, so that the band is not cut off."""
    points = tuple(
        DiscardPoint(float(gone), clopper_pearson(gone, 900), clopper_pearson(0, 900 - gone)) for gone in (0, 90, 180)
    )
    plot = discard_plot(Quality("probe", 1e-3, 0.5, 0, points, 0.0, 0.0, 0.2, 0.05, ()))
    assert f"0.4{NARROW}%" in words_in(plot.svg)
