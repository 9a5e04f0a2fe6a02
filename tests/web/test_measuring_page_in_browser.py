"""The report of a measurement, opened in a real browser: whole without a network, and it fits a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from fairgate.measure.measured import Measured
from fairgate.web.measuring_report import render_measuring_report

pytestmark = [pytest.mark.needs_component, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def page(full: Measured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The report in Debian's Chromium, which asks for nothing but the file."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        pytest.skip("Debian's chromium is not installed")
    target: Path = tmp_path_factory.mktemp("report") / "report.html"
    target.write_text(render_measuring_report(full), encoding="utf-8")
    asked_for: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        opened = browser.new_page(viewport={"width": 1100, "height": 900})
        opened.on("request", lambda request: asked_for.append(request.url))
        opened.goto(target.as_uri())
        assert asked_for == [target.as_uri()]
        yield opened
        browser.close()


@pytest.mark.parametrize("width", [1100, 390])
def test_nothing_runs_off_the_page(page: Page, width: int) -> None:
    """At a desk and on a phone the page itself does not scroll sideways, nor with every table open."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_main_table_fits_at_a_desk(page: Page) -> None:
    """Whoever opens the page sees the operating points' whole rows, without scrolling sideways."""
    page.set_viewport_size({"width": 1100, "height": 900})
    wide = page.evaluate(
        "(() => { const box = document.getElementById('points-table-caption').closest('.scroll');"
        " return box.scrollWidth - box.clientWidth; })()"
    )
    assert wide <= 0


def test_pictures_are_drawn_and_tabled(page: Page) -> None:
    """Every picture has a size, a name for those who cannot see it, and a table."""
    pictures = page.locator("figure svg")
    assert pictures.count() >= 9
    assert page.locator("table caption").count() == page.locator("table").count() >= pictures.count()
    sizes = page.evaluate("[...document.querySelectorAll('figure svg')].map(one => one.getBoundingClientRect().height)")
    assert min(sizes) > 40
    assert page.locator("img, canvas, image, script").count() == 0
