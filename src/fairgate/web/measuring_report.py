"""The report of a measurement as one HTML file that needs no network, no script and no colour."""

from __future__ import annotations

from fairgate.measure.measured import Measured
from fairgate.web.measuring_blocks import Section
from fairgate.web.measuring_captures import presentations_section, quality_section
from fairgate.web.measuring_groups import Room, group_plots, groups_section
from fairgate.web.measuring_limits import limits
from fairgate.web.measuring_method import glossary_section, method_section
from fairgate.web.measuring_page import Page, moment, render_page
from fairgate.web.measuring_searches import searches_section
from fairgate.web.measuring_sentences import sentences
from fairgate.web.measuring_tiles import tiles
from fairgate.web.measuring_transactions import transactions_section
from fairgate.web.measuring_verification import verification_section

LARGEST_BYTES = 3_000_000
"""A report is never larger than this."""

_ROOMS = (Room(), Room(4), Room(4, matrix=30), Room(4, matrix=10), Room(2, matrix=10, rows=50), Room(0, 6, 10))
"""Tried in turn until the page is small enough; twenty attributes of fifty groups fit into the first."""


def render_measuring_report(measured: Measured) -> str:
    """Return the page as HTML text, to be written as UTF-8; never larger than ``LARGEST_BYTES``.

    Args:
        measured: everything that it says. The page holds no score of a single comparison and no path.
    """
    before, after = _before_groups(measured), _after_groups(measured)
    plots = group_plots(measured.groups, _ROOMS[0].pictures)
    pack = f"Pack {measured.method.pack[0]} · " if measured.method.pack else ""
    page = Page(
        kind="Measuring report",
        title=measured.title,
        facts=f"{pack}made {moment(measured.method.made_at)} by {measured.method.made_by}",
        tiles=tiles(measured),
        topics=sentences(measured),
        limits=limits(measured),
        sections=(),
        made_at=measured.method.made_at,
        made_by=measured.method.made_by,
    )
    html = ""
    for room in _ROOMS:
        groups = [groups_section(measured.groups, room, plots)] if measured.groups else []
        html = render_page(page.with_sections((*before, *groups, *after)))
        if len(html.encode()) <= LARGEST_BYTES:
            break
    return html


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
