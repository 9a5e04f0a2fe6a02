"""Shapes of OCR-B read a zone by themselves, leave other typefaces alone, and leave open what they do not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest

from fairgate.bench.mrz_fit import fitted, save
from fairgate.outside.mrz_grid import Row
from fairgate.outside.mrz_reader import MrzReader
from fairgate.outside.mrz_shapes import (
    FEATURES,
    HIGH_PX,
    WIDE_PX,
    Discriminant,
    cell_of,
    features_of,
    shipped_discriminant,
)
from fairgate.outside.mrz_zone import DIGITS, LETTERS, zones_of
from fairgate.papers.mrz import MrzKind
from fairgate.papers.mrz.build import build_mrz
from fairgate.services.read_data_page import best_zone, is_proven
from fairgate.simulate.drawn_pages import OCR_B, OTHERS, drawn_page, installed_fonts, random_page
from fairgate.simulate.made_zones import ON, made_facts

LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TEXT = "\n".join(LINES)
needs_ocr_b = [
    pytest.mark.needs_component,
    pytest.mark.skipif(not installed_fonts(OCR_B), reason="no OCR-B is installed"),
]


@dataclass
class Program:
    """Stands for tesseract: says what it is told, and counts how often it was asked."""

    said: str = "?"
    asked: list[int] = field(default_factory=list)

    def text(self, rows: Sequence[Row], /) -> str:
        """Return what was given."""
        self.asked.append(len(rows))
        return self.said


class TestOnOcrB:
    """What OCR-B gives."""

    pytestmark = needs_ocr_b

    def test_random_zones_of_every_kind_are_read_by_shapes_alone(self) -> None:
        """Twenty pages with tilt, blur, noise and compression: every character, and the program is not needed."""
        program = Program()
        reader = MrzReader(shipped_discriminant(), program)
        for number in range(20):
            random = Random(f"page {number}")
            kind = tuple(MrzKind)[number % len(MrzKind)]
            lines = build_mrz(kind, made_facts(kind, random)).lines
            read = best_zone(reader.texts(random_page(random, lines, installed_fonts(OCR_B))), ON)
            assert read is not None
            assert is_proven(read)
            assert read.lines == lines
        assert not program.asked

    def test_a_character_that_was_smeared_is_left_to_the_program(self) -> None:
        """A cell whose shape tells nothing is open, and the other reader's character is put there."""
        page = drawn_page(LINES, installed_fonts(OCR_B)[0])
        rows = zones_of(page)[0]
        place = LINES[0].index("ANNA")  # no check digit protects it
        smeared = rows[0].ink.copy()
        smeared[:, rows[0].cell(place)] = 90
        reader = MrzReader(shipped_discriminant(), Program())
        read = reader.by_shapes((replace(rows[0], ink=smeared), rows[1]))
        assert read is not None
        assert read[place] == "?"
        assert read.replace("?", LINES[0][place], 1) == TEXT


@pytest.mark.parametrize("font", installed_fonts(OTHERS), ids=lambda font: font.stem)
def test_another_typeface_is_left_to_the_program(font: Path) -> None:
    """Shapes of OCR-B say nothing about what is printed in something else."""
    program = Program(TEXT)
    page = drawn_page(LINES, font, blur_px=0.7)
    texts = list(MrzReader(shipped_discriminant(), program).texts(page))
    assert set(texts) == {TEXT}
    assert program.asked


def test_only_what_may_stand_in_a_cell_is_read() -> None:
    """The likeliest of those allowed is taken, and its lead is negative where another shape is likelier."""
    characters = LETTERS + DIGITS
    cell = np.random.default_rng(1).integers(0, 256, (1, HIGH_PX, WIDE_PX), dtype=np.uint8)
    weights = np.zeros((len(characters), FEATURES), np.float32)
    offsets = np.zeros(len(characters), np.float32)
    offsets[characters.index("O")], offsets[characters.index("0")] = 5.0, 3.0
    discriminant = Discriminant(characters, weights, offsets)
    assert discriminant.shapes(cell, [characters])[0].character == "O"
    digit = discriminant.shapes(cell, [DIGITS])[0]
    assert (digit.character, digit.lead) == ("0", -2.0)
    assert discriminant.shapes(cell[:0], []) == []


def test_an_empty_cell_has_features() -> None:
    """Nothing is divided by nothing."""
    assert np.isfinite(features_of(np.zeros((2, HIGH_PX, WIDE_PX), np.uint8))).all()


@pytest.mark.needs_component
@pytest.mark.skipif(not installed_fonts(OCR_B), reason="no OCR-B is installed")
def test_weights_are_made_and_kept(tmp_path: Path) -> None:
    """A fit of few pages tells the cells of another page, and the file holds what was made."""
    pytest.importorskip("sklearn")
    fonts = installed_fonts(OCR_B)[:1]
    made = fitted(partial(random_page, fonts=fonts), lambda done, total: None, pages=12)
    save(made, tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as held:
        assert str(held["characters"]) == made.characters
        assert np.array_equal(held["weights"], made.weights)
    rows = zones_of(drawn_page(LINES, fonts[0]))[0]
    cells = np.stack([cell_of(rows[1], place) for place in range(10)])
    assert "".join(one.character for one in made.shapes(cells, [made.characters] * 10)) == LINES[1][:10]
