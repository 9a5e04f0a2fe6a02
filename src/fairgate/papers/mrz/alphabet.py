"""The characters of a machine-readable zone, their check digits, and what no check digit can see."""

from __future__ import annotations

from itertools import combinations

FILLER = "<"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABET = DIGITS + LETTERS + FILLER
WEIGHTS = (7, 3, 1)
"""Source: ICAO Doc 9303-3, 4.9."""

VALUES = {character: value for value, character in enumerate(DIGITS + LETTERS)} | {FILLER: 0}
"""Source: ICAO Doc 9303-3, 4.9, step 1: digits as they are, A to Z as 10 to 35, the filler as 0."""

_LOOK_ALIKE_PAIRS = (
    "0O", "0D", "0Q", "0U", "OD", "OQ", "1I", "1L", "1T", "1J", "IL", "IT", "IJ", "2Z", "3B", "4A", "5S", "6G", "7T",
    "7Z", "8B", "8S", "9G", "CG", "CO", "DO", "EF", "HN", "KX", "MN", "MW", "PR", "UV", "VY", "<C", "<K", "<L", "<S",
    "<E", "<X",
)  # fmt: skip
"""Characters that readers of OCR-B are known to take for one another."""


def check_digit(text: str) -> str | None:
    """Return the check digit over a field, or ``None`` where a character is not of the zone's alphabet.

    Source: ICAO Doc 9303-3, 4.9.
    """
    total = 0
    for place, character in enumerate(text):
        value = VALUES.get(character)
        if value is None:
            return None
        total += value * WEIGHTS[place % 3]
    return DIGITS[total % 10]


def blind_groups() -> tuple[str, ...]:
    """Return the ten sets of characters that no check digit tells apart: their values are equal modulo 10."""
    groups = [""] * 10
    for character in ALPHABET:
        groups[VALUES[character] % 10] += character
    return tuple(groups)


def is_blind(one: str, other: str) -> bool:
    """Tell whether no check digit sees one character put in the place of another."""
    return VALUES[one] % 10 == VALUES[other] % 10


def look_alikes() -> dict[str, str]:
    """Return, for each character, those it may be a misreading of and that a check digit tells from it."""
    seen = dict.fromkeys(ALPHABET, "")
    for pair in _LOOK_ALIKE_PAIRS:
        one, other = pair[0], pair[1]
        if not is_blind(one, other):
            seen[one] += other if other not in seen[one] else ""
            seen[other] += one if one not in seen[other] else ""
    return seen


def blind_confusions() -> tuple[tuple[str, str], ...]:
    """Return every pair of characters that no check digit tells apart. They are never corrected."""
    return tuple(pair for group in blind_groups() for pair in combinations(group, 2))


def blind_look_alikes() -> tuple[tuple[str, str], ...]:
    """Return the pairs among :func:`blind_confusions` that readers of OCR-B take for one another."""
    return tuple((pair[0], pair[1]) for pair in _LOOK_ALIKE_PAIRS if is_blind(pair[0], pair[1]))
