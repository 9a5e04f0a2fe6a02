"""Which certificates of a list can anchor trust, and why the others cannot.

Every certificate is accounted for: it is an anchor, or set aside with a reason. Lists carry self-signed certificates
and *link* certificates, with which a CSCA's former key introduces its new one; the list's signer vouches for both.

Source: ICAO Doc 9303-12 (8th ed., 2021) clauses 5.4, 7.1 and 8 (master lists).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.findings import Finding
from fairgate.papers.pki.algorithms import UnknownAlgorithm
from fairgate.papers.pki.certificate import CERTIFICATE_SIGN, Certificate, read_certificate
from fairgate.papers.pki.keys import DhKey, UnusableKey

MOST_TRIALS = 5000
"""Signatures that are tried to find who signed link certificates: the German list of 588 certificates takes 241. A list
of many certificates of one name would else take the square of their number.
"""


class AnchorKind(StrEnum):
    """How an anchor's own signature is accounted for."""

    SELF_SIGNED = "self_signed"
    LINK = "link"
    LINK_FROM_ABSENT = "link_from_absent"


class SetAsideReason(StrEnum):
    """Why a listed certificate does not anchor trust."""

    MALFORMED = "malformed"
    DUPLICATE = "duplicate"
    NO_COUNTRY = "no_country"
    KEY_UNUSABLE = "key_unusable"
    ALGORITHM_UNKNOWN = "algorithm_unknown"
    NOT_A_CA = "not_a_ca"
    SELF_SIGNATURE_INVALID = "self_signature_invalid"


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """A certificate of a CSCA that signers may chain to.

    Args:
        certificate: as listed.
        kind: self-signed; a link whose signer is on the list too; or a link whose signer is not.
    """

    certificate: Certificate
    kind: AnchorKind

    @property
    def country(self) -> str:
        """Return the two-letter code in capitals."""
        return self.certificate.subject.country


@dataclass(frozen=True, slots=True)
class SetAside:
    """A listed certificate that is not used.

    Args:
        number: its place in the list, counted from 1.
        reason: why.
        country: two-letter code, where it could be read.
        detail: one phrase.
    """

    number: int
    reason: SetAsideReason
    country: str
    detail: str


@dataclass(frozen=True, slots=True)
class Accounting:
    """Every certificate of a list, accounted for: ``len(anchors) + len(set_aside)`` is their number.

    Args:
        anchors: in the list's order.
        set_aside: in the list's order.
        findings: deviations of the certificates.
    """

    anchors: tuple[TrustAnchor, ...] = field(repr=False)
    set_aside: tuple[SetAside, ...]
    findings: tuple[Finding, ...] = field(repr=False)


def account_for(encoded: Sequence[bytes], *, where: str = "certificate") -> Accounting:
    """Sort the certificates of a list into anchors and those set aside.

    Args:
        encoded: each certificate's octets.
        where: what they are called in findings; their number is added.

    Raises:
        PapersError: more signatures would have to be tried than :data:`MOST_TRIALS`.
    """
    aside: dict[int, SetAside] = {}
    read: dict[int, Certificate] = {}
    seen: set[bytes] = set()
    findings: list[Finding] = []
    for number, content in enumerate(encoded, start=1):
        if content in seen:
            aside[number] = SetAside(number, SetAsideReason.DUPLICATE, "", "listed before")
            continue
        seen.add(content)
        try:
            certificate = read_certificate(content, where=f"{where} {number}")
        except PapersError as error:
            aside[number] = SetAside(number, SetAsideReason.MALFORMED, "", error.public_text)
            continue
        findings.extend(certificate.findings)
        reason = _unfit(certificate)
        if reason is None:
            read[number] = certificate
        else:
            aside[number] = SetAside(number, reason[0], certificate.subject.country, reason[1])
    anchors: list[TrustAnchor] = []
    holders = _Holders(tuple(read.values()))
    for number, certificate in read.items():
        kind = holders.kind_of(certificate)
        if kind is None:
            detail = "its own key does not verify it"
            aside[number] = SetAside(number, SetAsideReason.SELF_SIGNATURE_INVALID, certificate.subject.country, detail)
        else:
            anchors.append(TrustAnchor(certificate, kind))
            findings.extend(_noted(certificate, f"{where} {number}", kind))
    return Accounting(tuple(anchors), tuple(aside[number] for number in sorted(aside)), tuple(findings))


def _unfit(certificate: Certificate) -> tuple[SetAsideReason, str] | None:
    if not certificate.subject.country:
        return SetAsideReason.NO_COUNTRY, "the subject has no country"
    if isinstance(certificate.key, UnusableKey | DhKey):
        return SetAsideReason.KEY_UNUSABLE, str(certificate.key)
    if isinstance(certificate.algorithm, UnknownAlgorithm):
        return SetAsideReason.ALGORITHM_UNKNOWN, str(certificate.algorithm)
    extensions = certificate.extensions
    if extensions.is_ca is not True:
        return SetAsideReason.NOT_A_CA, "basic constraints do not make it a CA"
    if extensions.key_usage is not None and CERTIFICATE_SIGN not in extensions.key_usage:
        return SetAsideReason.NOT_A_CA, "its key may not sign certificates"
    return None


def _noted(certificate: Certificate, where: str, kind: AnchorKind) -> list[Finding]:
    found: list[Finding] = []
    if certificate.extensions.key_usage is None:
        found.append(Finding(ChipFindingCode.KEY_USAGE, where, 0, "A CSCA certificate names no key usage."))
    if kind is AnchorKind.LINK_FROM_ABSENT:
        text = "The key that signed a link certificate is not on the list; the list's signer alone vouches for it."
        found.append(Finding(ChipFindingCode.SELF_SIGNATURE, where, 0, text))
    return found


class _Holders:
    """Finds the certificate that signed another."""

    def __init__(self, certificates: Sequence[Certificate]) -> None:
        self._trials = 0
        self._by_key_id: dict[bytes, list[Certificate]] = {}
        self._by_country: dict[str, list[Certificate]] = {}
        for certificate in certificates:
            key_id = certificate.extensions.subject_key_id
            if key_id is not None:
                self._by_key_id.setdefault(key_id, []).append(certificate)
            self._by_country.setdefault(certificate.subject.country, []).append(certificate)

    def kind_of(self, certificate: Certificate) -> AnchorKind | None:
        """Return how a certificate's signature is accounted for; ``None`` where it should be its own and is not.

        Raises:
            PapersError: too many signatures were tried.
        """
        extensions = certificate.extensions
        own = extensions.subject_key_id
        named = extensions.authority_key_id
        if certificate.self_issued and (named is None or own is None or named == own):
            return AnchorKind.SELF_SIGNED if certificate.signed_by(certificate) else None
        candidates = self._by_key_id.get(named, []) if named is not None else []
        others = self._by_country.get(certificate.issuer.country, [])
        for other in (*candidates, *(one for one in others if one.subject == certificate.issuer)):
            self._trials += 1
            if self._trials > MOST_TRIALS:
                raise PapersError(f"The list needs more than {MOST_TRIALS} trials to find who signed its links.")
            if certificate.signed_by(other):
                return AnchorKind.LINK
        return AnchorKind.LINK_FROM_ABSENT
