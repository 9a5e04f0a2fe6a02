"""Every column and word that a reader of score files knows is documented, and nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from fairgate.outside.image_pairs import MOST_PAIRS, PAIRS_COLUMNS
from fairgate.outside.matched_score_files import MOST_JOINED
from fairgate.outside.reference_files import PHOTO_SUFFIXES
from fairgate.outside.score_bands import AGE_BANDS, PHOTO_AGE_BANDS
from fairgate.outside.score_codes import MOST_NAMES
from fairgate.outside.score_coding import MOST_LABELS
from fairgate.outside.score_columns import ALIASES, COLUMNS, DOCUMENTED_IN
from fairgate.outside.score_matrix import MATRIX_ARRAYS
from fairgate.outside.score_words import FAILURE_WORDS, MATED_WORDS, PAD_WORDS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / DOCUMENTED_IN).read_text(encoding="utf-8")
GROUPS = {"probe_group_NAME", "reference_group_NAME"}


def rows(title: str) -> dict[str, str]:
    """Return a section's table rows by the word in their first cell."""
    section = re.split(rf"^## {title}$", TEXT, flags=re.MULTILINE)[1].split("\n## ")[0]
    return {match[1]: match[0] for match in re.finditer(r"^\| `([\w.]+)` \|.*$", section, flags=re.MULTILINE)}


@pytest.mark.parametrize(
    ("title", "known"),
    [("Columns", {*COLUMNS}), ("Matrices", {*MATRIX_ARRAYS}), ("Pairs of images", {*PAIRS_COLUMNS})],
)
def test_every_column_is_documented(title: str, known: set[str]) -> None:
    """One row for each, and none too many."""
    assert set(rows(title)) == known | GROUPS


@pytest.mark.parametrize(
    ("column", "words"), [("mated", MATED_WORDS), ("failure", FAILURE_WORDS), ("pad_decision", PAD_WORDS)]
)
def test_every_word_is_documented(column: str, words: Mapping[str, int]) -> None:
    """In the row of its column."""
    assert set(re.findall(r"`(\w+)`", rows("Columns")[column])) == {column, *words} - {""}


def test_other_names_are_documented() -> None:
    """Each name that a column may have instead, and what it stands for is a column."""
    assert all(f"`{name}`" in TEXT for name in ALIASES)
    assert set(ALIASES.values()) <= set(COLUMNS)


def test_bands_and_limits_are_documented() -> None:
    """As they are."""
    for bands in (AGE_BANDS, PHOTO_AGE_BANDS):
        assert ", ".join(name for _, name in bands) in " ".join(TEXT.split())
    for limit in (MOST_NAMES, MOST_PAIRS, MOST_JOINED):
        assert f"{limit:,}".replace(",", " ") in TEXT
    assert f"at most {MOST_LABELS} labels" in TEXT
    assert all(f"`{suffix}`" in TEXT for suffix in PHOTO_SUFFIXES)


def test_reading_scores_needs_no_engine() -> None:
    """The extra fairgate[measure] suffices: nothing else is imported."""
    code = (
        "import sys, fairgate.outside.score_files, fairgate.outside.matched_score_files\n"
        "heavy = {'onnxruntime', 'cv2', 'PIL', 'sqlalchemy', 'pydantic_settings', 'cryptography', 'fairgate.services',"
        " 'fairgate.bootstrap', 'fairgate.config', 'fairgate.face'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
