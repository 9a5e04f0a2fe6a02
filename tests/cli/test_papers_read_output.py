"""``fairgate papers read``: what people see, and what becomes of files that are no papers."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
PHOTO = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x50\x00\x40\x03" + bytes(300) + b"\xff\xd9"
LIST = (
    "UNB+UNOA:4+FGAIR+TVS+261122:0900+I1'UNH+1+PAXLST:D:02B:UN:IATA'BGM+745'TDT+20+FG0420+++FG'LOC+125+BOS'"
    "DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'"
    "NAD+FL+++DOE:JANE++'ATT+2++F'DTM+329:800101'NAT+2+USA'DOC+P+123456789'DTM+36:300101'LOC+91+USA'"
    "NAD+FL+++ROE:RICHARD++'ATT+2++M'DTM+329:810203'NAT+2+GBR'DOC+P+987654321'DTM+36:310101'LOC+91+GBR'"
    "CNT+42:2'UNT+23+1'UNZ+1+I1'"
)


def written(path: Path, content: str | bytes) -> str:
    """Write a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


@pytest.fixture
def chip(run: Run, tmp_path: Path) -> Path:
    """The folder of a minted passport."""
    photo = written(tmp_path / "me.jpg", PHOTO)
    assert run("papers", "mint", photo, "--out", str(tmp_path / "chip")).code == 0
    return tmp_path / "chip"


def test_a_heading_stays_on_one_line_and_people_have_a_row_each(run: Run, tmp_path: Path) -> None:
    """However long the name of the file; whoever cuts the output into lines finds it whole."""
    path = written(tmp_path / ("a" * 90) / ("b" * 90) / "list.edi", LIST)
    ended = run("papers", "read", path)
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert lines[0] == f"{path}: passenger list"
    jane = next(line for line in lines if "DOE" in line)
    assert all(fact in jane for fact in ("passenger", "JANE", "1980-01-01", "F", "USA", "123456789"))
    flight = next(line for line in lines if "FG420" in line)
    assert all(fact in flight for fact in ("BOS", "2026-11-22 19:00", "LHR", "2026-11-23 06:30"))


def test_no_cell_stands_empty_beside_its_fact(run: Run, tmp_path: Path) -> None:
    """A plain list has no function: nothing is said of it."""
    ended = run("papers", "read", written(tmp_path / "list.edi", LIST))
    assert "function  " not in ended.out


def test_findings_of_one_code_are_one_line(run: Run, tmp_path: Path) -> None:
    """With how many there are; each with --all-findings, and all in JSON."""
    path = written(tmp_path / "list.edi", LIST.replace("++'ATT", "+++'ATT"))
    ended = run("papers", "read", path)
    codes = [one["code"] for one in json.loads(run("papers", "read", path, "--json").out)["findings"]]
    repeated = max(codes, key=codes.count)
    assert codes.count(repeated) > 1
    assert [line.split()[:2] for line in ended.out.splitlines() if repeated in line] == [
        [str(codes.count(repeated)), repeated]
    ]
    every = run("papers", "read", path, "--all-findings").out
    assert sum(repeated in line for line in every.splitlines()) == codes.count(repeated)


def test_findings_that_a_reader_only_counted_are_counted(run: Run, tmp_path: Path) -> None:
    """Beyond a hundred of one kind, a reader tells how many more there are."""
    path = written(tmp_path / "list.edi", LIST.replace("CNT+", "ZZZ+1'" * 250 + "CNT+"))
    line = next(line for line in run("papers", "read", path).out.splitlines() if "unknown_segment" in line)
    assert line.split()[0] == "250"


def test_what_a_terminal_would_obey_is_not_printed(run: Run, tmp_path: Path) -> None:
    """Neither from the name of a file, nor from what is in it."""
    path = written(tmp_path / "es\x1b[31mcape.txt", ZONE)
    listed = {"form": "fairgate.passenger-list.1", "people": [{"family_name": "[red]DOE[/red]", "given_names": "J"}]}
    ended = run("papers", "read", path, written(tmp_path / "list.json", json.dumps(listed)), str(tmp_path / "n\x1bo"))
    assert "\x1b" not in ended.out + ended.err
    assert "[red]DOE[/red]" in ended.out


def test_a_chip_is_authenticated_against_files_or_the_folder_in_the_settings(run: Run, chip: Path) -> None:
    """Genuine where its authority is believed; no CSCA, and nothing against it, where nobody is named."""
    trust = str(chip / "UTO_master_list.ml")
    genuine = run("papers", "read", str(chip), "--trust", trust)
    assert genuine.out.splitlines()[1].startswith("Genuine; of the imaginary state")
    alone = run("papers", "read", str(chip))
    assert (alone.code, alone.out.splitlines()[1][:8]) == (0, "No CSCA:")
    assert "Nobody was named" in alone.out
    steps = json.loads(run("papers", "read", str(chip), "--trust", trust, "--json").out)["facts"]["authentication"]
    assert [one["number"] for one in steps["steps"]] == [1, 2, 3, 4, 5, 6, 7]


def test_a_trust_file_that_is_none_is_told_and_other_papers_are_read(run: Run, chip: Path, tmp_path: Path) -> None:
    """That is configuration: exit 4."""
    zone = written(tmp_path / "zone.txt", ZONE)
    ended = run("papers", "read", str(chip), zone, "--trust", zone)
    assert ended.code == 4
    assert "config.trust" in ended.err
    assert "ERIKSSON" in ended.out


def test_certificates_of_a_list_are_shown_when_asked_for(run: Run, chip: Path) -> None:
    """In JSON they always are."""
    path = str(chip / "UTO_master_list.ml")
    assert "anchor certificates" not in run("papers", "read", path).out
    assert "CSCA Utopia" in run("papers", "read", path, "--certificates").out
    assert json.loads(run("papers", "read", path, "--json").out)["facts"]["anchor_certificates"]


def test_each_file_that_is_no_paper_is_one_clear_error(run: Run, tmp_path: Path) -> None:
    """Missing, empty, far too large, a pipe, a folder without a file or without a chip's; the zone is read."""
    with (tmp_path / "large.bin").open("wb") as sparse:
        sparse.truncate(200 * 1024 * 1024)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "bare").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    written(tmp_path / "notes" / "a.txt", "nothing to travel with")
    expected = {
        "none.txt": "missing",
        "empty.txt": "The file is empty",
        "large.bin": "larger than 128 MiB",
        "pipe": "not a file",
        "dangling": "missing",
        "bare": "holds no file",
        "notes": "None of the files is a passport chip's",
    }
    written(tmp_path / "empty.txt", "")
    zone = written(tmp_path / "zone.txt", ZONE)
    ended = run("papers", "read", *(str(tmp_path / name) for name in expected), zone)
    assert ended.code == 3
    assert "ERIKSSON" in ended.out
    errors = ended.err.splitlines()
    assert len(errors) == len(expected)
    for line, (name, said) in zip(errors, expected.items(), strict=True):
        assert line.startswith(f"{tmp_path / name}: error [input.")
        assert said in line


def test_links_are_followed_where_the_user_named_them_only(run: Run, chip: Path, tmp_path: Path) -> None:
    """A link within a chip's folder that leads out of it is refused."""
    (tmp_path / "link").symlink_to(written(tmp_path / "zone.txt", ZONE))
    assert run("papers", "read", str(tmp_path / "link")).code == 0
    shutil.move(chip / "DG1.bin", tmp_path / "DG1.bin")
    (chip / "DG1.bin").symlink_to(tmp_path / "DG1.bin")
    ended = run("papers", "read", str(chip))
    assert ended.code == 3
    assert "outside" in ended.err


def test_standard_input_is_a_file_called_dash(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is piped in is recognised like any file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ZONE.encode())))
    ended = run("papers", "read", "-")
    assert ended.code == 0
    assert ended.out.startswith("standard input: mrz")


def test_help_gives_examples(run: Run) -> None:
    """Of files, chips and lists."""
    said = run("papers", "read", "--help").out
    assert "--trust" in said
    assert "fairgate papers read - < zone.txt" in said


CANCELLED = (
    "UNA:+.? 'UNB+UNOA:4+FGAIR+TVS+261122:0900+I1++APIS'UNH+1+PAXLST:D:02B:UN:IATA'BGM+745+XR'TDT+20+FG0420+++FG'"
    "LOC+125+BOS'DTM+189:2611221900:201'LOC+87+LHR'DTM+232:2611230630:201'NAD+FL+++DOE:JANE'RFF+ABO:1'CNT+42:1'"
    "UNT+11+1'UNZ+1+I1'"
)
ANSWER = (
    "UNB+UNOA:4+TVS+FGAIR+261122:0930+A1'UNH+A1+CUSRES:D:02B:UN:IATA'BGM+962'RFF+AF:FG0420'DTM+189:2611221900:201'"
    "LOC+125+BOS'LOC+87+LHR'ERP+2'RFF+ABO:1234'ERC+1Z'FTX+AAO+++DOCUMENT EXPIRED'ERP+2'RFF+ABO:1235'ERC+0Z'UNT+13+A1'"
    "UNZ+1+A1'"
)
PASS = "M1DOE/JANE MRS        EABC123 BOSLHRFG 0420 326Y025C0007 100"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CANCELLED, ("cancel people 1", "messages 1, people", "FG420", "carrier ref 1")),
        (ANSWER, ("accepted 1, refused 1", "DOCUMENT EXPIRED", "1Z", "1235")),
        (PASS, ("DOE/JANE MRS", "FG420", "2026-11-22", "025C")),
        (ZONE, ("line 2, position 44", "L898902C3", "1974-08-12", "ZE184226B")),
    ],
)
def test_other_papers_have_their_tables_too(run: Run, tmp_path: Path, content: str, said: tuple[str, ...]) -> None:
    """Messages, answers, passes and zones."""
    ended = run("papers", "read", written(tmp_path / "paper", content))
    assert ended.code == 0
    assert [one for one in said if one not in ended.out] == []


def test_every_real_file_is_read_or_refused_in_one_line(run: Run, shared_data: Path) -> None:
    """Lists, a chip's files, ICAO's example and the German list; the schemas beside them are no papers."""
    files = [path for name in ("paxlst", "icao") for path in sorted((shared_data / name).iterdir())]
    papers = [path for path in files if path.suffix != ".jpg"]
    ended = run("papers", "read", *map(str, papers))
    schemas = [path for path in papers if path.suffix == ".asn"]
    assert ended.code == 3
    assert [line.split(": error ")[0] for line in ended.err.splitlines()] == [str(path) for path in schemas]
    headings = [line.split(": ")[0] for line in ended.out.splitlines() if line.startswith(str(shared_data))]
    assert headings == [str(path) for path in papers if path not in schemas]
