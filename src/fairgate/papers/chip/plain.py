"""What chips and verdicts say, in plain values that JSON can hold. Image bytes never leave this way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from fairgate.papers.chip.com import CommonData
from fairgate.papers.chip.face_group import FaceGroup
from fairgate.papers.chip.face_image import FaceImage
from fairgate.papers.chip.mrz_group import MrzGroup
from fairgate.papers.chip.read import ChipPart
from fairgate.papers.chip.security_infos import SecurityInfos
from fairgate.papers.chip.security_object import SecurityObject
from fairgate.papers.chip.verdicts import Genuine, NoCsca, NotGenuine, PassiveAuthentication, Undecided, Verdict
from fairgate.papers.pki.cms import SignerName
from fairgate.papers.pki.keys import DhKey, EcKey, RsaKey, UnusableKey

Plain = Mapping[str, object]


def plain_part(part: ChipPart | None) -> Plain:
    """Return what one file of a chip says; nothing for a group that is not read."""
    told: Plain
    match part:
        case None:
            told = {}
        case CommonData():
            told = {
                "lds_version": part.lds_version,
                "unicode_version": part.unicode_version,
                "groups": list(part.groups),
            }
        case SecurityObject():
            told = _security_object(part)
        case MrzGroup():
            told = {"document_code": part.document_code, "issuer": part.issuer, "lines": list(part.lines)}
        case FaceGroup():
            told = {"images": [_image(image) for image in part.images]}
        case SecurityInfos():
            told = _security_infos(part)
        case RsaKey() | EcKey() | DhKey() | UnusableKey():
            told = {"key": str(part), "usable": not isinstance(part, UnusableKey)}
        case _:
            assert_never(part)
    return told


def _image(image: FaceImage) -> Plain:
    return {
        "face_format": image.face_format.value,
        "image_format": image.image_format.value,
        "width_px": image.width_px,
        "height_px": image.height_px,
        "size_bytes": image.photo.size_bytes,
        "taken_in_year": image.taken_in_year,
        "feature_points": image.feature_points,
    }


def _security_object(part: SecurityObject) -> Plain:
    signer, message = part.signer, part.message
    certificate = message.certificate_of(signer)
    attributes = signer.attributes
    signed_at = attributes.signed_at if attributes is not None else None
    issuer = str(signer.named.issuer) if isinstance(signer.named, SignerName) else None
    return {
        "hash": str(part.hash_name),
        "lds_version": part.lds_version or None,
        "groups": sorted(part.hashes),
        "hashes": {f"DG{number}": digest.hex() for number, digest in sorted(part.hashes.items())},
        "signature": str(signer.algorithm),
        "signed_at": signed_at.isoformat() if signed_at is not None else None,
        "signer": str(certificate.subject) if certificate is not None else None,
        "signer_issuer": issuer,
        "signer_serial": f"{certificate.serial:x}" if certificate is not None else None,
        "signer_sha256": certificate.sha256 if certificate is not None else None,
        "signer_key": str(certificate.key) if certificate is not None else None,
        "signer_valid_from": certificate.not_before.isoformat() if certificate is not None else None,
        "signer_valid_until": certificate.not_after.isoformat() if certificate is not None else None,
    }


def _security_infos(part: SecurityInfos) -> Plain:
    active = part.active_authentication
    return {
        "chip_authentication": [
            {"agreement": one.agreement.value, "cipher": one.cipher.value, "key_id": one.key_id}
            for one in part.chip_authentication
        ],
        "public_keys": [{"key": str(one.key), "key_id": one.key_id} for one in part.public_keys],
        "active_authentication": str(active) if active is not None else None,
        "others": list(part.others),
    }


def plain_verdict(verdict: Verdict) -> Plain:
    """Return a verdict with its reasons."""
    match verdict:
        case Genuine():
            return {
                "verdict": "genuine",
                "reasons": [],
                "csca": str(verdict.anchor.certificate.subject),
                "country": verdict.anchor.country,
                "imaginary": verdict.imaginary,
                "revocation_checked": verdict.revocation_checked,
            }
        case NotGenuine():
            return {"verdict": "not_genuine", "reasons": [reason.value for reason in verdict.reasons]}
        case NoCsca():
            return {"verdict": "no_csca", "reasons": [verdict.reason.value], "country": verdict.country}
        case Undecided():
            return {"verdict": "undecided", "reasons": [reason.value for reason in verdict.reasons]}
        case _:
            assert_never(verdict)


def plain_authentication(found: PassiveAuthentication) -> Plain:
    """Return verdict, steps and covered groups; the findings are listed with those of reading."""
    steps = [
        {
            "number": step.step.value,
            "step": step.step.name.lower(),
            "code": step.code,
            "ok": step.ok,
            "detail": step.detail,
        }
        for step in found.steps
    ]
    return {**plain_verdict(found.verdict), "steps": steps, "covered": list(found.covered)}
