"""What every test may use: where the real portraits lie, and a refusal to skip in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _data_folder() -> Path | None:
    named = os.environ.get("FAIRGATE_DATA")
    candidates = [Path(named)] if named else [Path(__file__).resolve().parents[2] / "shared" / "data"]
    return next((folder for folder in candidates if (folder / "portraits" / "pairs.csv").is_file()), None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real portraits, passenger lists and chips; the test is skipped where it is absent."""
    folder = _data_folder()
    if folder is None:
        pytest.skip("the shared data folder is absent (set FAIRGATE_DATA)")
    return folder
