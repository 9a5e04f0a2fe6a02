"""Wires the reading of a data page from a picture: the decode worker and the reader of characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from fairgate.bootstrap.parts import decoder_for
from fairgate.config import Settings
from fairgate.outside.mrz_reader_tesseract import TesseractMrzReader
from fairgate.services.read_data_page import DataPage, read_data_page
from fairgate.vocabulary import Photo


def read_data_pages(settings: Settings, pictures: Iterable[Photo], *, on: date) -> Iterator[DataPage]:
    """Yield what the data pages in pictures say; their portraits are left alone.

    Raises:
        ConfigurationRefused: the program that reads characters is not installed.
        ImageRefused: a picture cannot be decoded.
        EngineFault: the program failed.
    """
    with decoder_for(settings) as decoder:
        reader = TesseractMrzReader()
        for picture in pictures:
            yield read_data_page(picture, decoder=decoder, reader=reader, finder=None, on=on)
