"""The report of a boarding, as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from fairgate.measure.boarding import CrossingSeen, CrossingTruth, boarding_figures
from fairgate.measure.boarding_report import (
    BoardingReport,
    FlightFacts,
    GalleryFacts,
    LedgerFacts,
    PackFacts,
    ReferenceLeftOut,
    RulebookFacts,
)
from fairgate.measure.calibration_record import CalibrationRecord, HeldOut
from fairgate.measure.histogram import score_histogram
from fairgate.measure.words import NARROW
from fairgate.web.boarding_report import render_boarding_report

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Collects elements, text and whether every tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text.append(data)

    def said(self) -> str:
        return " ".join(" ".join(self.text).replace(NARROW, " ").split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def crossings(truth: bool) -> list[CrossingSeen]:
    def who(ref: str | None, same: bool = False) -> CrossingTruth | None:
        return CrossingTruth(ref, same) if truth else None

    made = [CrossingSeen("match", "matched", None, f"p{i}", True, True, who(f"p{i}")) for i in range(72)]
    made += [CrossingSeen("see_officer", "no_match", None, None, True, True, who(f"p{i}")) for i in range(72, 78)]
    made += [CrossingSeen("match", "matched", None, f"p{i}", True, True, who(f"p{i}", True)) for i in range(80, 92)]
    made += [CrossingSeen("see_officer", "no_match", None, None, True, True, who(None)) for _ in range(141)]
    made.append(CrossingSeen("match", "matched", None, "p99", True, True, who(None)))
    made.append(CrossingSeen("see_officer", "already_boarded", None, "p1", True, True, who("p1")))
    made.append(CrossingSeen("not_attempted", "opted_out", None, None, False, False, who("p79")))
    made.append(CrossingSeen("see_officer", "poor_image", "sharpness", None, True, False, None))
    return made


def record(*, resolvable: bool) -> CalibrationRecord:
    return CalibrationRecord(
        id="verification-fmr-1e-4" if resolvable else "identification-fpir-0.003-n-420",
        kind="verification" if resolvable else "identification",
        target=1e-4 if resolvable else 0.003,
        gallery_size=None if resolvable else 420,
        threshold=0.94135 if resolvable else 0.950986,
        threshold_method="counted: so and so" if resolvable else "extrapolated: so and so",
        data="official portraits",
        data_sha256="0" * 64,
        subjects=512,
        mated=78,
        non_mated=180_811 if resolvable else 85_750,
        errors_expected=18.08 if resolvable else 0.61,
        errors_observed=18 if resolvable else 1,
        low=5.9e-5,
        high=1.6e-4,
        interval_method="Clopper-Pearson 95 %",
        resolvable=resolvable,
        held_out_false_positives=HeldOut(6, 85_750, 2.6e-5, 1.5e-4),
        held_out_misses=HeldOut(1.64, 78, 0.003, 0.09),
        made_on=date(2026, 11, 22),
        pack_digest="1" * 64,
    )


def a_report(*, truth: bool = True) -> BoardingReport:
    stages = {"embed": [5.0, 6.0, 7.0], "total": [40.0, 50.0, 90.0]}
    scores = score_histogram(np.linspace(0.93, 1, 78), np.linspace(0.7, 0.94, 2000), 0.951) if truth else None
    return BoardingReport(
        flight=FlightFacts(
            "FG420-BOS", "exit", "BOS", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), ("list.duplicate: p102 stands twice",)
        ),
        figures=boarding_figures(crossings(truth), {f"p{i}" for i in range(364)}, stages),
        gallery=GalleryFacts(
            366,
            364,
            56,
            (ReferenceLeftOut("p364", "not_enrollable", "no_face"), ReferenceLeftOut("p365", "no_photo")),
        ),
        pack=PackFacts("dlib-cc0", "a <title> & more", "9" * 64, (("embedder", "CC0-1.0"),)),
        thresholds=(record(resolvable=True), record(resolvable=False)),
        rulebook=RulebookFacts("us-cbp", "a" * 64, (("air-exit-2025", 233),)),
        ledger=LedgerFacts("fairgate.example/demo", 234, "q83vEjRWeJA="),
        made_at=datetime(2026, 11, 22, 10, 15, tzinfo=UTC),
        made_by="fairgate 0.1.0",
        command="fairgate demo",
        demonstration="The travellers are public officials." if truth else "",
        scores=scores,
    )


@pytest.fixture(scope="module")
def html() -> str:
    return render_boarding_report(a_report())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_complete_in_itself(html: str, page: Page) -> None:
    """It loads nothing and runs nothing: no script, no address but the names of SVG, no image, no import."""
    assert not {"script", "img", "iframe", "link", "object", "embed", "form", "video", "base"} & {
        tag for tag, _ in page.elements
    }
    assert set(re.findall(r"(?:https?:)?//[^\"'\s<>)]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in html
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    assert len(html.encode()) < 500_000


def test_the_page_can_be_read_without_seeing_it(page: Page) -> None:
    """Language, title, one first heading, captions, header cells and unique identifiers that every reference finds."""
    assert page.misnested == []
    assert page.open == []
    assert page.all("html")[0]["lang"] == "en"
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("caption") == tags.count("table")
    assert all(cell.get("scope") in {"row", "col"} for cell in page.all("th"))
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    wanted = [(link["href"] or "").removeprefix("#") for link in page.all("a")]
    wanted += [name for _, attributes in page.elements for name in (attributes.get("aria-labelledby") or "").split()]
    assert set(wanted) <= set(identifiers)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(picture.get("aria-hidden") == "true" for picture in page.all("svg"))


def test_it_begins_in_plain_sentences(page: Page) -> None:
    """Who came, who was recognised, the floor, strangers, what was left out, and how long it took."""
    said = page.said()
    assert "Of 235 travellers who walked up, 85 were matched to a passenger, 149 were sent to an officer" in said
    assert "Of the 78 who gave a usable photo and had a reference, the machine recognised 72: 92.3 %" in said
    assert "misses the 97 % floor, and so does the whole interval." in said
    assert "Among them were 142 strangers, not on the list; 1 was wrongly matched." in said
    assert "12 of the captures are the very photos that were enrolled" in said
    assert "2 of 366 listed passengers have no reference" in said
    assert "56 synthetic references, made of numbers and not of faces, fill the gallery up to 420." in said
    assert "Half of all crossings were answered within 50 ms, 99 of 100 within 90 ms." in said


def test_evidence_is_printed(page: Page) -> None:
    """Pack, digest, licence, both thresholds with counts, resolvable or not, rulebook, ledger and deviations."""
    said = page.said()
    for text in (
        "dlib-cc0",
        "a <title> & more",
        "9" * 64,
        "CC0-1.0",
        "0.94135",
        "0.950986",
        "resolved by counting",
        "not resolvable: extrapolated",
        "Only 0.61 false matches would be expected among 85 750 comparisons",
        "18 of 180 811 comparisons",
        "1.64 of 78",
        "us-cbp",
        "a" * 64,
        "decided 233 crossings",
        "234",
        "q83vEjRWeJA=",
        "list.duplicate: p102 stands twice",
        "p364 no face found",
        "image too poor (sharpness)",
        "fairgate demo",
    ):
        assert text in said


def test_only_bins_of_scores_are_printed(html: str) -> None:
    """The page says why, and its score table has a header and one row a bin that holds anything."""
    page = Page(html)
    assert "the score of one comparison never leaves the service" in page.said()
    table = html.split("Comparisons by score", 1)[1].split("</table>", 1)[0]
    report = a_report()
    assert report.scores is not None
    filled = [one or other for one, other in zip(report.scores.mated, report.scores.non_mated, strict=True)]
    assert table.count("<tr>") == 1 + sum(map(bool, filled))


def test_without_the_truth_nothing_is_said_of_it() -> None:
    """At a gate there are no strangers to count and no score pictures, and the page says whom it had to assume."""
    page = Page(render_boarding_report(a_report(truth=False)))
    said = page.said()
    assert "stranger" not in said
    assert "Right and wrong" not in said
    assert "Demonstration" not in said
    assert "147 unmatched travellers count as missed, although they may have had no reference." in said


def test_what_comes_from_outside_is_escaped() -> None:
    """Mark-up in a flight's name, a finding or a reference stays text."""
    hostile = '<script>alert("x")</script>'
    report = a_report()
    report = replace(
        report,
        flight=replace(report.flight, flight_key=hostile, list_findings=(hostile,)),
        gallery=replace(report.gallery, left_out=(ReferenceLeftOut(hostile, hostile, hostile),)),
    )
    html = render_boarding_report(report)
    assert "<script" not in html
    assert Page(html).said().count(hostile) >= 4


def test_a_boarding_without_anybody_has_a_page() -> None:
    """No crossing, no stage, no threshold, no findings: the page says so."""
    report = a_report(truth=False)
    empty = replace(
        report,
        flight=replace(report.flight, list_findings=()),
        figures=boarding_figures([], set(), {}),
        gallery=GalleryFacts(0, 0, 0),
        thresholds=(),
    )
    page = Page(render_boarding_report(empty))
    assert page.misnested == []
    for text in ("Nobody walked up.", "No crossing was recorded.", "No stage was timed.", "No threshold was used"):
        assert text in page.said()


def test_the_same_report_is_the_same_file(html: str) -> None:
    """The page holds no clock of its own and no chance."""
    assert render_boarding_report(a_report()) == html
