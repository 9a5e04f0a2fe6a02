"""The name field: two identifiers in one run of characters, cut short where they do not fit.

Source: ICAO Doc 9303-3, 4.6; 9303-4, 4.2.3; 9303-5, 4.2.3; 9303-6, 4.2.3: the family name, two fillers, the given
names with one filler between components. A letter in the last place says that the name may have been cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairgate.papers.mrz.alphabet import FILLER, LETTERS


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name field as read.

    Args:
        family: components of the primary identifier.
        given: components of the secondary identifier.
        well_formed: nothing stands where the standard leaves fillers.
        may_be_truncated: the last place holds no filler.
    """

    family: tuple[str, ...]
    given: tuple[str, ...]
    well_formed: bool
    may_be_truncated: bool


def read_name(field: str) -> NameRead:
    """Return both identifiers of a name field."""
    text = field.rstrip(FILLER)
    primary, _, rest = text.partition(FILLER * 2)
    # A third run of names would be a second "<<": kept with the given names, and told.
    family = tuple(part for part in primary.split(FILLER) if part)
    given = tuple(part for part in rest.split(FILLER) if part)
    well_formed = bool(family) and not text.startswith(FILLER) and FILLER * 2 not in rest and rest[:1] != FILLER
    truncated = bool(field) and not field.endswith(FILLER)
    return NameRead(family, given, well_formed, truncated)


def write_name(family: Sequence[str], given: Sequence[str], width: int) -> tuple[str, bool]:
    """Return a name field of a width, and whether the name was cut.

    A family name that leaves no room gives up letters until the given names' first letter has a place; what is left
    over is cut, and so that the last place holds a letter.

    Args:
        family: components in A to Z, at least one.
        given: components in A to Z.
        width: characters of the field.
    """
    whole = _joined(family, given)
    if len(whole) <= width:
        return whole.ljust(width, FILLER), False
    room = width - 3 if given else width
    primary = FILLER.join(family)
    if len(primary) > room:
        primary = _cut(list(family), [], room)
        return (_cut([primary], list(given), width) if given else primary).ljust(width, FILLER), True
    return _cut([primary], list(given), width).ljust(width, FILLER), True


def _joined(family: Sequence[str], given: Sequence[str]) -> str:
    primary, secondary = FILLER.join(family), FILLER.join(given)
    return f"{primary}{FILLER * 2}{secondary}" if secondary else primary


def _cut(family: list[str], given: list[str], width: int) -> str:
    """Return the identifiers cut to a width with a letter in the last place, where that can be had."""
    parts = given or family
    while True:
        text = _joined(family, given)[:width]
        if text[-1:] and text[-1] in LETTERS:
            return text
        # The cut fell on a filler: an earlier component gives up a letter, and the next one's first letter moves in.
        for place in range(len(parts) - 1, -1, -1):
            so_far = _joined(family, parts[: place + 1]) if given else FILLER.join(parts[: place + 1])
            if len(parts[place]) > 1 and len(so_far) <= width:
                parts[place] = parts[place][:-1]
                break
        else:
            return text.rstrip(FILLER)
