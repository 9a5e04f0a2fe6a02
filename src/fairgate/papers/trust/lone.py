"""Certificates, revocation lists and deviation lists that stand in a file of their own, in DER or PEM.

Source: RFC 5280 (2008) clauses 4.1 and 5.1; RFC 7468 clauses 5 and 6; ICAO Doc 9303-12 (8th ed., 2021).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.certificate import (
    CERTIFICATE_SIGN,
    CRL_SIGN,
    DIGITAL_SIGNATURE,
    MASTER_LIST_SIGNER,
    Certificate,
    read_certificate,
)
from fairgate.papers.pki.cms import read_signed_data
from fairgate.papers.pki.revocation import RevocationList, read_revocation_list
from fairgate.papers.trust.pem import is_pem, pem_blocks
from fairgate.papers.trust.plain import plain_certificate

DEVIATION_LIST = "2.23.136.1.1.7"
_DEVIATION_LIST_SIGNER = "2.23.136.1.1.8"
_IN_DER = bytes.fromhex("0606678108010107")
_TIMES = {values.UTC_TIME, values.GENERALIZED_TIME}
_USAGES = {DIGITAL_SIGNATURE: "digital_signature", CERTIFICATE_SIGN: "certificate_sign", CRL_SIGN: "crl_sign"}
_SHORTEST_CERTIFICATE = 6
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)

Told = tuple[Mapping[str, object], tuple[Finding, ...]]


class LoneKind(StrEnum):
    """What such a file may be."""

    CERTIFICATE = "certificate"
    REVOCATION_LIST = "revocation_list"
    DEVIATION_LIST = "deviation_list"


_LABELS = {
    "CERTIFICATE": LoneKind.CERTIFICATE,
    "X509 CERTIFICATE": LoneKind.CERTIFICATE,
    "X509 CRL": LoneKind.REVOCATION_LIST,
    "CRL": LoneKind.REVOCATION_LIST,
}


def lone_kind(content: bytes) -> LoneKind | None:
    """Return which of these a file is, by its outermost elements or its first label; ``None`` where it is none."""
    if is_pem(content):
        label = content.split(b"-----", 2)[1].removeprefix(b"BEGIN ")
        return _LABELS.get(label.decode("latin-1"))
    if content[:1] != b"\x30":
        return None
    if _IN_DER in content[:256]:
        return LoneKind.DEVIATION_LIST
    try:
        return _kind_of(content)
    except PapersError:
        return None


def _kind_of(content: bytes) -> LoneKind | None:
    outer = values.Cursor(only_element(content, ChipFindings("file")))
    signed = values.Cursor(outer.take(values.SEQUENCE))
    outer.take(values.SEQUENCE)
    outer.take(values.BIT_STRING)
    tags = list(signed.tags)
    if values.INTEGER in tags[:1]:
        del tags[0]
    if tags[:2] == [values.SEQUENCE] * 2 and tags[2:3] and tags[2] in _TIMES:
        return LoneKind.REVOCATION_LIST
    return LoneKind.CERTIFICATE if len(tags) >= _SHORTEST_CERTIFICATE - 1 else None


def tell_certificates(content: bytes) -> Told:
    """Return what a file of certificates says.

    Raises:
        PapersError: one of them cannot be read.
    """
    encoded = _contents(content, LoneKind.CERTIFICATE)
    read = [read_certificate(one, where=f"certificate {number}") for number, one in enumerate(encoded, start=1)]
    findings = tuple(finding for one in read for finding in one.findings)
    return {"certificates": [_certificate(one) for one in read]}, findings


def tell_revocation_lists(content: bytes, on: date) -> Told:
    """Return what a file of revocation lists says.

    Args:
        content: the file.
        on: the day on which they are read.

    Raises:
        PapersError: one of them cannot be read.
    """
    encoded = _contents(content, LoneKind.REVOCATION_LIST)
    read = [read_revocation_list(one, where=f"revocation list {number}") for number, one in enumerate(encoded, start=1)]
    findings = tuple(finding for one in read for finding in one.findings)
    return {"revocation_lists": [_revocation_list(one, on) for one in read]}, findings


def tell_deviation_list(content: bytes) -> Told:
    """Return who signed a list of deviations, and that it is not used.

    Raises:
        PapersError: it is no signed message, or none of deviations.
    """
    findings = ChipFindings("deviation list")
    message = read_signed_data(only_element(content, findings, tag=values.SEQUENCE, what="deviation list"))
    if message.content_type != DEVIATION_LIST:
        raise PapersError("The signed message holds no list of deviations.", position=0)
    signer = message.signers[0]
    certificate = message.certificate_of(signer)
    signed_at = signer.attributes.signed_at if signer.attributes is not None else None
    findings.note(ChipFindingCode.DEVIATION_LIST, "A list of deviations is recognised, and not used.")
    return {
        "signer": str(certificate.subject) if certificate is not None else None,
        "signed_at": signed_at.isoformat() if signed_at is not None else None,
        "used": False,
    }, findings.collected()


def _contents(content: bytes, kind: LoneKind) -> list[bytes]:
    if not is_pem(content):
        return [content]
    blocks = pem_blocks(content)
    found = [one for label, one in blocks if _LABELS.get(label) is kind]
    if len(found) < len(blocks):
        raise PapersError("The file holds blocks of several kinds.", position=0, way_out="Put each kind in a file.")
    return found


def _certificate(one: Certificate) -> Mapping[str, object]:
    extensions = one.extensions
    usages = sorted(extensions.key_usage) if extensions.key_usage is not None else ()
    return {
        **plain_certificate(one),
        "role": _role(one),
        "self_signature_holds": one.signed_by(one) if one.self_issued else None,
        "key_usage": [_USAGES.get(bit, f"bit_{bit}") for bit in usages],
        "extended_key_usage": list(extensions.extended_key_usage or ()),
        "subject_key_id": extensions.subject_key_id.hex() if extensions.subject_key_id is not None else None,
        "authority_key_id": extensions.authority_key_id.hex() if extensions.authority_key_id is not None else None,
        "not_understood": list(extensions.not_understood),
    }


def _role(one: Certificate) -> str:
    """Return for what a certificate is made, as far as it says so itself; nobody is believed for it."""
    extensions = one.extensions
    usages = extensions.extended_key_usage or ()
    if extensions.is_ca:
        return "csca" if one.self_issued else "csca_link"
    if MASTER_LIST_SIGNER in usages:
        return "master_list_signer"
    if _DEVIATION_LIST_SIGNER in usages:
        return "deviation_list_signer"
    signs = extensions.key_usage is None or DIGITAL_SIGNATURE in extensions.key_usage
    return "document_signer" if signs and not one.for_another_purpose else "other"


def _revocation_list(one: RevocationList, on: date) -> Mapping[str, object]:
    return {
        "country": one.issuer.country or None,
        "issuer": str(one.issuer),
        "issued_at": one.issued_at.isoformat(),
        "next_at": one.next_at.isoformat() if one.next_at is not None else None,
        "current": one.current_at(datetime.combine(on, _END_OF_DAY)),
        "scope": one.scope.value,
        "signed_with": str(one.algorithm),
        "revoked": len(one.revoked),
        "entries": [
            {"serial": f"{serial:x}", "revoked_at": moment.isoformat()} for serial, moment in one.revoked.items()
        ],
    }
