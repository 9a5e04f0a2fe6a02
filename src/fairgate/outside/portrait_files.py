"""A folder of portraits to calibrate with: two years of photos, and a table that says who is in both."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fairgate.errors import InputRefused

_OLDER, _NEWER = "2014", "2024"


@dataclass(frozen=True, slots=True)
class PortraitFile:
    """One portrait.

    Args:
        name: path relative to the folder, with ``/``.
        subject: who it shows, by the key that the files are named with.
        older: from the older of the two years.
        path: where it lies.
        year: of the photo.
        born_on: date of birth of whom it shows, where ``people.csv`` gives it.
    """

    name: str
    subject: str
    older: bool
    path: Path
    year: int = int(_NEWER)
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class PortraitFolder:
    """A set of portraits.

    Args:
        files: by year, then by name.
        same_photo: subjects whose two portraits are one photo.
    """

    files: tuple[PortraitFile, ...]
    same_photo: frozenset[str]


def read_portraits(folder: Path) -> PortraitFolder:
    """Return the portraits of a folder with ``2014/``, ``2024/`` and ``pairs.csv``, and what ``people.csv`` may add.

    Raises:
        InputRefused: one of them is missing, or a date of birth is none.
    """
    table = folder / "pairs.csv"
    if not table.is_file():
        raise InputRefused(f"There is no pairs.csv in {folder}.", way_out="Name the folder that holds it.")
    with table.open(encoding="utf-8", newline="") as lines:
        same = frozenset(row["subject"] for row in csv.DictReader(lines) if row.get("same_portrait") == "1")
    born = _birth_dates(folder / "people.csv")
    files = tuple(
        PortraitFile(f"{year}/{path.name}", path.stem, year == _OLDER, path, int(year), born.get(path.stem))
        for year in (_OLDER, _NEWER)
        for path in sorted((folder / year).glob("*.jpg"))
    )
    if not files:
        raise InputRefused(f"There are no portraits in {folder}.", way_out=f"Put them in {_OLDER}/ and {_NEWER}/.")
    return PortraitFolder(files, same)


def _birth_dates(table: Path) -> dict[str, date]:
    """Return dates of birth by subject, from a table ``subject,born`` that may be absent."""
    if not table.is_file():
        return {}
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            return {row["subject"]: date.fromisoformat(row["born"]) for row in csv.DictReader(lines) if row["born"]}
    except (KeyError, ValueError) as error:
        raise InputRefused(
            "people.csv does not give dates of birth.", way_out="Its columns are subject,born; a date is 1950-12-31."
        ) from error
