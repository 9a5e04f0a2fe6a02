"""The command as a process of its own: exit codes, quick starting, and a reader that goes away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairgate.cli.output import DEMO_LINE

HEAVY = ("numpy", "onnxruntime", "onnx", "sqlalchemy", "cv2", "PIL", "vl_convert", "cryptography", "pydantic_settings")


def _environ(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAIRGATE_")}
    (tmp_path / "empty.toml").touch()
    return kept | {
        "FAIRGATE_CONFIG": str(tmp_path / "empty.toml"),
        "FAIRGATE_DATA_DIR": str(tmp_path / "data"),
        "FAIRGATE_CACHE_DIR": str(tmp_path / "cache"),
    }


def _fairgate(tmp_path: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fairgate", *argv],
        capture_output=True,
        text=True,
        check=False,
        env=_environ(tmp_path) | environ,
        cwd=tmp_path,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("--version",), 0),
        (("board", "--help"), 0),
        (("config", "show", "--json"), 0),
        (("config", "check", "--rulebook", "nowhere"), 1),
        (("board",), 2),
        (("demo", "--data", "absent"), 3),
        (("config", "show", "--config", "absent.toml"), 4),
        (("packs", "verify", "absent"), 4),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_codes(tmp_path: Path, argv: tuple[str, ...], code: int) -> None:
    """Each kind of ending has its code, and none of them a traceback."""
    ended = _fairgate(tmp_path, *argv)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    said = ended.stderr.replace(f"{DEMO_LINE}\n", "") if argv[0] == "demo" else ended.stderr
    assert said.count("\n") == (1 if code >= 2 else 0)


def test_a_mistyped_variable_is_refused(tmp_path: Path) -> None:
    """What the environment says wrongly stops the command before it does anything."""
    ended = _fairgate(tmp_path, "config", "show", "--json", FAIRGATE_THREDS="1")
    assert ended.returncode == 4
    assert json.loads(ended.stdout)["error"]["way_out"] == "Did you mean FAIRGATE_THREADS?"


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """Showing help, of the whole and of each command, needs only what the base installation has."""
    script = (
        "import json, sys\n"
        "from fairgate.cli import main\n"
        "for argv in (['--help'], ['demo', '--help'], ['stage', '--help'], ['board', '--help'], ['packs', '--help'],\n"
        "             ['bench', 'engine', '--help'], ['doctor', '--help'], ['measure', '--help'],\n"
        "             ['measure', 'scores', '--help'], ['measure', 'pairs', '--help']):\n"
        "    assert main(argv) == 0, argv\n"
        f"print(json.dumps(sorted(set({HEAVY!r}) & set(sys.modules))))\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('fairgate.services'))))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environ(tmp_path), timeout=120
    )
    assert ended.stdout.splitlines()[-2:] == ["[]", "[]"]


@pytest.mark.parametrize(
    "argv", [("config", "show"), ("config", "show", "--json"), ("board", "--help"), ("--version",)]
)
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, argv: tuple[str, ...]) -> None:
    """``fairgate … | head -0`` ends quietly, with a code that no failed check has."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "fairgate", *argv],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
            env=_environ(tmp_path),
            timeout=120,
        )
    finally:
        os.close(writing)
    assert ended.returncode == 141
    assert ended.stderr == b""
