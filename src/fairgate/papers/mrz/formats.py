"""The five machine-readable zones and where each field lies.

Source: ICAO Doc 9303, eighth edition (2021): part 4 (TD3), part 5 (TD1), part 6 (TD2), part 7 (MRV-A and MRV-B).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MrzKind(StrEnum):
    """The five zones."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"

    @property
    def is_visa(self) -> bool:
        """Tell whether this is a visa's zone."""
        return self in (MrzKind.MRV_A, MrzKind.MRV_B)


@dataclass(frozen=True, slots=True)
class Place:
    """A run of characters.

    Args:
        line: counted from 0.
        start: first character, counted from 0.
        end: one past the last.
    """

    line: int
    start: int
    end: int

    @property
    def length(self) -> int:
        """Return how many characters it has."""
        return self.end - self.start

    def of(self, lines: tuple[str, ...]) -> str:
        """Return the characters."""
        return lines[self.line][self.start : self.end]

    @property
    def where(self) -> str:
        """Return the place as the standard counts, from 1."""
        if self.length == 1:
            return f"line {self.line + 1}, position {self.end}"
        return f"line {self.line + 1}, positions {self.start + 1} to {self.end}"


@dataclass(frozen=True, slots=True)
class Format:
    """Where the fields of one zone lie.

    Args:
        kind: which zone.
        lines: how many.
        width: characters a line.
        name: both identifiers.
        number: principal nine characters; its check digit follows at once.
        nationality: three characters.
        born: six digits; the check digit follows at once.
        sex: one character.
        expires: six digits; the check digit follows at once.
        optional: first optional field.
        further_optional: second optional field of a TD1.
        optional_check: check digit over the optional field, where the zone has one.
        composite: check digit over several fields, where the zone has one.
        covered: what the composite check digit covers, in order.
        long_number: a longer number goes on in the first optional field.
    """

    kind: MrzKind
    lines: int
    width: int
    name: Place
    number: Place
    nationality: Place
    born: Place
    sex: Place
    expires: Place
    optional: Place
    further_optional: Place | None = None
    optional_check: Place | None = None
    composite: Place | None = None
    covered: tuple[Place, ...] = ()
    long_number: bool = False


CODE, ISSUER = Place(0, 0, 2), Place(0, 2, 5)


def _two_lines(
    kind: MrzKind,
    width: int,
    optional_end: int,
    *,
    optional_check: Place | None = None,
    composite: Place | None = None,
    covered: tuple[Place, ...] = (),
    long_number: bool = False,
) -> Format:
    return Format(
        kind=kind,
        lines=2,
        width=width,
        name=Place(0, 5, width),
        number=Place(1, 0, 9),
        nationality=Place(1, 10, 13),
        born=Place(1, 13, 19),
        sex=Place(1, 20, 21),
        expires=Place(1, 21, 27),
        optional=Place(1, 28, optional_end),
        optional_check=optional_check,
        composite=composite,
        covered=covered,
        long_number=long_number,
    )


FORMATS = {
    MrzKind.TD3: _two_lines(
        MrzKind.TD3,
        44,
        42,
        optional_check=Place(1, 42, 43),
        composite=Place(1, 43, 44),
        covered=(Place(1, 0, 10), Place(1, 13, 20), Place(1, 21, 43)),
    ),
    MrzKind.TD2: _two_lines(
        MrzKind.TD2,
        36,
        35,
        composite=Place(1, 35, 36),
        covered=(Place(1, 0, 10), Place(1, 13, 20), Place(1, 21, 35)),
        long_number=True,
    ),
    MrzKind.MRV_A: _two_lines(MrzKind.MRV_A, 44, 44),
    MrzKind.MRV_B: _two_lines(MrzKind.MRV_B, 36, 36),
    MrzKind.TD1: Format(
        kind=MrzKind.TD1,
        lines=3,
        width=30,
        name=Place(2, 0, 30),
        number=Place(0, 5, 14),
        nationality=Place(1, 15, 18),
        born=Place(1, 0, 6),
        sex=Place(1, 7, 8),
        expires=Place(1, 8, 14),
        optional=Place(0, 15, 30),
        further_optional=Place(1, 18, 29),
        composite=Place(1, 29, 30),
        covered=(Place(0, 5, 30), Place(1, 0, 7), Place(1, 8, 15), Place(1, 18, 29)),
        long_number=True,
    ),
}


def after(place: Place) -> Place:
    """Return the one character after a field, where its check digit stands."""
    return Place(place.line, place.end, place.end + 1)


def kind_of(lines: int, width: int, first: str) -> MrzKind | None:
    """Return which zone lines of this number and width are, by the first character of the first line."""
    if (lines, width) == (3, 30):
        return MrzKind.TD1
    if lines != 2 or width not in (36, 44):
        return None
    if first == "V":
        return MrzKind.MRV_A if width == 44 else MrzKind.MRV_B
    return MrzKind.TD3 if width == 44 else MrzKind.TD2
