"""The house's own rules: who may import whom, and that the pure parts stay pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "fairgate"
PURE = ("vocabulary.py", "rules", "face", "gallery", "papers", "ledger", "measure")
FORBIDDEN_CALLS = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
FORBIDDEN_METHODS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("random", "default_rng"),
    ("random", "rand"),
    ("random", "seed"),
    ("np", "fromfile"),
    ("np", "load"),
    ("np", "save"),
}


def impurities(source: str) -> list[str]:
    """Return what in a module's text does I/O, reads a clock or draws randomness, which imports cannot show."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in FORBIDDEN_CALLS:
                found.append(f"{node.lineno}: {name}()")
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in FORBIDDEN_METHODS:
                found.append(f"{node.lineno}: {owner}.{name}()")
            case ast.Attribute(value=ast.Attribute(attr=owner), attr=name) if (owner, name) in FORBIDDEN_METHODS:
                found.append(f"{node.lineno}: …{owner}.{name}()")
            case _:
                pass
    return found


def pure_modules() -> list[Path]:
    """Return every module of the parts that must do no I/O."""
    return sorted(
        path for room in PURE for path in ([PACKAGE / room] if room.endswith(".py") else (PACKAGE / room).rglob("*.py"))
    )


@pytest.mark.parametrize("module", pure_modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pure_parts_do_no_io_and_read_no_clock(module: Path) -> None:
    """The six parts and the vocabulary open nothing, print nothing, read no clock and draw no randomness."""
    assert impurities(module.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    ["open('x')", "datetime.now()", "datetime.datetime.now(tz)", "np.random.default_rng()", "print(1)", "date.today()"],
)
def test_the_scan_finds_what_is_planted(planted: str) -> None:
    """A scan that finds nothing must also find a planted one."""
    assert impurities(f"def f():\n    return {planted}\n")


def test_import_contracts_hold() -> None:
    """import-linter keeps every contract of pyproject.toml."""
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=PACKAGE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.parametrize("module", ["fairgate", "fairgate.measure", "fairgate.verifier"])
def test_measure_and_verifier_stand_alone(module: str) -> None:
    """Importing them brings no engine, database, web framework or image library."""
    heavy = ("onnxruntime", "cv2", "PIL", "sqlalchemy", "fastapi", "pydantic_settings", "sqlite3")
    script = f"import {module}, sys; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
