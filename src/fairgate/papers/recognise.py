"""Which kind of travel paper some bytes are, by how they begin; nothing is read in full here."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.boarding_pass.forms import is_pass_json
from fairgate.papers.chip.read import recognised as chip_file
from fairgate.papers.edifact.service_string import begins_interchange
from fairgate.papers.mrz import read_mrz
from fairgate.papers.mrz.lines import MOST_CHARACTERS
from fairgate.papers.paxlst.forms import ListForm, recognised_form
from fairgate.papers.trust.lone import lone_kind

_LOOKED_AT = 4096
_BOM = b"\xef\xbb\xbf"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
_MASTER_LIST = bytes.fromhex("0606678108010102")
"""The object identifier 2.23.136.1.1.2 of a master list, in DER. Source: ICAO Doc 9303-12, 9."""
_BOARDING_PASS = re.compile(rb"M[1-9][A-Z ./'-]{20}[E ]", re.IGNORECASE)
"""Source: IATA Resolution 792, items 1, 5, 11 and 253."""

_MESSAGE = re.compile(rb"[^A-Z](PAXLST|CUSRES)[^A-Z]")
"""What UNG or UNH names, after the lines that a telegram begins with; a name that a line break parts is not seen."""


class PaperKind(StrEnum):
    """What a file may be."""

    PASSENGER_LIST = "passenger_list"
    LIST_ANSWER = "list_answer"
    MRZ = "mrz"
    DATA_PAGE = "data_page"
    BOARDING = "boarding_pass"
    CHIP = "chip"
    CHIP_FILE = "chip_file"
    MASTER_LIST = "master_list"
    DIRECTORY = "directory"
    NIST_ITL = "nist_itl"
    CERTIFICATE = "certificate"
    REVOCATION_LIST = "revocation_list"
    DEVIATION_LIST = "deviation_list"


def recognise(content: bytes, *, name: str = "") -> PaperKind | None:
    """Return the kind of a paper, or ``None`` where it is none that is known.

    Args:
        content: the whole file.
        name: what the file is called, which tells a chip's files apart where their first octet does not.
    """
    head = content[:_LOOKED_AT].removeprefix(_BOM)
    text = head.lstrip()
    if content.startswith(_PICTURES):
        return PaperKind.DATA_PAGE
    if text.startswith((b"UNA", b"UNB")):
        return PaperKind.LIST_ANSWER if b"CUSRES" in text else PaperKind.PASSENGER_LIST
    if head.startswith((b"1.001:", b"1.01:")):
        return PaperKind.NIST_ITL
    return _of_states(content, name) or _by_text(content, text)


def _of_states(content: bytes, name: str) -> PaperKind | None:
    """Return which of the papers that states sign, or of a chip's files, this is."""
    if content.startswith(b"\x30") and _MASTER_LIST in content[:256]:
        return PaperKind.MASTER_LIST
    lone = lone_kind(content)
    if lone is not None:
        return PaperKind(lone.value)
    return PaperKind.CHIP_FILE if chip_file(content, name) is not None else None


def _by_text(content: bytes, text: bytes) -> PaperKind | None:
    if _BOARDING_PASS.match(text) or is_pass_json(content):
        return PaperKind.BOARDING
    if re.search(rb"^(?:dn|version)::? ", text, re.MULTILINE | re.IGNORECASE):
        return PaperKind.DIRECTORY
    if recognised_form(content) is not ListForm.PAXLST:
        return PaperKind.PASSENGER_LIST
    if begins_interchange(text.decode("latin-1")) and (named := _MESSAGE.search(text)):
        return PaperKind.LIST_ANSWER if named[1] == b"CUSRES" else PaperKind.PASSENGER_LIST
    return PaperKind.MRZ if _is_zone(content) else None


def _is_zone(content: bytes) -> bool:
    if len(content) > MOST_CHARACTERS or b"<" not in content:
        return False
    try:
        read_mrz(content, on=date(2100, 1, 1), correct_misreadings=False)
    except PapersError:
        return False
    return True
