"""Values of universal types, and a cursor over the elements of a sequence.

Source: ITU-T X.690 (02/2021) clauses 8.2–8.25, 11.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fairgate.errors import PapersError
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.der.tlv import Element

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT_IDENTIFIER = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
ENUMERATED, UTF8_STRING, SEQUENCE, SET = 0x0A, 0x0C, 0x30, 0x31
NUMERIC_STRING, PRINTABLE_STRING, TELETEX_STRING, IA5_STRING = 0x12, 0x13, 0x14, 0x16
UTC_TIME, GENERALIZED_TIME, VISIBLE_STRING, UNIVERSAL_STRING, BMP_STRING = 0x17, 0x18, 0x1A, 0x1C, 0x1E

LARGEST_INTEGER_BYTES = 2049
"""An RSA modulus of 16 384 bits with its sign octet."""

SMALL_INTEGER_BYTES = 8
"""Versions, counts, years and lengths have no more; written out in digits, longer ones would take long or fail."""

_LONGEST_OID_BYTES = 64
_TIME = re.compile(r"(?P<minutes>[0-9]{12})(?P<seconds>[0-9]{2})?(?P<fraction>\.[0-9]{1,9})?Z")
_ENCODINGS = {
    UTF8_STRING: "utf-8",
    NUMERIC_STRING: "ascii",
    PRINTABLE_STRING: "ascii",
    IA5_STRING: "ascii",
    VISIBLE_STRING: "ascii",
    TELETEX_STRING: "latin-1",
    BMP_STRING: "utf-16-be",
    UNIVERSAL_STRING: "utf-32-be",
}


class Cursor:
    """The elements within one, in order, taken one by one.

    Args:
        parent: the element that holds them.

    Raises:
        PapersError: it is primitive or cannot be read.
    """

    def __init__(self, parent: Element) -> None:
        self.parent = parent
        self._elements = list(parent.children())
        self._next = 0

    @property
    def tags(self) -> tuple[int, ...]:
        """Return the tags of all of them."""
        return tuple(element.tag for element in self._elements)

    def peek(self) -> int | None:
        """Return the next element's tag, or ``None`` at the end."""
        return self._elements[self._next].tag if self._next < len(self._elements) else None

    def take(self, tag: int | None = None, *, what: str = "element") -> Element:
        """Return the next element.

        Raises:
            PapersError: there is none, or it has another tag.
        """
        if self._next >= len(self._elements):
            raise PapersError(f"The {what} is missing.", position=self.parent.stop)
        element = self._elements[self._next]
        if tag is not None and element.tag != tag:
            raise element.refuse(f"Tag {element.tag:02X} stands where the {what} ({tag:02X}) should be.")
        self._next += 1
        return element

    def take_if(self, tag: int) -> Element | None:
        """Return the next element where it has this tag."""
        return self.take() if self.peek() == tag else None

    def finish(self) -> None:
        """Note elements that are left over."""
        if self._next < len(self._elements):
            element = self._elements[self._next]
            text = f"An element with tag {element.tag:02X} is not expected here."
            element.findings.note(ChipFindingCode.UNEXPECTED_ELEMENT, text, position=element.start)


def integer(element: Element, *, tag: int = INTEGER) -> int:
    """Return an integer; needless octets are noted.

    Raises:
        PapersError: another tag, no content, or more than :data:`LARGEST_INTEGER_BYTES`.
    """
    if element.tag != tag:
        raise element.refuse(f"Tag {element.tag:02X} stands where an integer should be.")
    content = element.content
    if not content or len(content) > LARGEST_INTEGER_BYTES:
        raise element.refuse("An integer is empty or too long.")
    if len(content) > 1 and (content[0], content[1] >> 7) in {(0x00, 0), (0xFF, 1)}:
        text = "An integer has more octets than it needs, which DER forbids."
        element.findings.note(ChipFindingCode.NON_MINIMAL_INTEGER, text, position=element.start)
    return int.from_bytes(content, "big", signed=True)


def small(element: Element, *, tag: int = INTEGER) -> int:
    """Return an integer that is a version, a count, a year or a length.

    Raises:
        PapersError: another tag, no content, or more than :data:`SMALL_INTEGER_BYTES`.
    """
    if len(element.content) > SMALL_INTEGER_BYTES:
        raise element.refuse("A number is longer than any that belongs here.")
    return integer(element, tag=tag)


def boolean(element: Element) -> bool:
    """Return a truth value; true as another octet than FF is noted.

    Raises:
        PapersError: another tag, or not one octet.
    """
    content = element.content
    if element.tag != BOOLEAN or len(content) != 1:
        raise element.refuse("A truth value is malformed.")
    if content[0] not in {0x00, 0xFF}:
        element.findings.note(
            ChipFindingCode.BOOLEAN_FORM, "A truth value is neither 00 nor FF.", position=element.start
        )
    return content[0] != 0


def object_identifier(element: Element) -> str:
    """Return an object identifier in dotted form.

    Raises:
        PapersError: another tag, or malformed or too long.
    """
    if element.tag != OBJECT_IDENTIFIER:
        raise element.refuse(f"Tag {element.tag:02X} stands where an object identifier should be.")
    content = element.content
    if not content or len(content) > _LONGEST_OID_BYTES or content[-1] & 0x80:
        raise element.refuse("An object identifier is empty, cut short or too long.")
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def octets(element: Element, *, tag: int = OCTET_STRING) -> bytes:
    """Return an octet string; one made of pieces is joined and noted.

    Raises:
        PapersError: another tag, or pieces that are no octet strings.
    """
    if element.tag == tag:
        return element.content
    if element.tag != tag | 0x20:
        raise element.refuse(f"Tag {element.tag:02X} stands where an octet string should be.")
    text = "An octet string is made of pieces, which DER forbids."
    element.findings.note(ChipFindingCode.CONSTRUCTED_STRING, text, position=element.start)
    return b"".join(octets(piece) for piece in element.children())


def bits(element: Element) -> bytes:
    """Return a bit string of whole octets.

    Raises:
        PapersError: another tag, or bits left over.
    """
    content = element.content
    if element.tag != BIT_STRING or not content or content[0] != 0:
        raise element.refuse("A bit string is malformed or does not hold whole octets.")
    return content[1:]


def named_bits(element: Element) -> frozenset[int]:
    """Return the numbers of the bits that are set, counted from the first.

    Raises:
        PapersError: another tag, or malformed.
    """
    content = element.content
    if element.tag != BIT_STRING or not 1 <= len(content) <= 5 or content[0] > 7:
        raise element.refuse("A string of named bits is malformed.")
    return frozenset(
        8 * index + bit for index, octet in enumerate(content[1:]) for bit in range(8) if octet & 0x80 >> bit
    )


def text(element: Element) -> str:
    """Return a character string; characters outside its type are replaced and noted.

    Raises:
        PapersError: it is no character string.
    """
    encoding = _ENCODINGS.get(element.tag)
    if encoding is None:
        raise element.refuse(f"Tag {element.tag:02X} stands where a character string should be.")
    try:
        return element.content.decode(encoding)
    except UnicodeDecodeError:
        said = "A character string has octets that its type does not allow."
        element.findings.note(ChipFindingCode.TEXT_FORM, said, position=element.start)
        return element.content.decode("latin-1")


def moment(element: Element) -> datetime:
    """Return a UTCTime or GeneralizedTime, aware, in UTC; forms that DER forbids are noted.

    Years of two digits are 1950–2049 (RFC 5280 clause 4.1.2.5.1).

    Raises:
        PapersError: it is no time that can be read.
    """
    if element.tag == UTC_TIME:
        written = element.content.decode("latin-1")
        return _moment(element, ("20" if written[:2] < "50" else "19") + written)
    if element.tag == GENERALIZED_TIME:
        return moment_within(element)
    raise element.refuse(f"Tag {element.tag:02X} stands where a time should be.")


def moment_within(element: Element) -> datetime:
    """Return the GeneralizedTime that an element of any tag holds.

    Raises:
        PapersError: it is no time that can be read.
    """
    return _moment(element, element.content.decode("latin-1"))


def _moment(element: Element, written: str) -> datetime:
    found = _TIME.fullmatch(written)
    if found is None:
        raise element.refuse("A time is malformed.")
    if found["seconds"] is None or found["fraction"] is not None:
        said = "A time lacks its seconds or has fractions of one."
        element.findings.note(ChipFindingCode.TIME_FORM, said, position=element.start)
    digits = found["minutes"] + (found["seconds"] or "00")
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise element.refuse("A time is malformed.") from error
