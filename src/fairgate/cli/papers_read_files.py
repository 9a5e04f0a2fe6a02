"""Papers from files and folders: read whole and bounded, authenticated where they are chips.

Only pictures need the house behind the command line, which takes long to load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fairgate.errors import InputRefused, PapersError
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.outside.trust_files import read_chip_folder as files_of_chip
from fairgate.outside.trust_files import read_trust_files
from fairgate.papers.mrz.plain import plain_zone
from fairgate.papers.read_any import WAY_OUT, PaperRead, read_chip_folder, read_paper
from fairgate.papers.recognise import PaperKind, recognise
from fairgate.papers.trust.store import TrustStore, trust_store
from fairgate.services.trust_from_files import trust_from_files
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    from fairgate.config import Settings
    from fairgate.services.read_data_page import DataPage, PortraitFinder

MEBIBYTE = 1 << 20
LARGEST_BYTES = 128 * MEBIBYTE
"""Exports of the ICAO PKD are the largest papers, with some tens of megabytes."""


class PaperReader:
    """Reads papers from files, one after the other; settings and trust are looked at when the first paper needs them.

    Args:
        settings: gives the settings in force.
        trust: files that say whom to believe about chips; none for the folder in the settings.
        at: now; aware.
    """

    def __init__(self, settings: Callable[[], Settings], trust: Sequence[Path], *, at: datetime) -> None:
        self._settings = settings
        self._named = trust
        self._at = at

    def read(self, path: Path) -> PaperRead:
        """Return what the paper at a path says: a file, or a folder with one chip's files.

        Raises:
            InputRefused: the file cannot be read, or is no paper that is known.
            ConfigurationRefused: a program that is needed is missing, or what says whom to believe cannot be used.
        """
        if path.is_dir():
            return self._chip(path)
        content = read_plain_file(path, LARGEST_BYTES)
        if isinstance(content, Unread):
            raise _unread(path.name, content)
        return self._paper(bytes(content), path.name)

    def read_stream(self, stream: BinaryIO) -> PaperRead:
        """Return what the paper says that a stream holds.

        Raises:
            InputRefused: as for :meth:`read`.
        """
        content = stream.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise _unread("standard input", Unread.TOO_LARGE)
        return self._paper(content, "")

    def _paper(self, content: bytes, name: str) -> PaperRead:
        if recognise(content, name=name) is PaperKind.DATA_PAGE:
            return self._page(content)
        return read_paper(content, name=name, on=self._at.date())

    def _chip(self, folder: Path) -> PaperRead:
        files = files_of_chip(folder)
        if not files:
            raise PapersError(f"The folder {folder.name or folder} holds no file.", way_out=WAY_OUT)
        try:
            return read_chip_folder(files, trust=self._trust[0], named=self._trust[1], at=self._at)
        except PapersError as error:
            way_out = "Name the files themselves; a folder is read as one chip's."
            raise PapersError(error.public_text, position=error.position, way_out=way_out) from error

    @cached_property
    def _trust(self) -> tuple[TrustStore, bool]:
        folder = self._settings().trust_dir
        if not self._named and folder is None:
            return trust_store(), False
        return trust_from_files(read_trust_files(self._named, folder)).store, True

    def _page(self, content: bytes) -> PaperRead:
        from fairgate.bootstrap.reading_papers import read_data_pages

        finder = self._finder
        photos = [Photo(content)]
        (page,) = read_data_pages(self._settings(), photos, on=self._at.date(), finder=finder)
        if page.zone is None:
            raise PapersError(
                "No machine-readable zone was found in the picture.",
                way_out="Photograph the whole page, sharp, level and evenly lit; or see an officer.",
            )
        facts = {"outcome": page.outcome.value, **plain_zone(page.zone), "portrait": _portrait(page, finder)}
        return PaperRead(PaperKind.DATA_PAGE, facts, page.zone.findings)

    @cached_property
    def _finder(self) -> PortraitFinder | None:
        from fairgate.bootstrap.reading_papers import portrait_finder

        return portrait_finder(self._settings())


def _portrait(page: DataPage, finder: PortraitFinder | None) -> dict[str, object]:
    """Return whether a portrait was found and where; never a pixel."""
    if finder is None:
        return {"looked_for": False}
    if page.portrait_box is None:
        return {"looked_for": True, "found": False}
    sides = zip(("left_px", "top_px", "right_px", "bottom_px"), page.portrait_box, strict=True)
    return {"looked_for": True, "found": True, **dict(sides)}


def _unread(name: str, why: Unread) -> InputRefused:
    if why is Unread.TOO_LARGE:
        return InputRefused(
            f"The file {name} is larger than {LARGEST_BYTES // MEBIBYTE} MiB.", way_out="No paper is that large."
        )
    piped = why is Unread.NOT_A_FILE
    way_out = "Pipe it in, and name -." if piped else "Check the path and its permissions."
    return InputRefused(f"The file {name} cannot be read: {why.value.replace('_', ' ')}.", way_out=way_out)
