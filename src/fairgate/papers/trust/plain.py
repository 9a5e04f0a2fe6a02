"""What master lists and directory exports say, in plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fairgate.errors import PapersError
from fairgate.papers.pki.certificate import Certificate, read_certificate
from fairgate.papers.pki.revocation import read_revocation_list
from fairgate.papers.plain_values import counted
from fairgate.papers.trust.anchors import SetAside
from fairgate.papers.trust.directory import DirectoryExport
from fairgate.papers.trust.master_list import MasterList, read_master_list

NO_COUNTRY = "none"


def plain_master_list(found: MasterList) -> Mapping[str, object]:
    """Return signer, trust, and the accounting of every certificate, by reason and by country."""
    anchors, aside = found.accounting.anchors, found.accounting.set_aside
    return {
        "trust": found.trust.value,
        "signer": str(found.signer.subject) if found.signer is not None else None,
        "signed_at": found.signed_at.isoformat() if found.signed_at is not None else None,
        "certificates": found.total,
        "anchors": len(anchors),
        "anchors_by_kind": counted(anchor.kind.value for anchor in anchors),
        "countries": counted(anchor.country for anchor in anchors),
        "set_aside_by_reason": counted(one.reason.value for one in aside),
        "set_aside": [_set_aside(one) for one in aside],
        "anchor_certificates": [
            {"kind": anchor.kind.value, **plain_certificate(anchor.certificate)} for anchor in anchors
        ],
    }


def plain_certificate(certificate: Certificate) -> Mapping[str, object]:
    """Return what identifies a certificate, and how long and with what it may be used."""
    return {
        "country": certificate.subject.country,
        "subject": str(certificate.subject),
        "issuer": str(certificate.issuer),
        "serial": f"{certificate.serial:x}",
        "valid_from": certificate.not_before.isoformat(),
        "valid_until": certificate.not_after.isoformat(),
        "key": str(certificate.key),
        "signed_with": str(certificate.algorithm),
        "sha256": certificate.sha256,
    }


def plain_directory(export: DirectoryExport) -> Mapping[str, object]:
    """Return how many signers and revocation lists of which country an export holds, and its master lists."""
    signers, unread_signers = _signers(export.signers)
    lists, unread_lists = _revocation_lists(export.revocation_lists)
    return {
        "signers": len(export.signers),
        "signers_by_country": counted(signers),
        "signers_unreadable": unread_signers,
        "revocation_lists": lists,
        "revocation_lists_unreadable": unread_lists,
        "master_lists": [_listed(encoded) for encoded in export.master_lists],
    }


def _set_aside(one: SetAside) -> Mapping[str, object]:
    return {"number": one.number, "reason": one.reason.value, "country": one.country or None, "detail": one.detail}


def _signers(encoded: Iterable[bytes]) -> tuple[list[str], list[Mapping[str, object]]]:
    countries: list[str] = []
    unread: list[Mapping[str, object]] = []
    for number, content in enumerate(encoded, start=1):
        try:
            countries.append(read_certificate(content).subject.country or NO_COUNTRY)
        except PapersError as error:
            unread.append({"number": number, "detail": error.public_text})
    return countries, unread


def _revocation_lists(encoded: Iterable[bytes]) -> tuple[list[Mapping[str, object]], list[Mapping[str, object]]]:
    told: list[Mapping[str, object]] = []
    unread: list[Mapping[str, object]] = []
    for number, content in enumerate(encoded, start=1):
        try:
            found = read_revocation_list(content)
        except PapersError as error:
            unread.append({"number": number, "detail": error.public_text})
            continue
        told.append(
            {
                "country": found.issuer.country or NO_COUNTRY,
                "issuer": str(found.issuer),
                "issued_at": found.issued_at.isoformat(),
                "next_at": found.next_at.isoformat() if found.next_at is not None else None,
                "revoked": len(found.revoked),
            }
        )
    return told, unread


def _listed(encoded: bytes) -> Mapping[str, object]:
    try:
        return plain_master_list(read_master_list(encoded))
    except PapersError as error:
        return {"trust": "unreadable", "detail": error.public_text}
