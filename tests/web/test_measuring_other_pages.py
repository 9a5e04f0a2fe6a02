"""Pages about two packs on the same comparisons, and about packs on portraits."""

from __future__ import annotations

import re

import pytest

from fairgate.measure.identification import mean_rate
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.measured import Measured
from fairgate.measure.paired import PairedDifference, PairedPoint
from fairgate.measure.portrait_figures import PortraitComparisons, PortraitFigures, PortraitSearches
from fairgate.measure.rates import NotResolvable
from fairgate.measure.words import NARROW
from fairgate.web.measuring_comparison import render_comparing_report
from fairgate.web.measuring_portraits import render_portraits_report


def said(html: str) -> str:
    """What the page says, without marks."""
    text = re.sub(r"<(style|svg).*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace(NARROW, " ").split())


@pytest.fixture(scope="module")
def compared(full: Measured) -> str:
    """One point with a difference, one without, one that is not resolvable."""
    fmr = PairedDifference(
        "fmr", clopper_pearson(100, 100_000), clopper_pearson(100, 100_000), 70, 70, 1.0, 0.0, -2e-4, 2e-4, 3e-4
    )
    shown = PairedDifference(
        "fnmr", clopper_pearson(60, 2_000), clopper_pearson(20, 2_000), 45, 5, 1e-8, -0.02, -0.028, -0.012, 0.008
    )
    unseen = PairedDifference(
        "fnmr", clopper_pearson(80, 2_000), clopper_pearson(78, 2_000), 12, 10, 0.83, -0.001, -0.007, 0.005, 0.009
    )
    points = (
        PairedPoint(1e-2, 0.7, 0.6, (shown, fmr)),
        PairedPoint(1e-3, 0.8, 0.7, (unseen, fmr)),
        NotResolvable(1e-6, 100_000, 0.1),
    )
    return render_comparing_report(points, full.source.files, full.method)


@pytest.fixture(scope="module")
def portraits(full: Measured) -> str:
    """One pack, whose second FMR is extrapolated and whose second gallery is larger than the data."""
    pack = PortraitFigures(
        pack_id="dlib<cc0>",
        pack_digest="9f" * 32,
        portraits=590,
        people=512,
        mated=78,
        non_mated=173_000,
        left_out=(("p1", "no_face"), ("p2", "no_face")),
        folds="each person left out in turn",
        data_sha256="ab" * 32,
        comparisons=(
            PortraitComparisons(1e-3, True, 0.9, clopper_pearson(170, 173_000), clopper_pearson(4, 78)),
            PortraitComparisons(1e-4, False, 0.94, clopper_pearson(18, 173_000), clopper_pearson(0, 78)),
        ),
        searches=(
            PortraitSearches(420, 0.003, False, 0.95, 420, mean_rate(0.4, 78), mean_rate(6.25, 78), ""),
            PortraitSearches(42_000, 0.003, False, 0.97, 511, mean_rate(0.1, 78), mean_rate(11, 78), "independent"),
        ),
    )
    return render_portraits_report((pack,), full.method)


def test_a_difference_is_told_where_the_interval_excludes_zero(compared: str) -> None:
    """Who misses fewer, with counts and intervals; else what the comparisons could have shown."""
    text = said(compared)
    assert "A misses 3.0 % (60 of 2 000, interval 2.3 % to 3.8 %) and B 1.0 % (20 of 2 000" in text
    assert "B misses fewer: B minus A is −2 points (interval −2.8 points to −1.2 points)." in text
    assert "A difference is not shown: B minus A is −0.1 points" in text
    assert "could have shown is 0.9 points" in text
    assert "no difference" not in text.lower()


def test_what_is_not_resolvable_is_labelled(compared: str) -> None:
    """In the table and among what the data cannot show."""
    assert '<span class="tag no">not resolvable</span>' in compared
    assert "Whether thresholds keep 1 in 1 000 000 (not resolvable)" in said(compared)


def test_portraits_are_told_with_counts_and_what_is_extrapolated(portraits: str) -> None:
    """Whole people of round numbers, k of n, intervals; extrapolated figures named so."""
    text = said(portraits)
    assert "95 of 100 people are recognised (4 of 78 missed, 5.1 %; interval 1.4 % to 12.6 %)." in text
    assert "everybody was recognised (0 of 78 missed, 0 %; interval 0 % to 4.6 %)." in text
    assert "The threshold is extrapolated." in text
    assert "Searched among 42 000 (extrapolated, not measured), 14.1 % are missed (11 of 78" in text
    assert "no face 2" in text
    assert "dlib<cc0>" not in portraits
    assert "9f" * 32 in text


@pytest.mark.parametrize("name", ["compared", "portraits"])
def test_the_pages_load_nothing(request: pytest.FixtureRequest, name: str) -> None:
    """The same policy, unique identifiers, a table for every picture."""
    html: str = request.getfixturevalue(name)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "<script" not in html
    identifiers = re.findall(r'\bid="([^"]*)"', html)
    assert len(identifiers) == len(set(identifiers))
    for figure in re.findall(r'<figure aria-labelledby="([^"]*)-title"', html):
        assert f"{figure}-table-caption" in identifiers
    assert html.count("<caption") == html.count("<table")
