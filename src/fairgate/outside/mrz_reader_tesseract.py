"""Reads the characters of a machine-readable zone with the program ``tesseract``, whatever they are printed in.

It is asked three times: for letters where only letters may stand, for digits where only digits may, and for both in
document numbers and optional data. Each character falls into the cell where it was seen.

The program runs without a shell, with a bare environment and a deadline, and gets its image through a pipe: nothing is
written to disk.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import ConfigurationRefused, EngineFault
from fairgate.outside.mrz_grid import Row
from fairgate.outside.mrz_zone import DIGITS, LETTERS, UNSEEN, alphabets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROGRAM = "tesseract"
MOST_OUTPUT_BYTES = 20_000
CELL_PX, STEP_PX = 32, 40
"""Characters are shown to the program a little apart: it reads them better than in the zone's pitch."""
HIGH_PX, ROW_PX = 48, 90
MARGIN_PX = 30

Grid = list[list[str]]


class TesseractMrzReader:
    """The program, and where it is.

    Args:
        program: name or path.
        seconds: longest that one run may take.
    """

    def __init__(self, program: str = PROGRAM, *, seconds: float = 10.0) -> None:
        self._program = program
        self._seconds = seconds

    def text(self, rows: Sequence[Row]) -> str:
        """Return a zone's lines as the program reads them, ``?`` where it sees nothing.

        Raises:
            ConfigurationRefused: the program is not installed.
            EngineFault: it failed.
        """
        path = shutil.which(self._program)
        if path is None:
            raise ConfigurationRefused(
                f"The program {PROGRAM} is not installed; without it no zone is read from a picture like this.",
                way_out="Install tesseract-ocr, or hand in the zone as text.",
            )
        read: Grid = [["<" if filler else UNSEEN for filler in row.fillers] for row in rows]
        alphabets = alphabets_of(len(rows), len(rows[0].fillers))
        for alphabet in (LETTERS, DIGITS, LETTERS + DIGITS):
            wanted = [
                [allowed == alphabet and cell == UNSEEN for allowed, cell in zip(allowed_row, read_row, strict=True)]
                for allowed_row, read_row in zip(alphabets, read, strict=True)
            ]
            if any(any(row) for row in wanted):
                self._read(path, alphabet, rows, wanted, read)
        return "\n".join("".join(row) for row in read)

    def _read(
        self, path: str, alphabet: str, rows: Sequence[Row], wanted: Sequence[Sequence[bool]], read: Grid
    ) -> None:
        """Put into the grid what the program sees of some of its cells."""
        sheet = _sheet(rows, wanted)
        seen: list[list[_Seen]] = [[] for _ in rows]
        for line in self._boxes(path, alphabet, sheet).splitlines():
            character, *places = line.split(" ")
            if len(places) != 5 or character not in alphabet or not all(place.isdigit() for place in places):
                continue
            left, bottom, right, top = (int(place) for place in places[:4])
            row = (2 * sheet.shape[0] - bottom - top - 2 * MARGIN_PX) // (2 * ROW_PX)
            if 0 <= row < len(seen):
                middle = ((left + right) / 2 - MARGIN_PX) / STEP_PX
                seen[row].append(_Seen(middle, right - left, character))
        for row, found in enumerate(seen):
            for start, end in _runs(wanted[row]):
                inside = sorted(one for one in found if start <= one.middle < end)
                read[row][start:end] = _placed(inside, start, end)

    def _boxes(self, path: str, alphabet: str, sheet: NDArray[np.uint8]) -> str:
        """Return one line for each character seen: itself, left, bottom, right, top, page."""
        encoded, content = cv2.imencode(".png", sheet)
        if not encoded:
            raise EngineFault("A band of the page could not be encoded.")
        settings = {
            "tessedit_char_whitelist": alphabet,
            "tessedit_create_boxfile": "1",
            "load_system_dawg": "0",
            "load_freq_dawg": "0",
        }
        command = [path, "stdin", "stdout", "--psm", "6", "-l", "eng"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        try:
            done = subprocess.run(
                command,
                input=content.tobytes(),
                capture_output=True,
                timeout=self._seconds,
                check=True,
                cwd="/",
                env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"},
            )
        except (OSError, subprocess.SubprocessError) as cause:
            raise EngineFault(f"The program {PROGRAM} failed or took too long.") from cause
        return done.stdout[:MOST_OUTPUT_BYTES].decode("ascii", "replace")


@dataclass(frozen=True, slots=True, order=True)
class _Seen:
    """One character that the program saw: its middle, in cells from the row's left, and its width in pixels."""

    middle: float
    width: int
    character: str


def _runs(wanted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where runs of wanted cells begin and end."""
    start: int | None = None
    for place, one in enumerate([*wanted, False]):
        if one and start is None:
            start = place
        elif not one and start is not None:
            yield start, place
            start = None


def _placed(seen: Sequence[_Seen], start: int, end: int) -> list[str]:
    """Return a run's characters, one a cell: in their order where as many were seen as there are cells."""
    if len(seen) == end - start:
        return [one.character for one in seen]
    # Its places are rough, and it sometimes sees two characters in one: the wider is the likelier.
    cells = [UNSEEN] * (end - start)
    for one in sorted(seen, key=lambda one: one.width):
        cells[int(one.middle) - start] = one.character
    return cells


def _sheet(rows: Sequence[Row], wanted: Sequence[Sequence[bool]]) -> NDArray[np.uint8]:
    """Return the wanted cells, dark on white, each in its place of a wider grid."""
    width = STEP_PX * len(wanted[0]) + 2 * MARGIN_PX
    sheet = np.full((ROW_PX * len(rows) + 2 * MARGIN_PX, width), 255, dtype=np.uint8)
    for number, row in enumerate(rows):
        for place, shown in enumerate(wanted[number]):
            if not shown:
                continue
            cell = cv2.resize(row.ink[:, row.cell(place)], (CELL_PX, HIGH_PX), interpolation=cv2.INTER_CUBIC)
            top = MARGIN_PX + number * ROW_PX + (ROW_PX - HIGH_PX) // 2
            left = MARGIN_PX + place * STEP_PX + (STEP_PX - CELL_PX) // 2
            sheet[top : top + HIGH_PX, left : left + CELL_PX] = 255 - cell
    return sheet
