"""Signed messages: security objects and master lists.

Source: RFC 5652 clause 5; ICAO Doc 9303-10 clause 4.6.2, 9303-12 clauses 7.2 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fairgate.papers.der import writing as der
from fairgate.papers.der.names import Name, write_name
from fairgate.papers.mint.encoding import hash_identifier, signature_identifier
from fairgate.papers.mint.keys import MintAlgorithm, SigningKey
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.cms import CONTENT_TYPE, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_TIME


@dataclass(frozen=True, slots=True)
class MessageForm:
    """What a signed message is to say.

    Args:
        content_type: object identifier.
        content: what is signed.
        certificates: that the message holds.
        issuer: of the signer's certificate.
        serial: of the signer's certificate.
        signed_at: the signing time that is signed.
        written_at: the signing time that is written, where it is another.
        named_type: content type that the attributes name, where it is another.
        digested: content whose digest the attributes hold, where it is another.
    """

    content_type: str
    content: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    issuer: Name
    serial: int
    signed_at: datetime
    written_at: datetime | None = None
    named_type: str = ""
    digested: bytes | None = field(default=None, repr=False)


def signed_message(form: MessageForm, key: SigningKey, algorithm: MintAlgorithm) -> bytes:
    """Return a ContentInfo with SignedData."""
    attributes = _attributes(form, algorithm.hash_name, form.signed_at)
    signature = key.sign(attributes, algorithm.signature)
    if form.written_at is not None:
        attributes = _attributes(form, algorithm.hash_name, form.written_at)
    digest = hash_identifier(algorithm.hash_name)
    signer = der.sequence(
        der.integer(1),
        der.sequence(write_name(form.issuer), der.integer(form.serial)),
        digest,
        der.retagged(0xA0, attributes),
        signature_identifier(algorithm.signature),
        der.octets(signature),
    )
    held = der.sequence(der.object_identifier(form.content_type), der.tagged(0, der.octets(form.content)))
    message = der.sequence(
        der.integer(3),
        der.set_of(digest),
        held,
        der.tlv(0xA0, b"".join(form.certificates)),
        der.set_of(signer),
    )
    return der.sequence(der.object_identifier(SIGNED_DATA), der.tagged(0, message))


def _attributes(form: MessageForm, hash_name: HashName, signed_at: datetime) -> bytes:
    digest = hash_name.of(form.digested if form.digested is not None else form.content)
    pairs = (
        (CONTENT_TYPE, der.object_identifier(form.named_type or form.content_type)),
        (MESSAGE_DIGEST, der.octets(digest)),
        (SIGNING_TIME, der.moment(signed_at)),
    )
    return der.set_of(*(der.sequence(der.object_identifier(oid), der.set_of(value)) for oid, value in pairs))
