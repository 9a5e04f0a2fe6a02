"""The demo's sign: tells travellers in two languages that they may decline, drawn as it would hang at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

LANGUAGES = ("en", "es")
_TEXTS = (
    ("Your face is compared at this gate.", 44),
    ("You may decline. Tell us, and an officer looks at your papers instead.", 26),
    ("Declining costs you no time. Ask for your receipt.", 26),
    ("En esta puerta se compara su rostro.", 44),
    ("Puede rechazarlo. Diganoslo y un agente revisara sus documentos.", 26),
    ("Rechazarlo no le cuesta tiempo. Pida su recibo.", 26),
)
_SIZE = (1000, 640)


@dataclass(frozen=True, slots=True)
class DrawnSign:
    """A sign on disk.

    Args:
        text: its text, UTF-8.
        picture: a PNG of it.
    """

    text: Path
    picture: Path


def draw_sign(folder: Path) -> DrawnSign:
    """Write the sign's text and its picture into a folder that is there.

    Args:
        folder: of the demo's input.
    """
    sign = DrawnSign(folder / "sign.txt", folder / "sign.png")
    sign.text.write_text("".join(f"{line}\n" for line, _ in _TEXTS), encoding="utf-8")
    picture = Image.new("RGB", _SIZE, (250, 248, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, _SIZE[0] - 12, _SIZE[1] - 12), outline=(27, 73, 101), width=8)
    at = 60
    for line, size in _TEXTS:
        pen.text((50, at), line, fill=(20, 20, 20), font=ImageFont.load_default(size))
        at += size * 2 + 8
    picture.save(sign.picture)
    return sign
