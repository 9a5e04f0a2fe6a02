"""What a section of a measuring report is made of: words, figures, tables, pairs, and tables of heat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from fairgate.measure.plots import Plot, Table

NOT_RESOLVABLE = "not resolvable"
EXTRAPOLATED = "extrapolated"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; a notice stands out."""

    kind: ClassVar[str] = "words"
    text: str
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its table.

    Args:
        plot: both.
        folded: whether the table opens on demand.
        texts: columns that hold words, from 0; the rest hold figures.
    """

    kind: ClassVar[str] = "picture"
    plot: Plot
    folded: bool = True
    texts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """A table.

    Args:
        name: unique within the page.
        table: header and rows.
        folded: what to press to open it; empty where it is open.
        texts: columns that hold words, from 0; the first always does.
    """

    kind: ClassVar[str] = "data"
    name: str
    table: Table
    folded: str = ""
    texts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what they stand for.

    Args:
        rows: name, text, and whether the text is code.
    """

    kind: ClassVar[str] = "pairs"
    rows: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: lines of text and how dark, from 0 (as asked for) to 3; ``low`` is below what was asked for."""

    lines: tuple[str, ...]
    shade: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """A square table whose cells are shaded, and say the same in words.

    Args:
        name: unique within the page.
        caption: what rows and columns are.
        labels: of both.
        cells: row by row.
        folded: what to press to open it; empty where it is open.
    """

    kind: ClassVar[str] = "heat"
    name: str
    caption: str
    labels: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    folded: str = ""


Block: TypeAlias = Words | Heading | Picture | Data | Pairs | Heat


@dataclass(frozen=True, slots=True)
class Section:
    """A section under its own heading; ``name`` is unique within the page."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to take home: the figure, what it is of, and its count and interval."""

    figure: str
    label: str
    evidence: str
