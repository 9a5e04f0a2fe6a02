"""A zone found on a page: its rows, and what the standard lets stand in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from fairgate.outside.mrz_band import bands
from fairgate.outside.mrz_grid import Row, rows_of
from fairgate.papers.mrz.formats import CODE, FORMATS, ISSUER, MrzKind, after

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
UNSEEN = "?"
MOST_BANDS, MOST_READ = 12, 2


def zones_of(rgb: NDArray[np.uint8]) -> list[Sequence[Row]]:
    """Return what may be the zone, the likeliest first.

    Args:
        rgb: uint8, shape (height, width, 3), 0–255, colour order RGB, origin top left.
    """
    found: list[Sequence[Row]] = [rows for rows in (rows_of(band) for band in islice(bands(rgb), MOST_BANDS)) if rows]
    # Every zone has fillers, and upside down they are none: what has the most is read first.
    found.sort(key=lambda rows: -sum(sum(row.fillers) for row in rows))
    return found[:MOST_READ]


def alphabets_of(lines: int, width: int) -> list[list[str]]:
    """Return, for each cell, the characters that the standard lets stand there beside the filler."""
    # A passport's last two check digits are a visa's optional data: both are allowed there.
    kinds = {30: MrzKind.TD1, 36: MrzKind.MRV_B, 44: MrzKind.MRV_A}
    layout = FORMATS[kinds[width]]
    grid = [[LETTERS + DIGITS] * width for _ in range(lines)]
    letters = (CODE, ISSUER, layout.name, layout.nationality, layout.sex)
    digits = (after(layout.number), layout.born, after(layout.born), layout.expires, after(layout.expires))
    for places, alphabet in ((letters, LETTERS), (digits, DIGITS)):
        for place in places:
            grid[place.line][place.start : place.end] = [alphabet] * place.length
    if layout.composite is not None:
        grid[layout.composite.line][layout.composite.start] = DIGITS
    return grid
