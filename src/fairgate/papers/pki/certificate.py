"""X.509 certificates, read leniently: what DER or the profile forbid is noted, and what is needed is kept.

Signatures are verified over the octets as they stand, so that leniency in reading never widens what a signature covers.

Source: RFC 5280 (2008); ICAO Doc 9303-12 (8th ed., 2021) clause 7.1 (certificate profiles).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from fairgate.errors import PapersError
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.names import Name, read_name
from fairgate.papers.der.tlv import Element, only_element
from fairgate.papers.findings import Finding
from fairgate.papers.pki.algorithms import SignatureAlgorithm, UnknownAlgorithm, read_signature_algorithm
from fairgate.papers.pki.keys import PublicKey, UnusableKey, read_public_key
from fairgate.papers.pki.verifying import signature_holds

DIGITAL_SIGNATURE, CERTIFICATE_SIGN, CRL_SIGN = 0, 5, 6
"""Numbers of the key usage bits."""

MASTER_LIST_SIGNER = "2.23.136.1.1.3"
"""Extended key usage of master list signers. Source: ICAO Doc 9303-12 clause 7.1.1.6."""

_OTHER_PURPOSES = ("2.23.136.1.1.", "1.3.6.1.5.5.7.3.")
"""Arcs of ICAO's purposes (lists, seals, LDS2) and of the public key infrastructure's (servers, clients, code…)."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the extensions say; ``None`` where one is absent or cannot be read.

    Args:
        is_ca: basic constraints.
        key_usage: numbers of the bits that are set.
        extended_key_usage: object identifiers.
        subject_key_id: octets.
        authority_key_id: octets.
        key_used_from: start of the private key's usage period.
        key_used_until: its end.
        not_understood: object identifiers of extensions that are critical and unknown or malformed, or stand twice;
            whoever relies on the certificate must not pass over them (RFC 5280 clause 4.2).
    """

    is_ca: bool | None = None
    key_usage: frozenset[int] | None = None
    extended_key_usage: tuple[str, ...] | None = None
    subject_key_id: bytes | None = None
    authority_key_id: bytes | None = None
    key_used_from: datetime | None = None
    key_used_until: datetime | None = None
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate.

    Args:
        encoded: all its octets.
        signed_part: the octets that its signature covers.
        serial: serial number.
        issuer: who signed it.
        subject: whose key it holds.
        not_before: aware, UTC.
        not_after: aware, UTC.
        key: the subject's public key.
        algorithm: how it was signed.
        signature: the signature's octets.
        extensions: what they say.
        findings: deviations met in reading.
    """

    encoded: bytes = field(repr=False)
    signed_part: bytes = field(repr=False)
    serial: int
    issuer: Name
    subject: Name
    not_before: datetime
    not_after: datetime
    key: PublicKey | UnusableKey
    algorithm: SignatureAlgorithm | UnknownAlgorithm
    signature: bytes = field(repr=False)
    extensions: Extensions
    findings: tuple[Finding, ...] = ()

    @property
    def sha256(self) -> str:
        """Return the certificate's fingerprint in hexadecimal."""
        return hashlib.sha256(self.encoded).hexdigest()

    @property
    def self_issued(self) -> bool:
        """Tell whether issuer and subject have the same name."""
        return self.issuer == self.subject

    @property
    def for_another_purpose(self) -> str:
        """Return the first extended key usage that is known to be no document signer's; ``""`` where there is none."""
        usages = self.extensions.extended_key_usage or ()
        return next((one for one in usages if one.startswith(_OTHER_PURPOSES)), "")

    def valid_on(self, moment: datetime) -> bool:
        """Tell whether a moment lies within the validity period, both ends included."""
        return self.not_before <= moment <= self.not_after

    def signed_by(self, issuer: Certificate) -> bool:
        """Tell whether the issuer's key verifies this certificate's signature."""
        if isinstance(issuer.key, UnusableKey) or isinstance(self.algorithm, UnknownAlgorithm):
            return False
        return signature_holds(issuer.key, self.algorithm, self.signed_part, self.signature)


def read_certificate(content: bytes | Element, *, where: str = "certificate") -> Certificate:
    """Read a certificate.

    Args:
        content: its octets, or the element that it is within a larger file.
        where: its place, for findings.

    Raises:
        PapersError: a part that every certificate needs is missing or malformed.
    """
    findings = ChipFindings(where)
    if isinstance(content, Element):
        element = Element(content.data, content.start, content.end, findings, content.depth)
    else:
        element = only_element(content, findings, tag=values.SEQUENCE, what="certificate")
    cursor = values.Cursor(element)
    signed = cursor.take(values.SEQUENCE, what="signed part of the certificate")
    outer = cursor.take(values.SEQUENCE, what="signature algorithm")
    signature = values.bits(cursor.take(values.BIT_STRING, what="signature"))
    cursor.finish()

    inner = values.Cursor(signed)
    _version(inner, findings)
    serial = values.integer(inner.take(what="serial number"))
    named = inner.take(values.SEQUENCE, what="signature algorithm")
    algorithm = read_signature_algorithm(outer)
    if named.content != outer.content:
        text = "A certificate names two different signature algorithms."
        findings.note(ChipFindingCode.ALGORITHM_PARAMETERS, text, position=signed.start)
    issuer = read_name(inner.take(values.SEQUENCE, what="issuer"))
    validity = values.Cursor(inner.take(values.SEQUENCE, what="validity"))
    not_before, not_after = values.moment(validity.take(what="start")), values.moment(validity.take(what="end"))
    subject = read_name(inner.take(values.SEQUENCE, what="subject"))
    key = read_public_key(inner.take(values.SEQUENCE, what="public key"))
    for tag in (0x81, 0x82, 0xA1, 0xA2):
        inner.take_if(tag)
    tagged = inner.take_if(0xA3)
    inner.finish()
    extensions = _extensions(tagged, findings) if tagged is not None else Extensions()
    return Certificate(
        element.encoded,
        signed.encoded,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        key,
        algorithm,
        signature,
        extensions,
        findings.collected(),
    )


def _version(inner: values.Cursor, findings: ChipFindings) -> None:
    tagged = inner.take_if(0xA0)
    version = values.small(values.Cursor(tagged).take()) if tagged is not None else 0
    if version != 2:
        text = f"A certificate is of version {version + 1}, not 3."
        findings.note(ChipFindingCode.VERSION, text, position=inner.parent.start)


def _extensions(tagged: Element, findings: ChipFindings) -> Extensions:
    found = Extensions()
    seen: set[str] = set()
    not_understood: dict[str, None] = {}
    for extension in values.Cursor(tagged).take(values.SEQUENCE, what="extensions").children():
        cursor = values.Cursor(extension)
        oid = values.object_identifier(cursor.take(what="extension"))
        critical = values.boolean(cursor.take()) if cursor.peek() == values.BOOLEAN else False
        wrapped = cursor.take(values.OCTET_STRING, what="extension value")
        if oid in seen:
            not_understood[oid] = None
            text = f"The extension {oid} stands twice."
            findings.note(ChipFindingCode.REPEATED_EXTENSION, text, position=extension.start)
        seen.add(oid)
        reader = _READERS.get(oid)
        if reader is None:
            if critical and oid not in _UNDERSTOOD:
                text = f"A critical extension, {oid}, is not understood."
                findings.note(ChipFindingCode.CRITICAL_EXTENSION, text, position=extension.start)
                not_understood[oid] = None
            continue
        try:
            value = next(iter(wrapped.wrapped()), None)
            if value is None:
                raise wrapped.refuse("An extension is empty.")
            found = reader(found, value)
        except PapersError as error:
            text = f"The extension {oid} cannot be read: {error.public_text}"
            findings.note(ChipFindingCode.EXTENSION_UNREADABLE, text, position=extension.start)
            if critical:
                not_understood[oid] = None
    return replace(found, not_understood=tuple(not_understood))


def _basic_constraints(found: Extensions, element: Element) -> Extensions:
    cursor = values.Cursor(element)
    is_ca = values.boolean(cursor.take()) if cursor.peek() == values.BOOLEAN else False
    return replace(found, is_ca=is_ca)


def _key_usage(found: Extensions, element: Element) -> Extensions:
    return replace(found, key_usage=values.named_bits(element))


def _extended_key_usage(found: Extensions, element: Element) -> Extensions:
    usages = tuple(values.object_identifier(child) for child in element.children())
    return replace(found, extended_key_usage=usages)


def _subject_key_id(found: Extensions, element: Element) -> Extensions:
    return replace(found, subject_key_id=values.octets(element))


def _authority_key_id(found: Extensions, element: Element) -> Extensions:
    named = next((child.content for child in element.children() if child.tag == 0x80), None)
    return replace(found, authority_key_id=named)


def _private_key_usage_period(found: Extensions, element: Element) -> Extensions:
    for child in element.children():
        if child.tag == 0x80:
            found = replace(found, key_used_from=values.moment_within(child))
        elif child.tag == 0x81:
            found = replace(found, key_used_until=values.moment_within(child))
    return found


_READERS = {
    "2.5.29.19": _basic_constraints,
    "2.5.29.15": _key_usage,
    "2.5.29.37": _extended_key_usage,
    "2.5.29.14": _subject_key_id,
    "2.5.29.35": _authority_key_id,
    "2.5.29.16": _private_key_usage_period,
}
_UNDERSTOOD = {"2.5.29.32", "2.5.29.17", "2.5.29.18", "2.5.29.31", "2.23.136.1.1.6.1", "2.23.136.1.1.6.2"}
