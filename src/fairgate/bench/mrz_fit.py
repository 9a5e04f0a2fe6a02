"""Makes the weights by which the characters of OCR-B are told: cells cut from drawn pages, one linear discriminant."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from fairgate.outside.mrz_grid import Row
from fairgate.outside.mrz_shapes import Discriminant, cell_of, features_of
from fairgate.outside.mrz_zone import DIGITS, LETTERS, zones_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

DrawPage = Callable[[Random, tuple[str, ...]], "NDArray[np.uint8]"]
"""Called with a seeded generator and a zone's lines; returns a page, uint8 RGB."""
GENERATOR = 20261122
PAGES = 900
SHRINKAGE = 0.01
"""Towards a round spread; with far more cells than features it hardly matters."""
_FORMS = ((2, 44), (2, 36), (3, 30))


def fitted(draw: DrawPage, progress: Callable[[int, int], None], pages: int = PAGES) -> Discriminant:
    """Return the discriminant of cells from drawn pages of random characters.

    Args:
        draw: draws a page in OCR-B.
        progress: told after each page.
        pages: how many.

    Raises:
        ImportError: scikit-learn is not installed.
    """
    peer = importlib.import_module("sklearn.discriminant_analysis")
    cells: list[NDArray[np.uint8]] = []
    characters: list[str] = []
    progress(0, pages)
    for number in range(pages):
        random = Random(GENERATOR + number)
        lines = _random_lines(random)
        rows = _rows_in_place(draw(random, lines), lines)
        for row, line in zip(rows, lines if rows else (), strict=True):
            for place, character in enumerate(line):
                if character != "<":
                    cells.append(cell_of(row, place))
                    characters.append(character)
        progress(number + 1, pages)
    model = peer.LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE)
    model.fit(features_of(np.stack(cells)), characters)
    return Discriminant("".join(model.classes_), model.coef_.astype(np.float32), model.intercept_.astype(np.float32))


def save(discriminant: Discriminant, path: Path) -> None:
    """Write the weights as the package holds them."""
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            characters=np.array(discriminant.characters),
            weights=discriminant.weights,
            offsets=discriminant.offsets,
        )


def _random_lines(random: Random) -> tuple[str, ...]:
    """Return lines in which every character may stand anywhere, but fillers at neither end: they span the zone."""
    count, width = random.choice(_FORMS)
    lines = []
    for _ in range(count):
        middle = ("<" if random.random() < 0.25 else random.choice(LETTERS + DIGITS) for _ in range(width - 2))
        lines.append(random.choice("EHNMBD") + "".join(middle) + random.choice("8HNMBD0"))
    return tuple(lines)


def _rows_in_place(page: NDArray[np.uint8], lines: tuple[str, ...]) -> Sequence[Row]:
    """Return the rows that were found where the lines were drawn: with every filler in its cell."""
    fillers = [tuple(character == "<" for character in line) for line in lines]
    return next((rows for rows in zones_of(page) if [row.fillers for row in rows] == fillers), ())
