"""The report of a measurement as one HTML file that needs no network, no script and no colour."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from fairgate.measure.measured import Measured
from fairgate.web.measuring_blocks import EXTRAPOLATED, NOT_RESOLVABLE, Section
from fairgate.web.measuring_captures import presentations_section, quality_section
from fairgate.web.measuring_groups import Room, group_plots, groups_section
from fairgate.web.measuring_limits import limits
from fairgate.web.measuring_method import glossary_section, method_section
from fairgate.web.measuring_searches import searches_section
from fairgate.web.measuring_sentences import sentences
from fairgate.web.measuring_tiles import tiles
from fairgate.web.measuring_transactions import transactions_section
from fairgate.web.measuring_verification import verification_section

LARGEST_BYTES = 3_000_000
"""A report is never larger than this."""

FLAGGED = (NOT_RESOLVABLE, EXTRAPOLATED, "small group")
"""Cells that are printed as a label."""


_ROOMS = (Room(), Room(4), Room(4, matrix=30), Room(4, matrix=10), Room(2, matrix=10, rows=50), Room(0, 6, 10))
"""Tried in turn until the page is small enough; twenty attributes of fifty groups fit into the first."""


def render_measuring_report(measured: Measured) -> str:
    """Return the page as HTML text, to be written as UTF-8; never larger than ``LARGEST_BYTES``.

    Args:
        measured: everything that it says. The page holds no score of a single comparison and no path.
    """
    before, after = _before_groups(measured), _after_groups(measured)
    plots = group_plots(measured.groups, _ROOMS[0].pictures)
    first_page = {"tiles": tiles(measured), "sentences": sentences(measured), "limits": limits(measured)}
    page = ""
    for room in _ROOMS:
        groups = [groups_section(measured.groups, room, plots)] if measured.groups else []
        page = _TEMPLATES.get_template("measuring_report.html.j2").render(
            measured=measured, sections=[*before, *groups, *after], **first_page
        )
        if len(page.encode()) <= LARGEST_BYTES:
            break
    return page


def _before_groups(measured: Measured) -> list[Section]:
    confidence = measured.method.confidence
    sections: list[Section] = []
    if measured.verification is not None:
        sections.append(verification_section(measured.verification, confidence))
    if measured.identification is not None:
        sections.append(searches_section(measured.identification, confidence))
    if measured.transactions is not None:
        sections.append(transactions_section(measured.transactions))
    return sections


def _after_groups(measured: Measured) -> list[Section]:
    sections: list[Section] = []
    if measured.quality is not None:
        sections.append(quality_section(measured.quality))
    if measured.presentations is not None:
        sections.append(presentations_section(measured.presentations))
    return [*sections, method_section(measured), glossary_section()]


def lighter(svg: str) -> str:
    """Return a picture without what only Vega's own tools read, and with coordinates of a hundredth of a pixel."""
    for needless in _NEEDLESS:
        svg = needless.sub("", svg)
    svg = re.sub(r'(?<=[\s",(MLHVhvlz-])-?\d+\.\d{3,}(?=[\s",)MLHVhvlZ-])', _shortened, svg)
    while (fewer := re.sub(r"<g>\s*</g>", "", svg)) != svg:
        svg = fewer
    return svg


def _shortened(found: re.Match[str]) -> str:
    return f"{float(found.group()):.2f}".rstrip("0").rstrip(".")


_NEEDLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r'<path class="(?:background|foreground)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*/>',
        r' (?:role|aria-roledescription|class|pointer-events)="[^"]*"',
        r'(?<=\w|") aria-hidden="true"(?! focusable)',
        r' opacity="1"',
        r' transform="translate\(0,0\)"',
    )
)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fairgate.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=_moment, lighter=lighter)
    environment.globals.update(flagged=FLAGGED)
    return environment


_TEMPLATES = _environment()
