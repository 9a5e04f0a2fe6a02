"""Zones read from drawn pages: the grid is found, the program is bounded, and its absence is one clear error."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fairgate.errors import ConfigurationRefused, EngineFault
from fairgate.outside.mrz_band import bands
from fairgate.outside.mrz_grid import rows_of
from fairgate.outside.mrz_reader_tesseract import TesseractMrzReader
from fairgate.outside.mrz_zone import zones_of
from fairgate.services.read_data_page import best_zone
from fairgate.simulate.drawn_pages import drawn_page, installed_fonts

LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def some_font() -> Path:
    """Return a monospaced font, or skip."""
    fonts = installed_fonts()
    if not fonts:
        pytest.skip("no free monospaced font is installed")
    return fonts[0]


@pytest.mark.parametrize(("tilt", "quarter_turns"), [(0.0, 0), (3.5, 0), (-3.5, 1), (0.5, 2), (-1.0, 3)])
def test_grid_and_fillers_are_found_in_any_direction(tilt: float, quarter_turns: int) -> None:
    """Of the bands of a page that lies in any direction, one has the zone's rows, cells and fillers."""
    page = drawn_page(LINES, some_font(), tilt_degrees=tilt, blur_px=0.7, noise=4, shade=0.2)
    page = np.ascontiguousarray(np.rot90(page, quarter_turns))
    fillers = [tuple(character == "<" for character in line) for line in LINES]
    assert fillers in [[row.fillers for row in rows_of(band)] for band in bands(page)]


@pytest.mark.parametrize("shape", [(40, 400), (3, 3), (60, 900)])
def test_noise_is_no_zone_and_no_crash(shape: tuple[int, int]) -> None:
    """Rows of random blots, whatever the shape, end in rows or none."""
    for seed in range(20):
        blots = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
        blots[shape[0] // 3 : shape[0] // 2] = 255
        rows_of(blots)


def test_a_page_without_a_zone_has_no_rows() -> None:
    """An even page has no band."""
    assert zones_of(np.full((600, 900, 3), 200, dtype=np.uint8)) == []


def test_absent_program_is_one_clear_error() -> None:
    """Without tesseract the operator is told what to install."""
    rows = zones_of(drawn_page(LINES, some_font()))[0]
    with pytest.raises(ConfigurationRefused, match="tesseract"):
        TesseractMrzReader("no-such-program").text(rows)


def test_a_failing_or_slow_program_is_an_engine_fault(tmp_path: Path) -> None:
    """A program that fails, or hangs, sends the traveller to an officer."""
    rows = zones_of(drawn_page(LINES, some_font()))[0]
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o700)
    for reader in (TesseractMrzReader("false"), TesseractMrzReader(str(hangs), seconds=0.2)):
        with pytest.raises(EngineFault):
            reader.text(rows)


@pytest.mark.needs_component
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_clean_page_is_read_by_the_real_program() -> None:
    """A sharp drawn page gives a zone whose names are right; the rest is for the check digits to say."""
    page = drawn_page(LINES, some_font(), tilt_degrees=1.5, noise=2)
    read = best_zone(iter([TesseractMrzReader(seconds=60).text(zones_of(page)[0])]), date(2026, 11, 22))
    assert read is not None
    assert (read.facts.family_name, read.facts.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert str(read.facts.born) == "1974-08-12"
