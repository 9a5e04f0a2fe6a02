"""Writing DER: each function returns one element's octets.

Source: ITU-T X.690 (02/2021) clauses 8 and 10–11.
"""

from __future__ import annotations

from datetime import datetime

from fairgate.papers.der import values
from fairgate.papers.der.tlv import Element


def tlv(tag: int, content: bytes) -> bytes:
    """Return tag, shortest definite length and content."""
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")
    size = len(content)
    if size < 0x80:
        return head + bytes([size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head + bytes([0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of what is given."""
    return tlv(values.SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF what is given, in DER's order (X.690 clause 11.6)."""
    return tlv(values.SET, b"".join(sorted(parts)))


def integer(value: int, *, tag: int = values.INTEGER) -> bytes:
    """Return an INTEGER in its fewest octets."""
    return tlv(tag, value.to_bytes((value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    """Return a BOOLEAN."""
    return tlv(values.BOOLEAN, b"\xff" if value else b"\x00")


def null() -> bytes:
    """Return a NULL."""
    return tlv(values.NULL, b"")


def octets(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return tlv(values.OCTET_STRING, content)


def bits(content: bytes, unused: int = 0) -> bytes:
    """Return a BIT STRING."""
    return tlv(values.BIT_STRING, bytes([unused]) + content)


def object_identifier(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    content = b"".join(_base128(arc) for arc in (40 * first + second, *rest))
    return tlv(values.OBJECT_IDENTIFIER, content)


def printable(text: str) -> bytes:
    """Return a PrintableString."""
    return tlv(values.PRINTABLE_STRING, text.encode("ascii"))


def utf8(text: str) -> bytes:
    """Return a UTF8String."""
    return tlv(values.UTF8_STRING, text.encode())


def moment(when: datetime) -> bytes:
    """Return a UTCTime up to 2049, else a GeneralizedTime (RFC 5280 clause 4.1.2.5)."""
    if 1950 <= when.year < 2050:
        return tlv(values.UTC_TIME, f"{when:%y%m%d%H%M%S}Z".encode())
    return tlv(values.GENERALIZED_TIME, f"{when:%Y%m%d%H%M%S}Z".encode())


def tagged(number: int, content: bytes) -> bytes:
    """Return ``content`` within a constructed context tag, as EXPLICIT tagging does."""
    return tlv(0xA0 | number, content)


def retagged(tag: int, element: bytes) -> bytes:
    """Return an element's content under another tag, as IMPLICIT tagging does. The element has a one-octet tag."""
    return tag.to_bytes(1, "big") + element[1:]


def _base128(value: int) -> bytes:
    octets_ = [value & 0x7F]
    while value := value >> 7:
        octets_.insert(0, value & 0x7F | 0x80)
    return bytes(octets_)


def rewritten(element: Element) -> bytes:
    """Return an element that was read, with the shortest definite lengths throughout.

    Raises:
        PapersError: something within it cannot be read.
    """
    if not element.constructed:
        return tlv(element.tag, element.content)
    parts = b"".join(rewritten(child) for child in element.children())
    return tlv(element.tag, parts)
