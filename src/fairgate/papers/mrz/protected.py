"""The fields of a zone that a check digit protects, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from fairgate.papers.mrz.alphabet import FILLER, check_digit
from fairgate.papers.mrz.formats import Format, Place, after


class Standing(Enum):
    """What a check digit says of its field."""

    HOLDS = auto()
    WRONG = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Protected:
    """Runs of characters under one check digit.

    Args:
        name: how to speak of it.
        data: what is protected, in order.
        check: where the check digit stands.
        digits: only digits (and fillers) may stand in it.
        may_be_empty: an empty field may have a filler for a check digit.
    """

    name: str
    data: tuple[Place, ...]
    check: Place
    digits: bool = False
    may_be_empty: bool = False

    def standing(self, lines: tuple[str, ...]) -> Standing:
        """Return what the check digit says of its field."""
        text = "".join(place.of(lines) for place in self.data)
        given = self.check.of(lines)
        if given == check_digit(text):
            return Standing.HOLDS
        if given == FILLER:
            empty = not text.strip(FILLER)
            return Standing.HOLDS if empty and self.may_be_empty else Standing.MISSING
        return Standing.WRONG


def number_field(layout: Format, lines: tuple[str, ...]) -> Protected:
    """Return where the document number and its check digit stand.

    A number of more than nine characters goes on in the optional field: a filler stands in the check digit's place,
    and the rest with the check digit begins the optional field, up to the first filler.

    Source: ICAO Doc 9303-5, 4.2.2, note j (TD1); 9303-6, 4.2.2, note j (TD2).
    """
    check = after(layout.number)
    if layout.long_number and check.of(lines) == FILLER:
        rest = layout.optional.of(lines).split(FILLER)[0]
        if len(rest) > 1:
            start, end = layout.optional.start, layout.optional.start + len(rest)
            line = layout.optional.line
            return Protected("document number", (layout.number, Place(line, start, end - 1)), Place(line, end - 1, end))
    return Protected("document number", (layout.number,), check)


def protected_fields(layout: Format, lines: tuple[str, ...]) -> tuple[Protected, ...]:
    """Return every field with a check digit of its own, without the composite one."""
    fields = [
        number_field(layout, lines),
        Protected("date of birth", (layout.born,), after(layout.born), digits=True),
        Protected("date of expiry", (layout.expires,), after(layout.expires), digits=True, may_be_empty=True),
    ]
    if layout.optional_check is not None:
        fields.append(Protected("optional data", (layout.optional,), layout.optional_check, may_be_empty=True))
    return tuple(fields)


def composite_field(layout: Format) -> Protected | None:
    """Return what the composite check digit covers, where the zone has one."""
    if layout.composite is None:
        return None
    return Protected("composite", layout.covered, layout.composite)
