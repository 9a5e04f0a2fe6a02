"""Boarding survives being killed, run again, run twice at once, and being given bad input."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from journey import Flight, Run, fairgate, last_object, objects, rows_of, undemonstrated

pytestmark = pytest.mark.needs_portraits


def recorded(flight: Flight) -> list[tuple[str, int]]:
    """Return every crossing's capture and ledger index, straight from the database."""
    with sqlite3.connect(flight.data / "fairgate.db") as database:
        return database.execute("select capture_key, ledger_index from crossing order by ledger_index").fetchall()


@pytest.mark.slow
def test_killed_at_any_point_nothing_is_lost_or_doubled(staged: Flight, run: Run, environment: dict[str, str]) -> None:
    """kill -9 after the first, third, seventh … crossing; the last run finishes what is left."""
    for alive_for in (1, 3, 2, 4):
        process = subprocess.Popen(
            fairgate("board", staged.captures, "--json", data_dir=staged.data),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert process.stdout is not None
        fresh = 0
        for line in process.stdout:
            fresh += '"repeated": false' in line or '"repeated":false' in line
            if fresh >= alive_for:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
    before = len(recorded(staged))
    assert before >= 10
    summary = last_object(run("board", staged.captures, "--json", data_dir=staged.data).stdout)
    crossings = recorded(staged)
    assert len(crossings) == len({key for key, _ in crossings}) == len(rows_of(staged.captures))
    assert summary["repeated"] == before
    assert last_object(run("ledger", "verify", "--json", data_dir=staged.data).stdout)["ok"] is True


@pytest.mark.slow
def test_two_at_once_corrupt_nothing(staged: Flight, run: Run, environment: dict[str, str]) -> None:
    """Two processes board the same captures; each capture has one crossing and the ledger one history."""
    command = fairgate("board", staged.captures, "--json", data_dir=staged.data)
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    crossings = recorded(staged)
    assert len(crossings) == len({key for key, _ in crossings}) == len(rows_of(staged.captures))
    fresh = [one for out, _ in said for one in objects(out)[:-1] if not one["repeated"]]
    assert len(fresh) == len(crossings)
    assert last_object(run("ledger", "verify", "--json", data_dir=staged.data).stdout)["ok"] is True


def huge_png() -> bytes:
    """Return a PNG whose header says 60 000 × 60 000 pixels, and hardly any pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )


@pytest.mark.slow
def test_bad_captures_end_at_the_officer_and_the_rest_goes_on(staged: Flight, run: Run) -> None:
    """Truncated, lying, huge, text, empty and vanished files each get a reason; good ones beside them still match."""
    folder = staged.captures.parent
    rows = rows_of(staged.captures)
    good = (folder / rows[0]["file"]).read_bytes()
    bad = {
        "cut.jpg": good[: len(good) // 2],
        "lying.png": good,
        "huge.png": huge_png(),
        "text.jpg": b"this is not a photo\n" * 10,
        "empty.jpg": b"",
        "vanished.jpg": None,
    }
    for name, content in bad.items():
        if content is not None:
            (folder / name).write_bytes(content)
    with staged.captures.open("a", newline="", encoding="utf-8") as table:
        for position, name in enumerate(bad):
            csv.writer(table).writerow((name, "gate-1", f"2026-11-22T09:00:{position:02d}+00:00", "", ""))
        table.write("torn.jpg,gate-1,not a time,,\n")
        table.write(staged.captures.read_text("utf-8").splitlines()[1] + "\n")
    said = objects(run("board", staged.captures, "--json", data_dir=staged.data).stdout)
    crossings, summary = said[:-1], said[-1]
    assert len(crossings) == len(rows) + len(bad)
    unread = [one for one in crossings if one["reason"] in {"unreadable_image", "capture_missing"}]
    assert all(one["outcome"] == "see_officer" for one in unread)
    assert sorted(one["reason"] for one in unread) == ["capture_missing"] + ["unreadable_image"] * 4
    assert {one["component"] for one in unread} >= {"too_many_pixels", "not_an_image", "empty"}
    assert sum(one["outcome"] == "match" for one in crossings) >= 10
    assert len(summary["deviations"]) == 2
    assert last_object(run("ledger", "verify", "--json", data_dir=staged.data).stdout)["ok"] is True


@pytest.mark.slow
def test_an_upside_down_photo_matches_once_its_orientation_tag_is_obeyed(
    staged: Flight, run: Run, tmp_path: Path
) -> None:
    """EXIF says how the camera was held; pixels stored turned are turned back."""
    from PIL import Image

    reference = rows_of(staged.folder / "input" / "references.csv")[0]["file"]
    upright = staged.folder / "input" / reference
    turned = tmp_path / "turned.jpg"
    with Image.open(upright) as photo:
        tag = Image.Exif()
        tag[0x0112] = 6
        photo.transpose(Image.Transpose.ROTATE_90).save(turned, exif=tag, quality=95)
    said = last_object(run("verify", turned, upright, "--json", data_dir=staged.data).stdout)
    assert (said["outcome"], said["reason"]) == ("match", "matched")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "input.papers"), (b"hello", "input.papers"), (b"UNB+UNOA:4+A+B+140202:0600+1'UNZ+0+1'", "input.papers")],
)
def test_a_list_that_lists_nobody_is_refused_in_one_line(
    content: bytes, code: str, staged: Flight, run: Run, tmp_path: Path
) -> None:
    """Exit 3, a stable code, and nothing is staged."""
    listed = tmp_path / "passengers.edi"
    listed.write_bytes(content)
    references = staged.folder / "input" / "references.csv"
    result = run("stage", listed, "--references", references, data_dir=tmp_path / "data", expect=3)
    assert code in result.stderr
    assert "Traceback" not in result.stderr
    assert len(undemonstrated(result.stderr)) == 1


def test_a_photo_of_nobody_listed_is_reported_and_the_rest_is_staged(boarded: Flight, run: Run, tmp_path: Path) -> None:
    """It is named by its place in the table, and counted; it is not opened."""
    inputs = tmp_path / "input"
    inputs.mkdir()
    rows = rows_of(boarded.folder / "input" / "references.csv")[:2]
    with (inputs / "references.csv").open("w", newline="", encoding="utf-8") as table:
        lines = csv.writer(table)
        lines.writerow(("file", "issuer", "number"))
        for row in rows:
            name = Path(row["file"]).name
            (inputs / name).write_bytes((boarded.folder / "input" / row["file"]).read_bytes())
            lines.writerow((name, row["issuer"], row["number"]))
        (inputs / "nobody.jpg").write_bytes(b"never opened")
        lines.writerow(("nobody.jpg", "UTO", "X0000000"))
    said = last_object(
        run(
            "stage",
            boarded.folder / "input" / "passengers.edi",
            "--references",
            inputs / "references.csv",
            "--json",
            data_dir=tmp_path / "data",
        ).stdout
    )
    assert (said["enrolled"], said["unlisted_photos"]) == (2, 1)
    assert {one["state"] for one in said["not_enrolled"]} == {"no_photo"}
