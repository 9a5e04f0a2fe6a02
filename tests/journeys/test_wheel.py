"""The built wheel, installed with what it declares and nothing else, boards the demo's flight."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
from journey import install, last_object

pytestmark = [pytest.mark.slow, pytest.mark.needs_component]


def test_rulebooks_packs_templates_and_migrations_are_inside(wheel: Path) -> None:
    """Everything that the program reads at run time, and nothing of the tests."""
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
    for wanted in (
        "fairgate/face/packs/dlib-cc0.toml",
        "fairgate/rules/rulebooks/us-cbp.toml",
        "fairgate/web/templates/boarding_report.html.j2",
        "fairgate/web/templates/measuring_report.html.j2",
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
    programs = install(wheel, "service", tmp_path / "venv")
    command = [str(programs / "fairgate"), "demo", "--json", "--data", str(few_portraits)]
    command += ["--out", str(tmp_path / "demo")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    summary = last_object(result.stdout)
    assert summary["matched"] >= 10
    assert summary["strangers_matched"] == 0
    assert Path(summary["report"]).is_file()
