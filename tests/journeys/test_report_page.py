"""The report of a real boarding, opened in a real browser: whole without a network, readable, and without a face."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from journey import Flight
from playwright.sync_api import Page, sync_playwright

pytestmark = [pytest.mark.needs_component, pytest.mark.needs_portraits, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def page(boarded: Flight) -> Iterator[Page]:
    """The report in Debian's Chromium, which asks for nothing but the file."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        pytest.skip("Debian's chromium is not installed")
    asked_for: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        opened = browser.new_page(viewport={"width": 1100, "height": 900})
        opened.on("request", lambda request: asked_for.append(request.url))
        opened.goto(Path(boarded.summary["report"]).as_uri())
        assert [url for url in asked_for if not url.startswith("file:")] == []
        yield opened
        browser.close()


def test_the_chain_and_the_outcomes_are_drawn_and_tabled(page: Page, boarded: Flight) -> None:
    """Every picture is SVG, has a name for those who cannot see it, and its figures stand in a table."""
    pictures = page.locator("svg").count()
    assert pictures >= 4
    assert page.locator("table").count() >= pictures
    assert page.locator("table caption").count() == page.locator("table").count()
    text = page.inner_text("body")
    assert f"{boarded.summary['offered']} travellers who walked up" in text
    assert "97" in text
    assert "not resolvable" in text


def test_no_photo_and_no_name_is_on_the_page(page: Page, boarded: Flight) -> None:
    """No raster picture, no passenger's name or document."""
    assert page.locator("img, picture, canvas, image").count() == 0
    source = page.content()
    assert "data:image" not in source
    listed = (boarded.folder / "input" / "passengers.edi").read_text("ascii")
    names = {segment.split("+")[4].split(":")[0] for segment in listed.split("'") if segment.startswith("NAD+FL")}
    assert len(names) >= 10
    assert [name for name in names if re.search(rf"\b{name}\b", source)] == []


@pytest.mark.parametrize("width", [1100, 390])
def test_nothing_runs_off_the_page(page: Page, width: int) -> None:
    """At a desk and on a phone the page itself does not scroll sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
