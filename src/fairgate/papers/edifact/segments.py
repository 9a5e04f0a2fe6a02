"""Bytes to segments, in linear time and with one segment in memory at a time.

The input is split as Latin-1, one character a byte, so that positions are byte offsets; fields are decoded afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from fairgate.errors import PapersError
from fairgate.papers.edifact.characters import CODECS
from fairgate.papers.edifact.fields import DEVIATIONS, FieldReader
from fairgate.papers.edifact.service_string import ServiceString, find_service_string
from fairgate.papers.findings import FindingCode, Findings

MAX_BYTES = 8 * 1024 * 1024
MAX_SEGMENTS = 500_000
MAX_SEGMENT_BYTES = 8192

_CLOSING_TAGS = frozenset({"UNT", "UNE", "UNZ"})
_WATCHED_TAGS = frozenset({"UNB", "UNZ"})
_REMEMBERED = 5000
_REMEMBERED_BYTES = 40
"""Short segments with nothing unusual are split once and remembered, up to this many: most of a list repeats itself."""

_Split = tuple[str, tuple[tuple[str, ...], ...]]


class Segment(NamedTuple):
    """One segment.

    Args:
        tag: three letters, e.g. ``"NAD"``.
        elements: the data elements after the tag, each a tuple of its components, released and decoded.
        position: byte offset of the tag.
        number: place in the input, from 1, UNA not counted.
    """

    tag: str
    elements: tuple[tuple[str, ...], ...]
    position: int
    number: int

    def get(self, element: int, component: int = 0) -> str:
        """Return a component, or ``""`` where the segment does not have it."""
        elements = self.elements
        if element < len(elements):
            found = elements[element]
            if component < len(found):
                return found[component]
        return ""

    @property
    def where(self) -> str:
        """Return the segment's place in words that hold no data."""
        tag = self.tag if len(self.tag) == 3 and self.tag.isalnum() else "?"
        return f"segment {self.number} {tag}"


def segments(content: bytes, findings: Findings) -> Iterator[Segment]:
    """Return the segments of one interchange, one after the other.

    Args:
        content: the whole input, at most 8 MiB.
        findings: takes the deviations.

    Raises:
        PapersError: not an interchange, over a limit, or more than one interchange.
    """
    if len(content) > MAX_BYTES:
        raise PapersError(f"The input is longer than {MAX_BYTES} bytes.", position=MAX_BYTES)
    text = content.decode("latin-1")
    string, start = find_service_string(text, findings)
    return _Splitter(text, string, findings).split(start)


class _Splitter:
    """Splits one interchange; holds its service characters and, once UNB was read, its character set."""

    def __init__(self, text: str, string: ServiceString, findings: Findings) -> None:
        self._text = text
        self._string = string
        self._findings = findings
        self._white_space = string.white_space
        self._white_run = re.compile(f"[{re.escape(string.white_space)}]*")
        self._fields = FieldReader(string, "UNOA")
        self._known: dict[str, _Split] = {}
        self._gaps, self._first_gap = 0, len(text)

    def split(self, cursor: int) -> Iterator[Segment]:
        known, make, kind = self._known, tuple.__new__, Segment
        number = 0
        piece_start = start = cursor  # a segment is several pieces where its terminators so far were released
        *pieces, _ = self._text[cursor:].split(self._string.terminator)
        for piece in pieces:
            if piece_start == cursor:
                start, split = cursor, known.get(piece)
                if split is None:
                    start, split = self._new(piece, cursor)
                if split is not None:
                    number += 1
                    if start != cursor or number > MAX_SEGMENTS:
                        self._check(cursor, start, number)
                    yield make(kind, (split[0], split[1], start, number))
                    piece_start = cursor = cursor + len(piece) + 1
                    continue
            end = piece_start + len(piece)
            piece_start = end + 1
            if not self._ends(piece, start, end):
                continue
            number += 1
            self._check(cursor, start, number)
            cursor = piece_start
            if start == end:
                self._note(FindingCode.EMPTY_SEGMENT, "A segment is empty.", f"segment {number}", start)
                continue
            segment = self._segment(start, end, number)
            if segment.tag == "UNB":
                self._set_level(segment)
            yield segment
            if segment.tag == "UNZ":
                self._after_interchange(cursor)
                break
        else:
            yield from self._tail(self._skip_white(cursor), number + 1)
        self._note_gaps()

    def _new(self, piece: str, cursor: int) -> tuple[int, _Split | None]:
        """Return where a segment begins that was not met before as it stands, and what it holds if it is plain."""
        body = piece.lstrip(self._white_space)
        split = None
        if len(body) != len(piece):
            cursor += len(piece) - len(body)
            split = self._known.get(body)
        if split is None and len(body) <= MAX_SEGMENT_BYTES:
            split = self._fields.split_plain(body)
            if split is None or split[0] in _WATCHED_TAGS:
                return cursor, None
            if len(body) <= _REMEMBERED_BYTES and len(self._known) < _REMEMBERED:
                self._known[body] = split
        return cursor, split

    def _check(self, cursor: int, start: int, number: int) -> None:
        if start != cursor:
            self._gaps += 1
            self._first_gap = min(self._first_gap, cursor)
        if number > MAX_SEGMENTS:
            raise PapersError(f"There are more than {MAX_SEGMENTS} segments.", position=start)

    def _ends(self, piece: str, start: int, end: int) -> bool:
        """Tell whether a segment ends with a piece, rather than that the terminator after it is released."""
        if end - start > MAX_SEGMENT_BYTES:
            raise PapersError(f"A segment is longer than {MAX_SEGMENT_BYTES} bytes.", position=start)
        release = self._string.release
        return not release or (len(piece) - len(piece.rstrip(release))) % 2 == 0

    def _note_gaps(self) -> None:
        if self._gaps:
            text = f"White space stands between segments, in {self._gaps} places."
            self._note(FindingCode.WHITE_SPACE_BETWEEN_SEGMENTS, text, "whole input", self._first_gap)

    def _skip_white(self, cursor: int) -> int:
        run = self._white_run.match(self._text, cursor)
        return cursor if run is None else run.end()

    def _segment(self, start: int, end: int, number: int) -> Segment:
        body = self._text[start:end]
        plain = self._fields.split_plain(body)
        if plain is not None:
            return Segment(*plain, start, number)
        parts, deviations = self._fields.split(body)
        tag = parts[0][0]
        if " " in tag or "\t" in tag:
            deviations.add(FindingCode.STRAY_SPACE)
            tag = tag.replace(" ", "").replace("\t", "")
        segment = Segment(tag, tuple(parts[1:]), start, number)
        for code in sorted(deviations):
            self._note(code, DEVIATIONS[code], segment.where, start)
        return segment

    def _set_level(self, unb: Segment) -> None:
        level = unb.get(0).upper()
        if level not in CODECS:
            text = "UNB names no character set that is known here; fields are tried as UTF-8."
            self._note(FindingCode.UNKNOWN_CHARACTER_SET, text, unb.where, unb.position)
        self._fields = FieldReader(self._string, level)
        self._known.clear()

    def _tail(self, start: int, number: int) -> Iterator[Segment]:
        """Deal with what stands after the last terminator: a closing segment without its own, or a broken-off one."""
        if start == len(self._text):
            return
        if len(self._text) - start > MAX_SEGMENT_BYTES:
            raise PapersError(f"A segment is longer than {MAX_SEGMENT_BYTES} bytes.", position=start)
        segment = self._segment(start, len(self._text), number)
        if segment.tag in _CLOSING_TAGS:
            text = "The last segment has no terminator."
            self._note(FindingCode.UNTERMINATED_SEGMENT, text, segment.where, start)
            yield segment
        else:
            text = "The input breaks off inside a segment, which is left out."
            self._note(FindingCode.TRUNCATED, text, segment.where, start)

    def _after_interchange(self, cursor: int) -> None:
        rest_start = self._skip_white(cursor)
        rest_bytes = len(self._text) - rest_start
        if not rest_bytes:
            return
        if self._text.startswith(("UNA", "UNB"), rest_start):
            raise PapersError(
                "A second interchange follows the first.",
                position=rest_start,
                way_out="Hand in one interchange at a time.",
            )
        text = f"{rest_bytes} bytes follow the interchange and are left out."
        self._note(FindingCode.TRAILING_CONTENT, text, "after UNZ", rest_start)

    def _note(self, code: FindingCode, text: str, where: str, position: int) -> None:
        self._findings.note(code, text, where=where, position=position)
