"""Each command: what it asks the house for, what people see, what scripts get, and how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate.bootstrap import BoardingSummary, Check
from fairgate.errors import CalibrationMissing, PackRefused
from fairgate.outside.pack_files import Finding, InstalledPack, open_pack
from fairgate.services.staging_report import ListChange, StagingReport
from fairgate.simulate.demo import DemoResult
from fairgate.verifier import LedgerReport, Problem, ProblemCode
from fairgate.vocabulary import (
    Direction,
    LaneKind,
    Matched,
    NotAttempted,
    NotAttemptedReason,
    OfficerReason,
    Outcome,
    SeeOfficer,
)

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run

    from fairgate.cli.house import House
    from fairgate.cli.progress import Progress
    from fairgate.config import Settings

DEMO_KEYS = [
    "offered",
    "captured",
    "usable",
    "with_reference",
    "matched",
    "see_officer",
    "not_attempted",
    "strangers_offered",
    "strangers_matched",
    "report",
]


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("outcome", "words", "told"),
    [
        (Matched("claimed"), "match: matched", {"outcome": "match", "reason": "matched", "component": None}),
        (
            SeeOfficer(OfficerReason.POOR_IMAGE, "sharpness"),
            "see officer: poor image (sharpness)",
            {"outcome": "see_officer", "reason": "poor_image", "component": "sharpness"},
        ),
        (
            SeeOfficer(OfficerReason.NO_MATCH),
            "see officer: no match",
            {"outcome": "see_officer", "reason": "no_match", "component": None},
        ),
        (
            NotAttempted(NotAttemptedReason.RULE_FORBIDS, "rule-1"),
            "not attempted: rule forbids",
            {"outcome": "not_attempted", "reason": "rule_forbids", "component": None},
        ),
    ],
)
def test_verify_answers_with_the_outcome(
    house: CardboardHouse, run: Run, outcome: Outcome, words: str, told: dict[str, object]
) -> None:
    """Whatever the outcome, the command did its work and ends with 0."""
    house.outcome = outcome
    ended = run("verify", "a.jpg", "b.jpg")
    assert (ended.code, ended.out) == (0, words + "\n")
    ended = run("verify", "a.jpg", "b.jpg", "--json")
    assert (ended.code, _lines(ended.out)) == (0, [told])
    assert house.asked[-1] == ("verify_faces", Path("a.jpg"), Path("b.jpg"))


def test_stage_tells_who_was_enrolled_and_names_the_others(house: CardboardHouse, run: Run) -> None:
    """Passengers, reasons and findings are listed; options reach the house."""
    ended = run("stage", "l.edi", "--references", "r", "--port", "BOS", "--direction", "entry", "--top-up-to", "420")
    assert ended.code == 0
    assert house.asked[-1] == ("stage", Path("l.edi"), Path("r"), "BOS", Direction.ENTRY, LaneKind.BOARDING, None, 420)
    for wanted in ("1 of 2 passengers enrolled", "P0002", "no_face", "photo_not_listed", "not opened: 1"):
        assert wanted in ended.out
    assert "Enrolling references: 2 of 2" in ended.err
    (told,) = _lines(run("stage", "l.edi", "--references", "r", "--json").out)
    assert told["flight_key"] == "FG420-2026-11-22-BOS"
    assert told["not_enrolled"] == [{"passenger_ref": "P0002", "state": "not_enrollable", "reason": "no_face"}]
    assert list(house.asked[-1][3:]) == [None, None, LaneKind.BOARDING, None, None]
    assert run("stage", "l.edi", "update.edi", "--references", "r").code == 0
    assert list(house.asked[-1][1:4]) == [Path("l.edi"), Path("update.edi"), Path("r")]


def test_board_prints_the_outcome_table_and_the_report(house: CardboardHouse, run: Run) -> None:
    """People see a table of outcomes, the chain, the rows set aside and where the report is."""
    ended = run("board", "c.csv", "--flight", "F", "--truth", "t.csv", "--report", "r.html")
    assert ended.code == 0
    assert house.asked[-1] == ("board", "F", Path("c.csv"), Path("t.csv"), Path("r.html"))
    for wanted in ("poor image", "sharpness", "offered 3 > captured 3", "0 of 1 matched", "row_time", "r.html"):
        assert wanted in ended.out


def test_board_as_json_is_one_line_a_crossing_and_then_the_summary(run: Run) -> None:
    """A script reads crossings as they happen; the last line sums them up."""
    ended = run("board", "c.csv", "--json")
    crossing, summary = _lines(ended.out)
    assert crossing["outcome"] == "match"
    assert crossing["passenger_ref"] == "P0001"
    assert crossing["taken_at"] == "2026-11-22T09:00:00.000Z"
    assert crossing["repeated"] is False
    assert set(DEMO_KEYS) <= set(summary)
    assert summary["report"] is None
    assert summary["deviations"] == ["captures.csv line 3: the time has no zone [row_time]"]


def test_no_answer_holds_a_score(run: Run) -> None:
    """Neither people nor scripts see a raw score, wherever a comparison is told about."""
    for argv in (["verify", "a", "b"], ["board", "c"], ["stage", "l", "--references", "r"]):
        for output in (run(*argv).out, run(*argv, "--json").out):
            assert "score" not in output
            no_minutes = re.sub(r'"minutes_[a-z_]+": \{[^}]*\}|Minutes [^\n]*', "", output)
            assert not re.search(r"(?<![\d:])[01]\.\d", no_minutes)


def test_ledger_verify_ends_with_0_where_it_holds(run: Run) -> None:
    """A whole ledger is one sentence."""
    ended = run("ledger", "verify")
    assert (ended.code, ended.out) == (0, "The ledger holds: 4 entries, each as it was signed.\n")
    (told,) = _lines(run("ledger", "verify", "--json").out)
    assert told == {"ok": True, "entries": 4, "first_bad": None, "problems": [], "unlisted": 0}


def test_ledger_verify_ends_with_1_where_it_does_not(house: CardboardHouse, run: Run) -> None:
    """Every problem is listed, and the exit code says so to a script that looks at nothing else."""
    problem = Problem(ProblemCode.CHECKPOINT_MISMATCH, 2, "entry 2 is not as signed")
    house.ledger = LedgerReport(3, ok=False, first_bad=2, problems=(problem,), unlisted=7)
    ended = run("ledger", "verify")
    assert ended.code == 1
    assert "NOT" in ended.out
    assert "checkpoint_mismatch" in ended.out
    assert "7 more" in ended.out
    ended = run("ledger", "verify", "--json")
    assert ended.code == 1
    assert _lines(ended.out)[0]["first_bad"] == 2


def test_config_show_prints_every_setting_with_its_origin(run: Run, tmp_path: Path) -> None:
    """The table names the variable that a value came from."""
    ended = run("config", "show", "--pack", "other")
    assert ended.code == 0
    rows = {line.split()[0]: line for line in ended.out.splitlines() if line.strip()}
    assert rows["pack"].split()[-1] == "flag"
    assert rows["log_level"].split()[-1] == "default"
    assert "environment FAIRGATE_DATA_DIR" in ended.out.replace("\n", " ")


def test_config_check_lists_every_problem(run: Run, tmp_path: Path) -> None:
    """One line for each, exit 1; and exit 0 where there is none."""
    assert run("config", "check").code == 0
    file = tmp_path / "wrong.toml"
    file.write_text('thread = 1\nport = "8080"\n', encoding="utf-8")
    ended = run("config", "check", "--config", str(file))
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 2
    assert "Did you mean threads?" in ended.out
    (told,) = _lines(run("config", "check", "--json", "--config", str(file)).out)
    assert told["ok"] is False
    assert run("config", "show", "--config", str(file)).code == 4


def test_config_check_knows_packs_and_rulebooks(run: Run) -> None:
    """A name that is well formed and not installed is a problem too."""
    ended = run("config", "check", "--pack", "absent", "--rulebook", "nowhere")
    assert ended.code == 1
    assert "there is no pack absent" in ended.out
    assert "there is no rulebook nowhere" in ended.out


def test_packs_list_says_which_is_in_use(run: Run) -> None:
    """The default pack is there, with its licence; one that cannot be read is named and not hidden."""

    def opened(name: str, folder: Path) -> InstalledPack:
        if name == "broken":
            raise PackRefused("The file of pack broken cannot be read.")
        return open_pack(name, folder)

    ended = run("packs", "list", pack_names=lambda folder: ("broken", "dlib-cc0"), open_pack=opened)
    assert ended.code == 0
    assert "CC0-1.0" in ended.out
    assert "cannot be used" in ended.out
    broken, default = _lines(
        run("packs", "list", "--json", pack_names=lambda folder: ("broken", "dlib-cc0"), open_pack=opened).out
    )
    assert broken["problem"]
    assert default["in_use"] is True


def test_packs_verify_ends_with_1_where_a_file_is_not_right(run: Run) -> None:
    """Each thing looked at is a line; a pack that nobody knows is refused instead."""
    good = Finding("dlib-cc0", "embedder", ok=True, text="agrees")
    bad = Finding("dlib-cc0", "detector", ok=False, text="differs", code="config.pack_digest")
    assert run("packs", "verify", verify_pack=lambda pack, cache: (good,)).code == 0
    ended = run("packs", "verify", verify_pack=lambda pack, cache: (good, bad))
    assert ended.code == 1
    assert "WRONG" in ended.out
    ended = run("packs", "verify", "dlib-cc0", "--json", verify_pack=lambda pack, cache: (good, bad))
    assert [line.get("ok") for line in _lines(ended.out)] == [True, False, False]
    assert _lines(ended.out)[-1] == {"ok": False, "packs": 1, "failed": 1}
    assert run("packs", "verify", "absent").code == 4


def test_packs_calibrate_prints_toml(run: Run) -> None:
    """What it prints goes into the pack's file as it is."""

    def calibrate(settings: Settings, portraits: Path, progress: Progress) -> str:
        progress(1, 1)
        return f'[[calibration]]\ndata = "{portraits}"\n'

    ended = run("packs", "calibrate", "portraits", calibrate=calibrate)
    assert ended.out == '[[calibration]]\ndata = "portraits"\n'
    (told,) = _lines(run("packs", "calibrate", "portraits", "--json", calibrate=calibrate).out)
    assert told["pack"] == "dlib-cc0"


def test_doctor_lists_checks_and_ways_out(house: CardboardHouse, run: Run) -> None:
    """Checks of the machine and of the house stand in one list; one that is wrong makes the exit code 1."""
    ended = run("doctor", "--json")
    *checks, summary = _lines(ended.out)
    names = [check["name"] for check in checks]
    assert names == ["python", "packages", "clock", "data folder", "cache folder", "free disk", "database"]
    assert len(set(names)) == len(names)
    assert summary["ok"] is True
    house.checks = (Check("decode worker", ok=False, text="does not start", way_out="Allow processes."),)
    ended = run("doctor")
    assert ended.code == 1
    assert "decode worker: Allow processes." in ended.out


def test_doctor_goes_on_where_the_house_does_not_open(run: Run) -> None:
    """What stops the house from opening is one of the findings, beside those of the machine."""

    def closed(settings: Settings, *, for_people: bool = True) -> AbstractContextManager[House]:
        raise CalibrationMissing("No threshold.", way_out="Calibrate.")

    ended = run("doctor", open_house=closed)
    assert ended.code == 1
    assert "No threshold." in ended.out
    assert "start: Calibrate." in ended.out

    def incomplete(settings: Settings, *, for_people: bool = True) -> AbstractContextManager[House]:
        raise ModuleNotFoundError("No module named 'onnxruntime'", name="onnxruntime")

    ended = run("doctor", open_house=incomplete)
    assert ended.code == 1
    assert "onnxruntime is not installed" in ended.out


def test_doctor_says_what_is_wrong_with_the_configuration(run: Run, tmp_path: Path) -> None:
    """Even where no setting can be read, the machine is looked at."""
    ended = run("doctor", "--config", str(tmp_path / "absent.toml"))
    assert ended.code == 1
    assert "configuration" in ended.out
    assert "python" in ended.out


def test_demo_ends_with_the_object_that_scripts_read(run: Run, tmp_path: Path, house: CardboardHouse) -> None:
    """The last line has every promised key; people see the source, the table and the report's path."""
    seen: list[tuple[Path | None, Path]] = []

    def run_demo(
        settings: Settings, data: Path | None, out: Path, progress: Progress, boarding_progress: Progress
    ) -> DemoResult:
        seen.append((data, out))
        staging: StagingReport = house.stage([Path("l")], Path("r"), progress=progress)
        summary: BoardingSummary = house.board(None, Path("c"), report=out / "report.html", progress=boarding_progress)
        return DemoResult("public officials", staging, summary)

    ended = run("demo", "--data", "portraits", "--out", str(tmp_path / "demo"), run_demo=run_demo)
    assert ended.code == 0
    assert str(tmp_path / "demo" / "report.html") in ended.out
    assert "Boarding captures: 1 of 1" in ended.err
    ended = run("demo", "--json", run_demo=run_demo)
    told = _lines(ended.out)[-1]
    assert set(DEMO_KEYS) <= set(told)
    assert told["report"] == "fairgate-demo/report.html"
    assert seen == [(Path("portraits"), tmp_path / "demo"), (None, Path("fairgate-demo"))]


def test_bench_engine_prints_both_sides(run: Run) -> None:
    """Scripts get the figures as they are; people get the two sides side by side, the machine named."""
    row = {"median_ms": 2.5, "min_ms": 2.25, "max_ms": 4.0}
    stages = (
        "decode",
        "detect",
        "detect_thorough",
        "landmarks",
        "quality",
        "align",
        "embed",
        "embed_mirrored",
        "probe",
        "search_42000",
    )
    figures = {
        "peak_rss_mb": 310.0,
        "rows": dict.fromkeys(stages, row)
        | {name: row | {"median_ms": 50.0} for name in ("dlib_embed", "dlib_detect_cnn", "dlib_detect_hog")},
        "machine": {
            "processor": "A processor",
            "instructions": ["avx2"],
            "logical_cores": 2,
            "packages": {"numpy": "2"},
        },
        "setting": {"load_average_before": 0.5, "face": "a drawn face"},
        "packs": {},
        "packs_left_out": [{"pack": "broken", "code": "config.pack_form", "reason": "It cannot be read."}],
        "packs_setting": {"smallest_face_px": 80},
    }
    asked: list[tuple[Sequence[str], int]] = []

    def bench_engine(
        settings: Settings, packs: Sequence[str], rounds: int, progress: Progress, packs_progress: Progress
    ) -> dict[str, object]:
        asked.append((packs, rounds))
        progress(1, 1)
        packs_progress(2, 2)
        return figures

    ended = run("bench", "engine", bench_engine=bench_engine)
    assert ended.code == 0
    assert "20.0 ×" in ended.out
    assert "2.50 (2.25 to 4.00)" in ended.out
    assert "A processor" in ended.out
    assert "Not measured: broken (config.pack_form): It cannot be read." in ended.out
    assert "Taking turns: 1 of 1" in ended.err
    assert "Measuring packs: 2 of 2" in ended.err
    named = ("--packs", "dlib-cc0", "--packs", "broken", "--rounds", "3")
    assert _lines(run("bench", "engine", "--json", *named, bench_engine=bench_engine).out) == [figures]
    assert asked == [([], 7), (["dlib-cc0", "broken"], 3)]


def test_stage_names_a_gallery_of_several_flights_and_what_changed(house: CardboardHouse, run: Run) -> None:
    """Lane and name reach the house; what later messages changed is told in one line, and to scripts by count."""
    house.staged_flights = ("FG420 BOS 2026-11-22", "FG421 BOS 2026-11-22")
    house.list_change = ListChange(added=2, cancelled=1, changed=0, not_asked=0, enrolled_anew=0, boarded=1)
    ended = run("stage", "a.edi", "b.edi", "--references", "r", "--gallery", "BOS-evening", "--lane", "arrival")
    assert house.asked[-1][4:] == (None, None, LaneKind.ARRIVAL, "BOS-evening", None)
    assert "Gallery of 2 flights" in ended.out
    assert "The list changed: 2 added, 1 withdrawn, 1 off the list after boarding." in ended.out
    (told,) = _lines(run("stage", "a.edi", "--references", "r", "--json").out)
    assert (told["flights"], told["lane"]) == (list(house.staged_flights), "boarding")
    assert told["change"] == dict(house.list_change.counts())
    house.list_change = ListChange(0, 0, 0, 0, 0, 0)
    assert "The list changed: nobody is affected." in run("stage", "a.edi", "--references", "r").out
