"""Names compared, never guessed at: what makes two writings of a name the same, and what is merely near.

Two names are the same where one permitted transliteration of every component is. A zone's name may be cut, a list may
leave out given names, and the order of components differs between states; such differences are named, not signalled.

Source: ICAO Doc 9303-3, sections 4.6 and 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.mrz.transliterate import spellings, split

MOST_COMPONENTS = 24
MOST_LETTERS = 60
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "MSTR", "MST", "DR", "PROF", "CHD", "INF"})
"""What carriers put beside given names; no part of a name. Source: IATA PNR name element practice."""
_FOLDS = (("UXX", "U"), ("NXX", "N"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A"))
"""Transliterations that a reader of the other writing would leave out: MUELLER and MULLER are both Müller."""


class NameAgreement(StrEnum):
    """How two writings of a name stand to each other."""

    SAME = "same"
    SAME_BY_TRANSLITERATION = "same_by_transliteration"
    OTHER_ORDER = "other_order"
    CUT_SHORT = "cut_short"
    GIVEN_NAMES_LEFT_OUT = "given_names_left_out"
    NOT_COMPARABLE = "not_comparable"
    NEAR = "near"
    DIFFERENT = "different"

    @property
    def differs(self) -> bool:
        """Tell whether this is a difference that a person should look at."""
        return self in (NameAgreement.NEAR, NameAgreement.DIFFERENT)


_ORDER = tuple(NameAgreement)


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as one paper writes it.

    Args:
        family: primary identifier.
        given: secondary identifier; ``""`` where there is none.
        may_be_cut: the field was full.
    """

    family: str
    given: str = ""
    may_be_cut: bool = False


@dataclass(frozen=True, slots=True)
class NameComparison:
    """What comparing two names gives.

    Args:
        agreement: how they stand to each other.
        distance: letters to change, put or leave out between the nearest permitted spellings; 0 where they agree.
    """

    agreement: NameAgreement
    distance: int = 0


def compare_names(one: WrittenName, other: WrittenName) -> NameComparison:
    """Return how two writings of a name stand to each other.

    Args:
        one: in any script of ICAO's tables.
        other: likewise.
    """
    try:
        ways = [_compare(one, other, titles=titles) for titles in (True, False)]
        # What looks like a title may be a name, cut or whole: the reading that says less of a difference is taken.
        return min(ways, key=lambda way: _ORDER.index(way.agreement))
    except PapersError:
        return NameComparison(NameAgreement.NOT_COMPARABLE)


def _compare(one: WrittenName, other: WrittenName, *, titles: bool) -> NameComparison:
    ours, theirs = _parts(one, titles=titles), _parts(other, titles=titles)
    if not (ours[0] or ours[1]) or not (theirs[0] or theirs[1]):
        return NameComparison(NameAgreement.NOT_COMPARABLE)
    for agreement, holds in _RULES:
        if holds(one, other, ours, theirs):
            return NameComparison(agreement)
    whole = "".join(_folded(ours)), "".join(_folded(theirs))
    distance = _distance(*whole)
    near = distance <= max(1, max(map(len, whole)) // 8)
    return NameComparison(NameAgreement.NEAR if near else NameAgreement.DIFFERENT, distance)


Component = tuple[str, ...]
"""Every permitted spelling of one component."""
Parts = tuple[tuple[Component, ...], tuple[Component, ...]]


def _parts(name: WrittenName, *, titles: bool) -> Parts:
    family = tuple(spellings(part[:MOST_LETTERS]) for part in split(name.family)[:MOST_COMPONENTS])
    written = [part for part in split(name.given)[:MOST_COMPONENTS] if titles or part.upper() not in _TITLES]
    given = tuple(spellings(part[:MOST_LETTERS]) for part in written)
    return tuple(part for part in family if part[0]), tuple(part for part in given if part[0])


def _first(parts: Parts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    family, given = parts
    return tuple(part[0] for part in family), tuple(part[0] for part in given)


def _fold(text: str) -> str:
    for long, short in _FOLDS:
        text = text.replace(long, short)
    return text


def _folded(parts: Parts) -> list[str]:
    return [_fold(part[0]) for part in (*parts[0], *parts[1])]


def _same(one: Component, other: Component) -> bool:
    return bool({*one, *map(_fold, one)} & {*other, *map(_fold, other)})


def _all_same(ours: tuple[Component, ...], theirs: tuple[Component, ...]) -> bool:
    """Tell whether components are the same one by one, or run together."""
    if len(ours) == len(theirs):
        return all(_same(one, other) for one, other in zip(ours, theirs, strict=True))
    return "".join(_fold(part[0]) for part in ours) == "".join(_fold(part[0]) for part in theirs)


def _is_cut(name: WrittenName, cut: Parts, whole: Parts) -> bool:
    """Tell whether a name that may be cut is the beginning of the other, component by component."""
    if not name.may_be_cut or not cut[0] or len(cut[0]) > len(whole[0]):
        return False
    # Components may have given up letters, and the last ones be missing.
    for ours, theirs in zip(cut, whole, strict=True):
        for one, other in zip(ours, theirs, strict=False):
            if not (_same(one, other) or any(spelling.startswith(part) for part in one for spelling in other)):
                return False
        if len(ours) > len(theirs):
            return False
    return True


def _left_out(ours: tuple[Component, ...], theirs: tuple[Component, ...]) -> bool:
    """Tell whether the given names of one are among those of the other, in order, or their initials."""
    few, many = sorted((ours, theirs), key=len)
    waiting = iter(many)
    return all(any(_same(one, other) or _is_initial(one, other) for other in waiting) for one in few)


def _is_initial(one: Component, other: Component) -> bool:
    short, long = sorted((one[0], other[0]), key=len)
    return len(short) == 1 and long.startswith(short)


def _distance(one: str, other: str) -> int:
    """Return the Levenshtein distance; both are at most some hundreds of letters."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        before, row[0] = row[0], place
        for at, against in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != against))
    return row[-1]


_Rule = Callable[[WrittenName, WrittenName, Parts, Parts], bool]
_RULES: tuple[tuple[NameAgreement, _Rule], ...] = (
    (NameAgreement.SAME, lambda _one, _other, ours, theirs: _first(ours) == _first(theirs)),
    (
        NameAgreement.SAME_BY_TRANSLITERATION,
        lambda _one, _other, ours, theirs: (
            (_all_same(ours[0], theirs[0]) and _all_same(ours[1], theirs[1]))
            or "".join(_folded(ours)) == "".join(_folded(theirs))
        ),
    ),
    (NameAgreement.OTHER_ORDER, lambda _one, _other, ours, theirs: sorted(_folded(ours)) == sorted(_folded(theirs))),
    (
        NameAgreement.CUT_SHORT,
        lambda one, other, ours, theirs: _is_cut(one, ours, theirs) or _is_cut(other, theirs, ours),
    ),
    (
        NameAgreement.GIVEN_NAMES_LEFT_OUT,
        lambda _one, _other, ours, theirs: _all_same(ours[0], theirs[0]) and _left_out(ours[1], theirs[1]),
    ),
)
"""What is asked in turn; the first that holds is the answer."""
