"""The built wheel, installed with what it declares and nothing else, boards the demo's flight."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from journey import last_object

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.needs_component]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_rulebooks_packs_templates_and_migrations_are_inside(wheel: Path) -> None:
    """Everything that the program reads at run time, and nothing of the tests."""
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
    for wanted in (
        "fairgate/face/packs/dlib-cc0.toml",
        "fairgate/rules/rulebooks/us-cbp.toml",
        "fairgate/web/templates/boarding_report.html.j2",
        "fairgate/store/migrations/env.py",
        "fairgate/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests/") or name.endswith((".dat", ".onnx", ".jpg"))]


@pytest.mark.needs_portraits
def test_it_runs_the_demo_in_a_clean_environment(
    wheel: Path, few_portraits: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Installed with its declared extra `service` alone; the lock only narrows the versions."""
    home = tmp_path / "venv"
    uv = str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(home / "bin" / "python")]
    install += ["--constraints", str(PROJECT / "requirements.txt")]
    subprocess.run([*install, f"fairgate[service] @ {wheel.as_uri()}"], check=True, capture_output=True)
    command = [str(home / "bin" / "fairgate"), "demo", "--json", "--data", str(few_portraits)]
    command += ["--out", str(tmp_path / "demo")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    summary = last_object(result.stdout)
    assert summary["matched"] >= 10
    assert summary["strangers_matched"] == 0
    assert Path(summary["report"]).is_file()
