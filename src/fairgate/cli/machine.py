"""What ``doctor`` can tell without opening the house: Python, packages, folders, disk and clock."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

INSTALL = "Install fairgate[service]."
LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
"""Before this, Fairgate did not exist: a clock that says less is wrong, and would erase nothing in time."""

_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*])?")
_EXTRAS = ("service", "measure")


@dataclass(frozen=True, slots=True)
class Found:
    """One check with its result and the way out of it."""

    name: str
    ok: bool
    text: str
    way_out: str = ""


def machine_checks(now: datetime) -> tuple[Found, ...]:
    """Return what can be told without any setting.

    Args:
        now: the present, aware.
    """
    requirements = importlib.metadata.requires("fairgate") or []
    return check_python(sys.version_info[:2]), check_packages(requirements), check_clock(now)


def folder_checks(data_dir: Path, cache_dir: Path) -> tuple[Found, ...]:
    """Return whether the folders are private and there is room.

    Args:
        data_dir: where everything is kept; need not exist yet.
        cache_dir: where what can be made again is kept; need not exist yet.
    """
    return (
        check_folder("data folder", data_dir, private=True),
        check_folder("cache folder", cache_dir, private=False),
        check_disk(shutil.disk_usage(_existing(data_dir)).free),
    )


def check_python(version: tuple[int, int]) -> Found:
    """Return whether this Python is new enough."""
    text = f"Python {version[0]}.{version[1]}"
    wanted = ".".join(map(str, LEAST_PYTHON))
    return Found("python", version >= LEAST_PYTHON, text, "" if version >= LEAST_PYTHON else f"Use Python {wanted}.")


def check_packages(requirements: list[str]) -> Found:
    """Return whether what the service needs is installed.

    Args:
        requirements: as the distribution's metadata has them.
    """
    names = sorted(_needed(requirements))
    missing = [name for name in names if not _installed(name)]
    if missing:
        return Found("packages", ok=False, text=f"Missing: {', '.join(missing)}", way_out=INSTALL)
    return Found("packages", ok=True, text=f"{len(names)} packages are installed")


def check_folder(name: str, folder: Path, *, private: bool) -> Found:
    """Return whether a folder is closed to others, or can be made.

    Args:
        name: how to speak of it.
        folder: need not exist yet.
        private: others may not even read it; else they may not write to it.
    """
    try:
        state = folder.lstat()
    except FileNotFoundError:
        above = _existing(folder)
        if os.access(above, os.W_OK | os.X_OK):
            return Found(name, ok=True, text=f"{folder} will be made")
        return Found(
            name, ok=False, text=f"{folder} cannot be made", way_out=f"Make {above} writable, or name another."
        )
    except OSError as error:
        return Found(name, ok=False, text=f"{folder}: {error.strerror}", way_out="Name another folder.")
    mode = stat.S_IMODE(state.st_mode)
    text, way_out = f"{folder} has mode {mode:o}", ""
    if not stat.S_ISDIR(state.st_mode):
        text, way_out = f"{folder} is not a folder", "Name another folder."
    elif state.st_uid != os.geteuid():
        text, way_out = f"{folder} belongs to another user", "Name another folder."
    elif mode & (0o077 if private else 0o022) or mode & 0o700 != 0o700:
        way_out = f"Run: chmod 700 {folder}"
    return Found(name, ok=not way_out, text=text, way_out=way_out)


def check_disk(free_bytes: int) -> Found:
    """Return whether there is room to work."""
    text = f"{free_bytes / 1e9:.1f} GB free"
    if free_bytes < LEAST_FREE_BYTES:
        return Found("free disk", ok=False, text=text, way_out=f"Free at least {LEAST_FREE_BYTES / 1e9:g} GB.")
    return Found("free disk", ok=True, text=text)


def check_clock(now: datetime) -> Found:
    """Return whether the clock can be right."""
    text = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if now < EARLIEST or now.year > EARLIEST.year + 50:
        return Found("clock", ok=False, text=text, way_out="Set the clock: deadlines and rules go by it.")
    return Found("clock", ok=True, text=text)


def _needed(requirements: list[str]) -> Iterator[str]:
    for requirement in requirements:
        specifier, _, marker = requirement.partition(";")
        name = _REQUIREMENT.match(specifier.strip())
        if name is None or name[1].lower() == "fairgate":
            continue
        if "extra ==" not in marker or any(f'"{extra}"' in marker.replace("'", '"') for extra in _EXTRAS):
            yield name[1]


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _existing(folder: Path) -> Path:
    """Return the nearest folder at or above that exists."""
    return next((above for above in (folder, *folder.parents) if above.is_dir()), Path("/"))
