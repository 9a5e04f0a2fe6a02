"""The built wheel, installed for measuring alone: no engine, no database, no web framework, and it measures."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from journey import install

pytestmark = [pytest.mark.slow, pytest.mark.needs_component]

NOT_THERE = ("onnxruntime", "onnx", "cv2", "PIL", "sqlalchemy", "alembic", "fastapi", "starlette", "pydantic_settings")
COLUMNS = ("probe", "reference", "probe_subject", "reference_subject", "score")
Programs = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with ``fairgate[measure]`` and nothing else."""
    return install(wheel, "measure", tmp_path_factory.mktemp("measure") / "venv")


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scores of two packs as CSV, and the first's as Parquet: 60 people, all with all."""
    folder, rng = tmp_path_factory.mktemp("scores"), np.random.default_rng(1)
    people = [f"S{number:02d}" for number in range(60)]
    pairs = [(probe, reference) for probe in people for reference in people]
    base = np.array([2.5 if probe == reference else 0.0 for probe, reference in pairs]) + rng.normal(size=len(pairs))
    for name, made in (("a", base), ("b", base + rng.normal(scale=0.5, size=len(pairs)))):
        rows = [(f"p{one}", f"r{two}", one, two, f"{score:.6f}") for (one, two), score in zip(pairs, made, strict=True)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            table = csv.writer(lines)
            table.writerow(COLUMNS)
            table.writerows(rows)
    columns = list(zip(*((f"p{one}", f"r{two}", one, two) for one, two in pairs), strict=True))
    pq.write_table(pa.table([*map(list, columns), base], names=list(COLUMNS)), folder / "a.parquet")
    return folder


@pytest.fixture
def run(programs: Path, scores: Path, environment: dict[str, str], tmp_path: Path) -> Programs:
    """Run a program of that environment in the folder of scores, without a home of its own."""

    def run_it(program: str, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        homeless = environment | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
        result = subprocess.run(
            [str(programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=homeless,
            cwd=scores,
        )
        assert result.returncode == expect, f"{result.args}\n{result.stdout}\n{result.stderr}"
        return result

    return run_it


def test_neither_engine_nor_database_nor_web_framework_is_there(run: Programs) -> None:
    """What measuring does not declare is not importable, so nothing can lean on it."""
    found = f"import importlib.util as u; print([n for n in {NOT_THERE!r} if u.find_spec(n)])"
    assert run("python", "-c", found).stdout.strip() == "[]"


def test_it_measures_a_csv(run: Programs, tmp_path: Path) -> None:
    """Error rates as one object; no settings are read and no data folder is made."""
    told = json.loads(run("fairgate", "measure", "scores", "a.csv", "--json").stdout)
    assert (told["mated"], told["non_mated"]) == (60, 3540)
    assert told["fnmr_at_fmr"]["1e-3"]["of"] == 60
    assert told["fnmr_at_fmr"]["1e-4"]["resolvable"] is False
    assert list(tmp_path.iterdir()) == []


def test_it_measures_a_parquet_file_and_writes_a_report(run: Programs, tmp_path: Path) -> None:
    """The page holds its plots, and no address to fetch anything from."""
    run("fairgate", "measure", "scores", "a.parquet", "--report", str(tmp_path / "r.html"))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 2
    assert 'src="http' not in page
    assert len(page) < 3_000_000


def test_csv_and_parquet_agree(run: Programs) -> None:
    """The same scores give the same figures, whatever they lie in."""
    csv_file, parquet = (
        json.loads(run("fairgate", "measure", "scores", name, "--json", "--threshold", "2.0").stdout)
        for name in ("a.csv", "a.parquet")
    )
    assert csv_file["fnmr_at_fmr"]["1e-2"]["errors"] == parquet["fnmr_at_fmr"]["1e-2"]["errors"]


def test_it_compares_two_packs(run: Programs) -> None:
    """Two score files of the same comparisons, and the difference between them."""
    told = json.loads(run("fairgate", "measure", "compare", "a.csv", "b.csv", "--json").stdout)
    assert {"first", "second", "p_value", "difference", "low", "high"} <= set(told["at_fmr"]["1e-2"]["fnmr"])


def test_it_writes_a_report(run: Programs, tmp_path: Path) -> None:
    """``measure report`` writes the page where it is told to."""
    assert "r.html" in run("fairgate", "measure", "report", "a.csv", "--out", str(tmp_path / "r.html")).stdout
    assert (tmp_path / "r.html").is_file()


def test_help_is_there_and_faces_name_the_extra(run: Programs) -> None:
    """All commands are listed; one that needs the engine says in one line what to install."""
    assert "measure" in run("fairgate", "--help").stdout
    told = run("fairgate", "measure", "portraits", expect=4).stderr
    assert told.count("\n") == 1
    assert "fairgate[service]" in told
