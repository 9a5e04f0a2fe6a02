"""Builds a machine-readable zone: strict, and nothing is left to guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairgate.errors import PapersError
from fairgate.papers.document_facts import DocumentFacts, PartialDate
from fairgate.papers.mrz.alphabet import ALPHABET, FILLER, LETTERS, check_digit
from fairgate.papers.mrz.dates import write_date
from fairgate.papers.mrz.formats import CODE, FORMATS, ISSUER, Format, MrzKind, Place, after
from fairgate.papers.mrz.name_field import write_name
from fairgate.papers.mrz.reader import CODE_LETTERS
from fairgate.papers.mrz.transliterate import components

SEXES = {"F": "F", "M": "M", "X": FILLER}
EMPTY_OPTIONAL_CHECK = FILLER
"""A TD3's empty optional field has a filler for a check digit; ``0`` is as good. Source: ICAO Doc 9303-4, 4.2.2."""


@dataclass(frozen=True, slots=True)
class MrzBuilt:
    """A zone as built.

    Args:
        kind: which of the five.
        lines: two or three, of the kind's width.
        name_was_cut: the name did not fit.
    """

    kind: MrzKind
    lines: tuple[str, ...]
    name_was_cut: bool

    @property
    def text(self) -> str:
        """Return the lines one under the other."""
        return "\n".join(self.lines)


def build_mrz(kind: MrzKind, facts: DocumentFacts) -> MrzBuilt:
    """Return the zone of a document.

    Args:
        kind: which of the five.
        facts: names in any script of ICAO's tables; ``source`` and ``name_may_be_truncated`` do not matter.

    Raises:
        PapersError: a fact is missing, does not fit, or cannot be written in a zone's letters.
    """
    layout = FORMATS[kind]
    rows = [[FILLER] * layout.width for _ in range(layout.lines)]
    name, was_cut = _name(facts, layout)
    long_rest = _put_number(rows, layout, facts.number)
    _put(rows, CODE, _code(facts.document_code, kind), "document code")
    _put(rows, ISSUER, _state(facts.issuer, "issuer"), "issuer")
    _put(rows, layout.name, name, "name")
    _put(rows, layout.nationality, _state(facts.nationality, "nationality"), "nationality")
    _put(rows, layout.born, write_date(facts.born), "date of birth")
    _put(rows, layout.expires, write_date(_whole(facts.expires_on)), "date of expiry")
    _put(rows, layout.sex, _sex(facts.sex), "sex")
    _put_optional(rows, layout, long_rest, facts)
    for place in (layout.born, layout.expires):
        _put(rows, after(place), _digit(place.of(_lines(rows))), "check digit")
    if layout.optional_check is not None:
        optional = layout.optional.of(_lines(rows))
        empty = not optional.strip(FILLER)
        _put(rows, layout.optional_check, EMPTY_OPTIONAL_CHECK if empty else _digit(optional), "check digit")
    if layout.composite is not None:
        covered = "".join(place.of(_lines(rows)) for place in layout.covered)
        _put(rows, layout.composite, _digit(covered), "check digit")
    return MrzBuilt(kind, _lines(rows), was_cut)


def _name(facts: DocumentFacts, layout: Format) -> tuple[str, bool]:
    family, given = components(facts.family_name), components(facts.given_names)
    if not family:
        raise PapersError("A zone needs a family name.", way_out="Put a single name into the family name.")
    return write_name(family, given, layout.name.length)


def _put_number(rows: list[list[str]], layout: Format, number: str) -> str:
    """Write the document number with its check digit; return what begins the optional field, if it is long."""
    _only(number, ALPHABET, "document number")
    if not number or number.startswith(FILLER) or number.endswith(FILLER):
        raise PapersError("A zone needs a document number, without fillers around it.")
    principal, rest = number[: layout.number.length], number[layout.number.length :]
    _put(rows, layout.number, principal, "document number")
    if not rest:
        _put(rows, after(layout.number), _digit(principal), "check digit")
        return ""
    if not layout.long_number:
        raise PapersError(f"A {layout.kind} has no room for a document number of {len(number)} characters.")
    if FILLER in rest:
        raise PapersError("A document number of more than nine characters holds a filler after the ninth.")
    return rest + _digit(number)


def _put_optional(rows: list[list[str]], layout: Format, long_rest: str, facts: DocumentFacts) -> None:
    for text in (facts.optional, facts.further_optional):
        _only(text, ALPHABET, "optional data")
        if text.endswith(FILLER):
            raise PapersError("Optional data end with a filler.")
    separated = f"{long_rest}{FILLER}{facts.optional}" if long_rest and facts.optional else long_rest + facts.optional
    _put(rows, layout.optional, separated, "optional data")
    if facts.further_optional:
        if layout.further_optional is None:
            raise PapersError(f"A {layout.kind} has one optional field.")
        _put(rows, layout.further_optional, facts.further_optional, "optional data")


def _code(code: str, kind: MrzKind) -> str:
    _only(code, LETTERS + FILLER, "document code")
    if code[:1] not in tuple(CODE_LETTERS[kind]) or code.endswith(FILLER):
        raise PapersError(f"The document code is none of a {kind}.")
    return code


def _state(code: str, name: str) -> str:
    _only(code, LETTERS, name)
    if code != "D" and len(code) != 3:
        raise PapersError(f"The {name} is no code of three letters, nor D.")
    return code


def _sex(sex: str) -> str:
    if sex not in SEXES:
        raise PapersError("The sex is none of F, M and X.")
    return SEXES[sex]


def _whole(day: date | None) -> PartialDate | None:
    return None if day is None else PartialDate.of(day)


def _digit(text: str) -> str:
    digit = check_digit(text)
    if digit is None:
        raise PapersError("A character is not one of a machine-readable zone.")
    return digit


def _only(text: str, allowed: str, name: str) -> None:
    if any(character not in allowed for character in text):
        raise PapersError(f"The {name} holds a character that a zone does not allow there.")


def _put(rows: list[list[str]], place: Place, text: str, name: str) -> None:
    if len(text) > place.length:
        raise PapersError(f"The {name} has {len(text)} characters; there is room for {place.length}.")
    padded = text.ljust(place.length, FILLER)
    rows[place.line][place.start : place.end] = list(padded)


def _lines(rows: list[list[str]]) -> tuple[str, ...]:
    return tuple("".join(row) for row in rows)
