"""The slow path of splitting: segments in which something is released, stray, empty at an end or unusual."""

from __future__ import annotations

import re

from fairgate.papers.edifact import characters
from fairgate.papers.edifact.service_string import ServiceString
from fairgate.papers.findings import FindingCode

DEVIATIONS = {
    FindingCode.LINE_BREAK_IN_SEGMENT: "A line break stands inside a segment.",
    FindingCode.TRAILING_SEPARATOR: "A separator stands at an end, with nothing after it.",
    FindingCode.STRAY_SPACE: "A space stands at the edge of a field or inside the tag.",
    FindingCode.CONTROL_CHARACTER: "An invisible or control character stands in a field and is left out.",
    FindingCode.OUTSIDE_CHARACTER_SET: "A field has characters that the interchange's character set does not.",
    FindingCode.DANGLING_RELEASE: "A release character releases nothing.",
    FindingCode.NEEDLESS_RELEASE: "A release character stands before an ordinary one.",
}
"""What this module can find in one segment, with its text."""

_PLAIN = re.compile("[A-Z0-9]*")


def _plain_segment(string: ServiceString, ordinary: str) -> re.Pattern[str]:
    """Return what matches the whole of a segment in which nothing is released, stray, empty at an end or unusual."""
    is_ordinary = re.compile(f"[{ordinary}]")
    characters_due = [chr(code) for code in range(0x21, 0x7F) if is_ordinary.fullmatch(chr(code))]
    due = f"[{re.escape(''.join(character for character in characters_due if character not in string))}]++"
    field = f"(?:{due}(?: ++{due})*+)?+"
    component, element = re.escape(string.component), re.escape(string.element)
    return re.compile(f"{due}(?:{element}(?!\\Z){field}(?:{component}(?!{element}|\\Z){field})*+)*+")


class FieldReader:
    """Splits raw segments under one set of service characters and one character set.

    Args:
        string: the service characters in use.
        level: UNB's syntax identifier; level A until it is known.
    """

    def __init__(self, string: ServiceString, level: str) -> None:
        self._string = string
        self._level = level
        self._white = string.white_space
        self._special = frozenset(string)
        self._line_breaks = str.maketrans("", "", self._white.replace(" ", "").replace("\t", ""))
        ordinary = characters.ordinary(level)
        self._allowed = re.compile(f"[{ordinary}]*") if characters.CODECS.get(level) == "ascii" else None
        self._is_plain = _plain_segment(string, ordinary).fullmatch

    def split_plain(self, body: str) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
        """Return a raw segment's tag and elements, or ``None`` where something in it needs :meth:`split`."""
        if self._is_plain(body) is None:
            return None
        component, element = self._string.component, self._string.element
        tag, *parts = body.split(element)
        return tag, tuple([tuple(part.split(component)) if component in part else (part,) for part in parts])

    def split(self, body: str) -> tuple[list[tuple[str, ...]], set[FindingCode]]:
        """Return a raw segment's elements, the tag's among them, as components; and what deviates.

        Args:
            body: the segment without its terminator, one character a byte.
        """
        component, element = self._string.component, self._string.element
        deviations: set[FindingCode] = set()
        joined = body.translate(self._line_breaks)
        if joined != body:
            deviations.add(FindingCode.LINE_BREAK_IN_SEGMENT)
        parts = [
            tuple([self._field(raw, deviations) for raw in self._split_released(part, component)]) if part else ("",)
            for part in self._split_released(joined, element)
        ]
        if parts[-1] == ("",) or any(len(part) > 1 and not part[-1] for part in parts):
            deviations.add(FindingCode.TRAILING_SEPARATOR)
        return parts, deviations

    def _split_released(self, text: str, separator: str) -> list[str]:
        """Split where the separator is not released; the release characters stay."""
        release = self._string.release
        pieces = text.split(separator)
        if not release or release not in text:
            return pieces
        parts: list[str] = []
        held: list[str] = []
        for piece in pieces:
            held.append(piece)
            if (len(piece) - len(piece.rstrip(release))) % 2 == 0:
                parts.append(separator.join(held))
                held = []
        if held:
            parts.append(separator.join(held))
        return parts

    def _field(self, raw: str, deviations: set[FindingCode]) -> str:
        """Return one component's text: released, decoded, without invisible characters or outer space."""
        if not raw or _PLAIN.fullmatch(raw):
            return raw
        value = self._released(raw, deviations)
        stripped = value.strip(self._white)
        if stripped != value:
            deviations.add(FindingCode.STRAY_SPACE)
        decoded, was_allowed = (stripped, True) if stripped.isascii() else characters.decode(stripped, self._level)
        visible = "".join(filter(characters.is_visible, decoded))
        if visible != decoded:
            deviations.add(FindingCode.CONTROL_CHARACTER)
        if not was_allowed or (self._allowed is not None and self._allowed.fullmatch(visible) is None):
            deviations.add(FindingCode.OUTSIDE_CHARACTER_SET)
        return visible.strip(self._white)

    def _released(self, raw: str, deviations: set[FindingCode]) -> str:
        release = self._string.release
        if not release or release not in raw:
            return raw
        kept: list[str] = []
        marks = iter(raw)
        for mark in marks:
            if mark != release:
                kept.append(mark)
                continue
            following = next(marks, None)
            if following is None:
                deviations.add(FindingCode.DANGLING_RELEASE)
                continue
            kept.append(following)
            if following not in self._special:
                deviations.add(FindingCode.NEEDLESS_RELEASE)
        return "".join(kept)
