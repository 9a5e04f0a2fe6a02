"""``fairgate measure scores`` and ``report``: what people see, what scripts get, and how they end."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from scipy.stats import binomtest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

MISSED, MATED, FALSE, NON_MATED = 3, 10, 4, 40


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Non-mated 0, 1, … 39 and mated 30, 32, … 48: at FMR 0.1 the threshold is 36, and three mates fall below it."""
    lines = [f"p{number},r{number},{number},0" for number in range(NON_MATED)]
    lines += [f"m{number},n{number},{30 + 2 * number},1" for number in range(MATED)]
    file = tmp_path / "scores.csv"
    file.write_text("\n".join(["probe,reference,score,mated", *lines]) + "\n", encoding="utf-8")
    return file


def _told(text: str) -> dict[str, Any]:
    (line,) = text.splitlines()
    told: dict[str, Any] = json.loads(line, parse_constant=_no_constant)
    return told


def _no_constant(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


def test_one_object_with_the_keys_that_scripts_rely_on(run: Run, scores: Path) -> None:
    """Counts, rates and exact intervals under their stable keys; what cannot be resolved says so."""
    ended = run("measure", "scores", str(scores), "--fmr", "0.1", "--json")
    assert ended.code == 0, ended.err
    told = _told(ended.out)
    assert (told["mated"], told["non_mated"]) == (MATED, NON_MATED)
    at = told["fnmr_at_fmr"]["1e-1"]
    exact = binomtest(MISSED, MATED).proportion_ci(0.95, "exact")
    assert (at["errors"], at["of"], at["value"]) == (MISSED, MATED, 0.3)
    assert (at["low"], at["high"]) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert at["threshold"] == 36
    assert (at["fmr"]["count"], at["fmr"]["of"]) == (FALSE, NON_MATED)
    for rate in ("1e-3", "1e-4"):
        absent = told["fnmr_at_fmr"][rate]
        assert absent["resolvable"] is False
        assert absent["errors"] is absent["value"] is absent["low"] is absent["high"] is None
    assert told["fnmr_at_fmr"]["1e-3"]["expected"] == pytest.approx(0.04)
    assert told["fnir_at_fpir_0.003"] == {}
    assert told["groups"] == []


def test_everything_to_repeat_it_is_told(run: Run, scores: Path) -> None:
    """The command line, the seed and the digest of what was read."""
    told = _told(run("measure", "scores", str(scores), "--seed", "7", "--json").out)
    (file,) = told["source"]["files"]
    assert file["sha256"] == hashlib.sha256(scores.read_bytes()).hexdigest()
    assert (file["name"], file["rows"]) == ("scores.csv", MATED + NON_MATED)
    assert told["method"]["seed"] == 7
    assert told["method"]["command"] == f"fairgate measure scores {scores} --seed 7 --json"


def test_people_see_counts_and_intervals(run: Run, scores: Path) -> None:
    """Each rate stands beside its count and interval, and a rate that cannot be resolved is not printed."""
    ended = run("measure", "scores", str(scores), "--fmr", "0.1", "--fmr", "1e-4")
    assert ended.code == 0, ended.err
    plain = ended.out.replace("\N{NARROW NO-BREAK SPACE}", " ")
    for wanted in ("10 mated", "40 non-mated", "3 of 10", "4 of 40", "not resolvable"):
        assert wanted in plain
    assert "Pass 2, bytes: " in ended.err


def test_the_report_is_written_and_named(run: Run, scores: Path, tmp_path: Path) -> None:
    """With ``--report`` and with ``measure report``; the object says where it is."""
    page = tmp_path / "page.html"
    told = _told(run("measure", "scores", str(scores), "--fmr", "0.1", "--report", str(page), "--json").out)
    assert told["report"] == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") or page.stat().st_size > 1000
    other = tmp_path / "other.html"
    ended = run("measure", "report", str(scores), "--fmr", "0.1", "--out", str(other))
    assert ended.code == 0
    assert f"Report: {other}" in ended.out
    assert other.is_file()


def test_the_same_seed_gives_the_same_figures(run: Run, scores: Path) -> None:
    """Nothing depends on the clock or on the number of threads."""
    one, many = (
        _told(run("measure", "scores", str(scores), "--fmr", "0.1", "--threads", threads, "--json").out)
        for threads in ("1", "4")
    )
    for told in (one, many):
        del told["method"]
    assert one == many


@pytest.mark.parametrize(
    "options",
    [
        ("--fmr", "0"),
        ("--fmr", "1e-3", "--fmr", "nan"),
        ("--at-fmr", "1"),
        ("--threshold", "inf"),
        ("--at-fmr", "0.1", "--threshold", "3"),
        ("--gallery-size", "0"),
        ("--folds", "1"),
        ("--resamples", "5"),
        ("--confidence", "95"),
        ("--cross", "sex"),
        ("--cross", "sex,sex"),
        ("--seed", "-1"),
        ("--threads", "0"),
        ("--report", "no-such-folder/r.html"),
    ],
    ids=" ".join,
)
def test_a_value_that_makes_no_sense_is_a_usage_error(run: Run, scores: Path, options: tuple[str, ...]) -> None:
    """Said in one line, before anything is read."""
    ended = run("measure", "scores", str(scores), *options)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert "measure scores --help" in ended.err or "--threshold" in ended.err


def test_a_report_has_to_lie_somewhere(run: Run, scores: Path, tmp_path: Path) -> None:
    """A folder, or a place in none, is refused before anything is measured."""
    for place in (tmp_path, tmp_path / "absent" / "r.html"):
        assert run("measure", "report", str(scores), "--out", str(place)).code == 2


@pytest.mark.parametrize(
    "content",
    [None, "", "probe,reference\na,b\n", "score,mated\nhigh,1\n", "score,mated\n0.5,perhaps\n", "score,mated\n"],
    ids=["absent", "empty", "no score", "no number", "no yes or no", "no row"],
)
def test_a_file_that_cannot_be_used_is_refused(run: Run, tmp_path: Path, content: str | None) -> None:
    """One line, exit 3, no traceback; and the same as an object for scripts."""
    file = tmp_path / "bad.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    ended = run("measure", "scores", str(file))
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.splitlines()[-1].startswith("error [input.")
    ended = run("measure", "scores", str(file), "--json")
    assert _told(ended.out)["error"]["code"].startswith("input.")


def test_neither_settings_nor_a_data_folder_are_looked_at(run: Run, scores: Path, tmp_path: Path) -> None:
    """A configuration that cannot be used does not stop a measurement, and nothing is left behind."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("thread = 1\n", encoding="utf-8")
    assert run("measure", "scores", str(scores), "--config", str(wrong)).code == 0
    assert not (tmp_path / "data").exists()
