"""Misreadings corrected where check digits prove it, and only there.

1. A field whose check digit holds is left alone, and so is every confusion that no check digit sees.
2. In a field whose check digit fails, the characters that look alike are tried: any letter where only digits may stand,
   and at most one other character.
3. What is left must satisfy the field's own check digit and, where the zone has one, the composite.
4. Exactly one zone must be left. None or several: nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from fairgate.papers.mrz.alphabet import DIGITS, FILLER, look_alikes
from fairgate.papers.mrz.formats import Format, Place
from fairgate.papers.mrz.protected import Protected, Standing, composite_field, protected_fields

LOOK_ALIKES: Mapping[str, str] = look_alikes()
MOST_LETTERS_FOR_DIGITS = 3
MOST_TRIALS = 4096

Changes = tuple[tuple[int, int, str], ...]
"""Line, place in it, and the character to put there."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What could be done about failing check digits.

    Args:
        lines: with the one proven correction, or as they were.
        changes: what was changed.
        ambiguous: several corrections satisfy every check digit.
    """

    lines: tuple[str, ...]
    changes: Changes = ()
    ambiguous: bool = False


def correct(layout: Format, lines: tuple[str, ...]) -> Correction:
    """Return a zone with its misreadings corrected, where that is proven."""
    fields = protected_fields(layout, lines)
    composite = composite_field(layout)
    failing = [field for field in fields if field.standing(lines) is not Standing.HOLDS]
    if composite is None:
        return _one_by_one(failing, lines)
    if not failing and composite.standing(lines) is Standing.HOLDS:
        return Correction(lines)
    choices = [list(_candidates(field, lines)) for field in failing]
    choices.append(_composite_choices(layout, composite, lines, alone=not failing))
    found: dict[tuple[str, ...], Changes] = {}
    for chosen in islice(product(*choices), MOST_TRIALS + 1):
        changes = tuple(change for changes in chosen for change in changes)
        changed = _changed(lines, changes)
        if composite.standing(changed) is Standing.HOLDS and _all_hold(layout, changed):
            found.setdefault(changed, changes)
    trials = 1
    for choice in choices:
        trials *= len(choice)
    return _only(found, lines, too_many=trials > MOST_TRIALS)


def _one_by_one(failing: list[Protected], lines: tuple[str, ...]) -> Correction:
    """Correct each field by its own check digit: a visa's zone has no composite."""
    done: Changes = ()
    ambiguous = False
    now = lines
    for field in failing:
        found = {_changed(lines, changes): changes for changes in _candidates(field, lines)}
        one = _only(found, lines)
        ambiguous = ambiguous or one.ambiguous
        done += one.changes
        now = _changed(now, one.changes)
    return Correction(now, done, ambiguous)


def _only(found: Mapping[tuple[str, ...], Changes], lines: tuple[str, ...], *, too_many: bool = False) -> Correction:
    if len(found) == 1 and not too_many:
        ((changed, changes),) = found.items()
        return Correction(changed, changes)
    return Correction(lines, ambiguous=bool(found))


def _all_hold(layout: Format, lines: tuple[str, ...]) -> bool:
    return all(field.standing(lines) is Standing.HOLDS for field in protected_fields(layout, lines))


def _composite_choices(
    layout: Format, composite: Protected, lines: tuple[str, ...], *, alone: bool
) -> list[tuple[tuple[int, int, str], ...]]:
    """Return what may be changed so that the composite holds: itself, or what nothing else protects."""
    check = composite.check
    given = check.of(lines)
    if given not in DIGITS:
        return [((check.line, check.start, digit),) for digit in _digits_like(given)]
    choices: list[Changes] = [()]
    if alone and layout.optional_check is None:
        for place in (layout.optional, layout.further_optional):
            if place is not None:
                choices += [(change,) for change in _alternatives(place, lines)]
    return choices


def _candidates(field: Protected, lines: tuple[str, ...]) -> Iterator[Changes]:
    """Yield the changes of look-alikes that satisfy one field's own check digit."""
    places = [*field.data, field.check]
    forced = [
        (place.line, at)
        for place in places
        for at in range(place.start, place.end)
        if (field.digits or place is field.check) and lines[place.line][at] not in DIGITS + FILLER
    ]
    if len(forced) > MOST_LETTERS_FOR_DIGITS:
        return
    ways = [[(line, at, digit) for digit in _digits_like(lines[line][at])] for line, at in forced]
    free = [] if field.digits else [change for place in field.data for change in _alternatives(place, lines)]
    for changes in product(*ways):
        if changes and field.standing(_changed(lines, changes)) is Standing.HOLDS:
            yield changes
        for change in free:
            more = (*changes, change)
            if field.standing(_changed(lines, more)) is Standing.HOLDS:
                yield more


def _alternatives(place: Place, lines: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    line = lines[place.line]
    for at in range(place.start, place.end):
        for other in LOOK_ALIKES.get(line[at], ""):
            yield place.line, at, other


def _digits_like(character: str) -> str:
    return "".join(other for other in LOOK_ALIKES.get(character, "") if other in DIGITS)


def _changed(lines: tuple[str, ...], changes: Changes) -> tuple[str, ...]:
    rows = [list(line) for line in lines]
    for line, at, character in changes:
        rows[line][at] = character
    return tuple("".join(row) for row in rows)
