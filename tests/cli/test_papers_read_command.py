"""``fairgate papers read``: each kind recognised, facts and findings told, refusals beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.papers.recognise import PaperKind, recognise

if TYPE_CHECKING:
    from tests.cli.conftest import Run

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
PASS = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100"


def written(path: Path, content: str | bytes) -> str:
    """Write a file and return its path."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_a_zone_with_its_facts_and_findings(run: Run, tmp_path: Path) -> None:
    """A table for people, and one object for scripts; a finding is no refusal."""
    good = written(tmp_path / "zone.txt", ZONE)
    ended = run("papers", "read", good)
    assert ended.code == 0
    assert "ERIKSSON" in ended.out
    assert "No findings." in ended.out
    damaged = written(tmp_path / "damaged.txt", ZONE.replace("L898902C36", "L898902C35"))
    ended = run("papers", "read", damaged, "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["kind"], told["facts"]["check_digits_hold"]) == (0, "mrz", False)
    assert told["findings"][0] == {
        "code": "check_digit_wrong",
        "where": "line 2, position 10",
        "text": "The check digit of the document number is wrong.",
    }


def test_several_files_one_of_them_refused(run: Run, tmp_path: Path) -> None:
    """Exit 3 says that one was refused; the others are told nevertheless, each on its line."""
    files = [
        written(tmp_path / "pass.txt", PASS),
        written(tmp_path / "notes.txt", "nothing to travel with"),
        str(tmp_path / "none.txt"),
        written(tmp_path / "zone.txt", ZONE),
    ]
    ended = run("papers", "read", *files, "--json")
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 3
    assert [one.get("kind") for one in told] == ["boarding_pass", None, None, "mrz"]
    assert told[1]["error"]["code"] == "input.papers"
    assert told[2]["error"]["code"] == "input.refused"


def test_an_empty_folder_is_refused(run: Run, tmp_path: Path) -> None:
    """A folder is a chip's, or nothing."""
    assert run("papers", "read", str(tmp_path)).code == 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"UNA:+.? '\nUNB+UNOA:4+A+B+1:1+1'UNH+1+PAXLST:D:02B:UN'", PaperKind.PASSENGER_LIST),
        (b"UNB+UNOA:4+A+B+1:1+1'UNH+1+CUSRES:D:02B:UN'", PaperKind.LIST_ANSWER),
        (b'{"form": "x"}', PaperKind.PASSENGER_LIST),
        (ZONE.encode(), PaperKind.MRZ),
        (ZONE.replace("\n", "").encode(), PaperKind.MRZ),
        (PASS.encode(), PaperKind.BOARDING),
        (b"\xff\xd8\xff\xe0....", PaperKind.DATA_PAGE),
        (b"\x89PNG\r\n\x1a\n....", PaperKind.DATA_PAGE),
        (b"1.001:99\x1d1.002:0502", PaperKind.NIST_ITL),
        (b"version: 1\ndn: c=DE\n", PaperKind.DIRECTORY),
        (bytes.fromhex("30820100") + bytes.fromhex("0606678108010102"), PaperKind.MASTER_LIST),
        (b"", None),
        (b"# A heading\n", None),
    ],
)
def test_kinds_are_told_by_how_they_begin(content: bytes, kind: PaperKind | None) -> None:
    """No suffix is needed."""
    assert recognise(content) is kind


def test_real_papers_are_recognised(run: Run, shared_data: Path) -> None:
    """Every list and every chip file of the shared data is read, and the chip's folder as one."""
    lists = sorted((shared_data / "paxlst").iterdir())
    chip = sorted((shared_data / "icao").glob("BSI_*"))
    ended = run("papers", "read", *map(str, lists + chip), "--json")
    kinds = [json.loads(line)["kind"] for line in ended.out.splitlines()]
    assert ended.code == 0
    assert kinds == ["passenger_list"] * len(lists) + ["chip_file"] * len(chip)
