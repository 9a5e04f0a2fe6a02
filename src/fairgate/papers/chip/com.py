"""EF.COM: versions, and which data groups the chip says that it has. It is not signed.

Source: ICAO Doc 9303-10 (8th ed., 2021) clause 4.6.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairgate.papers.chip.files import COM_TAG, GROUP_OF_TAG
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element

_LDS_VERSION, _UNICODE_VERSION, _TAG_LIST = 0x5F01, 0x5F36, 0x5C


@dataclass(frozen=True, slots=True)
class CommonData:
    """What EF.COM says.

    Args:
        lds_version: e.g. ``"1.7"``; ``""`` where absent.
        unicode_version: e.g. ``"4.0.0"``; ``""`` where absent.
        groups: numbers of the data groups listed, ascending.
    """

    lds_version: str
    unicode_version: str
    groups: tuple[int, ...]


def read_com(content: bytes, findings: ChipFindings) -> CommonData:
    """Read EF.COM.

    Raises:
        PapersError: it is cut short or something else.
    """
    found: dict[int, bytes] = {}
    outer = only_element(content, findings, tag=COM_TAG, what="EF.COM")
    for element in outer.children():
        if element.tag in {_LDS_VERSION, _UNICODE_VERSION, _TAG_LIST}:
            found[element.tag] = element.content
        else:
            text = f"An element with tag {element.tag:02X} is not expected here."
            findings.note(ChipFindingCode.UNEXPECTED_ELEMENT, text, position=element.start)
    if _TAG_LIST not in found:
        raise outer.refuse("EF.COM has no list of data groups.")
    groups: set[int] = set()
    for tag in found[_TAG_LIST]:
        group = GROUP_OF_TAG.get(tag)
        if group is None:
            findings.note(ChipFindingCode.UNEXPECTED_ELEMENT, f"EF.COM lists the tag {tag:02X}, which no group has.")
        else:
            groups.add(group)
    lds = _version(found.get(_LDS_VERSION), 2, findings)
    return CommonData(lds, _version(found.get(_UNICODE_VERSION), 3, findings), tuple(sorted(groups)))


def _version(written: bytes | None, parts: int, findings: ChipFindings) -> str:
    if written is None:
        findings.note(ChipFindingCode.MISSING_ELEMENT, "EF.COM lacks a version.")
        return ""
    if len(written) != 2 * parts or not written.isdigit():
        findings.note(ChipFindingCode.VERSION, "A version of EF.COM is malformed.")
        return ""
    return ".".join(str(int(written[at : at + 2])) for at in range(0, 2 * parts, 2))
