"""Data pages that tests draw: a page's furniture, a zone in a free monospaced font, tilt, blur, noise and light.

No real page stands behind them, and the font is OCR-B only where that is installed: what is read from them says little
about real pages.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

PAGE = (1250, 880)
"""Width and height in pixels: 125 by 88 millimetres at 10 pixels each."""
_FONTS = Path("/usr/share/fonts")
FONTS = (
    _FONTS / "opentype/ocr-b/OCRB.otf",
    _FONTS / "truetype/liberation/LiberationMono-Regular.ttf",
    _FONTS / "truetype/dejavu/DejaVuSansMono.ttf",
    _FONTS / "truetype/liberation/LiberationMono-Bold.ttf",
)
PITCH_PX = 25.4
"""One tenth of an inch, as the standard has it. Source: ICAO Doc 9303-3, 4.1."""


def installed_fonts() -> tuple[Path, ...]:
    """Return the free monospaced fonts that exist here."""
    return tuple(font for font in FONTS if font.is_file())


def drawn_page(
    lines: tuple[str, ...],
    font: Path,
    *,
    tilt_degrees: float = 0.0,
    blur_px: float = 0.0,
    noise: float = 0.0,
    scale: float = 1.0,
    shade: float = 0.0,
    portrait: NDArray[np.uint8] | None = None,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Return a data page, uint8 RGB.

    Args:
        lines: of the zone.
        font: a monospaced font.
        tilt_degrees: counter-clockwise.
        blur_px: standard deviation of the blur, at 10 pixels a millimetre.
        noise: standard deviation, of 255.
        scale: of the finished picture.
        shade: how much darker the right edge is, 0 to 1.
        portrait: put where the page's portrait is; else a plain box.
        seed: of the noise.
    """
    page = Image.new("RGB", PAGE, (226, 232, 236))
    pen = ImageDraw.Draw(page)
    for row in range(0, PAGE[1], 14):
        pen.line((0, row, PAGE[0], row + 40), fill=(214, 224, 230), width=2)
    small = ImageFont.truetype(str(font), 24)
    for row, text in enumerate(
        ("PASSPORT / PASSEPORT  UTO", "Surname ERIKSSON", "Given names ANNA MARIA", "Nationality UTOPIAN")
    ):
        pen.text((420, 60 + 80 * row), text, font=small, fill=(40, 40, 60))
    size = 10
    while ImageFont.truetype(str(font), size + 1).getlength("M") <= PITCH_PX:
        size += 1
    big = ImageFont.truetype(str(font), size)
    top = PAGE[1] - 40 - 62 * len(lines)
    left = (PAGE[0] - PITCH_PX * len(lines[0])) / 2
    for row, line in enumerate(lines):
        for place, character in enumerate(line):
            pen.text((left + place * PITCH_PX, top + 62 * row), character, font=big, fill=(20, 20, 25))
    pixels = np.asarray(page).copy()
    if portrait is None:
        pixels[120:560, 60:380] = (150, 160, 175)
    else:
        pixels[120:560, 60:380] = cv2.resize(portrait, (320, 440), interpolation=cv2.INTER_AREA)
    return _degraded(pixels, tilt_degrees, blur_px, noise, scale, shade, seed)


def _degraded(
    pixels: NDArray[np.uint8], tilt: float, blur_px: float, noise: float, scale: float, shade: float, seed: int
) -> NDArray[np.uint8]:
    table = cv2.copyMakeBorder(pixels, 90, 90, 90, 90, cv2.BORDER_CONSTANT, value=(90, 80, 70))
    high, wide = table.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, scale)
    turn[0, 2] += (scale - 1) * wide / 2
    turn[1, 2] += (scale - 1) * high / 2
    table = cv2.GaussianBlur(table, (0, 0), blur_px) if blur_px else table
    table = cv2.warpAffine(
        table, turn, (round(wide * scale), round(high * scale)), flags=cv2.INTER_AREA, borderValue=(90, 80, 70)
    )
    light = np.linspace(1.0, 1.0 - shade, table.shape[1], dtype=np.float32)[None, :, None]
    noisy = table.astype(np.float32) * light + np.random.default_rng(seed).normal(0, noise, table.shape)
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)
