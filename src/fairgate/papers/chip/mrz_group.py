"""DG1: the machine-readable zone as the chip holds it.

Source: ICAO Doc 9303-10 (8th ed., 2021) clause 4.7.1; 9303-3 clause 4.2 for the alphabet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fairgate.papers.chip.files import TAG_OF_GROUP
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element

_MRZ = 0x5F1F
_LINES = {90: 3, 72: 2, 88: 2}
_ALPHABET = re.compile(r"[A-Z0-9<]*")


@dataclass(frozen=True, slots=True)
class MrzGroup:
    """What DG1 holds.

    Args:
        lines: the zone's lines: three of 30, two of 36 or two of 44 characters; one line where its length is odd.
        document_code: e.g. ``"P"``.
        issuer: code of the issuing state without fillers, e.g. ``"D"``.
    """

    lines: tuple[str, ...] = field(repr=False)
    document_code: str
    issuer: str

    @property
    def text(self) -> str:
        """Return the lines, each ended by a line feed but the last."""
        return "\n".join(self.lines)


def read_mrz_group(content: bytes, findings: ChipFindings) -> MrzGroup:
    """Read DG1.

    Raises:
        PapersError: it is cut short, something else, or holds no text.
    """
    outer = only_element(content, findings, tag=TAG_OF_GROUP[1], what="DG1")
    zone = next((element for element in outer.children() if element.tag == _MRZ), None)
    if zone is None:
        raise outer.refuse("DG1 holds no machine-readable zone.")
    text = zone.content.decode("latin-1")
    if not _ALPHABET.fullmatch(text):
        findings.note(ChipFindingCode.MRZ_FORM, "The zone has characters outside its alphabet.", position=zone.body)
    count = _LINES.get(len(text))
    if count is None:
        if len(text) < 5:
            raise zone.refuse("The machine-readable zone is too short.")
        said = f"The zone has {len(text)} characters, not 72, 88 or 90."
        findings.note(ChipFindingCode.MRZ_FORM, said, position=zone.body)
        count = 1
    width = len(text) // count
    lines = tuple(text[at : at + width] for at in range(0, width * count, width)) if count > 1 else (text,)
    return MrzGroup(lines, text[:2].strip("<"), text[2:5].strip("<"))
