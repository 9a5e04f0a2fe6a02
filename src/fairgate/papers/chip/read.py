"""Read the files of one chip.

A file that cannot be read is a finding, not the end: passive authentication says what it means for the passport.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fairgate.errors import PapersError
from fairgate.papers.chip.com import CommonData, read_com
from fairgate.papers.chip.face_group import FaceGroup, read_face_group
from fairgate.papers.chip.files import (
    BARE_FACE_TAG,
    COM,
    PROTECTED_GROUPS,
    SOD,
    group_name,
    name_by_content,
    name_by_name,
)
from fairgate.papers.chip.mrz_group import MrzGroup, read_mrz_group
from fairgate.papers.chip.security_infos import SecurityInfos, read_active_key, read_security_infos
from fairgate.papers.chip.security_object import SecurityObject, read_security_object
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.keys import PublicKey, UnusableKey

LARGEST_FILE_BYTES = 2 * 1024 * 1024
"""Chips hold well under 256 KiB in all."""


@dataclass(frozen=True, slots=True)
class ChipRead:
    """What was read of one chip; ``None`` stands for a file that was not there or could not be read.

    Args:
        com: EF.COM.
        security_object: EF.SOD.
        mrz: DG1.
        faces: DG2.
        security_infos: DG14.
        active_key: DG15.
        present: numbers of the data groups that were there, ascending.
        unreadable: names of the files that were there and could not be read.
        digests: of the data groups that were there, made with the security object's hash; empty where that is unknown.
        findings: deviations of all files.
    """

    com: CommonData | None
    security_object: SecurityObject | None
    mrz: MrzGroup | None
    faces: FaceGroup | None
    security_infos: SecurityInfos | None
    active_key: PublicKey | UnusableKey | None
    present: tuple[int, ...]
    unreadable: tuple[str, ...]
    digests: Mapping[int, bytes] = field(repr=False)
    findings: tuple[Finding, ...]


ChipPart = CommonData | SecurityObject | MrzGroup | FaceGroup | SecurityInfos | PublicKey | UnusableKey
_READERS: dict[str, Callable[[bytes, ChipFindings], ChipPart]] = {
    COM: read_com,
    SOD: read_security_object,
    "DG1": read_mrz_group,
    "DG2": read_face_group,
    "DG14": read_security_infos,
    "DG15": read_active_key,
}


def read_chip_file(content: bytes, *, name: str = "") -> tuple[str, ChipPart | None, tuple[Finding, ...]]:
    """Read one file of a chip.

    Args:
        content: its octets.
        name: what it is called, to tell it where its first octet does not.

    Returns:
        The file's name (``"EF.COM"``, ``"EF.SOD"``, ``"DG1"``…), what it says (``None`` for groups that are not read),
        and findings.

    Raises:
        PapersError: it is no file of a chip, or cannot be read.
    """
    called = recognised(content, name)
    if called is None:
        raise PapersError("The file is none of a passport chip's.", position=0)
    if len(content) > LARGEST_FILE_BYTES:
        raise PapersError(f"The file is larger than {LARGEST_FILE_BYTES} bytes.", position=0)
    reader = _READERS.get(called)
    if reader is None:
        return called, None, ()
    findings = ChipFindings(called)
    return called, reader(content, findings), findings.collected()


def recognised(content: bytes, name: str = "") -> str | None:
    """Return which file of a chip this is; ``None`` where it is none.

    The first octet tells, where the name says that it is a chip's file or the element fills the file. Else the name
    does: the tags are also letters, with which any text may begin.
    """
    by_name, by_content = name_by_name(name), name_by_content(content)
    if by_content is None or by_name is not None:
        return by_content or by_name
    try:
        element = only_element(content, ChipFindings(by_content))
    except PapersError:
        return None
    return by_content if element.end == len(content) else None


def read_chip(files: Mapping[str, bytes]) -> ChipRead:
    """Read the files of a chip.

    Args:
        files: name → content. Names such as ``"EF_SOD.bin"`` or ``"DG2"`` help where a file's first octet does not
        tell.

    Raises:
        PapersError: none of the files is a chip's.
    """
    findings: list[Finding] = []
    parts: dict[str, ChipPart] = {}
    contents: dict[str, bytes] = {}
    unreadable: list[str] = []
    for name, content in files.items():
        called = recognised(content, name)
        bare = content[:1] == bytes([BARE_FACE_TAG]) and name_by_name(name) is None
        if called is None or bare or called in contents:
            text = "A file is none of a passport chip's, or stands twice; it is left out."
            findings.append(Finding(ChipFindingCode.UNKNOWN_FILE, called or "folder", 0, text))
            continue
        contents[called] = content
        try:
            _, part, found = read_chip_file(content, name=name)
        except PapersError as error:
            unreadable.append(called)
            findings.append(Finding(ChipFindingCode.UNREADABLE_FILE, called, error.position or 0, error.public_text))
            continue
        findings.extend(found)
        if part is not None:
            parts[called] = part
    if not contents:
        raise PapersError("None of the files is a passport chip's.", position=None)
    return _chip(parts, contents, unreadable, findings)


def _chip(
    parts: Mapping[str, ChipPart], contents: Mapping[str, bytes], unreadable: list[str], findings: list[Finding]
) -> ChipRead:
    com, sod, mrz, faces, infos = (parts.get(name) for name in (COM, SOD, "DG1", "DG2", "DG14"))
    security_object = sod if isinstance(sod, SecurityObject) else None
    groups = {group: contents[group_name(group)] for group in range(1, 17) if group_name(group) in contents}
    hash_name = security_object.hash_name if security_object is not None else None
    digests = (
        {group: hash_name.of(content) for group, content in groups.items()} if isinstance(hash_name, HashName) else {}
    )
    common = com if isinstance(com, CommonData) else None
    findings.extend(_compared(common, security_object, frozenset(groups)))
    active = parts.get("DG15")
    return ChipRead(
        common,
        security_object,
        mrz if isinstance(mrz, MrzGroup) else None,
        faces if isinstance(faces, FaceGroup) else None,
        infos if isinstance(infos, SecurityInfos) else None,
        active if isinstance(active, PublicKey | UnusableKey) else None,
        tuple(sorted(groups)),
        tuple(unreadable),
        digests,
        tuple(findings),
    )


def _compared(com: CommonData | None, security_object: SecurityObject | None, present: frozenset[int]) -> list[Finding]:
    """Compare what EF.COM lists, what EF.SOD signs, and what is there.

    EF.COM is not signed: dropping a group from it, so that nobody asks for active authentication, is a known attack.
    """
    found: list[Finding] = []
    listed = frozenset(com.groups) if com is not None else frozenset()
    signed = frozenset(security_object.hashes) if security_object is not None else frozenset()
    if com is not None and security_object is not None and listed != signed:
        text = f"EF.COM and EF.SOD differ in {_names(listed ^ signed)}."
        found.append(Finding(ChipFindingCode.COM_AND_SOD_DIFFER, COM, 0, text))
    not_read = (listed | signed) - present - PROTECTED_GROUPS
    if not_read:
        text = f"{_names(not_read)} should be there and was not read."
        found.append(Finding(ChipFindingCode.LISTED_NOT_READ, COM, 0, text))
    not_listed = present - listed
    if com is not None and not_listed:
        text = f"{_names(not_listed)} is there and is not listed."
        found.append(Finding(ChipFindingCode.PRESENT_NOT_LISTED, COM, 0, text))
    return found


def _names(groups: frozenset[int]) -> str:
    return ", ".join(group_name(group) for group in sorted(groups))
