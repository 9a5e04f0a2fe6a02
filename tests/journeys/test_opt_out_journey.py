"""A traveller declines, takes the receipt home, checks it there, and reports who would not let them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from journey import Flight, Run, last_object, objects

pytestmark = pytest.mark.needs_portraits


def test_after_a_match_everything_goes_but_the_record(copy_of_boarded: Flight, run: Run, tmp_path: Path) -> None:
    """Photo, templates and match go; the receipt is genuine without the data folder; the ledger holds."""
    data, flight = copy_of_boarded.data, copy_of_boarded.summary["flight_key"]
    told = objects(run("board", copy_of_boarded.captures, "--json", data_dir=data).stdout)
    matched = next(one for one in told if one.get("outcome") == "match")
    page, key = tmp_path / "receipt.html", tmp_path / "receipts.pub"
    declined = ("opt-out", "record", "--flight", flight, "--capture", matched["capture_key"], "--out", page, "--json")
    answer = last_object(run(*declined, data_dir=data).stdout)
    assert (answer["moment"], answer["photos_erased"], answer["matches_undone"]) == ("after", 1, 1)
    assert answer["templates_erased"] >= 1
    run("receipt", "key", "--out", key, data_dir=data)
    code = answer["receipt"]["code"]
    checked = last_object(run("receipt", "check", code, "--key", key, "--json", data_dir=tmp_path / "none").stdout)
    assert (checked["genuine"], checked["moment"]) == (True, "after")
    assert not (tmp_path / "none" / "fairgate.db").exists()
    assert "<svg" in page.read_text("utf-8")
    altered = code[:50] + ("A" if code[50] != "A" else "B") + code[51:]
    refused = run("receipt", "check", altered, "--key", key, "--json", data_dir=tmp_path / "none", expect=3)
    assert last_object(refused.stdout)["error"]["code"] == "input.receipt_altered"
    with sqlite3.connect(data / "fairgate.db") as opened:
        asked = "SELECT sealed_photo, outcome FROM crossing WHERE capture_key = ?"
        assert opened.execute(asked, (matched["capture_key"],)).fetchone() == (None, "match")
    report = ("opt-out", "report", "--location", matched["lane"], "--receipt", code, "--text", "They said no.")
    filed = last_object(run(*report, "--json", data_dir=data).stdout)
    assert filed["receipt_id"] == checked["receipt_id"]
    counted = last_object(run("opt-out", "reports", "--json", data_dir=data).stdout)
    assert counted["locations"][0] == {
        "location": matched["lane"], "reports": 1, "with_receipt": 1, "looked_into": 0
    }  # fmt: skip
    waiting = last_object(run("opt-out", "waiting", "--json", data_dir=data).stdout)
    assert (waiting["verdict"], waiting["alarm"]) == ("not_shown", False)
    assert waiting["still_waiting"] >= 1
    run("ledger", "verify", data_dir=data)


def test_a_lane_without_its_sign_does_not_open(staged: Flight, run: Run) -> None:
    """A captures file of another lane: nobody is captured, the refusal names lane and languages."""
    table = staged.captures
    table.write_text(table.read_text("utf-8").replace("gate-1", "gate-2"), "utf-8")
    refused = run("board", table, "--json", data_dir=staged.data, expect=3)
    error = last_object(refused.stdout)["error"]
    assert error["code"] == "lane.no_notice"
    assert "gate-2 in en, es" in error["text"]
