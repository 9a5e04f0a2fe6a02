"""Figures of a report: Vega-Lite in, SVG and a data table out; drawn offline.

Colours are told apart by everybody and on grey paper: a dark blue, a mid orange and a light grey differ in lightness
too, and nothing is said by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import vl_convert

from fairgate.measure.words import NARROW

DARK, MIDDLE, LIGHT, INK = "#0b4f8a", "#e08a1e", "#b9c0c7", "#20262c"
"""Dark blue, orange and grey, after Okabe and Ito's palette (2008), and the colour of text."""

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""Fonts of one width: Liberation Sans comes with vl-convert, so that text is measured the same everywhere."""

_VERSION = "5.21"


@dataclass(frozen=True, slots=True)
class Table:
    """A figure's data.

    Args:
        caption: what it shows.
        header: column names.
        rows: cells as text, one a column.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure.

    Args:
        name: unique within a page, letters and hyphens.
        title: one line.
        reading: how to read the picture, for those who see it.
        description: what it shows, for those who do not.
        svg: a whole ``<svg>`` element, without script, outside reference or XML declaration.
        table: the data that it is drawn from.
    """

    name: str
    title: str
    reading: str
    description: str
    svg: str
    table: Table


def render_svg(spec: Mapping[str, object], name: str) -> str:
    """Draw a Vega-Lite specification.

    Args:
        spec: without schema and configuration; its data stand in it.
        name: put before every identifier, so that several pictures can stand in one page.

    Returns:
        A whole ``<svg>`` element. It is hidden from screen readers: the page says in words what it shows.
    """
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **spec, "config": _CONFIG}
    svg = vl_convert.vegalite_to_svg(whole, vl_version=_VERSION, allowed_base_urls=[], format_locale=_LOCALE)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    return re.sub(r"<svg ", '<svg aria-hidden="true" focusable="false" ', svg, count=1)


_LOCALE = {"decimal": ".", "thousands": NARROW, "grouping": [3], "currency": ["", ""], "percent": f"{NARROW}%"}

_CONFIG: dict[str, object] = {
    "font": FONT,
    "aria": False,
    "background": None,
    "padding": 4,
    "view": {"stroke": None},
    "title": {"fontSize": 13, "fontWeight": "bold", "color": INK, "offset": 8},
    "text": {"color": INK},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#e3e6e9",
        "domainColor": "#8b939b",
        "tickColor": "#8b939b",
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK},
}
