"""National characters of names in the letters A to Z.

Source: ICAO Doc 9303-3, eighth edition (2021), section 6, tables A (Latin), B (Cyrillic) and C (Arabic).
"""

from __future__ import annotations

import unicodedata
from itertools import product
from types import MappingProxyType

from fairgate.errors import PapersError
from fairgate.papers.mrz.alphabet import LETTERS

_LATIN = {
    "Ä": ("AE", "A"), "Å": ("AA", "A"), "Æ": ("AE",), "Ð": ("D",), "Ñ": ("N", "NXX"), "Ö": ("OE", "O"),
    "Ø": ("OE",), "Ü": ("UE", "UXX", "U"), "Þ": ("TH",), "ß": ("SS",), "ẞ": ("SS",), "Đ": ("D",), "Ħ": ("H",),
    "ı": ("I",), "Ĳ": ("IJ",), "ĸ": ("Q",), "Ŀ": ("L",), "Ł": ("L",), "Ŋ": ("N",), "Œ": ("OE",), "Ŧ": ("T",),
    "Ə": ("E",),
}  # fmt: skip
_CYRILLIC = {
    "Ё": ("E", "IO"), "Ђ": ("D", "DJ"), "Є": ("IE", "YE"), "Ѕ": ("DZ",), "І": ("I",), "Ї": ("I", "YI"), "Ј": ("J",),
    "Љ": ("LJ",), "Њ": ("NJ",), "Ћ": ("C",), "Ќ": ("K", "KJ"), "Ў": ("U",), "Џ": ("DZ", "DJ"), "Ѓ": ("G", "GJ"),
    "А": ("A",), "Б": ("B",), "В": ("V",), "Г": ("G", "H"), "Д": ("D",), "Е": ("E",), "Ж": ("ZH", "Z"),
    "З": ("Z",), "И": ("I", "Y"), "Й": ("I",), "К": ("K",), "Л": ("L",), "М": ("M",), "Н": ("N",), "О": ("O",),
    "П": ("P",), "Р": ("R",), "С": ("S",), "Т": ("T",), "У": ("U",), "Ф": ("F",), "Х": ("KH", "H"),
    "Ц": ("TS", "C"), "Ч": ("CH", "C"), "Ш": ("SH", "S"), "Щ": ("SHCH", "SHT"), "Ъ": ("IE",), "Ы": ("Y",),
    "Ь": ("",), "Э": ("E",), "Ю": ("IU",), "Я": ("IA",), "Ѫ": ("U",), "Ѵ": ("Y",), "Ґ": ("G",), "Ғ": ("F",),
}  # fmt: skip
_ARABIC = {
    "ء": ("XE",), "آ": ("XAA",), "أ": ("XAE",), "ؤ": ("U",), "إ": ("I",), "ئ": ("XI",), "ا": ("A",), "ب": ("B",),
    "ة": ("XTA",), "ت": ("T",), "ث": ("XTH",), "ج": ("J",), "ح": ("XH",), "خ": ("XKH",), "د": ("D",),
    "ذ": ("XDH",), "ر": ("R",), "ز": ("Z",), "س": ("S",), "ش": ("XSH",), "ص": ("XSS",), "ض": ("XDZ",),
    "ط": ("XTT",), "ظ": ("XZZ",), "ع": ("E",), "غ": ("G",), "ف": ("F",), "ق": ("Q",), "ك": ("K",), "ل": ("L",),
    "م": ("M",), "ن": ("N",), "ه": ("H",), "و": ("W",), "ى": ("XAY",), "ي": ("Y",), "ٱ": ("XXA",), "ٹ": ("XXT",),
    "ټ": ("XRT",), "پ": ("P",), "ځ": ("XKE",), "څ": ("XXH",), "چ": ("XC",), "ڈ": ("XXD",), "ډ": ("XDR",),
    "ڑ": ("XXR",), "ړ": ("XRR",), "ږ": ("XRX",), "ژ": ("XJ",), "ښ": ("XXS",), "ک": ("XKK",), "ګ": ("XXK",),
    "ڭ": ("XNG",), "گ": ("XGG",), "ں": ("XNN",), "ڼ": ("XXN",), "ھ": ("XDO",), "ۀ": ("XYH",), "ہ": ("XXG",),
    "ۂ": ("XGE",), "ۃ": ("XTG",), "ی": ("XYA", "Y"), "ۍ": ("XXY",), "ې": ("Y",), "ے": ("XYB",), "ۓ": ("XBE",),
}  # fmt: skip
_ARABIC_AT_END = {"ة": ("XAH",)}
_ARABIC_LEFT_OUT = "ـًٌٍَُِْٰ"
_SHADDA = "ّ"
"""Doubles what stands before it."""

TABLE = MappingProxyType(_LATIN | _CYRILLIC | _ARABIC)
"""Each national character in upper case with its transliterations, the recommended one first."""
SEPARATORS = " -‐‑–\u00a0<"
"""What stands between components of a name: each becomes one filler. Source: ICAO Doc 9303-3, 4.6."""
LEFT_OUT = "'’ʼ`´‘.ʹʻ"
"""What is left out of a name. Source: ICAO Doc 9303-3, 4.6, for the apostrophe."""
MOST_SPELLINGS = 64


def components(name: str) -> tuple[str, ...]:
    """Return a name's components in the letters A to Z, by the recommended transliteration.

    Args:
        name: as written, in Latin, Cyrillic or Arabic script, or already as in a zone.

    Raises:
        PapersError: a character has no transliteration; nothing is guessed.
    """
    return tuple(filter(None, (spellings(part)[0] for part in split(name))))


def split(name: str) -> list[str]:
    """Return a name's components as written."""
    for separator in SEPARATORS:
        name = name.replace(separator, " ")
    return name.replace(",", " ").split()


def spellings(component: str) -> tuple[str, ...]:
    """Return every permitted transliteration of one component, the recommended one first; at most 64.

    Raises:
        PapersError: a character has no transliteration.
    """
    parts: list[tuple[str, ...]] = []
    text = "".join(upper(character) for character in unicodedata.normalize("NFC", component))
    for place, character in enumerate(text):
        if character == _SHADDA and parts:
            parts.append(parts[-1])
            continue
        at_end = _ARABIC_AT_END.get(character) if place == len(text) - 1 else None
        parts.append(at_end or _letters(character))
    kept: dict[str, None] = {}
    for choice in product(*parts):
        kept.setdefault("".join(choice))
        if len(kept) >= MOST_SPELLINGS:
            break
    return tuple(kept)


def upper(character: str) -> str:
    """Return a character in upper case, where that is one character; ``ß``, ``ı`` and their like stay."""
    if character in TABLE:
        return character
    capital = character.upper()
    return capital if len(capital) == 1 else character


def _letters(character: str) -> tuple[str, ...]:
    if character in LETTERS:
        return (character,)
    if character in TABLE:
        return TABLE[character]
    if character in LEFT_OUT or character in _ARABIC_LEFT_OUT or unicodedata.combining(character):
        return ("",)
    # Any other accented letter of the Latin table is its base letter.
    apart = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if apart and apart != character and len(apart) <= 4:
        found = ["".join(_letters(upper(part))[0] for part in apart)]
        return tuple(found)
    raise PapersError(
        f"The name holds {unicodedata.name(character, 'a character without a name')}, which has no transliteration.",
        way_out="Give the name as the document's machine-readable zone writes it.",
    )
