"""``fairgate papers convert``: a list in another form, what deviates, and what is never written over."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

LIST = (
    "UNA:+.? 'UNB+UNOA:4+FGAIR:ZZ+TVS:ZZ+261122:0900+I1++APIS'UNH+M1+PAXLST:D:02B:UN:IATA'BGM+745'TDT+20+FG0420+++FG'"
    "LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'NAD+FL+++DOE:JO'ATT+2++F'DTM+329:800229'"
    "NAT+2+GBR'DOC+P:110:111+X123'LOC+91+GBR'QTY+1:2'CNT+42:1'UNT+17+M1'UNZ+1+I1'"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A passenger list with one deviation."""
    path = tmp_path / "list.edi"
    path.write_text(LIST, encoding="ascii")
    return path


def test_a_list_goes_round_the_three_forms(run: Run, source: Path, tmp_path: Path) -> None:
    """PAXLST to CSV to JSON to PAXLST: the same people, for this user alone, and the deviation told once."""
    ended = run("papers", "convert", str(source), str(tmp_path / "a.csv"), "--to", "csv")
    assert ended.code == 0
    assert "not_kept" in ended.out
    assert "paxlst to csv: 1 passengers and 0 crew, FG420 BOS-LHR." in ended.out
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600
    assert run("papers", "convert", str(tmp_path / "a.csv"), str(tmp_path / "a.json"), "--to", "json").code == 0
    ended = run("papers", "convert", str(tmp_path / "a.json"), str(tmp_path / "a.edi"), "--to", "paxlst", "--json")
    assert json.loads(ended.out) == {
        "from": "json",
        "to": "paxlst",
        "legs": 1,
        "passengers": 1,
        "crew": 0,
        "findings": [],
    }
    assert b"NAD+FL+++DOE:JO'" in (tmp_path / "a.edi").read_bytes()


def test_nothing_is_written_over(run: Run, source: Path) -> None:
    """A file that is there stays as it is."""
    ended = run("papers", "convert", str(source), str(source), "--to", "csv")
    assert ended.code == 3
    assert "already there" in ended.err
    assert source.read_text(encoding="ascii") == LIST


def test_what_cannot_be_read_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """A refused list, a missing one and a folder that is not there end with 3 and no file."""
    (tmp_path / "bad").write_bytes(b"hello")
    for given, out in (("bad", "out"), ("missing", "out")):
        ended = run("papers", "convert", str(tmp_path / given), str(tmp_path / out), "--to", "json")
        assert ended.code == 3
        assert not (tmp_path / out).exists()
    (tmp_path / "good").write_text(LIST, encoding="ascii")
    assert run("papers", "convert", str(tmp_path / "good"), str(tmp_path / "no" / "out"), "--to", "csv").code == 3


def test_a_boarding_pass_goes_to_json_and_back(run: Run, tmp_path: Path) -> None:
    """The text of the bar code comes back octet for octet; the forms of a list are none of a pass, nor the reverse."""
    text = "M1ERIKSSON/ANNA       EABC123 YULFRAAC 0834 326J001A0025 100"
    (tmp_path / "pass.txt").write_text(text, encoding="ascii")
    ended = run("papers", "convert", str(tmp_path / "pass.txt"), str(tmp_path / "pass.json"), "--to", "json")
    assert (ended.code, ended.out) == (0, "bcbp to json: boarding pass, AC834 YUL-FRA.\n")
    ended = run("papers", "convert", str(tmp_path / "pass.json"), str(tmp_path / "again.txt"), "--to", "bcbp", "--json")
    assert json.loads(ended.out) == {"from": "json", "to": "bcbp", "legs": 1, "findings": []}
    assert (tmp_path / "again.txt").read_text(encoding="ascii") == text
    ended = run("papers", "convert", str(tmp_path / "pass.json"), str(tmp_path / "pass.csv"), "--to", "csv")
    assert (ended.code, (tmp_path / "pass.csv").exists()) == (3, False)


def test_a_list_is_no_boarding_pass(run: Run, source: Path, tmp_path: Path) -> None:
    """A list is not written as a bar code."""
    assert run("papers", "convert", str(source), str(tmp_path / "out"), "--to", "bcbp").code == 3
