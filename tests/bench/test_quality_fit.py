"""The unified score's training: on whom, and that it finds what foretells being far from one's photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fairgate.bench.quality_fit import fitted, training_files
from fairgate.face.quality.unified_terms import TERMS
from fairgate.outside.portrait_files import PortraitFile, PortraitFolder


def test_nobody_is_trained_on_whose_misses_are_counted() -> None:
    """Those in both years are left out, and every other one of the rest."""
    files = tuple(
        PortraitFile(f"{year}/{at}.jpg", f"s{at:02}", year == "2014", Path(f"{at}.jpg"))
        for year, people in (("2014", range(12)), ("2024", range(8, 20)))
        for at in people
    )
    chosen = {file.subject for file in training_files(PortraitFolder(files, frozenset()))}
    assert len(chosen) == 8
    assert chosen.isdisjoint({"s08", "s09", "s10", "s11"})


def test_the_fit_finds_the_sign_that_foretells() -> None:
    """One sign lowers the similarity, the others are noise; a tenth of the captures are far."""
    rng = np.random.default_rng(1)
    names = [term.sign for term in TERMS]
    values = rng.normal(3.0, 2.0, (2000, len(names)))
    similarity = 1 - 0.1 * values[:, 0] + rng.normal(0, 0.05, 2000)
    intercept, terms = fitted([dict(zip(names, row, strict=True)) for row in values], similarity.tolist())
    assert [term.sign for term in terms] == names
    assert terms[0].weight > 1.0
    assert max(abs(term.weight) for term in terms[1:]) < 0.3
    assert intercept < -2.0
    assert terms[0].mean == pytest.approx(3.0, abs=0.2)
    assert terms[0].spread == pytest.approx(2.0, abs=0.2)
