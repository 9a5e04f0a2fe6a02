"""Segments to bytes, strictly: standard separators, nothing that a reader would have to forgive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairgate.errors import PapersError
from fairgate.papers.edifact.characters import CODECS, is_visible
from fairgate.papers.edifact.service_string import STANDARD

SERVICE_STRING_ADVICE = "UNA:+.? '"
Element = str | Sequence[str]
"""A data element: one text, or the components of a composite."""

_RELEASED = str.maketrans({mark: f"{STANDARD.release}{mark}" for mark in STANDARD})


def write_segment(tag: str, *elements: Element) -> str:
    """Return one segment with its terminator; empty elements and components at an end are left out.

    Raises:
        PapersError: a text that would not be read back as it is; its position is ``None``.
    """
    written = [tag]
    for element in elements:
        components = [element] if isinstance(element, str) else element
        written.append(":".join(_trimmed(_released(text) for text in components)))
    return f"{'+'.join(_trimmed(written))}{STANDARD.terminator}"


def encode(written: Iterable[str], level: str) -> bytes:
    """Return an interchange's bytes in a character set, one segment after another without white space.

    Args:
        written: segments as :func:`write_segment` returns them.
        level: syntax identifier that can carry every one of them.
    """
    return (SERVICE_STRING_ADVICE + "".join(written)).encode(CODECS[level])


def _trimmed(texts: Iterable[str]) -> list[str]:
    kept = list(texts)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return kept


def _released(text: str) -> str:
    if text != text.strip() or not all(map(is_visible, text)):
        raise PapersError(
            "A field begins or ends with a space or holds an invisible character.",
            way_out="Clean the field before writing the list.",
        )
    return text.translate(_RELEASED)
