"""The grid of a zone's characters: rows, cells, and which cells hold a filler.

A zone is printed at a fixed pitch, so that where each character stands can be measured instead of read; and the filler
is one shape, a corner that points left, told apart by its geometry. What is left for a reader of characters is letters
and digits whose places are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTHS = {2: (44, 36), 3: (30,)}
"""Characters a line, by the number of lines. Source: ICAO Doc 9303-4 to -7."""
LINE_SPACING = 2.5
"""Of the pitch: 6.35 mm between lines, 2.54 mm between characters. Source: ICAO Doc 9303-3, 4.1."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One line of the zone.

    Args:
        ink: uint8, shape (height, width), 0 for paper to 255 for ink.
        left: of the first cell, in pixels.
        pitch: of the cells, in pixels.
        fillers: for each cell, whether it holds a filler.
    """

    ink: NDArray[np.uint8] = field(repr=False)
    left: float
    pitch: float
    fillers: tuple[bool, ...]

    def cell(self, place: int) -> slice:
        """Return the columns of a cell."""
        start = min(max(0, round(self.left + place * self.pitch)), self.ink.shape[1] - 1)
        return slice(start, max(start + 1, round(self.left + (place + 1) * self.pitch)))


def rows_of(band: NDArray[np.uint8]) -> tuple[Row, ...]:
    """Return a level band's rows, top to bottom; none where it has not two or three of a zone's width.

    Args:
        band: uint8, shape (height, width), dark characters on a light ground.
    """
    ink = _ink(band)
    runs = _runs((ink > 127).sum(axis=1), least=0.01 * ink.shape[1])
    tallest = max((end - start for start, end in runs), default=0)
    runs = [(start, end) for start, end in runs if end - start >= 0.5 * tallest]
    if len(runs) not in WIDTHS:
        return ()
    strips = [np.ascontiguousarray(ink[max(0, start - 3) : end + 3]) for start, end in runs]
    spacing = (sum(runs[-1]) - sum(runs[0])) / 2 / (len(runs) - 1)
    fits = [(*_fit(strips, count), count) for count in WIDTHS[len(runs)]]
    left, pitch, count = min(fits, key=lambda fit: abs(np.log(spacing / fit[1] / LINE_SPACING)))
    return tuple(
        Row(strip, left, pitch, tuple(_is_filler(strip, left, pitch, place) for place in range(count)))
        for strip in strips
    )


def _ink(band: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how dark each pixel is against the paper around it, 0 to 255."""
    around = max(15, band.shape[0] // 3) | 1
    paper = cv2.morphologyEx(band, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (around, around)))
    paper = cv2.blur(paper, (around, around))
    dark = cv2.GaussianBlur(cv2.subtract(paper, band), (3, 3), 0)
    threshold, _ = cv2.threshold(dark, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    scaled = np.clip(dark.astype(np.float32) * (127.5 / max(threshold, 1.0)), 0, 255)
    return np.asarray(scaled, dtype=np.uint8)


def _runs(profile: NDArray[np.int64], *, least: float) -> list[tuple[int, int]]:
    """Return where a profile is above a level."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, value in enumerate([*profile.tolist(), 0]):
        if value > least and start is None:
            start = place
        elif value <= least and start is not None:
            runs.append((start, place))
            start = None
    return runs


def _fit(strips: list[NDArray[np.uint8]], count: int) -> tuple[float, float]:
    """Return the left edge and the pitch that put the least ink on the borders of cells."""
    profile = np.sum([(strip > 127).sum(axis=0) for strip in strips], axis=0).astype(np.float64)
    columns = np.flatnonzero(profile > 0.1 * strips[0].shape[0])
    first, last = float(columns[0]), float(columns[-1] + 1)
    rough = (last - first) / (count - 0.3)
    best = (np.inf, first, rough)
    padded = np.concatenate([profile, np.zeros(1)])
    for pitch in np.linspace(0.97 * rough, 1.03 * rough, 61):
        for left in np.linspace(first - 0.5 * rough, first + 0.05 * rough, 12):
            if left + count * pitch < last - 0.2 * rough:
                continue
            borders = np.clip(np.round(left + pitch * np.arange(count + 1)), 0, len(profile)).astype(int)
            share = float(padded[borders].sum() / (profile.sum() / len(profile) * (count + 1)))
            if share < best[0]:
                best = (share, float(left), float(pitch))
    return best[1], best[2]


def _is_filler(strip: NDArray[np.uint8], left: float, pitch: float, place: int) -> bool:
    """Tell whether a cell holds a corner that points left: one stroke a row, further right the further from its tip."""
    start = max(0, round(left + place * pitch))
    cell = _largest_piece(strip[:, start : max(start + 1, round(left + (place + 1) * pitch))] > 127)
    rows = np.flatnonzero(cell.any(axis=1))
    if len(rows) < 6:
        return False
    edges, lefts, strokes = [], [], []
    for row in range(rows[0], rows[-1] + 1):
        columns = np.flatnonzero(cell[row])
        if not len(columns):
            return False
        edges.append((columns[0] + columns[-1]) / 2)
        lefts.append(columns[0])
        strokes.append(columns[-1] - columns[0] + 1)
    middle = np.asarray(edges)
    away = np.abs(np.arange(len(middle)) - (len(middle) - 1) / 2)
    tip = float(middle[away <= len(middle) * 0.12].mean())
    ends = (float(middle[: max(1, len(middle) // 6)].mean()), float(middle[-max(1, len(middle) // 6) :].mean()))
    # A C's stem is upright: its left edge moves little.
    if min(np.mean(lefts[: len(lefts) // 6 + 1]), np.mean(lefts[-(len(lefts) // 6) - 1 :])) - min(lefts) < 0.3 * pitch:
        return False
    deep = min(ends) - tip
    if deep < 0.18 * pitch or max(strokes) > 0.75 * pitch:
        return False
    halfway = float(middle[np.abs(away - away.max() / 2) <= len(middle) * 0.12].mean())
    if not 0.28 <= (halfway - tip) / (sum(ends) / 2 - tip) <= 0.72:
        return False
    return float(np.corrcoef(middle, away)[0, 1]) > 0.9


def _largest_piece(cell: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a cell with its largest connected piece of ink alone: a neighbour's foot may reach into it."""
    if not cell.any():  # beyond the strip there is not even a column, which OpenCV does not survive
        return cell
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cell.astype(np.uint8))
    if count < 2:
        return cell
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest)
