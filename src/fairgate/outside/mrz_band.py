"""Where on a page the zone may be: level cut-outs, by the shape that two or three dense lines of characters make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAGE_WIDTH_PX = 1200
"""Pages are looked at in this width; at 125 mm a page that is 9.6 pixels a millimetre."""
LEAST_BAND_SHARE = 0.45
LEAST_ASPECT, MOST_ASPECT = 4.5, 30.0
MOST_BANDS = 3


def bands(rgb: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Yield level cut-outs that may be a zone, gray, the likeliest first: upright, upside down, then sideways.

    Args:
        rgb: uint8, shape (height, width, 3).
    """
    gray = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    for quarter_turns in (0, 2, 1, 3):
        yield from _bands(np.ascontiguousarray(np.rot90(gray, quarter_turns)))


def _bands(gray: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    factor = PAGE_WIDTH_PX / gray.shape[1]
    small = cv2.resize(
        gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )
    # Dark strokes on a lighter ground, whatever the light: what is smaller than a line's height.
    strokes = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, _box(25, 13))
    slope = np.abs(cv2.Sobel(strokes, cv2.CV_32F, 1, 0, ksize=3))
    slope = cv2.normalize(slope, slope.copy(), 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    words = cv2.morphologyEx(slope, cv2.MORPH_CLOSE, _box(35, 5))
    _, mask = cv2.threshold(words, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _box(15, 5))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _box(45, 45))
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    kept = []
    for contour in found:
        (x, y), (wide, high), angle = cv2.minAreaRect(contour)
        if wide < high:
            wide, high, angle = high, wide, angle + 90
        angle = (angle + 90) % 180 - 90
        if high and wide >= LEAST_BAND_SHARE * PAGE_WIDTH_PX and LEAST_ASPECT <= wide / high <= MOST_ASPECT:
            kept.append((y, ((x / factor, y / factor), (wide / factor, high / factor), angle)))
    # A zone stands at the foot of its page.
    for _, place in sorted(kept, key=lambda one: -one[0])[:MOST_BANDS]:
        yield _levelled(gray, *place)


def _levelled(
    gray: NDArray[np.uint8], centre: tuple[float, float], size: tuple[float, float], angle: float
) -> NDArray[np.uint8]:
    """Return the cut-out of a tilted box with a margin, turned level."""
    wide, high = size
    margin = 0.25 * high
    out_wide, out_high = round(wide + 2 * margin), round(high + 2 * margin)
    turn = cv2.getRotationMatrix2D(centre, angle, 1.0)
    turn[0, 2] += out_wide / 2 - centre[0]
    turn[1, 2] += out_high / 2 - centre[1]
    level = cv2.warpAffine(gray, turn, (out_wide, out_high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(level, dtype=np.uint8)


def _box(wide: int, high: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_RECT, (wide, high)), dtype=np.uint8)
