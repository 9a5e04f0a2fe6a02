"""The files of a passport chip: what they are called, and how one is told from another.

Source: ICAO Doc 9303-10 (8th ed., 2021) clause 4.6 and table 38 (tags of the data groups).
"""

from __future__ import annotations

import re

COM, SOD = "EF.COM", "EF.SOD"
GROUP_OF_TAG = {
    0x61: 1,
    0x75: 2,
    0x63: 3,
    0x76: 4,
    0x65: 5,
    0x66: 6,
    0x67: 7,
    0x68: 8,
    0x69: 9,
    0x6A: 10,
    0x6B: 11,
    0x6C: 12,
    0x6D: 13,
    0x6E: 14,
    0x6F: 15,
    0x70: 16,
}
TAG_OF_GROUP = {group: tag for tag, group in GROUP_OF_TAG.items()}
COM_TAG, SOD_TAG = 0x60, 0x77
BARE_FACE_TAG = 0xA1
"""With it begins a face image data block of ISO/IEC 39794-5 that stands outside DG2, as ICAO's example does."""

PROTECTED_GROUPS = frozenset({3, 4})
"""Fingerprints and irises: read only by terminals that the issuing state has authorised."""

_NAMED_GROUP = re.compile(r"(?:EF[._ -]?)?(?:DG|DATA ?GROUP)[._ -]?0?(1[0-6]|[1-9])(?![0-9])", re.IGNORECASE)
_NAMED_COM = re.compile(r"(?:EF[._ -]?COM|COM)(?![a-z])", re.IGNORECASE)
_NAMED_SOD = re.compile(r"(?:EF[._ -]?SOD|SOD)(?![a-z])", re.IGNORECASE)


def group_name(group: int) -> str:
    """Return e.g. ``"DG2"``."""
    return f"DG{group}"


def name_by_content(content: bytes) -> str | None:
    """Return which file the first octet says that this is, or ``None``."""
    if not content:
        return None
    if content[0] == BARE_FACE_TAG and b"\x65" in content[2:6]:
        return group_name(2)
    if content[0] in {COM_TAG, SOD_TAG}:
        return COM if content[0] == COM_TAG else SOD
    group = GROUP_OF_TAG.get(content[0])
    return group_name(group) if group is not None else None


def name_by_name(name: str) -> str | None:
    """Return which file a name such as ``"EF_SOD.bin"``, ``"dg2"`` or ``"Datagroup14.bin"`` means, or ``None``."""
    group = _NAMED_GROUP.search(name)
    if group is not None:
        return group_name(int(group[1]))
    if _NAMED_SOD.search(name):
        return SOD
    return COM if _NAMED_COM.search(name) else None
