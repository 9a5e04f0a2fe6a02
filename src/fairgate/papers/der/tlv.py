"""Tag, length, value: a bounded reader of BER that notes what is not DER.

Reading is lazy: an element knows where its content lies, and reads its children when asked. Indefinite lengths and
lengths with needless octets are read and noted, for some states sign such files.

Source: ITU-T X.690 (02/2021) clauses 8.1 and 10.1; ISO/IEC 7816-4:2020 clause 6.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from fairgate.errors import PapersError
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings

DEEPEST = 32
"""Levels of nesting; a document security object has fewer than 20."""

MOST_CHILDREN = 200_000
"""Elements directly within one: a revocation list of a large state stays below."""

LARGEST_INPUT_BYTES = 64 * 1024 * 1024

_LONGEST_TAG_OCTETS = 4
_LONGEST_LENGTH_OCTETS = 8
_END_OF_CONTENTS = 0x00


class Element:
    """One element of the input; ``body`` to ``stop`` is its content, ``start`` to ``end`` all of it.

    Args:
        data: the whole input.
        start: offset of the tag.
        limit: offset that the element may not go beyond.
        findings: where deviations are noted.
        depth: levels above this one.

    Raises:
        PapersError: it is cut short, or beyond the limits.
    """

    __slots__ = ("_findings", "body", "data", "depth", "end", "start", "stop", "tag")

    def __init__(self, data: bytes, start: int, limit: int, findings: ChipFindings, depth: int = 0) -> None:
        self.data, self.start, self.depth, self._findings = data, start, depth, findings
        if depth > DEEPEST:
            raise PapersError(f"Elements are nested more than {DEEPEST} deep.", position=start)
        self.tag, position = _tag(data, start, limit)
        length, self.body = _length(data, position, limit, findings)
        if length is not None:
            if length > limit - self.body:
                raise PapersError(
                    f"An element is {length} bytes long where {limit - self.body} are left.", position=start
                )
            self.stop = self.end = self.body + length
            return
        if not self.constructed:
            raise PapersError("A primitive element has no definite length.", position=start)
        findings.note(ChipFindingCode.INDEFINITE_LENGTH, "A length is left open, which DER forbids.", position=start)
        self.stop = _end_of_contents(data, self.body, limit)
        self.end = self.stop + 2

    @property
    def constructed(self) -> bool:
        """Tell whether it holds further elements."""
        return _first_octet(self.tag) & 0x20 != 0

    @property
    def content(self) -> bytes:
        """Return its content octets."""
        return self.data[self.body : self.stop]

    @property
    def encoded(self) -> bytes:
        """Return all its octets as they stand in the input."""
        return self.data[self.start : self.end]

    @property
    def findings(self) -> ChipFindings:
        """Return where deviations of its file are noted."""
        return self._findings

    def children(self) -> Iterator[Element]:
        """Yield the elements within it.

        Raises:
            PapersError: it is primitive, or what it holds cannot be read.
        """
        if not self.constructed:
            raise PapersError("An element that should hold others is primitive.", position=self.start)
        yield from elements(self.data, self.body, self.stop, self._findings, self.depth + 1)

    def wrapped(self) -> Iterator[Element]:
        """Yield the elements that its content octets encode, as an OCTET STRING does that wraps an encoding."""
        yield from elements(self.data, self.body, self.stop, self._findings, self.depth + 1)

    def refuse(self, text: str) -> PapersError:
        """Return the error that says what is wrong with it."""
        return PapersError(text, position=self.start)


def elements(data: bytes, start: int, stop: int, findings: ChipFindings, depth: int = 0) -> Iterator[Element]:
    """Yield the elements of a span of the input, one after another.

    Raises:
        PapersError: one is cut short, or there are more than :data:`MOST_CHILDREN`.
    """
    count = 0
    while start < stop:
        count += 1
        if count > MOST_CHILDREN:
            raise PapersError(f"An element holds more than {MOST_CHILDREN} others.", position=start)
        element = Element(data, start, stop, findings, depth)
        yield element
        start = element.end


def only_element(data: bytes, findings: ChipFindings, *, tag: int | None = None, what: str = "file") -> Element:
    """Return the one element of an input; bytes after it are noted.

    Args:
        data: the input.
        findings: where deviations are noted.
        tag: the tag that it must have.
        what: its name, for the error's text.

    Raises:
        PapersError: the input is empty, too long, cut short, or begins with another tag.
    """
    if len(data) > LARGEST_INPUT_BYTES:
        raise PapersError(f"The {what} is larger than {LARGEST_INPUT_BYTES} bytes.", position=0)
    element = Element(data, 0, len(data), findings)
    if tag is not None and element.tag != tag:
        raise PapersError(f"The {what} begins with tag {element.tag:02X}, not {tag:02X}.", position=0)
    if element.end < len(data):
        left = len(data) - element.end
        findings.note(ChipFindingCode.TRAILING_BYTES, f"{left} bytes follow the {what}.", position=element.end)
    return element


def _tag(data: bytes, start: int, limit: int) -> tuple[int, int]:
    if start >= limit:
        raise PapersError("The input ends where an element should begin.", position=start)
    tag = data[start]
    position = start + 1
    if tag & 0x1F != 0x1F:
        return tag, position
    while position < limit and position - start < _LONGEST_TAG_OCTETS:
        octet = data[position]
        tag = tag << 8 | octet
        position += 1
        if not octet & 0x80:
            return tag, position
    raise PapersError("A tag is cut short or has too many octets.", position=start)


def _length(data: bytes, position: int, limit: int, findings: ChipFindings) -> tuple[int | None, int]:
    if position >= limit:
        raise PapersError("The input ends within an element's head.", position=position)
    first = data[position]
    if first < 0x80:
        return first, position + 1
    count = first & 0x7F
    if count == 0:
        return None, position + 1
    after = position + 1 + count
    if count > _LONGEST_LENGTH_OCTETS or after > limit:
        raise PapersError("A length is cut short or has too many octets.", position=position)
    length = int.from_bytes(data[position + 1 : after], "big")
    if length < 0x80 or data[position + 1] == 0:
        text = "A length has more octets than it needs, which DER forbids."
        findings.note(ChipFindingCode.NON_MINIMAL_LENGTH, text, position=position)
    return length, after


def _end_of_contents(data: bytes, position: int, limit: int) -> int:
    """Return where the end-of-contents octets of an open element lie; one pass, whatever the nesting."""
    silent = ChipFindings("")
    open_elements = 1
    while position < limit:
        start = position
        if data[position] == _END_OF_CONTENTS and position + 1 < limit and data[position + 1] == 0:
            open_elements -= 1
            if open_elements == 0:
                return position
            position += 2
            continue
        tag, position = _tag(data, position, limit)
        length, position = _length(data, position, limit, silent)
        if length is None:
            open_elements += 1
            if open_elements > DEEPEST:
                raise PapersError(f"Elements are nested more than {DEEPEST} deep.", position=start)
            if not _first_octet(tag) & 0x20:
                raise PapersError("A primitive element has no definite length.", position=start)
        elif length > limit - position:
            raise PapersError("An element goes beyond the one that holds it.", position=start)
        else:
            position += length
    raise PapersError("An element of open length has no end.", position=limit)


def _first_octet(tag: int) -> int:
    while tag > 0xFF:
        tag >>= 8
    return tag
