"""``fairgate papers history``: who is expected after all messages of a flight, and which message made it so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

FLIGHT = "TDT+20+FG0420'LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"


def message(minute: int, bgm: str, people: str, flight: str = FLIGHT) -> str:
    """Return one interchange with one message."""
    body = f"{bgm}'{flight}{people}"
    return (
        f"UNA:+.? 'UNB+UNOA:4+FG:ZZ+TVS:ZZ+261122:09{minute:02d}+I{minute}++APIS'UNH+M{minute}+PAXLST:D:02B:UN:IATA'"
        f"{body}UNT+{body.count(chr(39)) + 2}+M{minute}'UNZ+1+I{minute}'"
    )


def person(family: str, seat: str = "", role: str = "FL") -> str:
    """Return somebody's segments."""
    seated = f"RFF+SEA:{seat}'" if seat else ""
    return (
        f"NAD+{role}+++{family}:JO'ATT+2++F'DTM+329:800101'NAT+2+GBR'RFF+ABO:{family}'{seated}"
        f"DOC+P:110:111+X{family}'LOC+91+GBR'"
    )


MESSAGES = {
    "list.edi": message(0, "BGM+745", person("DOE") + person("ROE") + person("PILOT", role="FM")),
    "update.edi": message(1, "BGM+745+CP", person("DOE", seat="12A") + person("POE")),
    "cancelled.edi": message(2, "BGM+745+XR", person("ROE")),
    "other.edi": message(3, "BGM+745", person("DOE"), FLIGHT.replace("0420", "0421")),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four messages about two flights."""
    for name, content in MESSAGES.items():
        (tmp_path / name).write_text(content, encoding="ascii")
    return tmp_path


def paths(folder: Path, *names: str) -> list[str]:
    return [str(folder / name) for name in names]


def test_each_passenger_stands_where_the_messages_leave_them(run: Run, folder: Path) -> None:
    """Counts, presences, and the trail with what changed; nothing is left in any folder."""
    before = sorted(folder.rglob("*"))
    ended = run("papers", "history", *paths(folder, "cancelled.edi", "list.edi", "update.edi"))
    assert ended.code == 0
    for wanted in (
        "FG420 BOS 2026-11-22: open.",
        "Passengers: 2 expected, 1 cancelled.",
        "Crew: 1 expected.",
        "DOE, JO",
        "2026-11-22 09:01 M1: change, expected; changed seat",
        "2026-11-22 09:02 M2: cancel people, cancelled",
        "partial_list",
        "Messages: 3, files: 3, flights: 1.",
    ):
        assert wanted in ended.out
    assert sorted(folder.rglob("*")) == before


def test_scripts_read_a_flight_a_line_and_a_summary(run: Run, folder: Path) -> None:
    """Order and repetition of the files change nothing."""
    names = ["list.edi", "update.edi", "cancelled.edi", "other.edi"]
    lines = run("papers", "history", *paths(folder, *names), "--json").out.splitlines()
    first, second, summary = map(json.loads, lines)
    assert first["flight"] == {"designator": "FG420", "departs_from": "BOS", "day": "2026-11-22"}
    assert first["passengers"] == {"expected": 2, "cancelled": 1, "on_board": 0, "left_behind": 0}
    roe = first["people"][1]
    assert (roe["family_name"], roe["presence"], roe["documents"]) == ("ROE", "cancelled", ["GBR-XROE"])
    assert [(step["message_reference"], step["action"]) for step in roe["trail"]] == [
        ("M0", "list"),
        ("M2", "cancel_people"),
    ]
    assert second["people"][0]["passenger_ref"] == "P0001"
    assert {name: summary["summary"][name] for name in ("files", "messages", "flights")} == {
        "files": 4,
        "messages": 4,
        "flights": 2,
    }
    again = run("papers", "history", *paths(folder, *reversed(names), "list.edi"), "--json").out.splitlines()
    assert again[:2] == lines[:2]


@pytest.mark.parametrize(("function", "stands"), [("XF", "cancelled"), ("CL", "closed")])
def test_a_cancelled_or_closed_flight_says_so(run: Run, folder: Path, function: str, stands: str) -> None:
    """With everybody's presence after it."""
    (folder / "last.edi").write_text(message(5, f"BGM+745+{function}", ""), encoding="ascii")
    ended = run("papers", "history", *paths(folder, "list.edi", "last.edi"), "--json")
    assert json.loads(ended.out.splitlines()[0])["state"] == stands


def test_one_file_that_cannot_be_read_refuses_all(run: Run, folder: Path) -> None:
    """Its message might have changed anybody; the text names the file."""
    (folder / "bad.edi").write_text("hello", encoding="ascii")
    ended = run("papers", "history", *paths(folder, "list.edi", "bad.edi"))
    assert (ended.code, ended.out) == (3, "")
    assert "bad.edi: " in ended.err
    assert run("papers", "history", *paths(folder, "missing.edi")).code == 3


def test_carriers_lists_have_their_flights(run: Run, shared_data: Path) -> None:
    """Every file of the collection at once: three flights."""
    files = sorted(str(path) for path in (shared_data / "paxlst").iterdir())
    flights = [json.loads(line) for line in run("papers", "history", *files, "--json").out.splitlines()]
    counts = [
        (one["flight"]["designator"], one["passengers"]["expected"], one["crew"]["expected"]) for one in flights[:-1]
    ]
    assert counts == [("QQ877", 2, 0), ("TN506", 10, 0), ("UA989", 0, 8)]
