"""Measuring real photos through the command line, as a user would: portraits of every pack, and a folder of people."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from journey import Run, undemonstrated

pytestmark = [pytest.mark.slow, pytest.mark.needs_portraits, pytest.mark.needs_component]

PEOPLE = 6


@pytest.fixture
def people(few_portraits: Path, tmp_path: Path) -> Path:
    """A folder with one subfolder a person, two photos each, and a photo without a face."""
    folder, portraits = tmp_path / "people", few_portraits / "portraits"
    with (portraits / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        mated = [pair for pair in csv.DictReader(lines) if pair["same_portrait"] == "0"][:PEOPLE]
    for pair in mated:
        (folder / pair["subject"]).mkdir(parents=True)
        for column in ("reference_2014", "probe_2024"):
            path = portraits / pair[column]
            shutil.copyfile(path, folder / pair["subject"] / f"{path.parent.name}.jpg")
    (folder / "nobody").mkdir()
    (folder / "nobody" / "broken.jpg").write_bytes(b"no image at all")
    return folder


def test_a_folder_of_people_is_measured_pair_by_pair(people: Path, run: Run, tmp_path: Path) -> None:
    """Every photo with every other; what has no features is counted; the report and the object agree."""
    page = tmp_path / "r.html"
    result = run("--pack", "dlib-cc0", "measure", "pairs", people, "--fmr", "0.1", "--report", page, "--json")
    told = json.loads(result.stdout)
    photos = 2 * PEOPLE
    assert (told["mated"], told["non_mated"]) == (PEOPLE, photos * (photos - 1) // 2 - PEOPLE)
    assert told["source"]["failures"] == photos
    assert told["fnmr_at_fmr"]["1e-1"]["errors"] == 0
    assert told["method"]["pack"][0] == "dlib-cc0"
    assert "broken.jpg" in " ".join(told["method"]["notes"])
    assert told["method"]["pack"][1] in page.read_text(encoding="utf-8")


def test_portraits_of_every_pack(shared_data: Path, run: Run) -> None:
    """With one pack installed the whole output is one object, with every figure that was asked for."""
    told = json.loads(run("measure", "portraits", shared_data, "--json").stdout)
    assert (told["pack"], told["mated"], told["non_mated"]) == ("dlib-cc0", 78, 180_811)
    by_fmr, by_size = told["fnmr_at_fmr"], told["fnir_at_fpir_0.003"]
    for rate in (by_fmr["1e-3"], by_fmr["1e-4"], by_size["420"], by_size["42000"]):
        assert rate["of"] == 78
        assert rate["low"] <= rate["value"] <= rate["high"]
        assert rate["value"] == pytest.approx(rate["errors"] / rate["of"])
    assert by_size["420"]["extrapolated"] is False
    assert by_size["42000"]["extrapolated"] is True
    assert by_size["42000"]["assumption"]
    assert by_fmr["1e-3"]["errors"] <= by_fmr["1e-4"]["errors"] <= by_size["420"]["errors"]


def test_too_few_portraits_are_refused(few_portraits: Path, run: Run) -> None:
    """No tail is fitted to a handful of people; that is said in one object."""
    told = json.loads(run("measure", "portraits", few_portraits, "--json", expect=3).stdout)
    assert told["error"]["code"] == "input.scores"


def test_no_portraits_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    """The folder that was looked in is named, with what to do."""
    told = run("measure", "portraits", tmp_path, expect=3).stderr
    assert len(undemonstrated(told)) == 1
    assert "FAIRGATE_DATA" in told
