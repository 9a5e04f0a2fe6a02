"""Signed messages (CMS SignedData): what was signed, by whom, and whether the signature holds.

Source: RFC 5652 (2009) clauses 5.1–5.6; ICAO Doc 9303-10 clause 4.6.2 and 9303-12 clause 7.2 for the profiles.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fairgate.errors import PapersError
from fairgate.papers.der import values, writing
from fairgate.papers.der.findings import ChipFindingCode, ChipFindings
from fairgate.papers.der.names import Name, read_name
from fairgate.papers.der.tlv import Element
from fairgate.papers.pki.algorithms import (
    HashName,
    SignatureAlgorithm,
    UnknownAlgorithm,
    read_hash,
    read_signature_algorithm,
)
from fairgate.papers.pki.certificate import Certificate, read_certificate
from fairgate.papers.pki.keys import UnusableKey
from fairgate.papers.pki.verifying import signature_holds

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5))
_MOST_CERTIFICATES, _MOST_SIGNERS = 64, 16


@dataclass(frozen=True, slots=True)
class SignerName:
    """A signer named by the certificate's issuer and serial number.

    Args:
        issuer: of the signer's certificate.
        serial: of the signer's certificate.
    """

    issuer: Name
    serial: int


@dataclass(frozen=True, slots=True)
class SignerKeyId:
    """A signer named by the key's identifier.

    Args:
        key_id: subject key identifier of the signer's certificate.
    """

    key_id: bytes


@dataclass(frozen=True, slots=True)
class SignedAttributes:
    """The attributes that a signature covers.

    Args:
        rewritten: in DER, as RFC 5652 clause 5.4 has them signed.
        as_written: the octets as they stand, under the tag of a set.
        content_type: object identifier; ``""`` where absent.
        message_digest: ``None`` where absent.
        signed_at: the signing time; ``None`` where absent.
    """

    rewritten: bytes = field(repr=False)
    as_written: bytes = field(repr=False)
    content_type: str
    message_digest: bytes | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature on the message.

    Args:
        named: how the signer's certificate is found.
        digest: hash of the content.
        attributes: ``None`` where the signature is over the content itself.
        algorithm: of the signature.
        signature: octets.
    """

    named: SignerName | SignerKeyId
    digest: HashName | UnknownAlgorithm
    attributes: SignedAttributes | None
    algorithm: SignatureAlgorithm | UnknownAlgorithm
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signed message.

    Args:
        content_type: object identifier of what is signed.
        content: what is signed.
        certificates: those that could be read.
        signers: at least one.
    """

    content_type: str
    content: bytes = field(repr=False)
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]

    def certificate_of(self, signer: Signer) -> Certificate | None:
        """Return the signer's certificate, where the message holds it."""
        for certificate in self.certificates:
            if isinstance(signer.named, SignerKeyId):
                found = certificate.extensions.subject_key_id == signer.named.key_id
            else:
                found = (certificate.issuer, certificate.serial) == (signer.named.issuer, signer.named.serial)
            if found:
                return certificate
        return None


class SignatureCheck(StrEnum):
    """What became of verifying one signature on a message."""

    HOLDS = "signature_holds"
    ALGORITHM_UNKNOWN = "signature_algorithm_unknown"
    KEY_UNUSABLE = "signer_key_unusable"
    CONTENT_TYPE_DIFFERS = "content_type_differs"
    MESSAGE_DIGEST_DIFFERS = "message_digest_differs"
    SIGNATURE_INVALID = "signature_invalid"


def check_signature(message: SignedData, signer: Signer, certificate: Certificate) -> SignatureCheck:
    """Verify one signature with its own algorithm.

    1. The algorithms are known and the certificate's key can be used.
    2. The signed attributes name the content's type (RFC 5652 clause 11.1).
    3. Their digest is the content's (clause 11.2).
    4. The signature over the attributes in DER holds, or, failing that, over the attributes as written.
    """
    if isinstance(signer.algorithm, UnknownAlgorithm) or isinstance(signer.digest, UnknownAlgorithm):
        return SignatureCheck.ALGORITHM_UNKNOWN
    if isinstance(certificate.key, UnusableKey):
        return SignatureCheck.KEY_UNUSABLE
    attributes = signer.attributes
    candidates = [message.content]
    if attributes is not None:
        if attributes.content_type != message.content_type:
            return SignatureCheck.CONTENT_TYPE_DIFFERS
        if attributes.message_digest != signer.digest.of(message.content):
            return SignatureCheck.MESSAGE_DIGEST_DIFFERS
        candidates = list(dict.fromkeys((attributes.rewritten, attributes.as_written)))
    for candidate in candidates:
        if signature_holds(certificate.key, signer.algorithm, candidate, signer.signature, otherwise=signer.digest):
            return SignatureCheck.HOLDS
    return SignatureCheck.SIGNATURE_INVALID


def read_signed_data(element: Element) -> SignedData:
    """Read a ContentInfo that holds SignedData.

    Raises:
        PapersError: it is something else, or a part that it needs is missing or malformed.
    """
    outer = values.Cursor(element)
    if values.object_identifier(outer.take(what="content type")) != SIGNED_DATA:
        raise element.refuse("The file holds no signed message.")
    cursor = values.Cursor(values.Cursor(outer.take(0xA0, what="signed message")).take(values.SEQUENCE))
    values.small(cursor.take(what="version"))
    cursor.take(values.SET, what="digest algorithms")
    content_type, content = _content(cursor.take(values.SEQUENCE, what="signed content"))
    certificates = _certificates(cursor.take_if(0xA0), element.findings)
    cursor.take_if(0xA1)
    signers: list[Signer] = []
    for child in cursor.take(values.SET, what="signers").children():
        if len(signers) == _MOST_SIGNERS:
            raise child.refuse(f"A message has more than {_MOST_SIGNERS} signers.")
        signers.append(_signer(child))
    cursor.finish()
    if not signers:
        raise element.refuse("The message has no signer.")
    return SignedData(content_type, content, certificates, tuple(signers))


def _content(element: Element) -> tuple[str, bytes]:
    cursor = values.Cursor(element)
    content_type = values.object_identifier(cursor.take(what="type of the signed content"))
    wrapped = values.Cursor(cursor.take(0xA0, what="signed content"))
    return content_type, values.octets(wrapped.take(what="signed content"))


def _certificates(element: Element | None, findings: ChipFindings) -> tuple[Certificate, ...]:
    found: list[Certificate] = []
    for child in element.children() if element is not None else ():
        if len(found) == _MOST_CERTIFICATES:
            raise child.refuse(f"A message has more than {_MOST_CERTIFICATES} certificates.")
        try:
            found.append(read_certificate(child, where=findings.where))
        except PapersError as error:
            text = f"A certificate cannot be read: {error.public_text}"
            findings.note(ChipFindingCode.CERTIFICATE_UNREADABLE, text, position=child.start)
            continue
        for finding in found[-1].findings:
            findings.note(ChipFindingCode(finding.code), finding.text, position=finding.position)
    return tuple(found)


def _signer(element: Element) -> Signer:
    cursor = values.Cursor(element)
    values.small(cursor.take(what="version"))
    named: SignerName | SignerKeyId
    if cursor.peek() == values.SEQUENCE:
        pair = values.Cursor(cursor.take())
        named = SignerName(read_name(pair.take(values.SEQUENCE, what="issuer")), values.integer(pair.take()))
    elif cursor.peek() == 0xA0:
        named = SignerKeyId(values.octets(values.Cursor(cursor.take()).take(what="key identifier")))
    else:
        named = SignerKeyId(cursor.take(0x80, what="signer's name").content)
    digest = read_hash(cursor.take(values.SEQUENCE, what="digest algorithm"))
    tagged = cursor.take_if(0xA0)
    attributes = _attributes(tagged) if tagged is not None else None
    if attributes is None:
        text = "The signature covers no attributes."
        element.findings.note(ChipFindingCode.NO_SIGNED_ATTRIBUTES, text, position=element.start)
    algorithm = read_signature_algorithm(cursor.take(values.SEQUENCE, what="signature algorithm"))
    if isinstance(algorithm, SignatureAlgorithm) and algorithm.hash_name not in (None, digest):
        text = "The hash of the content is not the hash of the signature."
        element.findings.note(ChipFindingCode.DIGEST_ALGORITHMS_DIFFER, text, position=element.start)
    signature = values.octets(cursor.take(what="signature"))
    cursor.take_if(0xA1)
    cursor.finish()
    return Signer(named, digest, attributes, algorithm, signature)


def _attributes(element: Element) -> SignedAttributes:
    encoded: list[bytes] = []
    found: dict[str, Element] = {}
    for attribute in element.children():
        encoded.append(writing.rewritten(attribute))
        cursor = values.Cursor(attribute)
        oid = values.object_identifier(cursor.take(what="attribute"))
        held = list(cursor.take(values.SET, what="attribute's values").children())
        if oid in found or len(held) != 1:
            if oid in {CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME}:
                raise attribute.refuse("A signed attribute stands twice or has not one value.")
            continue
        found[oid] = held[0]
    rewritten, as_written = writing.set_of(*encoded), writing.tlv(values.SET, element.content)
    if rewritten != as_written:
        text = "The signed attributes are not in the order or form of DER."
        element.findings.note(ChipFindingCode.SIGNED_ATTRIBUTES_ORDER, text, position=element.start)
    content_type, digest, signed_at = (found.get(oid) for oid in (CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME))
    return SignedAttributes(
        rewritten,
        as_written,
        values.object_identifier(content_type) if content_type is not None else "",
        values.octets(digest) if digest is not None else None,
        values.moment(signed_at) if signed_at is not None else None,
    )
