"""What every test may use: where the real portraits lie, and a refusal to skip in CI."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

_ABSENT = "the shared data folder is absent (set FAIRGATE_DATA)"


def _data_folder() -> Path | None:
    named = os.environ.get("FAIRGATE_DATA")
    candidates = [Path(named)] if named else [Path(__file__).resolve().parents[2] / "shared" / "data"]
    return next((folder for folder in candidates if (folder / "portraits" / "pairs.csv").is_file()), None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real portraits, passenger lists and chips; the test is skipped where it is absent."""
    folder = _data_folder()
    if folder is None:
        pytest.skip(_ABSENT)
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI (FAIRGATE_CI_STRICT) a test that needs a real component fails where it would have been skipped.

    The shared data are no component: the suite passes without them.
    """
    report = yield
    strict = bool(os.environ.get("FAIRGATE_CI_STRICT")) and _ABSENT not in str(report.longrepr)
    if strict and report.skipped and item.get_closest_marker("needs_component") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"a real component is missing: {report.longrepr}"
    return report
