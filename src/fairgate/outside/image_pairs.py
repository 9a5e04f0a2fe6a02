"""Which images to compare: a table of pairs, or a folder with one subfolder a person. Nothing is decoded here."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import TableRefused
from fairgate.outside.plain_files import Unread, leads_outside, read_plain_file
from fairgate.outside.reference_files import PHOTO_SUFFIXES
from fairgate.outside.rows import RowRefused, read_relative_path, read_rows
from fairgate.outside.score_columns import check_pairs_header, group_of
from fairgate.outside.score_words import MATED_WORDS

PAIRS_COLUMNS = ("probe", "reference", "mated", "probe_subject", "reference_subject")
MOST_PAIRS = 10_000_000
"""More pairs than this are not made of a folder."""
_NAMED = 5
_TABLE_LIMIT_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class PairImage:
    """One image.

    Args:
        name: path below the table's or the people's folder, with ``/``.
        path: where it lies.
        folder: the folder that it may not leave when it is read.
    """

    name: str
    path: Path
    folder: Path


@dataclass(frozen=True, slots=True, eq=False)
class ImagePairs:
    """Images, and which of them to compare.

    Args:
        images: each once, in the order in which they are first named.
        probe: int32, shape (n,): index of each pair's probe among the images.
        reference: int32, shape (n,): of its reference.
        mated: bool, shape (n,): both show one person.
        probe_subject: who is on each probe, length n, empty where not stated; ``None`` where no row says.
        reference_subject: likewise.
        groups: labels of the probes and of the references by attribute, each of length n; an empty label is unknown.
        notes: columns that were not read, in whole sentences.
    """

    images: tuple[PairImage, ...]
    probe: NDArray[np.int32] = field(repr=False)
    reference: NDArray[np.int32] = field(repr=False)
    mated: NDArray[np.bool_] = field(repr=False)
    probe_subject: Sequence[str] | None = field(default=None, repr=False)
    reference_subject: Sequence[str] | None = field(default=None, repr=False)
    groups: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()


def read_image_pairs(path: Path) -> ImagePairs:
    """Return the pairs of a table, or of a folder every image with every other one.

    Args:
        path: CSV with ``probe``, ``reference`` and ``mated`` or both subjects, whose images are named relative to it;
            or a folder whose subfolders are named after people and hold their images.

    Raises:
        TableRefused: there is nothing to compare, a row cannot be used, or images are missing.
    """
    return _of_folder(path) if path.is_dir() else _of_table(path)


def _of_folder(folder: Path) -> ImagePairs:
    images, people = [], []
    for person in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        for file in sorted(person.iterdir()):
            if file.suffix.lower() in PHOTO_SUFFIXES and not file.name.startswith("."):
                images.append(PairImage(f"{person.name}/{file.name}", file, folder))
                people.append(person.name)
    if len(images) < 2:
        text = f"The folder {folder.name} does not hold two images in subfolders."
        raise TableRefused(text, way_out="Make one subfolder for each person, with that person's images in it.")
    if len(images) * (len(images) - 1) // 2 > MOST_PAIRS:
        text = f"The folder {folder.name} holds {len(images)} images, which make more than {MOST_PAIRS} pairs."
        raise TableRefused(text, way_out="Name the pairs in a CSV file.")
    _check_there(images)
    probe, reference = (side.astype(np.int32) for side in np.triu_indices(len(images), k=1))
    person_of = np.unique(np.array(people), return_inverse=True)[1]
    return ImagePairs(
        images=tuple(images),
        probe=probe,
        reference=reference,
        mated=person_of[probe] == person_of[reference],
        probe_subject=[people[at] for at in probe],
        reference_subject=[people[at] for at in reference],
    )


def _of_table(path: Path) -> ImagePairs:
    header = _header(path)
    notes = check_pairs_header(path.name, header, PAIRS_COLUMNS)
    taken = _Taken(path.absolute().parent, header)
    deviations = read_rows(path, header, taken.take)
    if deviations:
        more = f" and {len(deviations) - 1} more rows" if len(deviations) > 1 else ""
        text = f"{deviations[0].place}: {deviations[0].text}{more}."
        raise TableRefused(text, way_out="Correct the rows, or leave them out.")
    if not taken.mated:
        raise TableRefused(f"{path.name} names no pair.")
    images = list(taken.images.values())
    _check_there(images)
    return taken.pairs(images, notes)


def _header(path: Path) -> list[str]:
    content = read_plain_file(path, _TABLE_LIMIT_BYTES)
    if isinstance(content, Unread):
        raise TableRefused(f"{path.name} cannot be read.", way_out="Name a CSV file or a folder.")
    first = bytes(content).removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
    try:
        return [name.strip() for name in next(csv.reader([first], strict=True), [])]
    except csv.Error as error:
        raise TableRefused(f"{path.name} line 1: its quotation marks do not match.") from error


class _Taken:
    """Rows of a table, taken one by one."""

    def __init__(self, folder: Path, header: Sequence[str]) -> None:
        self._folder = folder
        self._subjects = {"probe_subject", "reference_subject"} <= set(header)
        self._attributes = tuple(dict.fromkeys(group[1] for group in map(group_of, header) if group))
        self._first_line: dict[tuple[str, str], int] = {}
        self.images: dict[str, PairImage] = {}
        self.mated: list[bool] = []
        self._people: tuple[list[str], list[str]] = ([], [])
        self._labels: dict[str, tuple[list[str], list[str]]] = {one: ([], []) for one in self._attributes}

    def take(self, line: int, values: Mapping[str, str]) -> None:
        """Take one row.

        Raises:
            RowRefused: it names no image, contradicts itself, or is there already.
        """
        probe, reference = (read_relative_path(values[side]) for side in ("probe", "reference"))
        if probe == reference:
            raise RowRefused("row_pair", "an image is compared with itself")
        if (first := self._first_line.setdefault((probe, reference), line)) != line:
            raise RowRefused("row_repeated", f"line {first} compares the same two images")
        mated = _mated(values, subjects=self._subjects)
        for name in (probe, reference):
            self.images.setdefault(name, PairImage(name, self._folder / name, self._folder))
        self.mated.append(mated)
        for at, side in enumerate(("probe", "reference")):
            self._people[at].append(values.get(f"{side}_subject", ""))
            for attribute in self._attributes:
                self._labels[attribute][at].append(values.get(f"{side}_group_{attribute}", ""))

    def pairs(self, images: Sequence[PairImage], notes: tuple[str, ...]) -> ImagePairs:
        """Return all rows."""
        place = {image.name: at for at, image in enumerate(images)}
        pairs = np.array([(place[one], place[other]) for one, other in self._first_line], dtype=np.int32)
        return ImagePairs(
            images=tuple(images),
            probe=pairs[:, 0].copy(),
            reference=pairs[:, 1].copy(),
            mated=np.array(self.mated, dtype=np.bool_),
            probe_subject=self._people[0] if self._subjects else None,
            reference_subject=self._people[1] if self._subjects else None,
            groups=self._labels,
            notes=notes,
        )


def _mated(values: Mapping[str, str], *, subjects: bool) -> bool:
    """Say whether a row is mated, from the column, the people, or both if they agree."""
    stated = MATED_WORDS.get(values.get("mated", "").lower())
    if stated is None:
        raise RowRefused("row_mated", "mated is not 1, 0, true, false, yes, no or empty")
    one, other = (values[side] if subjects else "" for side in ("probe_subject", "reference_subject"))
    if one and other:
        if stated in {0, 1} and bool(stated) != (one == other):
            raise RowRefused("row_mated", "mated contradicts the two subjects")
        return one == other
    if stated not in {0, 1}:
        raise RowRefused("row_mated", "nothing says whether the pair is mated")
    return bool(stated)


def _check_there(images: Sequence[PairImage]) -> None:
    missing = [image.name for image in images if not image.path.is_file() or leads_outside(image.path, image.folder)]
    if missing:
        named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        text = f"{len(missing)} of {len(images)} images are not there: {named}."
        raise TableRefused(
            text, way_out="Paths are relative to the CSV file, and links may not lead out of its folder."
        )
