"""Reads a machine-readable zone from pixels: by the shapes of OCR-B, and with tesseract what they do not settle.

1. The band is found and turned level (``mrz_band``).
2. Its grid is measured, and the fillers are told apart by their shape (``mrz_grid``).
3. The characters are told by their shapes (``mrz_shapes``). A zone in another typeface gives itself away: its shapes
   lead by less.
4. Where that is so, or a cell remains open, or the check digits do not hold, the program reads too
   (``mrz_reader_tesseract``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fairgate.outside.mrz_grid import Row
from fairgate.outside.mrz_shapes import Discriminant, Shape, cell_of
from fairgate.outside.mrz_zone import UNSEEN, alphabets_of, zones_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_MEDIAN_LEAD = 450.0
SMALL_LEAD, MOST_SMALL = 100.0, 0.07
"""A zone in OCR-B has few small leads. On drawn pages their share was at most 4.4 % in 80 pages of OCR-B, and at least
10.5 % in 75 of other typefaces; the medians were from 566 and up to 506."""
SETTLED_LEAD = 50.0
"""A character of less is left open."""
FILLER = "<"


class RowsReader(Protocol):
    """Reads the characters of a zone whose cells are known."""

    def text(self, rows: Sequence[Row], /) -> str:
        """Return its lines, ``?`` where nothing is seen.

        Raises:
            ConfigurationRefused: what reads is not installed.
            EngineFault: it failed.
        """
        ...


class MrzReader:
    """Both readers.

    Args:
        discriminant: tells shapes.
        program: reads whatever typeface.
    """

    def __init__(self, discriminant: Discriminant, program: RowsReader) -> None:
        self._discriminant = discriminant
        self._program = program

    def texts(self, rgb: NDArray[np.uint8]) -> Iterator[str]:
        """Yield readings of what may be the zone, the likeliest first; none where no band is found.

        Args:
            rgb: uint8, shape (height, width, 3), 0–255, colour order RGB, origin top left.

        Raises:
            ConfigurationRefused: the program is needed, and not installed.
            EngineFault: it failed.
        """
        found = [(rows, self.by_shapes(rows)) for rows in zones_of(rgb)]
        for _, shapes in found:
            if shapes is not None and UNSEEN not in shapes:
                yield shapes
        for rows, shapes in found:
            read = self._program.text(rows)
            if shapes is not None and UNSEEN in shapes:
                pairs = zip(shapes, read, strict=True)
                yield "".join(second if first == UNSEEN else first for first, second in pairs)
            yield read

    def by_shapes(self, rows: Sequence[Row]) -> str | None:
        """Return the lines as their shapes tell them, ``?`` where they do not; ``None`` if it is no OCR-B."""
        alphabets = alphabets_of(len(rows), len(rows[0].fillers))
        places = [
            (line, place) for line, row in enumerate(rows) for place, filler in enumerate(row.fillers) if not filler
        ]
        if not places:
            return None
        cells = np.stack([cell_of(rows[line], place) for line, place in places])
        shapes = self._discriminant.shapes(cells, [alphabets[line][place] for line, place in places])
        if not _is_ocr_b([shape.lead for shape in shapes]):
            return None
        read = [[FILLER] * len(row.fillers) for row in rows]
        for (line, place), shape in zip(places, shapes, strict=True):
            read[line][place] = _settled(shape)
        return "\n".join("".join(line) for line in read)


def _is_ocr_b(leads: Sequence[float]) -> bool:
    small = sum(lead < SMALL_LEAD for lead in leads)
    return median(leads) >= LEAST_MEDIAN_LEAD and small <= max(1, MOST_SMALL * len(leads))


def _settled(shape: Shape) -> str:
    return shape.character if shape.lead >= SETTLED_LEAD else UNSEEN
