"""Reference photos in a folder, or named by a CSV file beside them. Which photo belongs to whom, not what is on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fairgate.errors import TableRefused
from fairgate.outside.plain_files import leads_outside
from fairgate.outside.rows import Deviation, RowRefused, read_document, read_relative_path, read_rows

REFERENCES_COLUMNS = ("file", "issuer", "number")
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".jp2", ".j2k")


@dataclass(frozen=True, slots=True)
class ReferencePhoto:
    """A reference photo that has not been read yet.

    Args:
        document: ``ISSUER-NUMBER`` in capitals.
        label: how to speak of it without naming anybody: the table's line, or its number among the folder's files.
        file: where it lies.
        folder: the folder it may not leave when it is read.
    """

    document: str
    label: str
    file: Path
    folder: Path

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
    """The reference photos found, one for each document, and what was set aside."""

    photos: tuple[ReferencePhoto, ...]
    deviations: tuple[Deviation, ...]


def read_references(path: Path) -> ReferenceTable:
    """Return the reference photos in a folder (``ISSUER-NUMBER.jpg``) or in a CSV file (``file,issuer,number``).

    Raises:
        TableRefused: there is neither a folder nor a usable CSV file at ``path``.
    """
    return _in_folder(path.absolute()) if path.is_dir() else _in_table(path.absolute())


def _in_folder(folder: Path) -> ReferenceTable:
    photos: dict[str, ReferencePhoto] = {}
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
            _add(photos, ReferencePhoto(read_document(file.stem), label, file, folder))
        except RowRefused as refused:
            deviations.append(Deviation(refused.code, file.name, str(refused), label=label))
    return ReferenceTable(tuple(photos.values()), tuple(deviations))


def _in_table(path: Path) -> ReferenceTable:
    photos: dict[str, ReferencePhoto] = {}

    def take(line: int, values: Mapping[str, str]) -> None:
        document = read_document(f"{values['issuer']}-{values['number']}")
        file = path.parent / read_relative_path(values["file"])
        _add(photos, ReferencePhoto(document, f"{path.name} line {line}", file, path.parent))

    deviations = read_rows(path, REFERENCES_COLUMNS, take)
    return ReferenceTable(tuple(photos.values()), deviations)


def _add(photos: dict[str, ReferencePhoto], photo: ReferencePhoto) -> None:
    if leads_outside(photo.file, photo.folder):
        raise RowRefused("row_file", "the file is a link out of its folder")
    if photo.document in photos:
        raise RowRefused("row_repeated", "the document has a photo already; the first one counts")
    photos[photo.document] = photo
