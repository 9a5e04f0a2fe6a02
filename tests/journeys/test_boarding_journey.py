"""A flight boarded through the command line: every capture one outcome, nothing in plaintext, proof that holds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from journey import Flight, Run, last_object, objects, rows_of

pytestmark = pytest.mark.needs_portraits


def test_every_capture_has_exactly_one_outcome(boarded: Flight) -> None:
    """What was offered is what was matched, sent to the officer, or not attempted; strangers were not matched."""
    counts = boarded.summary
    assert counts["offered"] == len(rows_of(boarded.captures)) == 10 + 1 + 3 + 5
    assert counts["offered"] == counts["matched"] + counts["see_officer"] + counts["not_attempted"]
    assert counts["offered"] >= counts["captured"] >= counts["usable"] >= counts["with_reference"]
    assert (counts["strangers_matched"], counts["not_attempted"]) == (0, 1)
    assert counts["matched"] >= 10
    assert Path(counts["report"]).is_file()


def test_special_cases_end_as_they_must(boarded: Flight, run: Run) -> None:
    """Opted out, no face, several faces, blurred and boarding twice each have their own reason."""
    said = objects(run("board", boarded.captures, "--json", data_dir=boarded.data).stdout)[:-1]
    assert all(one["repeated"] for one in said)
    reasons = Counter(one["reason"] for one in said)
    assert {reason: reasons[reason] for reason in ("opted_out", "no_face", "several_faces", "already_boarded")} == {
        "opted_out": 1,
        "no_face": 1,
        "several_faces": 1,
        "already_boarded": 1,
    }
    assert [one["component"] for one in said if one["reason"] == "poor_image"] == ["sharpness"]
    again = next(one for one in said if one["reason"] == "already_boarded")
    first = next(one for one in said if one["passenger_ref"] == again["passenger_ref"] and one["outcome"] == "match")
    assert again["reopens"] == first["crossing_id"]


def test_no_output_carries_a_score(boarded: Flight, run: Run) -> None:
    """Neither lines for scripts nor the summary have a field that could be one."""
    for one in objects(run("board", boarded.captures, "--json", data_dir=boarded.data).stdout):
        assert not {"score", "similarity", "distance", "rank"} & set(one)
        assert not any(isinstance(value, float) for value in one.values())


def found_in(folder: Path, needle: bytes) -> list[str]:
    """Return the files below a folder that hold some bytes."""
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_nothing_of_a_person_lies_in_plaintext(copy_of_boarded: Flight) -> None:
    """No photo, name or document number is in any file of the data folder; a planted canary is found."""
    capture = copy_of_boarded.captures.parent / "capture-0001.jpg"
    middle = capture.read_bytes()[2000:2064]
    listed = (copy_of_boarded.folder / "input" / "passengers.edi").read_text("ascii")
    name = next(line for line in listed.split("'") if line.startswith("NAD+FL")).split("+")[4].split(":")[0]
    number = rows_of(copy_of_boarded.folder / "input" / "references.csv")[0]["number"]
    for needle in (middle, name.encode(), number.encode()):
        assert found_in(copy_of_boarded.data, needle) == []
    with sqlite3.connect(copy_of_boarded.data / "fairgate.db") as database:
        database.execute("create table planted (content blob)")
        database.execute("insert into planted values (?)", (middle + name.encode() + number.encode(),))
    for needle in (middle, name.encode(), number.encode()):
        assert found_in(copy_of_boarded.data, needle) != []


def test_nothing_is_kept_of_bystanders_and_opt_outs(boarded: Flight) -> None:
    """Only crossings with the one capture subject in the picture have a sealed photo."""
    with sqlite3.connect(boarded.data / "fairgate.db") as database:
        kept = dict(
            database.execute(
                "select reason, sum(sealed_photo is not null) from crossing group by reason order by reason"
            ).fetchall()
        )
    assert {reason: kept[reason] for reason in ("opted_out", "several_faces", "no_face")} == {
        "opted_out": 0,
        "several_faces": 0,
        "no_face": 0,
    }
    assert kept["matched"] >= 10
    assert kept["no_match"] >= 3


def test_the_ledger_holds(boarded: Flight, run: Run) -> None:
    """A fresh ledger verifies: entries for staging, reads, crossings and the opt-out's erasure."""
    said = last_object(run("ledger", "verify", "--json", data_dir=boarded.data).stdout)
    assert said["ok"] is True
    assert said["first_bad"] is None
    assert said["entries"] > boarded.summary["offered"]


def in_database(statement: str) -> Callable[[Flight], None]:
    """Return what changes the database behind the program's back."""

    def change(flight: Flight) -> None:
        with sqlite3.connect(flight.data / "fairgate.db") as database:
            triggers = database.execute("select name from sqlite_master where type = 'trigger'").fetchall()
            for (name,) in triggers:
                database.execute(f'drop trigger "{name}"')
            database.execute("pragma foreign_keys = off")
            database.executescript(statement)

    return change


TAMPERINGS = {
    "an entry changed": (
        'update ledger_entry set leaf = cast(replace(leaf, \'"at":"20\', \'"at":"30\') as blob) where entry_index = 9'
    ),
    "an entry removed": "delete from ledger_entry where entry_index = 9",
    "entries reordered": (
        "update ledger_entry set entry_index = -1 where entry_index = 9;"
        "update ledger_entry set entry_index = 9 where entry_index = 10;"
        "update ledger_entry set entry_index = 10 where entry_index = -1"
    ),
    "the end cut off": "delete from ledger_entry where entry_index > 12; delete from crossing where ledger_index > 12",
    "an outcome changed": "update crossing set outcome = 'match', reason = 'matched' where reason = 'no_match'",
    "a crossing removed": "delete from crossing where reason = 'no_match'",
}


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda name: name.replace(" ", "-"))
def test_tampering_is_caught(tampering: str, copy_of_boarded: Flight, run: Run) -> None:
    """Every way of rewriting what happened ends with exit 1 and says where the first bad entry is."""
    in_database(TAMPERINGS[tampering])(copy_of_boarded)
    said = last_object(run("ledger", "verify", "--json", data_dir=copy_of_boarded.data, expect=1).stdout)
    assert said["ok"] is False
    assert isinstance(said["first_bad"], int)
