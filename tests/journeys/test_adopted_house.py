"""The real way: an empty house, two people, a rulebook adopted, a flight staged and boarded, its crossings exported."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from journey import Flight, fairgate, hang_sign, last_object, objects, rows_of

pytestmark = pytest.mark.needs_portraits

NOTICE = "Demo mode."


@pytest.mark.slow
def test_from_an_empty_house_to_crossings_exported(
    boarded: Flight, environment: dict[str, str], tmp_path: Path
) -> None:
    """Nothing starts before two people adopted; then everything does, without demo mode, and the ledger holds."""
    data = tmp_path / "data"
    without_demo = {name: value for name, value in environment.items() if name != "FAIRGATE_DEMO_MODE"}

    def run(*arguments: str | Path, data_dir: Path | None = data, expect: int = 0) -> subprocess.CompletedProcess[str]:
        command = fairgate(*arguments, data_dir=data_dir)
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=without_demo)
        assert ended.returncode == expect, f"{command}\n{ended.stdout}\n{ended.stderr}"
        assert "DEMO MODE" not in ended.stderr
        return ended

    inputs = boarded.folder / "input"
    stage = ("stage", inputs / "passengers.edi", "--references", inputs / "references.csv", "--json")
    assert last_object(run(*stage, expect=4).stdout)["error"]["code"] == "rules.not_adopted"

    keys = {"officer:o-17": tmp_path / "o-17.key", "overseer:v-2": tmp_path / "v-2.key"}
    for actor, key in keys.items():
        made = last_object(run("actors", "key", actor, "--out", key, "--json").stdout)
        run("actors", "enrol", made["public_key"])
    who = [("--actor", actor, "--key", key) for actor, key in keys.items()]
    held = ("--held-at", "DHS-2025-0001", "--from", "2025-10-27", "--until", "2025-11-26")
    proposal = last_object(run("rules", "propose", "us-cbp", *who[0], *held, "--json").stdout)["proposal"]
    for signed, one in enumerate(who, start=1):
        adopting = last_object(run("rules", "adopt", proposal, *one, "--json").stdout)
        assert (adopting["signatures"], adopting["adopted"]) == (signed, signed == 2)

    staged = last_object(run(*stage).stdout)
    assert staged["enrolled"] > 0
    captures = inputs / "captures" / "captures.csv"
    hang_sign(run, data, tmp_path / "sign", *{row["lane"] for row in rows_of(captures)})
    report = tmp_path / "report.html"
    summary = last_object(run("board", captures, "--report", report, "--json").stdout)
    assert summary["matched"] >= boarded.summary["matched"] >= 10
    assert NOTICE not in report.read_text("utf-8")
    assert NOTICE in (boarded.folder / "report.html").read_text("utf-8")

    file = tmp_path / "crossings.export"
    export = ("export", "crossings", staged["flight_key"], "--out", file, "--json")
    refused = last_object(run(*export, "--purpose", "curiosity", expect=3).stdout)["error"]
    assert (refused["code"], refused["reason"]) == ("input.export", "purpose")
    assert not file.exists()
    header = last_object(run(*export, "--purpose", "accuracy_report").stdout)
    assert datetime.fromisoformat(header["expires_at"]) > datetime.now(UTC) + timedelta(days=80)
    read = objects(run("export", "read", file, "--json").stdout)
    assert sum(record.get("outcome") == "match" for record in read) == summary["matched"]
    changed = tmp_path / "changed.export"
    changed.write_bytes(file.read_bytes().replace(header["expires_at"].encode(), b"2099-01-01T00:00:00.000Z"))
    assert last_object(run("export", "read", changed, "--json", expect=3).stdout)["error"]["reason"] == "altered"
    assert last_object(run("ledger", "verify", "--json").stdout)["ok"] is True
