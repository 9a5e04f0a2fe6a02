"""Tells the letters and digits of OCR-B by their shapes.

A zone is printed in one typeface, in cells of one pitch; so each cell is brought to one scale, described by the
directions of its edges, and given to one linear discriminant. ``fairgate bench mrz --fit`` makes the weights, from
pages drawn with a free OCR-B. Source of the typeface's use: ICAO Doc 9303-3, 4.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.outside.mrz_grid import Row

WEIGHTS = "mrz_shapes.npz"
PITCH_PX, WIDE_PX, HIGH_PX = 20, 24, 32
"""Cells are looked at with this pitch; a little of the neighbours is seen, and both heights of OCR-B."""
DIRECTIONS, BLOCK_PX = 8, 4
FEATURES = (DIRECTIONS + 1) * (WIDE_PX // BLOCK_PX) * (HIGH_PX // BLOCK_PX)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a cell looks like.

    Args:
        character: the likeliest of those allowed.
        lead: how far it leads before the next of all characters, in units of the discriminant; below 0 where the
            likeliest of all is not allowed.
    """

    character: str
    lead: float


@dataclass(frozen=True, slots=True, eq=False)
class Discriminant:
    """One linear function of the features for each character.

    Args:
        characters: in the order of the rows.
        weights: float32, shape (characters, FEATURES).
        offsets: float32, shape (characters,).
    """

    characters: str
    weights: NDArray[np.float32] = field(repr=False)
    offsets: NDArray[np.float32] = field(repr=False)

    def shapes(self, cells: NDArray[np.uint8], allowed: Sequence[str]) -> list[Shape]:
        """Return what each cell looks like.

        Args:
            cells: as :func:`cell_of` cuts them, shape (n, HIGH_PX, WIDE_PX).
            allowed: for each cell, the characters that may stand there.
        """
        if not len(cells):
            return []
        values = features_of(cells) @ self.weights.T + self.offsets
        found = []
        for row, letters in zip(values, allowed, strict=True):
            permitted = np.array([character in letters for character in self.characters])
            best = int(np.argmax(np.where(permitted, row, -np.inf)))
            found.append(Shape(self.characters[best], float(row[best] - np.delete(row, best).max())))
        return found


@cache
def shipped_discriminant() -> Discriminant:
    """Return the weights that come with the package."""
    content = (files("fairgate.outside") / WEIGHTS).read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return Discriminant(str(held["characters"]), held["weights"], held["offsets"])


def cell_of(row: Row, place: int) -> NDArray[np.uint8]:
    """Return one cell of a row, in its middle and at the one scale, shape (HIGH_PX, WIDE_PX)."""
    scale = PITCH_PX / row.pitch
    middle = row.left + (place + 0.5) * row.pitch
    move = np.array(
        [[scale, 0, WIDE_PX / 2 - scale * middle], [0, scale, HIGH_PX / 2 - scale * row.ink.shape[0] / 2]], np.float32
    )
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(row.ink, move, (WIDE_PX, HIGH_PX), flags=how), dtype=np.uint8)


def features_of(cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how strong the edges of each direction are in each block of a cell, and how dark it is; unit norm.

    Args:
        cells: uint8, shape (n, HIGH_PX, WIDE_PX), 0 for paper to 255 for ink.

    Returns:
        float32, shape (n, FEATURES).
    """
    soft = np.stack([cv2.GaussianBlur(cell.astype(np.float32) / 255, (0, 0), 0.8) for cell in cells])
    across, down = np.zeros_like(soft), np.zeros_like(soft)
    across[:, :, 1:-1] = soft[:, :, 2:] - soft[:, :, :-2]
    down[:, 1:-1] = soft[:, 2:] - soft[:, :-2]
    strength = np.hypot(across, down)
    turn = np.arctan2(down, across) / (2 * np.pi) % 1.0 * DIRECTIONS
    lower = np.floor(turn)
    share, lower = turn - lower, lower.astype(np.int64) % DIRECTIONS
    blocks = []
    for direction in range(DIRECTIONS):
        part = np.where(lower == direction, 1 - share, 0) + np.where((lower + 1) % DIRECTIONS == direction, share, 0)
        blocks.append(np.sqrt(_blocks(strength * part).sum(axis=(2, 4))))
    blocks.append(_blocks(soft).mean(axis=(2, 4)))
    values = np.stack(blocks, axis=1).reshape(len(cells), FEATURES)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True).clip(1e-6), dtype=np.float32)


def _blocks(values: NDArray[np.floating]) -> NDArray[np.floating]:
    count, high, wide = values.shape
    return values.reshape(count, high // BLOCK_PX, BLOCK_PX, wide // BLOCK_PX, BLOCK_PX)
