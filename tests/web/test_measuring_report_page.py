"""The report of a measurement, as a page."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from fairgate.measure.groups.figures import Verdict
from fairgate.measure.identification import MeanRate
from fairgate.measure.intervals import Proportion
from fairgate.measure.measured import Measured, SourceFile
from fairgate.measure.rank_plots import mean_of
from fairgate.measure.words import NARROW, k_of_n
from fairgate.web.measuring_method import without_folders
from fairgate.web.measuring_report import LARGEST_BYTES, render_measuring_report

VOID = {"meta", "link", "br", "hr", "img", "input"}
COUNT = re.compile(r"\d of \d")


class Page(HTMLParser):
    """Collects elements, text by element, and tables as rows of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.paragraphs: list[str] = []
        self.tables: list[tuple[str, list[str]]] = []
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append(("", []))
        if tag == "tr":
            self.tables[-1][1].append("")
        if tag in {"p", "li"}:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        plain = data.replace(NARROW, " ")
        self.text.append(plain)
        if "caption" in self.open:
            caption, rows = self.tables[-1]
            self.tables[-1] = (caption + plain, rows)
        elif "tr" in self.open:
            self.tables[-1][1][-1] += f" | {plain}"
        elif {"p", "li"} & set(self.open):
            self.paragraphs[-1] += plain

    def said(self) -> str:
        return " ".join(" ".join(self.text).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def pages(full: Measured, minimal: Measured, faultless: Measured) -> dict[str, str]:
    """Pages of measurements that differ in what they hold."""
    made = {"full": full, "minimal": minimal, "faultless": faultless}
    return {name: render_measuring_report(measured) for name, measured in made.items()}


@pytest.fixture(scope="module")
def huge_page(huge: Measured) -> str:
    """The page of twenty attributes of fifty groups."""
    return render_measuring_report(huge)


def rates_in(part: object) -> list[Proportion | MeanRate]:
    """Every rate of a tree of figures."""
    if isinstance(part, Proportion | MeanRate):
        return [part]
    if isinstance(part, tuple):
        return [rate for one in part for rate in rates_in(one)]
    if is_dataclass(part):
        return [rate for field in fields(part) for rate in rates_in(getattr(part, field.name))]
    return []


@pytest.mark.parametrize("name", ["full", "minimal", "faultless"])
def test_the_page_is_complete_in_itself(pages: dict[str, str], name: str) -> None:
    """It loads nothing and runs nothing, and its policy forbids both."""
    html = pages[name]
    page = Page(html)
    assert not {"script", "img", "iframe", "link", "object", "embed", "form", "video", "base"} & {
        tag for tag, _ in page.elements
    }
    assert "<script" not in html
    assert "@import" not in html
    assert set(re.findall(r"(?:https?:)?//[^\"'\s<>)]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    policy = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert len(html.encode()) < 500_000


@pytest.mark.parametrize("name", ["full", "minimal", "faultless"])
def test_the_page_can_be_read_without_seeing_it(pages: dict[str, str], name: str) -> None:
    """Title, captions, header cells, headings in order, and unique identifiers that every reference finds."""
    page = Page(pages[name])
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
    wanted += [found for _, attributes in page.elements for found in (attributes.get("aria-labelledby") or "").split()]
    assert set(wanted) <= set(identifiers)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(picture.get("aria-hidden") == "true" for picture in page.all("svg"))


@pytest.mark.parametrize("name", ["full", "minimal", "faultless"])
def test_every_picture_has_its_table(pages: dict[str, str], name: str) -> None:
    """A figure is followed by a table of the same name, with rows."""
    page = Page(pages[name])
    figures = [(figure["aria-labelledby"] or "").removesuffix("-title") for figure in page.all("figure")]
    identifiers = {attributes.get("id") for _, attributes in page.elements}
    assert figures
    assert {f"{figure}-table-caption" for figure in figures} <= identifiers
    assert all(len(rows) > 1 for _, rows in page.tables)


@pytest.mark.parametrize("name", ["full", "faultless"])
def test_every_rate_is_there_with_its_count(pages: dict[str, str], request: pytest.FixtureRequest, name: str) -> None:
    """No rate of the measurement is left out, and each stands as so many of so many."""
    said = Page(pages[name]).said()
    rates = [rate for rate in rates_in(request.getfixturevalue(name)) if rate.of]
    assert len(rates) > 20
    for rate in rates:
        written = k_of_n(rate) if isinstance(rate, Proportion) else mean_of(rate)
        assert written.replace(NARROW, " ") in said


@pytest.mark.parametrize("name", ["full", "minimal", "faultless"])
def test_no_figure_in_a_table_lacks_count_or_interval(pages: dict[str, str], name: str) -> None:
    """A row with a rate in it has a count (or its caption has) and an interval."""
    seen = 0
    for caption, rows in Page(pages[name]).tables:
        for row in rows[1:]:
            if re.search(r"\d %|10⁻", row):
                seen += 1
                assert COUNT.search(row) or re.search(r"from \d+ searches", caption), row
                assert re.search(r"\d.*? to \d", row), row
    assert seen > (2 if name == "minimal" else 20)


@pytest.mark.parametrize("name", ["full", "faultless"])
def test_no_sentence_with_a_share_lacks_count_or_interval(pages: dict[str, str], name: str) -> None:
    """On the first page too: whoever reads a percentage reads how many were counted and how far chance reaches."""
    html = pages[name]
    first = Page(html[html.index('<section id="plain"') : html.index('<section id="verification"')])
    shares = [text for text in first.paragraphs if "%" in re.sub(r"\d+ % confidence", "", text)]
    assert len(shares) > 5
    for text in shares:
        assert "interval" in text
        assert COUNT.search(text) or re.search(r"from \d+ searches", text), text


def test_the_first_page_speaks_plainly(pages: dict[str, str]) -> None:
    """Travellers and strangers, whole numbers of round numbers, groups and attacks."""
    said = Page(pages["full"]).said()
    for text in (
        "Measured on 2 513 comparisons of one person with themself and 1 250 000 of two people, of 640 people.",
        "Of 100 travellers like these, 99 are recognised and 1 is not (25 of 2 513 missed, 0.99 %; 95 % interval",
        "Of 10 000 strangers trying to pass, about 1 would (127 of 1 250 000 matched; 95 % interval 1 in 16 000 to",
        "of 100 who are on the list, 98 are found (16.40 of 780 missed",
        "Among 42 000 references 9.2 % would be missed (extrapolated from 780 searches",
        "Of 100 flights of 50 passengers, about 62 would board without any error",
        "“silicone mask” gets past detection most often: 9 of 60 passed unnoticed",
        "Whether a threshold keeps 1 in 1 000 000 (not resolvable)",
    ):
        assert text in said


def test_parts_that_the_data_lack_are_left_out_and_named(pages: dict[str, str]) -> None:
    """Nothing but two kinds of scores: one section of figures, and a line in the method for each other part."""
    page = Page(pages["minimal"])
    identifiers = {attributes.get("id") for tag, attributes in page.elements if tag == "section"}
    assert identifiers == {"plain", "verification", "method", "glossary"}
    said = page.said()
    for text in (
        "Identification: the files hold no searches of a gallery.",
        "Transactions: the files tell neither attempts nor failures.",
        "Groups: no column labels people.",
        "Quality: no column states it.",
        "Presentation attacks: no column states them.",
        "No false match rate asked for can be resolved by these data",
        "0.4 expected of 40",
        "the files do not say who is on them",
    ):
        assert text in said
    assert said.count("not resolvable") >= 6


def test_everything_needed_to_repeat_is_there(pages: dict[str, str]) -> None:
    """Command line without folders, seed, folds, rounds, pack, files and their digests, columns, program."""
    said = Page(pages["full"]).said()
    for text in (
        "fairgate measure scores spring.parquet summer.csv --seed 42 --html=out.html",
        "dlib-cc0",
        "9f" * 32,
        "ab" * 32,
        "cd" * 32,
        "1 000 000",
        "Rounds of each bootstrap 1 000",
        "Folds by person 10",
        "probe_quality",
        "fairgate 0.1.0",
        "Non-mated comparisons of one photo with itself were left out: 3 rows.",
        "Clopper and Pearson",
    ):
        assert text in said
    assert "/srv" not in said
    assert "/tmp" not in said


def test_no_difference_is_only_said_where_it_is_the_verdict(pages: dict[str, str]) -> None:
    """The words stand on the page where the verdict is that, and nowhere else."""
    assert "No difference beyond the margins" in Page(pages["faultless"]).said()
    assert "no difference" not in Page(pages["full"]).said().lower()


def test_extrapolated_and_small_are_labelled(pages: dict[str, str]) -> None:
    """Each stands as a label in its row."""
    html = pages["full"]
    assert html.count('<span class="tag no">extrapolated</span>') == 4
    assert html.count('<span class="tag no">small group</span>') == 2
    assert html.count('<span class="tag no">not resolvable</span>') == 1


def test_a_page_about_very_many_groups_is_not_large(huge: Measured, huge_page: str) -> None:
    """Twenty attributes of fifty groups: at most 3 MB, every group in a table, every cell of every matrix."""
    assert len(huge_page.encode()) <= LARGEST_BYTES
    page = Page(huge_page)
    assert page.misnested == []
    rows = [len(rows) for caption, rows in page.tables if caption.startswith("Groups by")]
    assert rows == [51] * len(huge.groups)
    assert len(re.findall(r"\d+/\d+", huge_page)) >= 50_000
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.slow
def test_what_does_not_fit_is_said(huge: Measured) -> None:
    """Even more groups than fit: matrices are not printed, and the page says so."""
    longer = tuple(
        replace(
            figures,
            groups=tuple(replace(one, label=f"{one.label} {'x' * 400}") for one in figures.groups),
        )
        for figures in huge.groups
    )
    html = render_measuring_report(replace(huge, groups=longer))
    assert len(html.encode()) <= LARGEST_BYTES
    assert "The matrix of 50 × 50 groups is not printed." in Page(html).said()


def test_what_comes_from_outside_is_escaped(full: Measured) -> None:
    """Mark-up in a title, file, command, label, kind of attack or note stays text."""
    hostile = '<script>alert("x")</script>\'}]'
    assert full.presentations is not None
    kind = full.presentations.kinds[0]
    figures = full.groups[0]
    measured = replace(
        full,
        title=hostile,
        source=replace(full.source, files=(SourceFile(hostile, "0" * 64, 1),), columns=(hostile,)),
        method=replace(full.method, command=hostile, notes=(hostile,)),
        groups=(
            replace(
                figures,
                attribute=hostile,
                groups=tuple(replace(one, label=hostile + one.label) for one in figures.groups),
            ),
        ),
        presentations=replace(full.presentations, kinds=(replace(kind, name=hostile),)),
    )
    html = render_measuring_report(measured)
    assert "<script" not in html
    page = Page(html)
    assert page.misnested == []
    assert page.said().count("<script>alert") >= 8


def test_the_same_measurement_is_the_same_file(minimal: Measured, pages: dict[str, str]) -> None:
    """The page holds no clock of its own and no chance."""
    assert render_measuring_report(minimal) == pages["minimal"]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("fairgate measure scores /home/ada/a.csv ../b.parquet", "fairgate measure scores a.csv b.parquet"),
        ("x '/srv/Jane Doe/c d.csv' --out=/tmp/y/z.html", "x 'c d.csv' --out=z.html"),
        ("x C:\\\\people\\\\e.csv --fmr 1e-4", "x e.csv --fmr 1e-4"),
        ("x /srv/folder/ 'unclosed", "x folder/ ''\"'\"'unclosed'"),
    ],
)
def test_folders_are_cut_from_the_command_line(command: str, shown: str) -> None:
    """Folders may name people and machines; file names and options stay."""
    assert without_folders(command) == shown


def test_verdicts_are_words_of_the_attribute(full: Measured) -> None:
    """With two attributes the page tells both, by name."""
    said = Page(render_measuring_report(full)).said()
    assert [one.verdict for one in full.groups] == [Verdict.NOT_SHOWN, Verdict.DIFFERENCE]
    assert "By sex:" in said
    assert "By age band:" in said
