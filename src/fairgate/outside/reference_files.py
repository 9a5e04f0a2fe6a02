"""Reference photos in a folder, or named by a CSV file beside them. Which photo belongs to whom, not what is on it.

A document may have several. In a folder the first is ``ISSUER-NUMBER.jpg`` and the others end in ``-2``, ``-3`` and so
on, or ``_2``, ``_3``: a document's number holds neither sign, so a second one always starts the photo's number. In a
table the document is named in several rows. Photos of one document come in the order of their numbers, or of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fairgate.errors import TableRefused
from fairgate.outside.plain_files import leads_outside
from fairgate.outside.rows import Deviation, RowRefused, read_document, read_relative_path, read_rows

REFERENCES_COLUMNS = ("file", "issuer", "number")
REFERENCES_OPTIONAL = ("taken",)
_NUMBERED = re.compile(r"(?P<document>[^-]+-[^-_]+)[-_](?P<number>[1-9][0-9]?)")
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".jp2", ".j2k")


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A reference photo that has not been read yet.

    Args:
        document: ``ISSUER-NUMBER`` in capitals.
        label: how to speak of it without naming anybody: the table's line, or its number among the folder's files.
        position: which of the document's photos it is, from 1.
        file: where it lies.
        folder: the folder it may not leave when it is read.
        taken_on: day on which it was taken, or its document was issued, where the table says so.
    """

    document: str
    label: str
    position: int
    file: Path
    folder: Path
    taken_on: date | None = None

    @property
    def issuer(self) -> str:
        """The state that issued the document."""
        return self.document.partition("-")[0]

    @property
    def number(self) -> str:
        """The document's number."""
        return self.document.partition("-")[2]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """The reference photos found, those of one document in their order, and what was set aside."""

    photos: tuple[ReferencePhoto, ...]
    deviations: tuple[Deviation, ...]


def read_references(path: Path) -> ReferenceTable:
    """Return the reference photos in a folder (``ISSUER-NUMBER.jpg``) or in a CSV file (``file,issuer,number``).

    Raises:
        TableRefused: there is neither a folder nor a usable CSV file at ``path``.
    """
    return _in_folder(path.absolute()) if path.is_dir() else _in_table(path.absolute())


def _in_folder(folder: Path) -> ReferenceTable:
    photos: dict[tuple[str, int], ReferencePhoto] = {}
    deviations: list[Deviation] = []
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise TableRefused(f"The folder {folder.name} may not be read.", way_out="Check its permissions.") from error
    for position, file in enumerate(files, start=1):
        label = f"file {position} of the folder"
        try:
            if file.suffix.lower() not in PHOTO_SUFFIXES or not file.is_file():
                raise RowRefused("not_a_photo", f"it is no file ending in {', '.join(PHOTO_SUFFIXES)}")
            document, number = _named(file.stem)
            photo = ReferencePhoto(document, label, number, file, folder)
            _require_inside(photo)
            if photos.setdefault((document, number), photo) is not photo:
                raise RowRefused(
                    "row_repeated", "the document has a photo of that number already; the first one counts"
                )
        except RowRefused as refused:
            deviations.append(Deviation(refused.code, file.name, str(refused), label=label))
    # By name -10 comes before -2, and -2 before the photo without a number.
    return ReferenceTable(tuple(sorted(photos.values(), key=_place(photos.values()))), tuple(deviations))


def _in_table(path: Path) -> ReferenceTable:
    photos: dict[str, list[ReferencePhoto]] = {}

    def take(line: int, values: Mapping[str, str]) -> None:
        document = read_document(f"{values['issuer']}-{values['number']}")
        file = path.parent / read_relative_path(values["file"])
        before = photos.get(document, [])
        label = f"{path.name} line {line}"
        photo = ReferencePhoto(document, label, len(before) + 1, file, path.parent, _day(values["taken"]))
        _require_inside(photo)
        if any(one.file == file for one in before):
            raise RowRefused("row_repeated", "the document has this photo already")
        photos[document] = [*before, photo]

    deviations = read_rows(path, REFERENCES_COLUMNS, take, optional=REFERENCES_OPTIONAL)
    return ReferenceTable(tuple(photo for own in photos.values() for photo in own), deviations)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RowRefused("row_taken", "taken is no day such as 2021-06-30") from error


def _named(stem: str) -> tuple[str, int]:
    """Return the document and the photo's number that a file's name says; without a number it is the first."""
    numbered = _NUMBERED.fullmatch(stem)
    if numbered is None:
        return read_document(stem), 1
    return read_document(numbered["document"]), int(numbered["number"])


def _place(photos: Iterable[ReferencePhoto]) -> Callable[[ReferencePhoto], tuple[int, int]]:
    """Return a key that keeps documents in order of appearance and puts each one's photos in order of number."""
    first: dict[str, int] = {}
    for place, photo in enumerate(photos):
        first.setdefault(photo.document, place)
    return lambda photo: (first[photo.document], photo.position)


def _require_inside(photo: ReferencePhoto) -> None:
    if leads_outside(photo.file, photo.folder):
        raise RowRefused("row_file", "the file is a link out of its folder")
