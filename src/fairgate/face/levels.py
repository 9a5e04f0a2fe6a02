"""A frame's levels: is it so flat, dark or bright that a detector misses faces, and the same frame with full contrast.

Detectors are trained on photos that use most of the range from black to white. Where a frame keeps only a little of it,
they see no face that a person still sees. Haze, a dirty pane, a lamp that went out and too long an exposure all show in
one figure: how far the frame's darkest and lightest levels lie apart.

Source: the limits are ours, measured; docs/discussion/detection.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAIL = 0.01
"""Share of the values that may become black, and as many white: a lamp or a dark corner says nothing of the rest."""

WIDEST_STRETCHED = 64.0
"""A frame whose levels lie further apart is left alone: a quarter of the range. Flatness alone hid faces only in frames
of 38 levels or fewer, and the 602 portraits all have 140 or more, so none of them is ever stretched."""

NARROWEST_STRETCHED = 4.0
"""In a frame whose levels lie closer than this, what is stretched is rounding: a wall stays a wall."""


def span(rgb: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the levels between which all but the tails of a frame lie, its three colours counted together.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255.

    Returns:
        The 1st and the 99th percentile, each a level that occurs, 0 to 255.
    """
    counts = np.zeros(256, np.float64)
    for colour in range(3):
        counts += np.ravel(cv2.calcHist([rgb], [colour], None, [256], [0, 256]))
    reached = np.cumsum(counts) / counts.sum()
    return float(np.searchsorted(reached, TAIL)), float(np.searchsorted(reached, 1.0 - TAIL))


def stretched(rgb: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return the frame with its darkest levels black and its lightest white; ``None`` where that is not worthwhile.

    All colours take the same way, so that a face keeps its hue.

    Args:
        rgb: uint8, shape (height, width, 3), 0-255.

    Returns:
        uint8, the same shape, where the levels lie at least :data:`NARROWEST_STRETCHED` and at most
        :data:`WIDEST_STRETCHED` apart.
    """
    low, high = span(rgb)
    if not NARROWEST_STRETCHED <= high - low <= WIDEST_STRETCHED:
        return None
    table = np.clip(np.rint((np.arange(256) - low) * 255 / (high - low)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(rgb, table), np.uint8)
