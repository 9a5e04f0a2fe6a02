"""The footbridge case, as an officer runs it: minted passports with real portraits are verified, and not kept."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from journey import Run, hang_sign, last_object
from PIL import Image

from fairgate.ledger.entry import EntryKind
from fairgate.ledger.leaf import parse_leaf

pytestmark = pytest.mark.needs_portraits
NAME, NUMBER = b"ERIKSSON", b"L898902C3"
LISTS = ("UTO_master_list.ml", "UTO_revocation_list.crl")


@dataclass(frozen=True, slots=True)
class Person:
    """An older photo for the chip, and a newer one taken at the lane."""

    older: Path
    newer: Path


@pytest.fixture(scope="module")
def people(shared_data: Path) -> list[Person]:
    """Two people with portraits a decade apart."""
    folder = shared_data / "portraits"
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as lines:
        pairs = [pair for pair in csv.DictReader(lines) if pair["same_portrait"] == "0"]
    return [Person(folder / pair["reference_2014"], folder / pair["probe_2024"]) for pair in pairs[:2]]


def verify(run: Run, chip: Path, live: Path, data: Path, *more: str | Path, expect: int = 0) -> dict[str, Any]:
    """Verify a minted passport with its own authority's lists."""
    trust = [word for name in LISTS for word in ("--trust", chip / name)]
    ended = run("verify", "--chip", chip, "--live", live, *trust, *more, "--json", data_dir=data, expect=expect)
    return last_object(ended.stdout or ended.stderr)


def entries(data: Path) -> list[Any]:
    """Return what the ledger says of comparisons; that a sign hangs there stands before them."""
    with sqlite3.connect(data / "fairgate.db") as opened:
        every = [parse_leaf(row[0]) for row in opened.execute("select leaf from ledger_entry order by rowid")]
    return [one for one in every if one.kind is not EntryKind.NOTICE]


def holds(folder: Path, wanted: bytes) -> list[str]:
    """Return the files that hold some bytes."""
    return [path.name for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


@pytest.mark.parametrize("face_format", ["iso_19794_5", pytest.param("iso_39794_5", marks=pytest.mark.slow)])
def test_the_holder_is_matched_and_nobody_else(
    run: Run, people: list[Person], tmp_path: Path, face_format: str
) -> None:
    """The older photo as DG2, in JPEG 2000 as chips have it, the newer one live; then somebody else with it."""
    portrait, chip, data = tmp_path / "older.jp2", tmp_path / "chip", tmp_path / "data"
    hang_sign(run, data, tmp_path / "sign", "lane-1")
    Image.open(people[0].older).convert("RGB").resize((400, 488)).save(portrait, quality_layers=[10])
    run("papers", "mint", portrait, "--out", chip, "--face-format", face_format)
    told = verify(run, chip, people[0].newer, data, "--test-papers")
    assert (told["outcome"], told["reason"], told["test_papers"]) == ("match", "matched", True)
    assert [step["code"] for step in told["steps"]][:7] == ["passed"] * 7
    told = verify(run, chip, people[1].newer, data, "--test-papers")
    assert (told["outcome"], told["reason"]) == ("see_officer", "no_match")
    assert [(one.outcome, one.reason) for one in entries(data)] == [("match", "matched"), ("see_officer", "no_match")]
    run("ledger", "verify", data_dir=data)


def test_a_rulebook_in_production_sends_minted_papers_to_an_officer(
    run: Run, people: list[Person], tmp_path: Path
) -> None:
    """With its lists at hand; forged ones are named; without any list nothing is answered."""
    chip, data = tmp_path / "chip", tmp_path / "data"
    hang_sign(run, data, tmp_path / "sign", "lane-1")
    run("papers", "mint", people[0].older, "--out", chip)
    told = verify(run, chip, people[0].newer, data)
    assert (told["outcome"], told["reason"], told["component"]) == ("see_officer", "no_csca", "imaginary_state")
    refused = run("verify", "--chip", chip, "--live", people[0].newer, "--json", data_dir=data, expect=4)
    assert json.loads(refused.stdout or refused.stderr)["error"]["code"] == "config.trust"
    forged = tmp_path / "forged"
    run("papers", "mint", people[0].older, "--out", forged, "--break", "dg2-changed")
    told = verify(run, forged, people[0].newer, data)
    assert (told["reason"], told["component"]) == ("chip_not_genuine", "data_group_changed")
    assert (told["rule_id"], told["test_papers"]) == ("us-alien-entry-2025", False)
    assert len(entries(data)) == 2


def test_nothing_of_chip_or_photo_is_kept(run: Run, people: list[Person], tmp_path: Path) -> None:
    """No name, number, portrait or live photo in any file of the data folder or the log; a planted one is found."""
    chip, data = tmp_path / "chip", tmp_path / "data"
    hang_sign(run, data, tmp_path / "sign", "lane-1")
    run("papers", "mint", people[0].older, "--out", chip)
    zone = (chip / "DG1.bin").read_bytes()[5:].decode()
    told = verify(run, chip, people[0].newer, data, "--test-papers", "--mrz", zone)
    assert told["outcome"] == "match"
    pieces = [NAME, NUMBER]
    for photo in (people[0].older, people[0].newer):
        content = photo.read_bytes()
        pieces += [content[at : at + 32] for at in range(len(content) // 4, len(content), len(content) // 4)][:3]
    assert NAME in (chip / "DG1.bin").read_bytes()
    assert pieces[2] in (chip / "DG2.bin").read_bytes()
    for piece in pieces:
        assert holds(data, piece) == []
    (data / "planted").write_bytes(b"".join(pieces))
    for piece in pieces:
        assert holds(data, piece) == ["planted"]
