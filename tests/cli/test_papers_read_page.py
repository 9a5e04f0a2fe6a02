"""``fairgate papers read`` of a picture: the zone, whether check digits prove it, and no pixel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from tests.cli.conftest import Run

LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
FONTS = ("LiberationMono-Regular.ttf", "DejaVuSansMono.ttf")
PITCH_PX = 25.4


def drawn_page() -> Image.Image:
    """Return a page with a zone in a free monospaced font, or skip where there is none."""
    for name in FONTS:
        try:
            font = ImageFont.truetype(name, 40)
        except OSError:
            continue
        page = Image.new("RGB", (1250, 880), (226, 232, 236))
        pen = ImageDraw.Draw(page)
        for row, line in enumerate(LINES):
            for column, letter in enumerate(line):
                pen.text((60 + column * PITCH_PX, 720 + row * 66), letter, fill=(20, 20, 20), font=font)
        return page
    pytest.skip("no free monospaced font is installed")


@pytest.mark.needs_component
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_drawn_page_tells_its_zone_and_that_no_portrait_was_found(run: Run, tmp_path: Path) -> None:
    """Nobody's face is drawn on it; what check digits do not prove is told as such."""
    drawn_page().save(tmp_path / "page.png")
    ended = run("papers", "read", str(tmp_path / "page.png"), "--json")
    assert ended.code == 0
    told = json.loads(ended.out)
    assert told["kind"] == "data_page"
    assert told["facts"]["portrait"] in ({"looked_for": False}, {"looked_for": True, "found": False})
    assert (told["facts"]["family_name"], told["facts"]["format"]) == ("ERIKSSON", "TD3")
    assert told["facts"]["outcome"] == ("read" if told["facts"]["check_digits_hold"] else "unproven")


@pytest.mark.needs_component
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_picture_without_a_zone_is_refused(run: Run, tmp_path: Path) -> None:
    """And so is one that cannot be decoded; each says why."""
    Image.new("RGB", (900, 600), (200, 200, 200)).save(tmp_path / "bare.png")
    (tmp_path / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    ended = run("papers", "read", str(tmp_path / "bare.png"), str(tmp_path / "damaged.jpg"))
    assert ended.code == 3
    first, second = ended.err.splitlines()
    assert "No machine-readable zone" in first
    assert "input.image" in second
