"""Distinguished names, as certificates, signers and lists of certificates have them.

Source: ITU-T X.501 (10/2019) clause 9; RFC 5280 (2008) clause 7.1 for comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fairgate.errors import PapersError
from fairgate.papers.der import values, writing
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.der.tlv import Element

COUNTRY, COMMON_NAME, SERIAL_NUMBER, ORGANISATION, UNIT = "2.5.4.6", "2.5.4.3", "2.5.4.5", "2.5.4.10", "2.5.4.11"
_SHORT = {COUNTRY: "C", COMMON_NAME: "CN", SERIAL_NUMBER: "serialNumber", ORGANISATION: "O", UNIT: "OU"}
_MOST_PARTS = 64


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name. Two are equal where their comparable forms are.

    Args:
        parts: object identifier and value, in order.
        comparable: the same with case folded and white space squeezed, sorted.
    """

    parts: tuple[tuple[str, str], ...] = field(compare=False)
    comparable: tuple[tuple[str, str], ...] = field(repr=False)

    @property
    def country(self) -> str:
        """Return the country code in capital letters, or ``""``."""
        return next((value.strip().upper() for kind, value in self.parts if kind == COUNTRY), "")

    def __str__(self) -> str:
        """Return e.g. ``"C=DE, O=bund, CN=csca-germany"``."""
        return ", ".join(f"{_SHORT.get(kind, kind)}={value}" for kind, value in self.parts)


def name_of(parts: Iterable[tuple[str, str]]) -> Name:
    """Return the name of these parts."""
    kept = tuple(parts)
    return Name(kept, tuple(sorted((kind, " ".join(value.casefold().split())) for kind, value in kept)))


def read_name(element: Element) -> Name:
    """Return a distinguished name; values that are no text are noted and kept as hexadecimal.

    Raises:
        PapersError: it is no name, or has more than 64 parts.
    """
    if element.tag & 0xDF not in {values.SEQUENCE & 0xDF, 0x80, 0x84}:
        raise element.refuse("A distinguished name is malformed.")
    parts: list[tuple[str, str]] = []
    for relative in element.children():
        for pair in relative.children():
            cursor = values.Cursor(pair)
            kind, value = values.object_identifier(cursor.take()), cursor.take()
            try:
                parts.append((kind, values.text(value)))
            except PapersError:
                said = "A part of a name is no character string."
                element.findings.note(ChipFindingCode.TEXT_FORM, said, position=value.start)
                parts.append((kind, value.content.hex()))
            if len(parts) > _MOST_PARTS:
                raise element.refuse(f"A name has more than {_MOST_PARTS} parts.")
    return name_of(parts)


def write_name(name: Name) -> bytes:
    """Return the DER encoding: country and serial number printable, the rest UTF-8."""
    return writing.sequence(
        *(
            writing.set_of(
                writing.sequence(
                    writing.object_identifier(kind),
                    writing.printable(value) if kind in {COUNTRY, SERIAL_NUMBER} else writing.utf8(value),
                )
            )
            for kind, value in name.parts
        )
    )
