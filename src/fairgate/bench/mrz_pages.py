"""How well zones are read from pictures: drawn pages of random zones, by tesseract alone and with shapes before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Protocol

from fairgate.measure.intervals import wilson
from fairgate.outside.mrz_reader import MrzReader
from fairgate.outside.mrz_reader_tesseract import TesseractMrzReader
from fairgate.outside.mrz_shapes import shipped_discriminant
from fairgate.outside.mrz_zone import zones_of
from fairgate.papers.mrz import MrzRead
from fairgate.services.read_data_page import best_zone, is_proven

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DrawZone = Callable[[Random], "tuple[tuple[str, ...], NDArray[np.uint8]]"]
"""Called with a seeded generator; returns a zone's lines and a page that shows it, uint8 RGB."""
_LONGEST_RUN_S = 60.0


class _Reader(Protocol):
    def texts(self, rgb: NDArray[np.uint8], /) -> Iterator[str]: ...


class _TesseractAlone:
    """The named rival: the same band, grid and fillers, and the program for every character."""

    def __init__(self) -> None:
        self._program = TesseractMrzReader(seconds=_LONGEST_RUN_S)

    def texts(self, rgb: NDArray[np.uint8], /) -> Iterator[str]:
        return (self._program.text(rows) for rows in zones_of(rgb))


@dataclass(slots=True)
class _Tally:
    pages: int = 0
    exact: int = 0
    proven: int = 0
    proven_and_wrong: int = 0
    not_found: int = 0
    characters: int = 0
    characters_right: int = 0
    seconds: float = field(default=0.0)

    def add(self, lines: tuple[str, ...], read: MrzRead | None, seconds: float) -> None:
        self.pages += 1
        self.seconds += seconds
        if read is None:
            self.not_found += 1
            return
        drawn, seen = "".join(lines), "".join(read.lines)
        proven = is_proven(read)
        self.exact += drawn == seen
        self.proven += proven
        self.proven_and_wrong += proven and drawn != seen
        self.characters += len(drawn)
        self.characters_right += sum(one == other for one, other in zip(drawn, seen, strict=False))

    def as_row(self) -> Mapping[str, object]:
        share = wilson(self.exact, self.pages)
        return {
            "pages": self.pages,
            "exact": self.exact,
            "exact_low": share.low,
            "exact_high": share.high,
            "proven": self.proven,
            "proven_and_wrong": self.proven_and_wrong,
            "not_found": self.not_found,
            "characters": self.characters,
            "characters_right": self.characters_right,
            "ms_a_page": 1000 * self.seconds / self.pages,
        }


def bench_mrz(
    pages: int,
    families: Mapping[str, DrawZone],
    *,
    seed: int,
    on: date,
    timer: Callable[[], float],
    progress: Callable[[int, int], None],
) -> Mapping[str, object]:
    """Read drawn pages of each family of fonts with both readers, each page with both in turn.

    Args:
        pages: of each family.
        families: draw a random zone each; those that the weights were made from have another generator.
        seed: of zones and pages.
        on: the day of reading.
        timer: seconds since an arbitrary start.
        progress: told after each page.

    Returns:
        By family and reader: counts, the share read exactly with its interval, and milliseconds a page.

    Raises:
        ConfigurationRefused: tesseract is not installed.
    """
    readers: Mapping[str, _Reader] = {
        "shapes_and_tesseract": MrzReader(shipped_discriminant(), TesseractMrzReader(seconds=_LONGEST_RUN_S)),
        "tesseract_alone": _TesseractAlone(),
    }
    total = pages * len(families)
    rows: dict[str, object] = {}
    done = 0
    progress(0, total)
    for family, draw in families.items():
        tallies = {name: _Tally() for name in readers}
        for number in range(pages):
            lines, page = draw(Random(f"{seed} {family} {number}"))
            for name, reader in readers.items():
                began = timer()
                read = best_zone(reader.texts(page), on)
                tallies[name].add(lines, read, timer() - began)
            done += 1
            progress(done, total)
        rows[family] = {name: tally.as_row() for name, tally in tallies.items()}
    return rows
