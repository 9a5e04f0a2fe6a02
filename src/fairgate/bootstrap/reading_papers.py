"""Wires the reading of a data page from a picture: decoder, reader of characters, and what finds faces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fairgate.bootstrap.parts import decoder_for, engine_for
from fairgate.config import Settings
from fairgate.errors import PackRefused
from fairgate.outside.mrz_reader import MrzReader
from fairgate.outside.mrz_reader_tesseract import TesseractMrzReader
from fairgate.outside.mrz_shapes import shipped_discriminant
from fairgate.services.read_data_page import DataPage, PortraitFinder, read_data_page
from fairgate.vocabulary import Photo


def portrait_finder(settings: Settings) -> PortraitFinder | None:
    """Return what finds faces; ``None`` where no pack is installed: a zone is read without one."""
    try:
        _, engine = engine_for(settings)
    except PackRefused:
        return None
    return engine


def read_data_pages(
    settings: Settings, pictures: Iterable[Photo], *, on: date, finder: PortraitFinder | None = None
) -> Iterator[DataPage]:
    """Yield what the data pages in pictures say; their portraits are looked for where something finds them.

    Raises:
        ConfigurationRefused: the program that reads characters is needed and not installed.
        ImageRefused: a picture cannot be decoded.
        EngineFault: the program failed.
    """
    with decoder_for(settings) as decoder:
        reader = MrzReader(shipped_discriminant(), TesseractMrzReader())
        for picture in pictures:
            yield read_data_page(picture, decoder=decoder, reader=reader, finder=finder, on=on)
