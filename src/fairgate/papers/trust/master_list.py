"""CSCA master lists: certificates that one state vouches for, signed by it.

Source: ICAO Doc 9303-12 (8th ed., 2021) clause 8 (structure, signer), clause 7.1.1.6 (the signer's certificate).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.certificate import MASTER_LIST_SIGNER, Certificate
from fairgate.papers.pki.cms import SignatureCheck, SignedData, Signer, check_signature, read_signed_data
from fairgate.papers.trust.anchors import Accounting, account_for

MASTER_LIST = "2.23.136.1.1.2"
_MOST_CERTIFICATES = 5000


class ListTrust(StrEnum):
    """What a master list's signature is worth."""

    PINNED = "pinned"
    CONSISTENT = "consistent"
    SIGNER_CERTIFICATE_MISSING = "signer_certificate_missing"
    SIGNATURE_INVALID = "list_signature_invalid"
    SIGNER_NOT_MASTER_LIST_SIGNER = "signer_not_master_list_signer"
    SIGNER_NOT_CHAINED = "signer_not_chained"
    SIGNER_NOT_VALID = "signer_not_valid"

    @property
    def refused(self) -> bool:
        """Tell whether the list must not be used."""
        return self not in {ListTrust.PINNED, ListTrust.CONSISTENT}


@dataclass(frozen=True, slots=True)
class MasterList:
    """A master list.

    Args:
        trust: whether its signature holds and its signer chains to a CSCA; ``pinned`` where that CSCA is one that the
            operator named, ``consistent`` where only the list itself says so.
        check: what became of the signature.
        signer: who signed; ``None`` where the certificate is missing.
        signed_at: when it says that it was signed.
        total: certificates listed.
        accounting: each of them, as an anchor or set aside.
        findings: deviations of list and certificates.
    """

    trust: ListTrust
    check: SignatureCheck | None
    signer: Certificate | None
    signed_at: datetime | None
    total: int
    accounting: Accounting
    findings: tuple[Finding, ...] = field(repr=False)


def read_master_list(
    content: bytes, *, pinned: AbstractSet[str] = frozenset(), where: str = "master list"
) -> MasterList:
    """Read a master list and check who signed it.

    1. The signature holds with the signer's own algorithm.
    2. The signer's certificate says that it signs master lists.
    3. A CSCA certificate, which the message or the list holds, signed it.
    4. It was valid when the list was signed.
    5. That CSCA is one whose certificate or another with the same key has a pinned fingerprint.

    Args:
        content: the file.
        pinned: SHA-256 fingerprints, in hexadecimal, of CSCA certificates that the operator believes.
        where: its name in findings.

    Raises:
        PapersError: it is no master list, or is cut short.
    """
    findings = ChipFindings(where)
    message = read_signed_data(only_element(content, findings, tag=values.SEQUENCE, what="master list"))
    encoded = _certificates(message, findings)
    accounting = account_for(encoded, where=f"{where}, certificate")
    signer = message.signers[0]
    if len(message.signers) > 1:
        findings.note(ChipFindingCode.SEVERAL_SIGNERS, "The list has several signers; the first counts.")
    certificate = message.certificate_of(signer)
    signed_at = signer.attributes.signed_at if signer.attributes is not None else None
    check = check_signature(message, signer, certificate) if certificate is not None else None
    trust = _trust(message, signer, check=check, accounting=accounting, pinned=pinned)
    return MasterList(
        trust,
        check,
        certificate,
        signed_at,
        len(encoded),
        accounting,
        (*findings.collected(), *accounting.findings),
    )


def _certificates(message: SignedData, findings: ChipFindings) -> list[bytes]:
    inner = ChipFindings(findings.where)
    outer = only_element(message.content, inner, tag=values.SEQUENCE, what="list of certificates")
    if message.content_type != MASTER_LIST:
        raise outer.refuse("The signed message holds no master list.")
    cursor = values.Cursor(outer)
    version = values.small(cursor.take(what="version"))
    if version != 0:
        findings.note(ChipFindingCode.VERSION, f"The list is of version {version}, not 0.")
    found: list[bytes] = []
    for element in cursor.take(values.SET, what="certificates").children():
        if len(found) == _MOST_CERTIFICATES:
            raise element.refuse(f"The list holds more than {_MOST_CERTIFICATES} certificates.")
        found.append(element.encoded)
    cursor.finish()
    for finding in inner.collected():
        findings.note(ChipFindingCode(finding.code), finding.text)
    return found


def _trust(
    message: SignedData,
    signer: Signer,
    *,
    check: SignatureCheck | None,
    accounting: Accounting,
    pinned: AbstractSet[str],
) -> ListTrust:
    certificate = message.certificate_of(signer)
    if certificate is None:
        return ListTrust.SIGNER_CERTIFICATE_MISSING
    if check is not SignatureCheck.HOLDS:
        return ListTrust.SIGNATURE_INVALID
    if MASTER_LIST_SIGNER not in (certificate.extensions.extended_key_usage or ()):
        return ListTrust.SIGNER_NOT_MASTER_LIST_SIGNER
    known = (*message.certificates, *(anchor.certificate for anchor in accounting.anchors))
    authorities = {
        one.key
        for one in known
        if one.extensions.is_ca and one.subject == certificate.issuer and certificate.signed_by(one)
    }
    if not authorities:
        return ListTrust.SIGNER_NOT_CHAINED
    signed_at = signer.attributes.signed_at if signer.attributes is not None else None
    if signed_at is not None and not certificate.valid_on(signed_at):
        return ListTrust.SIGNER_NOT_VALID
    believed = any(one.sha256 in pinned for one in known if one.key in authorities)
    return ListTrust.PINNED if believed else ListTrust.CONSISTENT
