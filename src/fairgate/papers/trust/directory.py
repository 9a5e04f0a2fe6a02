"""The ICAO public key directory's export: document signers, revocation lists and master lists in LDIF.

Source: ICAO Doc 9303-12 (8th ed., 2021) clause 9; RFC 2849 (LDIF).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from fairgate.errors import PapersError
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.findings import Finding

_CERTIFICATE, _REVOCATION_LIST, _MASTER_LIST = "usercertificate", "certificaterevocationlist", "pkdmasterlistcontent"
_OLD_MASTER_LIST = "cscamasterlistdata"
_KINDS = {_CERTIFICATE, _REVOCATION_LIST, _MASTER_LIST, _OLD_MASTER_LIST}
_DEVIATIONS = "deviationlist"
_MOST_VALUES = 200_000
_LARGEST_INPUT_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DirectoryExport:
    """What an export holds, still encoded.

    Args:
        signers: certificates of document signers.
        revocation_lists: of CSCAs.
        master_lists: of several states.
        findings: deviations of the file.
    """

    signers: tuple[bytes, ...] = field(repr=False)
    revocation_lists: tuple[bytes, ...] = field(repr=False)
    master_lists: tuple[bytes, ...] = field(repr=False)
    findings: tuple[Finding, ...] = ()


def read_directory(content: bytes, *, where: str = "LDIF") -> DirectoryExport:
    """Read an LDIF export.

    Attributes of no interest are passed over, and so are records that change or delete entries:
    what an entry is after them cannot be told from the record alone.

    Raises:
        PapersError: it is no LDIF, is too large, or holds none of what is looked for.
    """
    if len(content) > _LARGEST_INPUT_BYTES:
        raise PapersError(f"The directory is larger than {_LARGEST_INPUT_BYTES} bytes.", position=0)
    findings = ChipFindings(where)
    found: dict[str, dict[bytes, None]] = {kind: {} for kind in _KINDS}
    for count, (position, kind, value) in enumerate(_values(content, findings)):
        if count == _MOST_VALUES:
            raise PapersError(f"The directory holds more than {_MOST_VALUES} values.", position=position)
        found[kind][value] = None
    if not any(found.values()):
        raise PapersError("The file is no directory export with certificates or lists.", position=0)
    return DirectoryExport(
        tuple(found[_CERTIFICATE]),
        tuple(found[_REVOCATION_LIST]),
        tuple({**found[_MASTER_LIST], **found[_OLD_MASTER_LIST]}),
        findings.collected(),
    )


def _values(content: bytes, findings: ChipFindings) -> Iterator[tuple[int, str, bytes]]:
    changes = False
    for position, line in _lines(content):
        name, colon, rest = line.partition(b":")
        kind = name.split(b";")[0].strip().lower().decode("latin-1")
        if not line or kind == "dn":
            changes = False
        elif kind == "changetype" and rest.strip().lower() != b"add":
            changes = True
            text = "A record changes or deletes an entry, and is passed over."
            findings.note(ChipFindingCode.CHANGE_RECORD, text, position=position)
        elif _DEVIATIONS in kind:
            text = "A list of deviations is recognised, and not used."
            findings.note(ChipFindingCode.DEVIATION_LIST, text, position=position)
        if not colon or kind not in _KINDS or changes:
            continue
        if not rest.startswith(b":"):
            text = "A certificate or list is not written in base 64."
            findings.note(ChipFindingCode.ENTRY_UNREADABLE, text, position=position)
            continue
        try:
            yield position, kind, base64.b64decode(rest[1:].strip(), validate=True)
        except (binascii.Error, ValueError):
            text = "A certificate or list is not in base 64."
            findings.note(ChipFindingCode.ENTRY_UNREADABLE, text, position=position)


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield lines that were folded (RFC 2849 note 2) as one, with where each begins; comments are left out."""
    position = start = 0
    pieces: list[bytes] = []
    for raw in content.splitlines(keepends=True):
        line = raw.rstrip(b"\r\n")
        if line.startswith(b" ") and pieces:
            pieces.append(line[1:])
        else:
            if pieces and not pieces[0].startswith(b"#"):
                yield start, b"".join(pieces)
            pieces, start = [line], position
        position += len(raw)
    if pieces and not pieces[0].startswith(b"#"):
        yield start, b"".join(pieces)
