"""Figures: pictures with their tables."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from fairgate.measure.boarding import CrossingSeen, CrossingTruth, boarding_figures
from fairgate.measure.boarding_plots import chain_plot, reasons_plot
from fairgate.measure.histogram import score_histogram
from fairgate.measure.plots import DARK, LIGHT, MIDDLE, Plot
from fairgate.measure.score_plots import scores_plot
from fairgate.measure.time_plots import stages_plot
from fairgate.measure.words import NARROW


def crossings() -> list[CrossingSeen]:
    made = [CrossingSeen("match", "matched", None, f"p{i}", True, True, CrossingTruth(f"p{i}")) for i in range(90)]
    made += [CrossingSeen("see_officer", "no_match", None, None, True, True, CrossingTruth(None)) for _ in range(9)]
    made.append(CrossingSeen("see_officer", "poor_image", "<b>&sharpness", None, True, False, None))
    return made


@pytest.fixture(scope="module")
def plots() -> dict[str, Plot]:
    figures = boarding_figures(crossings(), {f"p{i}" for i in range(90)}, {"embed": [4.0, 5.0, 60.0], "search": [0.06]})
    scores = score_histogram(np.linspace(0.9, 1.0, 78), np.linspace(0.7, 0.94, 50_000), 0.93)
    drawn = (
        chain_plot(figures.chain, 0.97),
        reasons_plot(figures.reasons),
        stages_plot(figures.stages),
        scores_plot(scores),
    )
    return {plot.name: plot for plot in drawn}


def test_pictures_are_complete_and_load_nothing(plots: dict[str, Plot]) -> None:
    """Each is one well-formed element without script, style sheet, image or address."""
    for plot in plots.values():
        root = ElementTree.fromstring(plot.svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.attrib["aria-hidden"] == "true"
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not names & {"script", "style", "image", "foreignObject", "a", "use"}
        assert set(re.findall(r"https?://[^\"' ]*", plot.svg)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


def test_identifiers_differ_between_pictures(plots: dict[str, Plot]) -> None:
    """Pictures stand in one page, so their identifiers begin with their names."""
    for plot in plots.values():
        assert all(found.startswith(f"{plot.name}-") for found in re.findall(r'\bid="([^"]*)"', plot.svg))
        assert all(found.startswith(f"{plot.name}-") for found in re.findall(r"url\(#([^)]*)\)", plot.svg))


def test_text_is_escaped(plots: dict[str, Plot]) -> None:
    """A component named like mark-up stays text in the picture."""
    assert "&lt;b&gt;&amp;sharpness" in plots["reasons"].svg
    assert "<b>" not in plots["reasons"].svg


def test_tables_hold_what_pictures_show(plots: dict[str, Plot]) -> None:
    """Every figure has its data beside it, each row as long as the header."""
    for plot in plots.values():
        assert plot.reading
        assert plot.description
        assert plot.table.rows
        assert {len(row) for row in plot.table.rows} == {len(plot.table.header)}
    assert plots["chain"].table.rows[4][:3] == ("Matched", "90", f"90 of 90 = 100{NARROW}%")
    assert plots["reasons"].table.rows[0][2] == "90 of 100"
    assert plots["stages"].table.rows[0] == ("embed", "3", f"5{NARROW}ms", f"60{NARROW}ms", f"60{NARROW}ms")


def test_the_threshold_parts_the_bins(plots: dict[str, Plot]) -> None:
    """The picture says how many comparisons reach the threshold, and its table's rows from there add up to that."""
    plot = plots["scores"]
    above = sum(int(row[2].replace(NARROW, "")) for row in plot.table.rows if float(row[0]) >= 0.93)
    assert above == sum(score >= 0.93 for score in np.linspace(0.9, 1.0, 78))
    assert f"{above} of 78 comparisons of the same person" in plot.description
    assert "threshold 0.9300" in plot.svg


def test_the_same_data_draw_the_same_picture(plots: dict[str, Plot]) -> None:
    """Nothing random and no clock: a report made twice is the same file."""
    figures = boarding_figures(crossings(), {f"p{i}" for i in range(90)}, {})
    assert reasons_plot(figures.reasons).svg == plots["reasons"].svg


def test_an_empty_boarding_can_be_drawn() -> None:
    """Nobody walked up: the chain is drawn with zeros."""
    plot = chain_plot(boarding_figures([], set(), {}).chain, 0.97)
    assert plot.table.rows[1] == ("Captured", "0", "–", "–", "–")


def test_colours_differ_in_lightness() -> None:
    """On grey paper the three fills are at least 35 of 255 apart."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    shades = sorted(grey(colour) for colour in (DARK, MIDDLE, LIGHT))
    assert all(lighter - darker > 35 for darker, lighter in pairwise(shades))
