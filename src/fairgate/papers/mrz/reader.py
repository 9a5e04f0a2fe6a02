"""Reads a machine-readable zone: lenient, every deviation reported.

Steps: 1 lines, 2 format, 3 misreadings that check digits prove, 4 check digits, 5 facts.
"""

from __future__ import annotations

from datetime import date

from fairgate.papers.document_facts import DocumentFacts, PartialDate, Source
from fairgate.papers.findings import Findings
from fairgate.papers.mrz.alphabet import DIGITS, FILLER, LETTERS
from fairgate.papers.mrz.correct import correct
from fairgate.papers.mrz.dates import read_birth, read_expiry
from fairgate.papers.mrz.facts import MrzFindingCode, MrzRead
from fairgate.papers.mrz.formats import CODE, ISSUER, Format, MrzKind, Place
from fairgate.papers.mrz.lines import Line, zone_lines
from fairgate.papers.mrz.name_field import NameRead, read_name
from fairgate.papers.mrz.protected import (
    Protected,
    Standing,
    composite_field,
    number_field,
    protected_fields,
)

CODE_LETTERS = {MrzKind.TD1: "ACI", MrzKind.TD2: "ACI", MrzKind.TD3: "P", MrzKind.MRV_A: "V", MrzKind.MRV_B: "V"}
"""Source: ICAO Doc 9303-4, -5, -6 and -7, 4.2.2, first field."""


def read_mrz(text: str | bytes, *, on: date, correct_misreadings: bool = True) -> MrzRead:
    """Return what a machine-readable zone says.

    Args:
        text: the zone's lines, one after the other or in one run (as in a chip's DG1), with or without text around
            them; at most 4096 characters.
        on: the day of reading, by which two-digit years are resolved.
        correct_misreadings: correct what check digits prove; else only report.

    Returns:
        The facts, with a finding for every deviation; a fact that cannot be read is empty.

    Raises:
        PapersError: there is no zone in the text. ``position`` says where it was looked for.
    """
    findings = Findings()
    decoded = text if isinstance(text, str) else text.decode("latin-1")
    layout, found = zone_lines(decoded, findings)
    reading = _Reading(layout, found, findings, on)
    if correct_misreadings:
        reading.correct()
    reading.check()
    facts = reading.facts()
    return MrzRead(layout.kind, reading.lines, facts, findings.collected())


class _Reading:
    """One zone while it is read."""

    def __init__(self, layout: Format, found: tuple[Line, ...], findings: Findings, on: date) -> None:
        self._layout = layout
        self._found = found
        self._findings = findings
        self._on = on
        self._ambiguous = False
        self.lines = tuple(line.text for line in found)

    def correct(self) -> None:
        """Correct what check digits prove."""
        correction = correct(self._layout, self.lines)
        self.lines = correction.lines
        self._ambiguous = correction.ambiguous
        for line, at, _ in correction.changes:
            text = "The character was read as one that looks alike; the check digits prove it."
            self._note(MrzFindingCode.MISREADING_CORRECTED, text, Place(line, at, at + 1))

    def check(self) -> None:
        """Report every check digit that does not hold."""
        failed = False
        for field in protected_fields(self._layout, self.lines):
            failed = self._check(field) or failed
        composite = composite_field(self._layout)
        if composite is not None and composite.standing(self.lines) is not Standing.HOLDS:
            failed = True
            code = MrzFindingCode.COMPOSITE_CHECK_DIGIT_WRONG
            self._note(code, "The composite check digit is wrong.", composite.check)
        if failed and self._ambiguous:
            text = "Several corrections of characters that look alike would satisfy the check digits; none was made."
            self._findings.note(
                MrzFindingCode.MISREADING_AMBIGUOUS, text, where="whole zone", position=self._found[0].offset(0)
            )

    def _check(self, field: Protected) -> bool:
        match field.standing(self.lines):
            case Standing.HOLDS:
                return False
            case Standing.MISSING:
                text = f"The {field.name} has a filler in the place of its check digit."
                self._note(MrzFindingCode.CHECK_DIGIT_MISSING, text, field.check)
            case Standing.WRONG:
                self._note(
                    MrzFindingCode.CHECK_DIGIT_WRONG, f"The check digit of the {field.name} is wrong.", field.check
                )
        return True

    def facts(self) -> DocumentFacts:
        """Return the facts and report the fields that are not as the standard wants them."""
        layout = self._layout
        name = self._name()
        number, optional = self._number()
        further = layout.further_optional
        return DocumentFacts(
            source=Source.VISA if layout.kind.is_visa else Source.MRZ,
            document_code=self._document_code(),
            issuer=self._state(ISSUER, "issuer"),
            number=number,
            family_name=" ".join(name.family),
            given_names=" ".join(name.given),
            nationality=self._state(layout.nationality, "nationality"),
            born=self._born(),
            sex=self._sex(),
            expires_on=self._expires(),
            name_may_be_truncated=name.may_be_truncated,
            optional=optional,
            further_optional="" if further is None else further.of(self.lines).rstrip(FILLER),
        )

    def _document_code(self) -> str:
        code = CODE.of(self.lines)
        if code[0] not in CODE_LETTERS[self._layout.kind] or code[1] in DIGITS:
            text = f"The document code is none of a {self._layout.kind}."
            self._note(MrzFindingCode.DOCUMENT_CODE_UNKNOWN, text, CODE)
        return code.rstrip(FILLER)

    def _state(self, place: Place, name: str) -> str:
        """Return a state's code; Germany's is ``D`` and two fillers."""
        code = place.of(self.lines)
        plain = code.rstrip(FILLER)
        if not (plain == "D" or (len(plain) == 3 and all(letter in LETTERS for letter in plain))):
            self._note(MrzFindingCode.STATE_CODE_FORM, f"The {name} is no code of three letters, nor D.", place)
        return plain

    def _number(self) -> tuple[str, str]:
        """Return the document number, and what is left of the optional field."""
        field = number_field(self._layout, self.lines)
        number = "".join(place.of(self.lines) for place in field.data).rstrip(FILLER)
        if not number:
            self._note(MrzFindingCode.NUMBER_MISSING, "There is no document number.", self._layout.number)
        optional = self._layout.optional
        if len(field.data) > 1:
            optional = Place(optional.line, field.check.end, optional.end)
            # One filler ends a long number; what follows it is the issuer's own.
            return number, optional.of(self.lines)[1:].rstrip(FILLER)
        return number, optional.of(self.lines).rstrip(FILLER)

    def _name(self) -> NameRead:
        place = self._layout.name
        text = place.of(self.lines)
        name = read_name(text)
        for at, character in enumerate(text):
            if character in DIGITS:
                one = Place(place.line, place.start + at, place.start + at + 1)
                self._note(MrzFindingCode.CHARACTER_NOT_ALLOWED, "A name holds no digit.", one)
        if not name.family:
            self._note(MrzFindingCode.NAME_MISSING, "There is no name.", place)
        elif not name.well_formed:
            self._note(MrzFindingCode.NAME_FORM, "The name's fillers are not where the standard puts them.", place)
        return name

    def _born(self) -> PartialDate | None:
        text = self._layout.born.of(self.lines)
        born = read_birth(text, self._on)
        if born is None:
            self._note(MrzFindingCode.DATE_UNREADABLE, "The date of birth is no date.", self._layout.born)
        return born

    def _expires(self) -> date | None:
        text = self._layout.expires.of(self.lines)
        expires = read_expiry(text, self._layout.kind, self._on)
        if expires is None and text.strip(FILLER):
            self._note(MrzFindingCode.DATE_UNREADABLE, "The date of expiry is no date.", self._layout.expires)
        return expires

    def _sex(self) -> str:
        given = self._layout.sex.of(self.lines)
        if given in ("F", "M"):
            return given
        if given == FILLER:
            return "X"
        self._note(MrzFindingCode.SEX_FORM, "The sex is none of F, M and the filler.", self._layout.sex)
        return "X" if given == "X" else ""

    def _note(self, code: MrzFindingCode, text: str, place: Place) -> None:
        position = self._found[place.line].offset(place.start)
        self._findings.note(code, text, where=place.where, position=position)
