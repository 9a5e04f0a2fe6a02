"""What doctor tells about the machine: each fault has a way out, and what is right has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairgate.cli.machine import (
    EARLIEST,
    LEAST_FREE_BYTES,
    check_clock,
    check_disk,
    check_folder,
    check_packages,
    check_python,
    folder_checks,
)


def test_python_is_measured_against_the_least_version() -> None:
    """The version named in the package's metadata is enough; one less is not."""
    assert check_python((3, 11)).ok
    assert check_python((4, 0)).ok
    found = check_python((3, 10))
    assert not found.ok
    assert "3.11" in found.way_out


def test_missing_packages_are_named() -> None:
    """What the service needs counts, what only developers or benchmarks need does not."""
    requirements = [
        "typer>=0.15",
        "no-such-package-a>=1",
        'no-such-package-b; extra == "service"',
        "no-such-package-c[x]>=2; extra == 'measure'",
        'no-such-package-d; extra == "bench"',
        'fairgate[measure]; extra == "service"',
    ]
    found = check_packages(requirements)
    assert not found.ok
    assert found.text == "Missing: no-such-package-a, no-such-package-b, no-such-package-c"
    assert check_packages(["typer>=0.15"]).ok


@pytest.mark.parametrize(("mode", "private", "ok"), [(0o700, True, True), (0o750, True, False), (0o755, False, True)])
def test_the_mode_of_a_folder_counts(tmp_path: Path, mode: int, private: bool, ok: bool) -> None:
    """Data may be read by nobody else; the cache may be read, but not written."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    assert check_folder("folder", folder, private=private).ok is ok


def test_a_cache_that_others_may_write_to_is_wrong(tmp_path: Path) -> None:
    """Models could be swapped there; the way out is a command to run."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o777)
    found = check_folder("folder", folder, private=False)
    assert not found.ok
    assert found.way_out == f"Run: chmod 700 {folder}"


def test_a_folder_that_is_none_is_wrong(tmp_path: Path) -> None:
    """A file or a link in the folder's place is not used."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        found = check_folder("folder", tmp_path / name, private=True)
        assert not found.ok
        assert found.way_out
    assert not check_folder("folder", tmp_path / "file" / "below", private=True).ok


def test_an_absent_folder_is_fine_and_stays_absent(tmp_path: Path) -> None:
    """Looking makes nothing."""
    found = folder_checks(tmp_path / "a" / "b", tmp_path / "c")
    assert [one.name for one in found] == ["data folder", "cache folder", "free disk"]
    assert found[0].ok
    assert list(tmp_path.iterdir()) == []


def test_little_disk_is_wrong() -> None:
    """Just enough is enough."""
    assert check_disk(LEAST_FREE_BYTES).ok
    assert not check_disk(LEAST_FREE_BYTES - 1).ok


def test_a_clock_out_of_the_question_is_wrong() -> None:
    """Before Fairgate existed, or half a century on, the clock cannot be right; deadlines go by it."""
    assert check_clock(EARLIEST).ok
    assert not check_clock(EARLIEST - timedelta(seconds=1)).ok
    assert not check_clock(datetime(2099, 1, 1, tzinfo=UTC)).ok
