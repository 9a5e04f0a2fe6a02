"""Passive authentication: whether what a chip holds is what its state signed.

Source: ICAO Doc 9303-11 (8th ed., 2021) clause 5.1; 9303-12 (8th ed., 2021) clauses 5–8.
"""

from __future__ import annotations

from datetime import datetime

from fairgate.papers.chip.chain import Chain, chained, issuer_country, revoked, valid_at_signing
from fairgate.papers.chip.files import SOD, group_name
from fairgate.papers.chip.read import ChipRead
from fairgate.papers.chip.security_object import SecurityObject
from fairgate.papers.chip.verdicts import (
    NO_CSCA_REASONS,
    REVOCATION_OPEN,
    Genuine,
    NoCsca,
    NotGenuine,
    PassiveAuthentication,
    PassiveReason,
    PassiveStep,
    StepOutcome,
    StepResult,
    Undecided,
    Verdict,
)
from fairgate.papers.der.findings import ChipFindings
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.certificate import Certificate
from fairgate.papers.pki.cms import SignatureCheck, SignerName, check_signature
from fairgate.papers.trust.countries import is_imaginary
from fairgate.papers.trust.store import TrustStore

_MANDATORY = (1, 2)
_OF_CHECK = {
    SignatureCheck.ALGORITHM_UNKNOWN: PassiveReason.SIGNATURE_ALGORITHM_UNKNOWN,
    SignatureCheck.KEY_UNUSABLE: PassiveReason.SIGNER_KEY_UNUSABLE,
    SignatureCheck.CONTENT_TYPE_DIFFERS: PassiveReason.CONTENT_TYPE_DIFFERS,
    SignatureCheck.MESSAGE_DIGEST_DIFFERS: PassiveReason.MESSAGE_DIGEST_DIFFERS,
    SignatureCheck.SIGNATURE_INVALID: PassiveReason.SIGNATURE_INVALID,
}


def passive_authentication(chip: ChipRead, trust: TrustStore, *, at: datetime) -> PassiveAuthentication:
    """Verify a chip's signatures, in steps; each is done even where an earlier one failed, as far as it can be.

    1. The security object is there and can be read.
    2. The data groups have the hashes that it lists, and DG1 and DG2 are among them. A group that neither EF.COM nor
       EF.SOD lists fails nothing, and is not covered either.
    3. Its signature holds, with its own algorithm, under the signer's certificate.
    4. A CSCA of the signer's country signed that certificate.
    5. Signer and CSCA were valid when the security object was signed, or, where that is not said, are valid now.
    6. The issuing state of the machine-readable zone is the CSCA's country.
    7. Neither is revoked.

    Args:
        chip: what was read.
        trust: whom to believe.
        at: now; aware.
    """
    findings = ChipFindings(SOD)
    security_object = chip.security_object
    if security_object is None:
        steps = _without_security_object(chip)
        return PassiveAuthentication(_verdict(steps, Chain(None, None, None)), steps, ())
    certificate = _signer_certificate(security_object, trust)
    chain = chained(certificate, trust)
    steps = (
        StepResult(PassiveStep.SECURITY_OBJECT, StepOutcome.PASSED),
        _hashes(chip, security_object),
        _signature(security_object, certificate),
        chain.step(certificate),
        valid_at_signing(security_object, chain, at, findings),
        issuer_country(chip.mrz, chain),
        revoked(chain, trust, at, findings),
    )
    hashes = security_object.hashes
    covered = tuple(group for group, digest in sorted(chip.digests.items()) if digest == hashes.get(group))
    return PassiveAuthentication(_verdict(steps, chain), steps, findings.collected(), covered)


def _without_security_object(chip: ChipRead) -> tuple[StepResult, ...]:
    reason = PassiveReason.SOD_UNREADABLE if SOD in chip.unreadable else PassiveReason.SOD_MISSING
    rest = (StepResult(step, StepOutcome.NOT_DONE, PassiveReason.EARLIER_STEP) for step in list(PassiveStep)[1:])
    return (StepResult(PassiveStep.SECURITY_OBJECT, StepOutcome.FAILED, reason), *rest)


def _signer_certificate(security_object: SecurityObject, trust: TrustStore) -> Certificate | None:
    signer = security_object.signer
    found = security_object.message.certificate_of(signer)
    if found is None and isinstance(signer.named, SignerName):
        return trust.signers.get((signer.named.issuer, signer.named.serial))
    return found


def _hashes(chip: ChipRead, security_object: SecurityObject) -> StepResult:
    def failed(reason: PassiveReason, detail: str) -> StepResult:
        return StepResult(PassiveStep.DATA_GROUP_HASHES, StepOutcome.FAILED, reason, detail)

    hash_name, listed = security_object.hash_name, security_object.hashes
    if not isinstance(hash_name, HashName):
        return failed(PassiveReason.HASH_ALGORITHM_UNKNOWN, str(hash_name))
    if any(len(digest) != hash_name.size_bytes for digest in listed.values()):
        return failed(PassiveReason.HASH_ALGORITHM_MISMATCH, f"the hashes are not of {hash_name}'s length")
    missing = [group_name(group) for group in _MANDATORY if group not in chip.digests]
    if missing:
        return failed(PassiveReason.DATA_GROUP_MISSING, ", ".join(missing))
    claimed = {*_MANDATORY, *(chip.com.groups if chip.com is not None else ())}
    unsigned = [group_name(group) for group in chip.present if group not in listed and group in claimed]
    if unsigned:
        return failed(PassiveReason.DATA_GROUP_NOT_SIGNED, ", ".join(unsigned))
    compared = {group: digest == listed[group] for group, digest in chip.digests.items() if group in listed}
    changed = [group_name(group) for group, same in compared.items() if not same]
    if changed:
        return failed(PassiveReason.DATA_GROUP_CHANGED, ", ".join(changed))
    return StepResult(
        PassiveStep.DATA_GROUP_HASHES, StepOutcome.PASSED, None, f"{hash_name}: {', '.join(map(group_name, compared))}"
    )


def _signature(security_object: SecurityObject, certificate: Certificate | None) -> StepResult:
    step, signer = PassiveStep.SIGNATURE, security_object.signer
    if certificate is None:
        return StepResult(step, StepOutcome.FAILED, PassiveReason.SIGNER_CERTIFICATE_MISSING)
    check = check_signature(security_object.message, signer, certificate)
    if check is SignatureCheck.HOLDS:
        return StepResult(step, StepOutcome.PASSED, None, f"{signer.algorithm}, {certificate.key}")
    return StepResult(step, StepOutcome.FAILED, _OF_CHECK[check], f"{signer.algorithm}, {certificate.key}")


def _verdict(steps: tuple[StepResult, ...], chain: Chain) -> Verdict:
    failed = tuple(step.reason for step in steps if step.outcome is StepOutcome.FAILED and step.reason is not None)
    if failed:
        return NotGenuine(failed)
    not_done = [step.reason for step in steps if step.outcome is StepOutcome.NOT_DONE and step.reason is not None]
    for reason in not_done:
        if reason in NO_CSCA_REASONS:
            return NoCsca(reason, chain.country)
    open_reasons = tuple(reason for reason in not_done if reason not in REVOCATION_OPEN)
    if open_reasons or chain.anchor is None:
        return Undecided(open_reasons)
    imaginary = is_imaginary(chain.anchor.country)
    return Genuine(chain.anchor, imaginary, revocation_checked=not not_done)
