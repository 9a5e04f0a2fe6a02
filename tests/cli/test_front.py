"""The front: exit codes, one-line errors, the log of faults, and global options anywhere."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairgate import errors
from fairgate.cli.front import globals_first
from fairgate.cli.log import log

if TYPE_CHECKING:
    from tests.cli.conftest import CardboardHouse, Run


def _all_errors(base: type[errors.FairgateError] = errors.FairgateError) -> Iterator[type[errors.FairgateError]]:
    yield base
    for below in base.__subclasses__():
        yield from _all_errors(below)


def _raised(kind: type[errors.FairgateError]) -> errors.FairgateError:
    if kind is errors.ImageRefused:
        return errors.ImageRefused("It is so.", reason="missing", way_out="Do that.")
    if kind is errors.RulebookChangeRefused:
        return errors.RulebookChangeRefused("It is so.", reason="signature", way_out="Do that.")
    if kind is errors.ExportRefused:
        return errors.ExportRefused("It is so.", reason="expired", way_out="Do that.")
    return kind("It is so.", way_out="Do that.")


@pytest.mark.parametrize("kind", list(_all_errors()), ids=lambda kind: kind.code)
def test_each_error_is_one_line_with_its_code_and_exit_code(
    house: CardboardHouse, run: Run, kind: type[errors.FairgateError]
) -> None:
    """People read a line on standard error; scripts read an object on standard output; both end alike."""
    house.error = _raised(kind)
    ended = run("ledger", "verify")
    assert ended.code == kind.exit_code
    assert ended.out == ""
    assert ended.err.startswith(f"error [{kind.code}]: It is so. Do that.")
    assert ended.err.count("\n") == 1
    ended = run("ledger", "verify", "--json")
    assert ended.code == kind.exit_code
    assert ended.err == ""
    told = json.loads(ended.out)["error"]
    assert (told["code"], told["text"]) == (kind.code, "It is so.")
    assert told["way_out"].startswith("Do that.")


def test_the_unforeseen_is_one_line_and_its_traceback_is_in_the_log(
    house: CardboardHouse, run: Run, tmp_path: Path
) -> None:
    """Nobody sees a traceback; the log in the private data folder has it."""
    house.error = ZeroDivisionError("secret detail")
    ended = run("ledger", "verify")
    assert ended.code == 5
    assert ended.err.count("\n") == 1
    assert "internal.fault" in ended.err
    assert "secret" not in ended.err
    path = tmp_path / "data" / "fairgate.log"
    assert str(path) in ended.err
    assert "ZeroDivisionError: secret detail" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_debug_shows_the_traceback(house: CardboardHouse, run: Run) -> None:
    """Whoever asks for it sees it on standard error, and the last line is the error all the same."""
    house.error = ZeroDivisionError("detail")
    ended = run("ledger", "verify", "--debug")
    assert "Traceback" in ended.err
    assert ended.err.splitlines()[-1].startswith("error [internal.fault]")


def test_a_log_that_cannot_be_written_hides_nothing(house: CardboardHouse, run: Run, tmp_path: Path) -> None:
    """Where the data folder is no folder, the error is told and the way to its details is another."""
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    house.error = ZeroDivisionError("detail")
    ended = run("ledger", "verify")
    assert ended.code == 5
    assert ended.err.count("\n") == 1
    assert "--debug" in ended.err


def test_the_log_is_let_go(run: Run) -> None:
    """A run leaves no handler behind for the next one."""
    before = list(log.handlers)
    run("ledger", "verify")
    run("ledger", "verify", "--debug")
    assert log.handlers == before


def test_what_the_system_refuses_is_said(house: CardboardHouse, run: Run) -> None:
    """A full disk is named as one."""
    house.error = OSError(28, "No space left on device")
    ended = run("ledger", "verify")
    assert ended.code == 5
    assert "No space left on device" in ended.err


def test_a_missing_package_names_the_extra(house: CardboardHouse, run: Run) -> None:
    """The base installation has the command but not what the service needs."""
    for package, extra in (("onnxruntime", "service"), ("dlib", "bench"), ("numpy", "measure")):
        house.error = ModuleNotFoundError(f"No module named {package!r}", name=package)
        ended = run("ledger", "verify")
        assert ended.code == 4
        assert f"{package} is not installed. Install fairgate[{extra}]." in ended.err


def test_a_part_of_our_own_that_is_missing_is_a_fault(house: CardboardHouse, run: Run) -> None:
    """A broken installation is not blamed on the extras."""
    house.error = ModuleNotFoundError("No module named 'fairgate.x'", name="fairgate.x")
    assert run("ledger", "verify").code == 5


@pytest.mark.parametrize(
    "argv",
    [
        ["nonsense"],
        ["verify"],
        ["verify", "a.jpg"],
        ["board", "captures.csv", "--nonsense"],
        ["stage", "list.edi"],
        ["stage", "list.edi", "--references", "x", "--direction", "sideways"],
        ["stage", "list.edi", "--references", "x", "--top-up-to", "0"],
        ["packs"],
        ["ledger"],
        ["ledger", "verify", "--pack"],
    ],
    ids=" ".join,
)
def test_usage_ends_with_2_on_one_line(run: Run, argv: list[str]) -> None:
    """A mistyped command says what is wrong and which help to ask for."""
    ended = run(*argv)
    assert ended.code == 2
    assert ended.err.startswith("error [usage]: ")
    assert ended.err.count("\n") == 1
    assert "--help" in ended.err
    assert json.loads(run(*argv, "--json").out)["error"]["code"] == "usage"


def test_no_command_prints_the_help_and_ends_with_2(run: Run) -> None:
    """Typing the name alone shows what there is."""
    ended = run()
    assert ended.code == 2
    assert "ledger" in ended.out


def test_interrupting_ends_with_130(house: CardboardHouse, run: Run) -> None:
    """Ctrl-C is no fault."""
    house.error = KeyboardInterrupt()
    ended = run("ledger", "verify")
    assert ended.code == 130
    assert ended.err == "interrupted\n"


def test_a_broken_pipe_of_somebody_else_is_a_fault(house: CardboardHouse, run: Run) -> None:
    """Only our own reader going away is quiet; a worker's pipe is not."""
    house.error = BrokenPipeError(32, "Broken pipe")
    assert run("ledger", "verify").code == 5


def test_global_options_may_stand_anywhere() -> None:
    """They are moved before the command, with their values; what follows ``--`` is left alone."""
    assert globals_first(["board", "x.csv", "--data-dir", "d", "--json", "--pack=p", "--debug"]) == [
        "--data-dir",
        "d",
        "--pack=p",
        "--debug",
        "board",
        "x.csv",
        "--json",
    ]
    assert globals_first(["verify", "--", "--debug", "--pack"]) == ["verify", "--", "--debug", "--pack"]


def test_flags_override_the_environment(run: Run, tmp_path: Path) -> None:
    """A global option behind the command reaches the settings, and ``config show`` says that a flag did it."""
    ended = run("config", "show", "--json", "--rulebook", "example-eu-ees", "--data-dir", str(tmp_path / "other"))
    settings = json.loads(ended.out)["settings"]
    assert settings["rulebook"] == {"value": "example-eu-ees", "origin": "flag", "from": ""}
    assert settings["data_dir"]["value"] == str(tmp_path / "other")
    assert settings["cache_dir"]["origin"] == "environment"


def test_the_log_says_what_ran(run: Run, tmp_path: Path) -> None:
    """A command that opened the house leaves one line with its duration."""
    assert run("ledger", "verify").code == 0
    text = (tmp_path / "data" / "fairgate.log").read_text(encoding="utf-8")
    assert "INFO" in text
    assert "ledger done in" in text


def test_looking_at_settings_makes_nothing(run: Run, tmp_path: Path) -> None:
    """``config show`` creates neither data folder nor log."""
    assert run("config", "show").code == 0
    assert not (tmp_path / "data").exists()
