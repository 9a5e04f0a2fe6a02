"""A staged gallery changes its pack: from the default pack to the second one, killed on the way, boarded with both."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
from journey import Flight, Run, fairgate, last_object, objects, rows_of

pytestmark = [pytest.mark.slow, pytest.mark.needs_portraits]

PACK = "omz-0095"
SCANNED_BYTES = 64
PIPE_BYTES = 4096
"""Holds a few of the lines that a crossing prints, and fewer than there are captures."""


@pytest.fixture(scope="module")
def config(run: Run, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with a folder of packs of its own, and the second pack in it."""
    file = tmp_path_factory.mktemp("second") / "house.toml"
    file.write_text('packs_dir = "packs"\n', encoding="utf-8")
    run("--config", file, "packs", "add", PACK, "--models", shared_data / "models")
    return file


def templates(data: Path) -> list[tuple[int, bytes]]:
    """Return generation and envelope of every template, straight from the database."""
    with sqlite3.connect(data / "fairgate.db") as database:
        return database.execute("select generation, envelope from template order by 1, 2").fetchall()


def found_in_files(envelope: bytes, data: Path) -> bool:
    """Say whether the middle of an envelope is in any file of a data folder."""
    piece = envelope[-SCANNED_BYTES:]
    return any(piece in file.read_bytes() for file in data.rglob("*") if file.is_file())


def key_of(run: Run, data: Path) -> str:
    return str(last_object(run("gallery", "show", "--json", data_dir=data).stdout)["flight_key"])


def test_a_gallery_changes_from_the_default_pack_to_the_second(
    staged: Flight, config: Path, run: Run, environment: dict[str, str]
) -> None:
    """Boarding with the old pack goes on until the switch, with the new one after it; the old templates are gone."""
    flight = key_of(run, staged.data)
    second = ("--config", config, "--pack", PACK)
    references = staged.folder / "input" / "references.csv"
    change = (*second, "gallery", "reextract", flight, "--references", references, "--json")
    old = templates(staged.data)
    refused = run(*second, "board", staged.captures, "--json", data_dir=staged.data, expect=5)
    error = last_object(refused.stdout)["error"]
    assert error["code"] == "internal.pack_mismatch"
    assert "gallery reextract" in error["way_out"]

    with subprocess.Popen(
        fairgate(*change, data_dir=staged.data),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stderr is not None
        assert "Making templates anew" in process.stderr.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert [one for one in templates(staged.data) if one[0] == 1] == old

    whole = staged.captures.read_text("utf-8").splitlines(keepends=True)
    staged.captures.write_text("".join(whole[:6]), "utf-8")
    run("board", staged.captures, "--json", data_dir=staged.data)
    with sqlite3.connect(staged.data / "fairgate.db") as database:
        before = database.execute("select crossing_id, outcome, reason from crossing").fetchall()
    assert len(before) == 5
    assert run("gallery", "show", data_dir=staged.data).stdout.count("On its way") == 1

    envelopes = [envelope for generation, envelope in templates(staged.data) if generation == 1]
    assert all(found_in_files(envelope, staged.data) for envelope in envelopes)
    told = last_object(run(*change, data_dir=staged.data).stdout)
    assert (told["state"], told["lost"], told["generation"]) == ("switched", 0, 2)
    assert told["erased"] == len(envelopes)
    assert not any(found_in_files(envelope, staged.data) for envelope in envelopes)
    assert all(found_in_files(envelope, staged.data) for _, envelope in templates(staged.data))
    assert {generation for generation, _ in templates(staged.data)} == {2}
    assert last_object(run(*change, data_dir=staged.data).stdout)["state"] == "unchanged"

    staged.captures.write_text("".join(whole), "utf-8")
    mismatch = run("board", staged.captures, "--json", data_dir=staged.data, expect=5)
    assert last_object(mismatch.stdout)["error"]["code"] == "internal.pack_mismatch"
    summary = last_object(run(*second, "board", staged.captures, "--json", data_dir=staged.data).stdout)
    assert summary["repeated"] == len(before)
    assert summary["matched"] >= 10
    with sqlite3.connect(staged.data / "fairgate.db") as database:
        after = database.execute("select crossing_id, outcome, reason from crossing order by ledger_index").fetchall()
    assert after[: len(before)] == before
    assert last_object(run("ledger", "verify", "--json", data_dir=staged.data).stdout)["ok"] is True


def test_a_boarding_that_runs_while_the_pack_changes_stops_at_its_next_capture(
    staged: Flight, config: Path, run: Run, environment: dict[str, str]
) -> None:
    """Exit 5 with one error; each capture has one crossing in the end, and no crossing is lost."""
    flight = key_of(run, staged.data)
    second = ("--config", config, "--pack", PACK)
    rows = rows_of(staged.captures)
    with subprocess.Popen(
        fairgate("board", staged.captures, "--json", data_dir=staged.data),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        pipesize=PIPE_BYTES,
    ) as process:
        # Nobody reads, so the pipe fills and it waits between two crossings, with no transaction open.
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 120)[0]
        references = staged.folder / "input" / "references.csv"
        run(*second, "gallery", "reextract", flight, "--references", references, data_dir=staged.data)
        said = process.stdout.read()
    assert process.returncode == 5
    assert objects(said)[-1]["error"]["code"] == "internal.pack_mismatch"
    summary = last_object(run(*second, "board", staged.captures, "--json", data_dir=staged.data).stdout)
    assert 1 <= summary["repeated"] < len(rows)
    with sqlite3.connect(staged.data / "fairgate.db") as database:
        captured = database.execute("select count(*), count(distinct capture_key) from crossing").fetchone()
    assert captured == (len(rows), len(rows))
    assert last_object(run("ledger", "verify", "--json", data_dir=staged.data).stdout)["ok"] is True


def test_a_folder_with_several_photos_of_a_person(boarded: Flight, run: Run, config: Path, tmp_path: Path) -> None:
    """Both are enrolled; one replaced since then is refused by name of the passenger, and changes nothing."""
    inputs = boarded.folder / "input"
    folder = tmp_path / "photos"
    folder.mkdir()
    rows = rows_of(inputs / "references.csv")[:3]
    for row in rows:
        shutil.copyfile(inputs / row["file"], folder / f"{row['issuer']}-{row['number']}.jpg")
    first, other = rows[0], rows[1]
    turned = folder / f"{first['issuer']}-{first['number']}-2.jpg"
    with (inputs / first["file"]).open("rb") as photo:
        from PIL import Image

        with Image.open(photo) as portrait:
            portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(turned, quality=95)
    (folder / f"{first['issuer']}-{first['number']}_3.jpg").write_bytes(b"no photo")
    stage = ("stage", inputs / "passengers.edi", "--references", folder, "--json")
    told = last_object(run(*stage, data_dir=tmp_path / "data").stdout)
    assert (told["enrolled"], told["templates"]) == (3, 4)
    assert [one.partition(":")[0] for one in told["findings"] if "reference" in one] == ["reference_not_used"]
    shutil.copyfile(inputs / first["file"], folder / f"{other['issuer']}-{other['number']}.jpg")
    change = ("--config", config, "--pack", PACK, "gallery", "reextract", told["flight_key"], "--references", folder)
    refused = objects(run(*change, "--json", data_dir=tmp_path / "data", expect=3).stdout)
    assert (refused[0]["state"], refused[0]["templates"], refused[0]["lost"]) == ("waiting", 3, 1)
    assert [one["reason"] for one in refused[0]["left_out"]] == ["reference_replaced"]
    assert refused[1]["error"]["code"] == "input.staging_conflict"
    facts = last_object(run("gallery", "show", "--json", data_dir=tmp_path / "data").stdout)
    assert (facts["generation"], facts["templates"], facts["under_way"]["lost"]) == (1, 4, 1)
    allowed = last_object(run(*change, "--allow-fewer", "--json", data_dir=tmp_path / "data").stdout)
    assert (allowed["state"], allowed["enrolled"], allowed["erased"]) == ("switched", 2, 4)
