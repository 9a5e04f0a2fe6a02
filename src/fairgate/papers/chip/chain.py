"""The signer's chain to a CSCA, and what hangs on it: validity, country, revocation.

Source: ICAO Doc 9303-12 (8th ed., 2021) clauses 5.4 (trust), 7.1 (profiles, private key usage periods), 7.1.4
(revocation).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fairgate.papers.chip.mrz_group import MrzGroup
from fairgate.papers.chip.security_object import SecurityObject
from fairgate.papers.chip.verdicts import PassiveReason, PassiveStep, StepOutcome, StepResult
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.pki.certificate import DIGITAL_SIGNATURE, Certificate
from fairgate.papers.pki.revocation import ListScope, RevocationList
from fairgate.papers.trust.anchors import TrustAnchor
from fairgate.papers.trust.countries import certificate_countries
from fairgate.papers.trust.store import TrustStore

CLOCK_TOLERANCE = timedelta(days=1)
"""How far a signing time may lie ahead of the clock here."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The signer and the CSCA above it.

    Args:
        signer: the document signer's certificate; ``None`` where it is missing.
        anchors: CSCA certificates whose key signed it; ``None`` or empty where there is none.
        problem: why there is none.
    """

    signer: Certificate | None
    anchors: tuple[TrustAnchor, ...] | None
    problem: PassiveReason | None

    @property
    def anchor(self) -> TrustAnchor | None:
        """Return the first CSCA certificate."""
        return self.anchors[0] if self.anchors else None

    @property
    def country(self) -> str:
        """Return the CSCA's country, or else the one that the signer's certificate names."""
        if self.anchor is not None:
            return self.anchor.country
        return (self.signer.issuer.country or self.signer.subject.country) if self.signer is not None else ""

    def step(self, certificate: Certificate | None) -> StepResult:
        """Return the chain's own step."""
        if self.problem is None and self.anchor is not None:
            subject = str(self.anchor.certificate.subject)
            return StepResult(PassiveStep.SIGNER_CHAIN, StepOutcome.PASSED, None, subject)
        failures = {PassiveReason.SIGNER_NOT_SIGNED_BY_CSCA, PassiveReason.SIGNER_MAY_NOT_SIGN}
        outcome = StepOutcome.FAILED if self.problem in failures else StepOutcome.NOT_DONE
        detail = str(certificate.issuer) if certificate is not None else ""
        return StepResult(PassiveStep.SIGNER_CHAIN, outcome, self.problem, detail)


def chained(signer: Certificate | None, trust: TrustStore) -> Chain:
    """Return the chain of a signer.

    A CSCA may have several certificates for one key and several keys under one name. Those are tried that have the name
    of the signer's issuer or the key identifier that the signer names.
    """
    if signer is None:
        return Chain(None, None, PassiveReason.EARLIER_STEP)
    if not _may_sign(signer):
        return Chain(signer, None, PassiveReason.SIGNER_MAY_NOT_SIGN)
    anchors = trust.anchors_of(signer.issuer.country or signer.subject.country)
    if not anchors:
        return Chain(signer, None, PassiveReason.NO_CSCA_FOR_COUNTRY)
    named = signer.extensions.authority_key_id
    same_key = [one for one in anchors if named is not None and one.certificate.extensions.subject_key_id == named]
    same_name = [one for one in anchors if one.certificate.subject == signer.issuer]
    candidates = (*same_key, *(one for one in same_name if one not in same_key))
    held = tuple(one for one in candidates if signer.signed_by(one.certificate))
    return Chain(signer, held, None if held else _why_none(signer, same_key, same_name))


def _may_sign(signer: Certificate) -> bool:
    """Tell whether a certificate may be a document signer's.

    A CSCA signs for other purposes too (master lists, seals, servers), and such a key has no business with passports.
    """
    extensions = signer.extensions
    if extensions.is_ca or extensions.not_understood or signer.for_another_purpose:
        return False
    return extensions.key_usage is None or DIGITAL_SIGNATURE in extensions.key_usage


def _why_none(signer: Certificate, same_key: list[TrustAnchor], same_name: list[TrustAnchor]) -> PassiveReason:
    """Tell a CSCA that is not known, or has a newer key than is known, from one that did not sign."""
    if not same_key and not same_name:
        return PassiveReason.NO_CSCA_FOR_SIGNER
    told_apart = all(one.certificate.extensions.subject_key_id is not None for one in same_name)
    if signer.extensions.authority_key_id is not None and not same_key and told_apart:
        return PassiveReason.CSCA_KEY_NOT_LISTED
    return PassiveReason.SIGNER_NOT_SIGNED_BY_CSCA


def valid_at_signing(security_object: SecurityObject, chain: Chain, at: datetime, findings: ChipFindings) -> StepResult:
    """Judge the certificates at the time of signing, or, where that is not said, at the time of inspection."""

    def result(outcome: StepOutcome, reason: PassiveReason | None = None, detail: str = "") -> StepResult:
        return StepResult(PassiveStep.VALIDITY_AT_SIGNING, outcome, reason, detail)

    attributes, signer = security_object.signer.attributes, chain.signer
    signed_at = attributes.signed_at if attributes is not None else None
    if signer is None:
        return result(StepOutcome.NOT_DONE, PassiveReason.EARLIER_STEP)
    if signed_at is None:
        text = "The security object does not say when it was signed; the time of inspection counts."
        findings.note(ChipFindingCode.NO_SIGNING_TIME, text)
    elif signed_at > at + CLOCK_TOLERANCE:
        return result(StepOutcome.FAILED, PassiveReason.SIGNED_IN_THE_FUTURE, f"{signed_at:%Y-%m-%d}")
    moment = signed_at or at
    reason = _outside(signer, chain.anchors or (), moment)
    if reason is None:
        _note_key_period(signer, moment, findings)
        return result(StepOutcome.PASSED, None, f"{moment:%Y-%m-%d}")
    too_late = reason in {PassiveReason.SIGNER_EXPIRED, PassiveReason.CSCA_EXPIRED}
    if signed_at is None and too_late:
        return result(StepOutcome.NOT_DONE, PassiveReason.SIGNING_TIME_UNKNOWN, f"{reason} by now")
    return result(StepOutcome.FAILED, reason, f"{moment:%Y-%m-%d}")


def _outside(signer: Certificate, anchors: tuple[TrustAnchor, ...], moment: datetime) -> PassiveReason | None:
    if moment < signer.not_before:
        return PassiveReason.SIGNER_NOT_YET_VALID
    if moment > signer.not_after:
        return PassiveReason.SIGNER_EXPIRED
    authorities = [anchor.certificate for anchor in anchors]
    if not authorities or any(one.valid_on(moment) for one in authorities):
        return None
    early = all(moment < one.not_before for one in authorities)
    return PassiveReason.CSCA_NOT_YET_VALID if early else PassiveReason.CSCA_EXPIRED


def _note_key_period(signer: Certificate, moment: datetime, findings: ChipFindings) -> None:
    start, end = signer.extensions.key_used_from, signer.extensions.key_used_until
    if (start is not None and moment < start) or (end is not None and moment > end):
        text = "The security object was signed outside the period in which the signer's key is used."
        findings.note(ChipFindingCode.SIGNED_OUTSIDE_KEY_PERIOD, text)


def issuer_country(mrz: MrzGroup | None, chain: Chain) -> StepResult:
    """Compare the issuing state of the machine-readable zone with the country of the CSCA."""
    step = PassiveStep.ISSUER_COUNTRY
    if chain.signer is None:
        return StepResult(step, StepOutcome.NOT_DONE, PassiveReason.EARLIER_STEP)
    if mrz is None:
        return StepResult(step, StepOutcome.NOT_DONE, PassiveReason.MRZ_UNREADABLE)
    expected = certificate_countries(mrz.issuer)
    if not expected:
        return StepResult(step, StepOutcome.NOT_DONE, PassiveReason.ISSUER_UNKNOWN, mrz.issuer)
    detail = f"{mrz.issuer}, {chain.country}"
    if chain.country not in expected:
        return StepResult(step, StepOutcome.FAILED, PassiveReason.ISSUER_COUNTRY_DIFFERS, detail)
    return StepResult(step, StepOutcome.PASSED, None, detail)


def revoked(chain: Chain, trust: TrustStore, at: datetime, findings: ChipFindings) -> StepResult:
    """Look the signer and its CSCA up in the revocation lists whose signature holds.

    Whoever is on one is revoked, however old it is. Whoever is on none is not, if a whole and current one is at hand.
    """
    step, signer = PassiveStep.REVOCATION, chain.signer
    if signer is None or not chain.anchors:
        return StepResult(step, StepOutcome.NOT_DONE, PassiveReason.NO_REVOCATION_LIST)
    usable = [one for one in _lists(chain, trust) if _usable(one, trust, at, findings)]
    for one in usable:
        if signer.serial in one.revoked and one.issuer in {signer.issuer, chain.anchors[0].certificate.subject}:
            detail = f"{one.revoked[signer.serial]:%Y-%m-%d}"
            return StepResult(step, StepOutcome.FAILED, PassiveReason.SIGNER_REVOKED, detail)
        gone = [
            anchor
            for anchor in chain.anchors
            if anchor.certificate.issuer == one.issuer and anchor.certificate.serial in one.revoked
        ]
        if len(gone) == len(chain.anchors):
            return StepResult(step, StepOutcome.FAILED, PassiveReason.CSCA_REVOKED)
    return _not_revoked(usable, at)


def _not_revoked(usable: list[RevocationList], at: datetime) -> StepResult:
    """Judge what it is worth that nobody is on these lists."""
    whole = [one for one in usable if one.scope is ListScope.WHOLE]
    if not usable:
        reason: PassiveReason | None = PassiveReason.NO_REVOCATION_LIST
    elif not whole:
        reason = PassiveReason.REVOCATION_LIST_PARTIAL
    else:
        reason = None if any(one.current_at(at) for one in whole) else PassiveReason.REVOCATION_LIST_EXPIRED
    detail = f"list of {max(one.issued_at for one in usable):%Y-%m-%d}" if usable else ""
    return StepResult(PassiveStep.REVOCATION, StepOutcome.NOT_DONE if reason else StepOutcome.PASSED, reason, detail)


def _lists(chain: Chain, trust: TrustStore) -> list[RevocationList]:
    assert chain.signer is not None
    assert chain.anchors is not None
    names = {chain.signer.issuer, *(anchor.certificate.subject for anchor in chain.anchors)}
    return [one for name in names for one in trust.revocation_lists.get(name, ())]


def _usable(one: RevocationList, trust: TrustStore, at: datetime, findings: ChipFindings) -> bool:
    """Tell whether a CSCA of the country signed a list. An expired or partial one still says who was revoked."""
    if one.scope is ListScope.DELTA:
        text = "A list of changes to a revocation list is not used."
        findings.note(ChipFindingCode.DELTA_REVOCATION_LIST, text)
        return False
    if one.scope is ListScope.PARTIAL:
        text = "A revocation list speaks of some certificates only."
        findings.note(ChipFindingCode.REVOCATION_LIST_PARTIAL, text)
    anchors = trust.anchors_of(one.issuer.country)
    if not any(one.signed_by(anchor.certificate) for anchor in anchors):
        text = "A revocation list's signature does not hold; the list is left out."
        findings.note(ChipFindingCode.REVOCATION_LIST_UNVERIFIED, text)
        return False
    if not one.current_at(at):
        due = f" by {one.next_at:%Y-%m-%d}" if one.next_at is not None else ""
        text = f"The revocation list should have been replaced{due}."
        findings.note(ChipFindingCode.REVOCATION_LIST_EXPIRED, text)
    if one.issued_at > at + CLOCK_TOLERANCE:
        findings.note(ChipFindingCode.REVOCATION_LIST_NOT_YET_VALID, "The revocation list is dated in the future.")
    return True
