"""EF.SOD: the signed hashes of the data groups.

Source: ICAO Doc 9303-10 (8th ed., 2021) clause 4.6.2; 9303-12 clause 7.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairgate.papers.chip.files import SOD_TAG
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.pki.algorithms import HashName, UnknownAlgorithm, read_hash
from fairgate.papers.pki.cms import SignedData, Signer, read_signed_data

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_OLD_SECURITY_OBJECTS = {"1.2.528.1.1006.1.20.1", "1.3.27.1.1.1"}
"""Object identifiers that early passports used for the same content."""


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """What EF.SOD says.

    Args:
        message: the signed message.
        hash_name: of the data groups.
        hashes: data group number → digest.
        lds_version: where the object of version 1 says it; ``""`` else.
    """

    message: SignedData = field(repr=False)
    hash_name: HashName | UnknownAlgorithm
    hashes: Mapping[int, bytes] = field(repr=False)
    lds_version: str = ""

    @property
    def signer(self) -> Signer:
        """Return the signature that counts: the first."""
        return self.message.signers[0]


def read_security_object(content: bytes, findings: ChipFindings) -> SecurityObject:
    """Read EF.SOD.

    Raises:
        PapersError: it is cut short, something else, or lacks a part that it needs.
    """
    outer = only_element(content, findings, tag=SOD_TAG, what="EF.SOD")
    message = read_signed_data(values.Cursor(outer).take(values.SEQUENCE, what="signed message"))
    if message.content_type in _OLD_SECURITY_OBJECTS:
        findings.note(ChipFindingCode.VERSION, "The security object is named by an identifier of early passports.")
    elif message.content_type != LDS_SECURITY_OBJECT:
        raise outer.refuse("The signed message holds no LDS security object.")
    if len(message.signers) > 1:
        findings.note(ChipFindingCode.SEVERAL_SIGNERS, "The security object has several signers; the first counts.")
    inner = ChipFindings(findings.where)
    cursor = values.Cursor(only_element(message.content, inner, tag=values.SEQUENCE, what="LDS security object"))
    version = values.small(cursor.take(what="version"))
    hash_name = read_hash(cursor.take(values.SEQUENCE, what="hash algorithm"))
    hashes: dict[int, bytes] = {}
    for entry in cursor.take(values.SEQUENCE, what="hashes").children():
        pair = values.Cursor(entry)
        group, digest = values.small(pair.take(what="group")), values.octets(pair.take(what="hash"))
        if not 1 <= group <= 16 or group in hashes:
            raise outer.refuse("The security object lists a data group twice, or one that does not exist.")
        hashes[group] = digest
    lds_version = ""
    if version == 1 and cursor.peek() == values.SEQUENCE:
        lds_version = values.text(values.Cursor(cursor.take()).take(what="LDS version"))
    elif version != 0:
        findings.note(ChipFindingCode.VERSION, f"The security object is of version {version}.")
    cursor.finish()
    for finding in inner.collected():
        findings.note(ChipFindingCode(finding.code), finding.text)
    if not hashes:
        raise outer.refuse("The security object lists no data group.")
    return SecurityObject(message, hash_name, hashes, lds_version)
