"""Small real flights: a handful of the shared portraits, boarded through the command line as a user would."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from journey import PROJECT, Flight, Run, fairgate, hang_sign, last_object

from fairgate.simulate.demo_captures import LANE


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user who tries things out: demo mode, and nothing else set; converted models are shared."""
    cache = tmp_path_factory.getbasetemp().parent / "fairgate-cache"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAIRGATE_")}
    return kept | {"FAIRGATE_CACHE_DIR": str(cache), "FAIRGATE_DEMO_MODE": "true", "COLUMNS": "120"}


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Run:
    """Run the command line and return what it said."""

    def run_it(
        *arguments: str | Path, data_dir: Path | None = None, expect: int = 0
    ) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            fairgate(*arguments, data_dir=data_dir), capture_output=True, text=True, check=False, env=environment
        )
        assert result.returncode == expect, f"{result.args}\n{result.stdout}\n{result.stderr}"
        return result

    return run_it


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def few_portraits(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with ten mated pairs, one same-photo pair, four people with a reference alone, three strangers."""
    whole, folder = shared_data / "portraits", tmp_path_factory.mktemp("few")
    with (whole / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        pairs = list(csv.DictReader(lines))
    mated = [pair for pair in pairs if pair["same_portrait"] == "0"][:10]
    same = [pair for pair in pairs if pair["same_portrait"] == "1"][:1]
    paired = {pair["subject"] for pair in pairs}
    alone = [path for path in sorted((whole / "2014").glob("*.jpg")) if path.stem not in paired][:4]
    strangers = [path for path in sorted((whole / "2024").glob("*.jpg")) if path.stem not in paired][:3]
    for year in ("2014", "2024"):
        (folder / "portraits" / year).mkdir(parents=True)
    for pair in mated + same:
        for column in ("reference_2014", "probe_2024"):
            shutil.copyfile(whole / pair[column], folder / "portraits" / pair[column])
    for path in alone + strangers:
        shutil.copyfile(path, folder / "portraits" / path.parent.name / path.name)
    with (folder / "portraits" / "pairs.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, fieldnames=list(pairs[0]))
        table.writeheader()
        table.writerows(mated + same)
    return folder


@pytest.fixture(scope="session")
def boarded(few_portraits: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Flight:
    """The demo, run once on the few portraits; tests that change something work on a copy."""
    folder = tmp_path_factory.mktemp("boarded") / "demo"
    result = run("demo", "--data", few_portraits, "--out", folder, "--json")
    return Flight(folder, last_object(result.stdout))


@pytest.fixture
def copy_of_boarded(boarded: Flight, tmp_path: Path) -> Flight:
    """A boarded flight that a test may damage."""
    folder = tmp_path / "demo"
    shutil.copytree(boarded.folder, folder)
    return Flight(folder, boarded.summary)


@pytest.fixture(scope="session")
def staged_once(boarded: Flight, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the same flight is staged and nobody has boarded."""
    data = tmp_path_factory.mktemp("staged") / "data"
    inputs = boarded.folder / "input"
    run("stage", inputs / "passengers.edi", "--references", inputs / "references.csv", data_dir=data)
    hang_sign(run, data, data.parent / "sign", LANE)
    return data


@pytest.fixture
def staged(staged_once: Path, boarded: Flight, tmp_path: Path) -> Flight:
    """A copy of the staged flight, ready for boarding."""
    folder = tmp_path / "flight"
    shutil.copytree(staged_once, folder / "data")
    shutil.copytree(boarded.folder / "input", folder / "input")
    return Flight(folder, {})
