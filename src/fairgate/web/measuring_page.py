"""One self-contained page of words, figures and tables, whatever was measured."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from fairgate.measure.plots import Plot
from fairgate.web.measuring_blocks import EXTRAPOLATED, NOT_RESOLVABLE, Section, Tile

FLAGGED = (NOT_RESOLVABLE, EXTRAPOLATED, "small group")
"""Cells that are printed as a label."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Args:
        kind: what sort of report it is.
        title: its first heading.
        facts: a line below it.
        tiles: figures to take home, each with its count and interval.
        topics: plain sentences, by topic.
        limits: what the data cannot show.
        sections: everything else.
        made_at: aware time.
        made_by: program and version.
    """

    kind: str
    title: str
    facts: str
    tiles: tuple[Tile, ...]
    topics: tuple[tuple[str, tuple[str, ...]], ...]
    limits: tuple[str, ...]
    sections: tuple[Section, ...]
    made_at: datetime
    made_by: str

    def with_sections(self, sections: tuple[Section, ...]) -> Page:
        """Return the same page with other sections."""
        return replace(self, sections=sections)


def render_page(page: Page) -> str:
    """Return the page as HTML text, to be written as UTF-8."""
    return _TEMPLATES.get_template("measuring_report.html.j2").render(page=page)


def lighter(plot: Plot) -> str:
    """Return a picture without what only Vega's own tools read, and with coordinates of a hundredth of a pixel."""
    svg = _NOTHING_DRAWN.sub("", plot.svg)
    return _TAG.sub(lambda tag: _LONG_NUMBER.sub(_shortened, _NEEDLESS.sub("", tag.group())), svg)


def _shortened(found: re.Match[str]) -> str:
    return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")


_TAG = re.compile(r"<[^>]*>")
"""Text between tags is left alone: a label may look like anything."""

_NOTHING_DRAWN = re.compile(r'<path class="(?:background|foreground)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*/>')

_LONG_NUMBER = re.compile(r'(?<=[\s",(MLHVhvlz-])-?\d+\.\d{3,}(?=[\s",)MLHVhvlZ-])')

_NEEDLESS = re.compile(
    r' (?:(?:role|aria-roledescription|class|pointer-events)="[^"]*"'
    r'|aria-hidden="true"(?! focusable)|opacity="1"|transform="translate\(0,0\)")'
)


def moment(at: datetime) -> str:
    """Return a time to the minute, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fairgate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=moment, lighter=lighter)
    environment.globals.update(flagged=FLAGGED)
    return environment


_TEMPLATES = _environment()
