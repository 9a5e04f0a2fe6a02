"""Data pages that are drawn: a page's furniture, a zone in a free monospaced font, tilt, blur, noise and light.

No real page stands behind them: what is read from them says how well the reader does on clean print of that font, and
little about worn, laminated or reflecting pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from fairgate.papers.mrz import MrzKind
from fairgate.papers.mrz.build import build_mrz
from fairgate.simulate.made_zones import made_facts

PAGE = (1250, 880)
"""Width and height in pixels: 125 by 88 millimetres at 10 pixels each."""
_FONTS = Path("/usr/share/fonts")
OCR_B = (_FONTS / "opentype/ocr-b/OCRB.otf", _FONTS / "opentype/ocr-b/OCRBS.otf")
"""Debian's ``fonts-ocr-b``: with round and with sharp ends of strokes."""
OTHERS = (
    _FONTS / "truetype/liberation/LiberationMono-Regular.ttf",
    _FONTS / "truetype/dejavu/DejaVuSansMono.ttf",
    _FONTS / "truetype/liberation/LiberationMono-Bold.ttf",
)
PITCH_PX = 25.4
"""One tenth of an inch, as the standard has it. Source: ICAO Doc 9303-3, 4.1."""


def installed_fonts(wanted: tuple[Path, ...] = (*OCR_B, *OTHERS)) -> tuple[Path, ...]:
    """Return those of the free monospaced fonts wanted that exist here."""
    return tuple(font for font in wanted if font.is_file())


def random_page(random: Random, lines: tuple[str, ...], fonts: Sequence[Path]) -> NDArray[np.uint8]:
    """Return a page as a desk's camera may see it, uint8 RGB; a quarter of them lie upside down.

    Args:
        random: seeded; decides tilt (up to 4 degrees), blur, noise, light, 6.5 to 13.5 pixels a millimetre, how thick
            the print is, and compression.
        lines: of the zone.
        fonts: one of them is taken.
    """
    page = drawn_page(
        lines,
        random.choice(fonts),
        tilt_degrees=random.uniform(-4, 4),
        blur_px=random.uniform(0, 1.6),
        noise=random.uniform(0, 10),
        scale=random.uniform(0.65, 1.35),
        shade=random.uniform(0, 0.5),
        seed=random.randrange(2**30),
    )
    print_px = random.random()
    square = np.ones((2, 2), np.uint8)
    if print_px < 0.25:
        page = np.asarray(cv2.erode(page, square), dtype=np.uint8)
    elif print_px < 0.4:
        page = np.asarray(cv2.dilate(page, square), dtype=np.uint8)
    if random.random() < 0.5:
        _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, random.randrange(40, 95)])
        page = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.ascontiguousarray(page[::-1, ::-1]) if random.random() < 0.25 else page


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
    photographed = _photographed(pixels, tilt_degrees, blur_px, scale)
    return _lit(photographed, noise, shade, seed)


def random_zone(random: Random, fonts: Sequence[Path]) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Return the lines of a random zone of any of the five kinds, and a page that shows it."""
    kind = random.choice(tuple(MrzKind))
    lines = build_mrz(kind, made_facts(kind, random)).lines
    return lines, random_page(random, lines, fonts)


def _photographed(pixels: NDArray[np.uint8], tilt: float, blur_px: float, scale: float) -> NDArray[np.uint8]:
    table = cv2.copyMakeBorder(pixels, 90, 90, 90, 90, cv2.BORDER_CONSTANT, value=(90, 80, 70))
    high, wide = table.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, scale)
    turn[0, 2] += (scale - 1) * wide / 2
    turn[1, 2] += (scale - 1) * high / 2
    table = cv2.GaussianBlur(table, (0, 0), blur_px) if blur_px else table
    size = (round(wide * scale), round(high * scale))
    return np.asarray(cv2.warpAffine(table, turn, size, flags=cv2.INTER_AREA, borderValue=(90, 80, 70)), dtype=np.uint8)


def _lit(table: NDArray[np.uint8], noise: float, shade: float, seed: int) -> NDArray[np.uint8]:
    light = np.linspace(1.0, 1.0 - shade, table.shape[1], dtype=np.float32)[None, :, None]
    noisy = table.astype(np.float32) * light + np.random.default_rng(seed).normal(0, noise, table.shape)
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)
