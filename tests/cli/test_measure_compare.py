"""``fairgate measure compare``: two packs on the same comparisons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

MISSED = ({0, 1, 2}, {2})
"""Mates that each pack puts below every non-mated score."""


@pytest.fixture
def packs(tmp_path: Path) -> tuple[str, str]:
    """Two packs with the same non-mated scores 0, 1, … 39; A misses three of ten mates, B one of those."""
    files = []
    for name, missed in zip("ab", MISSED, strict=True):
        lines = [f"p{number},r{number},{number},0" for number in range(40)]
        lines += [f"m{number},n{number},{-1 if number in missed else 50},1" for number in range(10)]
        file = tmp_path / f"{name}.csv"
        file.write_text("\n".join(["probe,reference,score,mated", *lines]) + "\n", encoding="utf-8")
        files.append(str(file))
    return files[0], files[1]


def test_a_script_gets_decisions_and_their_difference(run: Run, packs: tuple[str, str]) -> None:
    """Errors of both, who alone was wrong, McNemar's exact test, and the difference with its interval."""
    ended = run("measure", "compare", *packs, "--fmr", "0.1", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    one = told["at_fmr"]["1e-1"]["fnmr"]
    assert (one["first"]["count"], one["second"]["count"], one["first"]["of"]) == (3, 1, 10)
    assert (one["only_first"], one["only_second"]) == (2, 0)
    assert one["p_value"] == pytest.approx(0.5)
    assert one["difference"] == pytest.approx(-0.2)
    assert one["low"] <= -0.2 <= one["high"]
    assert [file["name"] for file in told["files"]] == ["a.csv", "b.csv"]
    assert told["method"]["seed"] == 20261122


def test_people_see_both_packs_side_by_side(run: Run, packs: tuple[str, str]) -> None:
    """With counts, and with what so many comparisons could have shown."""
    ended = run("measure", "compare", *packs, "--fmr", "0.1")
    plain = ended.out.replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("3 of 10", "1 of 10", "2 / 0", "Visible"):
        assert wanted in plain


def test_files_of_other_comparisons_are_refused(run: Run, packs: tuple[str, str], tmp_path: Path) -> None:
    """Two packs can only be compared on the same pairs."""
    other = tmp_path / "other.csv"
    other.write_text("probe,reference,score,mated\nx,y,0.5,1\n", encoding="utf-8")
    assert run("measure", "compare", packs[0], str(other)).code == 3
    assert run("measure", "compare", packs[0], str(tmp_path / "absent.csv")).code == 3


def test_the_difference_can_be_written_as_a_page(run: Run, packs: tuple[str, str], tmp_path: Path) -> None:
    """Both files are named on it, with the counts that the terminal shows."""
    page = tmp_path / "difference.html"
    ended = run("measure", "compare", *packs, "--fmr", "0.1", "--report", str(page), "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["report"] == str(page)
    text = page.read_text(encoding="utf-8").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("a.csv", "b.csv", "3 of 10", "1 of 10"):
        assert wanted in text
