"""The character sets that UNB can name, and which characters each may carry."""

from __future__ import annotations

import re
import unicodedata

LEVEL_A = "A-Z0-9 .,\\-()/=!\"%&*;<>'+:?"
"""What level A may carry, as the inside of a character class. Source: ISO 9735-1 annex A, table for UNOA."""

CODECS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
    "IATA": "ascii",
    "IATB": "ascii",
}
"""Code of UNB's syntax identifier to codec. Source: UN/EDIFACT code list 0001; IATA and IATB from IATA PADIS."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_WRITABLE = (
    ("UNOA", re.compile(f"[{LEVEL_A}]*")),
    ("UNOB", re.compile(f"[a-z{LEVEL_A}]*")),
    ("UNOC", re.compile(r"[\x20-\x7e\xa0-\xac\xae-\xff]*")),
)


def ordinary(level: str) -> str:
    """Return, as the inside of a character class, the characters that need no second look at this level."""
    if level in ("UNOA", "IATA"):
        return LEVEL_A
    if level in ("UNOB", "IATB"):
        return f"a-z{LEVEL_A}"
    return "\\x20-\\x7e"


def decode(raw: str, level: str) -> tuple[str, bool]:
    """Return a field's text, and whether its bytes were what the character set allows.

    Args:
        raw: one character a byte.
        level: syntax identifier, e.g. ``"UNOC"``; an unknown one is tried as UTF-8.

    Bytes that the named set does not have are read as UTF-8 where they are that, and as Latin-1 otherwise: a name is
    never lost to a wrong label.
    """
    content = raw.encode("latin-1")
    try:
        return content.decode(CODECS.get(level, "utf-8")), True
    except UnicodeDecodeError:
        try:
            return content.decode("utf-8"), False
        except UnicodeDecodeError:
            return raw, False


def is_visible(character: str) -> bool:
    """Tell whether a character shows: controls, format marks and line separators do not."""
    return unicodedata.category(character) not in _INVISIBLE


def smallest_level(text: str) -> str:
    """Return the first of UNOA, UNOB, UNOC and UNOW (UTF-8) that can carry a text."""
    return next((level for level, allowed in _WRITABLE if allowed.fullmatch(text)), "UNOW")
