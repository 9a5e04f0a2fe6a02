"""Read the data page of a travel document from a picture: its zone, and its own portrait for 1:1.

A reader of characters proposes, and check digits decide: of several readings the one with the fewest doubts is taken,
and what remains unproven is told. Nothing is recorded or kept here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fairgate.errors import PapersError
from fairgate.face.inspection import Inspection
from fairgate.papers.mrz import MrzRead, read_mrz
from fairgate.papers.mrz.facts import UNPROVEN, MrzFindingCode
from fairgate.services.ports import Decoder
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_PORTRAIT_PX = 60
PORTRAIT_MARGIN = 0.5
"""Of the face's width, on each side: what the recogniser's alignment wants around a face."""


class ZoneReader(Protocol):
    """Reads characters from pixels."""

    def texts(self, rgb: NDArray[np.uint8], /) -> Iterator[str]:
        """Yield readings of what may be the zone, the likeliest first.

        Raises:
            ConfigurationRefused: the program that reads is not installed.
            EngineFault: it failed; the traveller goes to an officer.
        """
        ...


class PortraitFinder(Protocol):
    """Finds faces; :class:`fairgate.face.pipeline.Pipeline` is one."""

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        """Return every face of a picture."""
        ...


class ZoneOutcome(StrEnum):
    """What became of the zone; all but the first go to an officer."""

    READ = "read"
    UNPROVEN = "unproven"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, eq=False)
class DataPage:
    """One data page as read.

    Args:
        outcome: what became of the zone.
        zone: as read; ``None`` where there is none.
        portrait: the page's own face with a margin, uint8 RGB, shape (height, width, 3); ``None`` where none was found.
        portrait_box: where it lies: left, top, right, bottom in pixels of the decoded picture, origin top left.
    """

    outcome: ZoneOutcome
    zone: MrzRead | None = field(repr=False)
    portrait: NDArray[np.uint8] | None = field(repr=False)
    portrait_box: tuple[int, int, int, int] | None = None


def read_data_page(
    photo: Photo, *, decoder: Decoder, reader: ZoneReader, finder: PortraitFinder | None, on: date
) -> DataPage:
    """Return what a data page says and shows.

    Args:
        photo: a picture of the page, in any of the four directions.
        decoder: decodes outside this process.
        reader: reads characters.
        finder: finds the portrait; ``None`` where it is not wanted.
        on: the day of reading.

    Raises:
        ImageRefused: the bytes are no image that may be decoded.
        ConfigurationRefused: the program that reads characters is not installed.
        EngineFault: a program or network failed.
    """
    with photo.open() as content:
        rgb = decoder.decode(content).rgb
    zone = best_zone(reader.texts(rgb), on)
    box = None if finder is None else _portrait_box(rgb, finder)
    portrait = None if box is None else np.ascontiguousarray(rgb[box[1] : box[3], box[0] : box[2]])
    if zone is None:
        return DataPage(ZoneOutcome.NOT_FOUND, None, portrait, box)
    return DataPage(ZoneOutcome.READ if is_proven(zone) else ZoneOutcome.UNPROVEN, zone, portrait, box)


def best_zone(texts: Iterator[str], on: date) -> MrzRead | None:
    """Return the first reading without an open character whose check digits all hold, else the least doubtful one."""
    best: MrzRead | None = None
    for text in texts:
        try:
            read = read_mrz(text, on=on)
        except PapersError:
            continue
        if is_proven(read):
            return read
        if best is None or _doubts(read) < _doubts(best):
            best = read
    return best


def is_proven(read: MrzRead) -> bool:
    """Tell whether all check digits hold and every character was read: none protects a name."""
    return read.check_digits_hold and not any(one.code is MrzFindingCode.CHARACTER_NOT_ALLOWED for one in read.findings)


def _doubts(read: MrzRead) -> tuple[int, int]:
    return sum(finding.code in UNPROVEN for finding in read.findings), len(read.findings)


def _portrait_box(rgb: NDArray[np.uint8], finder: PortraitFinder) -> tuple[int, int, int, int] | None:
    """Return the largest face with a margin, within the page: a page's ghost image and watermark are smaller."""
    seen = finder.inspect(rgb, smallest_face_px=SMALLEST_PORTRAIT_PX).seen
    if not seen:
        return None
    left, top, right, bottom = max((one.face for one in seen), key=lambda face: face.width_px).box
    margin = PORTRAIT_MARGIN * (right - left)
    height, width = rgb.shape[:2]
    return (
        max(0, round(left - margin)),
        max(0, round(top - margin)),
        min(width, round(right + margin)),
        min(height, round(bottom + margin)),
    )
