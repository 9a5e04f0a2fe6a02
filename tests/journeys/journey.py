"""What journeys share: how the command line is run, and how its answers are read."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fairgate.simulate.demo_sign import LANGUAGES, draw_sign

PROJECT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True)
class Flight:
    """A staged flight on disk.

    Args:
        folder: of the demo that made it: ``input/``, ``data/``, ``report.html``.
        summary: what the demo printed last.
    """

    folder: Path
    summary: dict[str, Any]

    @property
    def captures(self) -> Path:
        """Return the captures table."""
        return self.folder / "input" / "captures" / "captures.csv"

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.folder / "data"


def fairgate(*arguments: str | Path, data_dir: Path | None = None) -> list[str]:
    """Return the command line that runs the installed CLI."""
    command = [str(Path(sys.executable).parent / "fairgate")]
    if data_dir is not None:
        command += ["--data-dir", str(data_dir)]
    return command + [str(argument) for argument in arguments]


def hang_sign(run: Run, data_dir: Path, folder: Path, *locations: str) -> None:
    """Record a bilingual sign at lanes, drawn into a folder and hung up yesterday, so that they open."""
    folder.mkdir(exist_ok=True)
    sign = draw_sign(folder)
    lanes = [word for location in locations for word in ("--location", location)]
    languages = [word for language in LANGUAGES for word in ("--language", language)]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    times = ("--taken", yesterday.isoformat(), "--expires", (yesterday + timedelta(days=300)).isoformat())
    command = ("notices", "record", *lanes, *languages, "--text", sign.text, "--picture", sign.picture, *times)
    run(*command, data_dir=data_dir)


def objects(printed: str) -> list[dict[str, Any]]:
    """Return the JSON objects that a command printed, one a line."""
    return [json.loads(line) for line in printed.splitlines() if line.strip()]


def last_object(printed: str) -> dict[str, Any]:
    """Return the last of them."""
    return objects(printed)[-1]


def rows_of(table: Path) -> Sequence[dict[str, str]]:
    """Return a CSV file's rows."""
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def install(wheel: Path, extra: str, home: Path) -> Path:
    """Make an environment with the wheel and one of its extras, and return its folder of programs.

    The lock only narrows the versions: what is installed is what the wheel declares.
    """
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
    command = [uv, "pip", "install", "--quiet", "--python", str(home / "bin" / "python")]
    command += ["--constraints", str(PROJECT / "requirements.txt"), f"fairgate[{extra}] @ {wheel.as_uri()}"]
    subprocess.run(command, check=True, capture_output=True)
    return home / "bin"


def undemonstrated(output: str) -> list[str]:
    """Return the lines of an output, without the one that says that this is a demonstration."""
    return [line for line in output.strip().splitlines() if not line.startswith("DEMO MODE:")]
