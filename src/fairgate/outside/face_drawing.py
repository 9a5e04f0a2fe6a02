"""Draw what was found on a copy of a photo: boxes and points in the picture, figures beside it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from fairgate.face.quality.feedback import TEXTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairgate.face.inspection import Inspection, Seen

LEAST_SIDE_PX, MOST_SIDE_PX = 720, 1600
"""The picture's longer side in the copy; small photos are enlarged so that the drawing does not hide the face."""

_PANEL_PX, _MARGIN_PX, _LINE_PX = 470, 16, 22
_MOST_BLOCKS = 3
"""So many faces are told with every component, the subject first; the others with one line."""

_INK, _PALE, _PAPER = (33, 37, 41), (222, 226, 230), (255, 255, 255)
_SUBJECT, _OTHER = (0, 90, 181), (233, 138, 0)
_GOOD, _BAD = (27, 120, 60), (190, 30, 30)
_NAME_PX, _NATIVE_PX, _BAR_PX = 172, 130, 100

_Point = tuple[float, float]


def drawn(rgb: NDArray[np.uint8], found: Inspection, name: str) -> bytes:
    """Return the annotated copy as PNG, without metadata.

    Args:
        rgb: uint8, shape (height, width, 3), RGB; stays as it is.
        found: every face in it.
        name: of the photo, for the heading.
    """
    longer = max(found.width_px, found.height_px)
    factor = min(max(longer, LEAST_SIDE_PX), MOST_SIDE_PX) / longer
    size = (max(1, round(found.width_px * factor)), max(1, round(found.height_px * factor)))
    picture = Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS)
    _mark_faces(ImageDraw.Draw(picture), found, factor)
    lines = _Panel(found, name)
    sheet = Image.new("RGB", (size[0] + _PANEL_PX, max(size[1], lines.height_px)), _PAPER)
    sheet.paste(picture, (0, 0))
    lines.draw(ImageDraw.Draw(sheet), size[0] + _MARGIN_PX)
    encoded = io.BytesIO()
    sheet.save(encoded, "PNG")
    return encoded.getvalue()


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def _mark_faces(pen: ImageDraw.ImageDraw, found: Inspection, factor: float) -> None:
    for number, seen in enumerate(found.seen):
        colour = _SUBJECT if number == found.subject else _OTHER
        left, top, right, bottom = (side * factor for side in seen.face.box)
        pen.rectangle((left, top, right, bottom), outline=colour, width=3)
        # A pixel's centre is a whole number in landmarks and half a pixel further in the drawing.
        for x, y in (((px + 0.5) * factor, (py + 0.5) * factor) for px, py in seen.landmarks):
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour, outline=_PAPER)
        label, font = f"{number + 1}", _font(18)
        x, y = max(0.0, left), max(0.0, top)
        pen.rectangle((x, y, x + 14 + pen.textlength(label, font), y + 24), fill=colour)
        pen.text((x + 7, y + 1), label, fill=_PAPER, font=font)


class _Panel:
    """The figures beside the picture."""

    def __init__(self, found: Inspection, name: str) -> None:
        self._found, self._name = found, name
        order = sorted(range(len(found.seen)), key=lambda number: (number != found.subject, number))
        self._blocks, self._rest = order[:_MOST_BLOCKS], order[_MOST_BLOCKS:]
        self._told = found.feedback
        components = sum(len(found.seen[number].quality.components) + 2 for number in self._blocks)
        self.height_px = 2 * _MARGIN_PX + _LINE_PX * (3 + len(self._told) + components + len(self._rest))

    def draw(self, pen: ImageDraw.ImageDraw, x: float) -> None:
        """Write from the top down, ``x`` to the left."""
        y = float(_MARGIN_PX)
        heading = _shortened(pen, self._name, _PANEL_PX - 2 * _MARGIN_PX, 17)
        pen.text((x, y), heading, fill=_INK, font=_font(17))
        y += _LINE_PX
        count = len(self._found.seen)
        said = f"{count} face{'' if count == 1 else 's'}, {'no ' if self._found.subject is None else ''}subject"
        pen.text(
            (x, y),
            said if self._found.subject is None else f"{said} {self._found.subject + 1}",
            fill=_INK,
            font=_font(15),
        )
        y += _LINE_PX
        for advice in self._told:
            pen.text((x, y), TEXTS[advice], fill=_BAD, font=_font(15))
            y += _LINE_PX
        y += _LINE_PX // 2
        for number in self._blocks:
            y = self._block(pen, (x, y), number)
        for number in self._rest:
            self._title(pen, (x, y), number)
            y += _LINE_PX

    def _title(self, pen: ImageDraw.ImageDraw, at: _Point, number: int) -> None:
        seen = self._found.seen[number]
        colour = _SUBJECT if number == self._found.subject else _OTHER
        pen.rectangle((at[0], at[1] + 3, at[0] + 12, at[1] + 15), fill=colour)
        words = f"Face {number + 1}   quality {seen.quality.unified}   detector {seen.face.score:.2f}"
        pen.text((at[0] + 20, at[1]), words, fill=_INK, font=_font(15))

    def _block(self, pen: ImageDraw.ImageDraw, at: _Point, number: int) -> float:
        self._title(pen, at, number)
        x, y = at[0], at[1] + _LINE_PX
        for name, native, mapped, failed in _rows(self._found.seen[number]):
            ink = _BAD if failed else _INK
            pen.text((x, y), name, fill=ink, font=_font(14))
            pen.text((x + _NAME_PX, y), native, fill=ink, font=_font(14))
            bar = x + _NAME_PX + _NATIVE_PX
            pen.rectangle((bar, y + 4, bar + _BAR_PX, y + 14), fill=_PALE)
            pen.rectangle((bar, y + 4, bar + _BAR_PX * mapped / 100, y + 14), fill=_BAD if failed else _GOOD)
            pen.text((bar + _BAR_PX + 8, y), str(mapped), fill=ink, font=_font(14))
            y += _LINE_PX
        return y + _LINE_PX


def _rows(seen: Seen) -> list[tuple[str, str, int, bool]]:
    """Return name, native value with unit, mapped value, and whether it fails, for each component."""
    return [
        (name.replace("_", " "), f"{one.native:.3g} {one.unit}", one.mapped, name in seen.quality.failed)
        for name, one in seen.quality.components.items()
    ]


def _shortened(pen: ImageDraw.ImageDraw, text: str, width_px: float, size_px: int) -> str:
    """Return a text that fits, cut at its end; what the font cannot show is asked for as it is."""
    font = _font(size_px)
    if pen.textlength(text, font) <= width_px:
        return text
    while text and pen.textlength(f"{text}...", font) > width_px:
        text = text[:-1]
    return f"{text}..."
