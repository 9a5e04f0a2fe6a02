"""A data page from a picture: check digits choose among readings, and the page's own face is cut out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fairgate.face.detect import Face
from fairgate.face.five_points import PointScheme
from fairgate.face.inspection import Inspection, Seen
from fairgate.services.read_data_page import ZoneOutcome, best_zone, read_data_page
from fairgate.vocabulary import Photo

ON = date(2026, 11, 22)
RIGHT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
WRONG = RIGHT.replace("L898902C36", "L898902C35")
WORSE = WRONG.replace("7408122F", "7408123F")


@dataclass(frozen=True)
class Pixels:
    """A picture that is decoded already."""

    rgb: NDArray[np.uint8]


class NoDecoder:
    """Gives the same pixels for any bytes."""

    def decode(self, content: memoryview | bytes, /) -> Pixels:
        """Return a gray page."""
        assert len(content)
        return Pixels(np.full((400, 600, 3), 200, dtype=np.uint8))


@dataclass(frozen=True)
class Says:
    """A reader of characters that always says the same."""

    said: tuple[str, ...]

    def texts(self, rgb: NDArray[np.uint8], /) -> Iterator[str]:
        """Yield what was given."""
        assert rgb.ndim == 3
        yield from self.said


@dataclass(frozen=True)
class Finds:
    """Finds faces where it is told to."""

    boxes: tuple[tuple[float, float, float, float], ...]

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        """Return the faces; their quality is never asked for."""
        assert smallest_face_px
        seen = tuple(Seen(Face(box, 1.0), (), None) for box in self.boxes)  # type: ignore[arg-type]
        return Inspection(rgb.shape[1], rgb.shape[0], next(iter(PointScheme)), seen, None)


def test_check_digits_choose_among_readings() -> None:
    """The first reading whose check digits hold is taken; without one, that with the fewest doubts."""
    chosen = best_zone(iter(["noise", WORSE, WRONG, RIGHT]), ON)
    assert chosen is not None
    assert chosen.check_digits_hold
    doubted = best_zone(iter([WORSE, WRONG]), ON)
    assert doubted is not None
    assert doubted.lines == tuple(WRONG.split("\n"))
    assert best_zone(iter(["noise"]), ON) is None


def test_outcomes_say_what_an_officer_must_look_at() -> None:
    """Proven, unproven and not found are three different answers."""
    for said, outcome in (((RIGHT,), "read"), ((WRONG,), "unproven"), ((), "not_found")):
        page = read_data_page(Photo(b"x"), decoder=NoDecoder(), reader=Says(said), finder=None, on=ON)
        assert page.outcome == ZoneOutcome(outcome)
        assert page.portrait is None
        assert "ERIKSSON" not in repr(page)


def test_the_largest_face_is_the_portrait_with_a_margin_inside_the_page() -> None:
    """A ghost image is smaller; the margin ends at the page's edge."""
    finder = Finds(((500.0, 100.0, 540.0, 140.0), (20.0, 100.0, 120.0, 220.0)))
    page = read_data_page(Photo(b"x"), decoder=NoDecoder(), reader=Says((RIGHT,)), finder=finder, on=ON)
    assert page.portrait is not None
    assert page.portrait.shape == (220, 170, 3)
    assert page.portrait_box == (0, 50, 170, 270)
    nobody = read_data_page(Photo(b"x"), decoder=NoDecoder(), reader=Says((RIGHT,)), finder=Finds(()), on=ON)
    assert nobody.portrait is None
