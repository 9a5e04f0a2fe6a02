"""``fairgate officer``: on a real data folder, in fresh processes where it matters; no engine, camera or vault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairgate.bootstrap.officer import FORM_ALPHABET
from fairgate.cli.front import main

NO_ENGINE = """
import sys
from fairgate.cli.front import main
code = main(sys.argv[1:])
loaded = [name for name in sys.modules if name.startswith(("fairgate.face", "fairgate.workers", "fairgate.gallery"))]
loaded += [name for name in ("onnxruntime", "cv2", "PIL") if name in sys.modules]
print("LOADED", *sorted(loaded), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command in demo mode on one data folder, and return its exit code and what it printed as JSON."""
    monkeypatch.setenv("FAIRGATE_DEMO_MODE", "true")

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = main(["--data-dir", str(tmp_path / "data"), "officer", *arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_people_are_served_when_nothing_else_works(said: Any) -> None:
    """Opened, called, confirmed; the counts say so, and every object says that it is a demonstration."""
    code, entry = said("open", "--lane", "F1", "--reason", "engine_down", "--actor", "lane:F1")
    assert (code, entry["number"], entry["reason"], entry["demo_mode"]) == (0, 1, "engine_down", True)
    _, queue = said("queue")
    assert [(one["number"], one["why"]) for one in queue["waiting"]] == [(1, "engine out of order")]
    assert said("call", "1", "--actor", "officer:o-1")[1]["called_at"]
    stated = ("--result", "confirmed", "--reason", "papers_checked", "--minutes", "3", "--actor", "officer:o-1")
    code, result = said("result", "1", *stated)
    assert (code, result["result"], result["minutes"], result["repeated"]) == (0, "confirmed", 3, False)
    assert said("result", "1", *stated)[1]["repeated"]
    counts = said("queue")[1]["counts"]
    assert (counts["captures"], counts["without_capture"]["people"], counts["without_capture"]["confirmed"]) == (
        0,
        1,
        1,
    )


def test_refusals_have_their_codes(said: Any) -> None:
    """Each says what to do instead."""
    said("open", "--lane", "F1", "--reason", "camera_down", "--actor", "officer:o-1")
    by = ("--actor", "officer:o-1")
    refused = {
        "input.queue_number": ("call", "9", *by),
        "input.manual_result": ("result", "1", "--result", "left", "--reason", "papers_checked", *by),
        "input.undo": ("undo", "abc", "--reason", "wrong_person", *by),
        "input.nothing_staged": ("close", "FG420", *by),
    }
    for code, arguments in refused.items():
        exit_code, answer = said(*arguments)
        assert (exit_code, answer["error"]["code"]) == (3, code)
        assert answer["error"]["way_out"]


@pytest.mark.parametrize("actor", ["lane:B22", "officer:", "officer:Anna Miller", "o-17", "operator:x"])
def test_only_an_officer_by_identifier_acts(said: Any, actor: str) -> None:
    """A name with a blank, or another kind of party, is a usage error."""
    assert said("call", "1", "--actor", actor)[0] == 2


def test_a_line_of_a_form_is_entered_late_and_once(said: Any) -> None:
    """Times are those on the paper."""
    line = (
        *("enter", "--form", "K7QFRX", "--line", "4", "--lane", "B22", "--because", "centre_down"),
        *("--joined", "2026-01-02T10:00:00Z", "--decided", "2026-01-02T10:07:00Z"),
        *("--result", "left", "--reason", "went_away", "--actor", "officer:o-1"),
    )
    first, second = said(*line)[1], said(*line)[1]
    assert (first["entry"]["day"], first["minutes"], first["late"], first["repeated"]) == ("2026-01-02", 7, True, False)
    assert (second["result_id"], second["repeated"]) == (first["result_id"], True)
    assert said(*line[:9], "2026-01-02T10:00:00", *line[10:])[0] == 2


def test_the_form_prints_without_a_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On 78 columns but for the list of reasons, with a name of its own, and nothing is written anywhere."""
    folder = tmp_path / "data"
    names = set()
    for _ in range(2):
        assert main(["--data-dir", str(folder), "officer", "form", "--lines", "7", "--lane", "B22"]) == 0
        printed = capsys.readouterr().out.splitlines()
        names.add(printed[0].split()[-1])
        assert sum("C S L" in line for line in printed) == 8
    assert len(names) == 2
    assert set("".join(names)) <= set(FORM_ALPHABET)
    assert not folder.exists()


def test_a_record_that_cannot_be_written_leads_to_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with a code of its own, which names the form."""
    monkeypatch.setenv("FAIRGATE_DEMO_MODE", "true")
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "fairgate.db").write_bytes(b"not a database" * 100)
    arguments = ["officer", "open", "--lane", "F1", "--reason", "camera_down", "--actor", "officer:o-1"]
    assert main(["--data-dir", str(tmp_path / "data"), *arguments]) == 5
    told = capsys.readouterr().err
    assert "error [internal.manual_path]" in told
    assert "fairgate officer form" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("open", "--lane", "F1", "--reason", "camera_down", "--actor", "officer:o-1"),
        ("undo", "abc", "--reason", "wrong_person", "--actor", "officer:o-1"),
    ],
)
def test_no_engine_is_loaded_at_the_desk(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Neither face part, decoder, gallery nor runtime: they may be broken or missing."""
    ended = subprocess.run(
        [sys.executable, "-c", NO_ENGINE, "--data-dir", str(tmp_path / "data"), "officer", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FAIRGATE_DEMO_MODE": "true"},
    )
    assert ended.returncode in {0, 3}
    assert ended.stderr.splitlines()[-1] == "LOADED"
