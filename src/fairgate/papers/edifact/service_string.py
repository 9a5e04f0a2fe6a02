"""The service characters of an interchange, and where in the input it begins."""

from __future__ import annotations

import re
from typing import NamedTuple

from fairgate.errors import PapersError
from fairgate.papers.findings import FindingCode, Findings

LEADING_BYTES_SEARCHED = 4096
WHITE_SPACE = " \t\r\n\x0b\x0c"
_BOM = "\xef\xbb\xbf"
_FIRST_TAG = re.compile(r"(?:\A|[\r\n])[ \t\r\n\x0b\x0c]*(UN[ABGH])(?=[^A-Za-z0-9])")


class ServiceString(NamedTuple):
    """The characters that separate, release and end.

    Source: ISO 9735-1 section 7.1, and annex C for UNA.

    Args:
        component: between the components of a composite.
        element: between data elements.
        release: makes the next character ordinary; ``""`` where none is in use.
        terminator: ends a segment.
    """

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"

    @property
    def white_space(self) -> str:
        """Return the white space that is not itself a service character."""
        return "".join(character for character in WHITE_SPACE if character not in self)


STANDARD = ServiceString()
INFORMATION_SEPARATORS = ServiceString("\x1f", "\x1d", "", "\x1c")
"""What level B interchanges may use without announcing it. Source: ISO 9735-1 section 7.2."""


def begins_interchange(text: str) -> bool:
    """Tell whether an interchange begins at a line of a text, perhaps after lines of something else."""
    return _FIRST_TAG.search(text[:LEADING_BYTES_SEARCHED]) is not None


def find_service_string(text: str, findings: Findings) -> tuple[ServiceString, int]:
    """Return the service characters in use and the offset of the first segment after UNA.

    Args:
        text: the whole input, one character a byte (Latin-1).
        findings: takes the deviations.

    Raises:
        PapersError: no interchange begins in the first 4096 bytes, or its UNA cannot be used.
    """
    found = _FIRST_TAG.search(text[:LEADING_BYTES_SEARCHED].removeprefix(_BOM))
    if found is None:
        raise PapersError("This is not an EDIFACT interchange: no UNA, UNB, UNG or UNH begins a line.", position=0)
    start = found.start(1) + (len(_BOM) if text.startswith(_BOM) else 0)
    if text[:start].strip(WHITE_SPACE):
        findings.note(
            FindingCode.LEADING_CONTENT, f"{start} bytes precede the interchange.", where="before UNA", position=0
        )
    if found.group(1) == "UNA":
        return _announced(text, start, findings)
    findings.note(
        FindingCode.NO_SERVICE_STRING,
        "There is no UNA; the standard's separators are assumed.",
        where="before UNB",
        position=start,
    )
    return (INFORMATION_SEPARATORS if text[start + 3] == INFORMATION_SEPARATORS.element else STANDARD), start


def _announced(text: str, start: int, findings: Findings) -> tuple[ServiceString, int]:
    """Read UNA and the six characters after it: component, element, decimal mark, release, reserved, terminator."""
    given = text[start + 3 : start + 9]
    is_short = given[4:5] not in ("", " ", "*") and text[start + 8 :].lstrip(WHITE_SPACE)[:2] == "UN"
    if is_short:
        findings.note(
            FindingCode.SHORT_SERVICE_STRING,
            "UNA has five characters where six are due; the reserved one is taken to be missing.",
            where="UNA",
            position=start,
        )
        given = f"{given[:4]} {given[4]}"
    if len(given) < 6:
        raise PapersError("UNA is cut short.", position=start)
    component, element, release, terminator = given[0], given[1], given[3], given[5]
    separators = (component, element, terminator)
    in_use = (*separators, release)
    if len(set(in_use)) < 4 or any(mark.isalnum() for mark in in_use) or " " in separators:
        raise PapersError(
            "UNA names separators that cannot be told apart from data or from each other.", position=start
        )
    string = ServiceString(component, element, release.strip(), terminator)
    if string != STANDARD:
        findings.note(
            FindingCode.CUSTOM_SERVICE_STRING,
            "UNA announces other separators than the standard's.",
            where="UNA",
            position=start,
        )
    return string, start + (8 if is_short else 9)
