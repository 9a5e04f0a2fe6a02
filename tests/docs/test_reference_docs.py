"""The reference is complete: every setting, error code, command, option, column and deviation is documented."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from fairgate import errors
from fairgate.cli import front
from fairgate.cli.app import app
from fairgate.config import NOT_SETTINGS, Settings
from fairgate.outside.decision_files import DECISION_COLUMNS
from fairgate.outside.reference_files import PHOTO_SUFFIXES, REFERENCES_COLUMNS
from fairgate.outside.tables import CAPTURES_COLUMNS, CAPTURES_OPTIONAL, TRUTH_COLUMNS
from fairgate.rules.faults import FAULTS, FactsRefused

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _read(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return the text of each second-level heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _rows(text: str) -> dict[str, str]:
    """Return table rows by the word in their first cell."""
    return {match[1]: match[0] for match in re.finditer(r"^\| `?([\w.]+)`? \|.*$", text, flags=re.MULTILINE)}


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with the words that call it."""
    below = getattr(command, "commands", None)
    if not below:
        yield path, command
        return
    for name, one in below.items():
        yield from _commands(one, f"{path} {name}")


COMMANDS = dict(_commands(typer.main.get_command(app), "fairgate"))


def _kinds(base: type[errors.FairgateError] = errors.FairgateError) -> Iterator[type[errors.FairgateError]]:
    yield base
    for below in base.__subclasses__():
        yield from _kinds(below)


def test_every_command_and_option_is_documented() -> None:
    """A section for each command, a row for each option, a placeholder for each argument, and no section too many."""
    sections = _sections(_read("cli.md"))
    assert {title for title in sections if title.startswith("fairgate ")} == set(COMMANDS)
    for path, command in COMMANDS.items():
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                assert parameter.metavar.strip("[].") in sections[path], f"{path}: {parameter.metavar}"
                continue
            for spelled in parameter.opts:
                if spelled not in {"--help", "-h"}:
                    assert f"`{spelled}" in sections[path], f"{path} {spelled}"


def test_every_global_option_is_documented() -> None:
    """The options of ``fairgate`` itself stand in their own section."""
    section = _sections(_read("cli.md"))["Global options"]
    for parameter in typer.main.get_command(app).params:
        assert f"`{parameter.opts[0]}" in section


def test_every_command_has_json_and_examples() -> None:
    """Each can be used by a script, and shows how it is used."""
    for path, command in COMMANDS.items():
        assert any("--json" in parameter.opts for parameter in command.params), path
        assert command.epilog, path
        assert f"{path} " in f"{command.epilog} ".replace("--pack dlib-cc0 ", "").replace("--config house.toml ", "")


def test_every_setting_is_documented() -> None:
    """Name, variable, unit and default stand in one row; no row is left of a setting that is gone."""
    text = _read("configuration.md")
    rows = _rows(text)
    for name, field in Settings.model_fields.items():
        assert f"`FAIRGATE_{name.upper()}`" in rows[name]
        assert isinstance(field.json_schema_extra, dict)
        assert f"| {field.json_schema_extra['unit']} |" in rows[name]
        if field.default_factory is None and field.default is not None:
            assert str(field.default) in rows[name]
    assert set(re.findall(r"`FAIRGATE_(\w+)` \|", text)) == {name.upper() for name in Settings.model_fields}
    for variable in NOT_SETTINGS:
        assert variable in text


def test_every_error_code_is_documented() -> None:
    """Code and exit code of each exception, no code that is gone, and every reason of a refused image."""
    sections = _sections(_read("exit-codes-and-errors.md"))
    documented = {
        code: int(match[1])
        for title, text in sections.items()
        if (match := re.search(r"exit code (\d)", title))
        for code in _rows(text)
        if "." in code
    }
    assert {*FAULTS, FactsRefused} <= set(_kinds())
    assert documented == {kind.code: kind.exit_code for kind in _kinds()}
    reasons = {word for word in _rows(sections["Input refused (exit code 3)"]) if "." not in word}
    assert set(errors.ImageRefused.REASONS) <= reasons


def test_every_exit_code_is_documented() -> None:
    """What the front can end with is in the table."""
    rows = _rows(_read("exit-codes-and-errors.md"))
    for name, code in vars(front).items():
        if name.startswith("EXIT_"):
            assert str(code) in rows, name


def test_every_column_and_deviation_is_documented() -> None:
    """Each table's columns, the suffixes of photos, and every code that a row can be set aside with."""
    text = _read("files.md")
    sections = _sections(text)
    for title, columns in (
        ("captures.csv", CAPTURES_COLUMNS),
        ("truth.csv", TRUTH_COLUMNS),
        ("References", REFERENCES_COLUMNS),
        ("decisions.csv", DECISION_COLUMNS),
    ):
        assert ",".join(columns) in sections[title] or title == "truth.csv"
        assert set(columns) <= set(_rows(sections[title]))
    assert set(CAPTURES_OPTIONAL) <= set(_rows(sections["captures.csv"]))
    assert all(f"`{suffix}`" in sections["References"] or f"NUMBER{suffix}" in text for suffix in PHOTO_SUFFIXES)
    source = "".join(
        (ROOT / "src" / "fairgate" / f"{name}.py").read_text(encoding="utf-8")
        for name in (
            "outside/rows",
            "outside/tables",
            "outside/reference_files",
            "outside/decision_files",
            "bootstrap/arrivals",
        )
    )
    codes = set(re.findall(r'"(row_\w+|not_a_photo)"', source))
    assert codes
    assert codes <= set(_rows(text))


def _documented_calls() -> Iterator[tuple[str, str]]:
    for path in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]):
        for block in re.findall(r"^```(?:console|sh|bash)\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S):
            for line in block.splitlines():
                call = re.match(r"^(?:\$ )?(?:\.venv/bin/)?(fairgate .*?)(?:\s+[|>#].*)?$", line)
                if call:
                    yield path.name, call[1]
    for command in COMMANDS.values():
        for line in (command.epilog or "").splitlines():
            if line.strip().startswith("fairgate"):
                yield "help", re.split(r"\s+[|>]", line.strip())[0]


@pytest.mark.parametrize(("where", "call"), sorted(set(_documented_calls())))
def test_documented_commands_are_understood(where: str, call: str) -> None:
    """Every command line in the README, the documentation and the examples of the help parses."""
    command: Any = typer.main.get_command(app)
    arguments = front.globals_first(shlex.split(call)[1:])
    context = command.make_context("fairgate", arguments)
    while getattr(command, "commands", None):
        # A group keeps its command's name apart from the arguments, under a name that has changed over time.
        waiting = [*getattr(context, "_protected_args", ()), *context.args]
        name, command, arguments = command.resolve_command(context, waiting)
        context = command.make_context(name, list(arguments), parent=context)
