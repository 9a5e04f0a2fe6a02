"""Algorithm identifiers, public keys and certificates in DER.

Source: RFC 5280 clause 4.1, RFC 4055, RFC 5480, RFC 3279 clause 2.3.5 (explicit parameters); ICAO Doc 9303-12 clause
7.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fairgate.papers.der import writing as der
from fairgate.papers.der.names import Name, write_name
from fairgate.papers.mint.keys import MintAlgorithm, SigningKey
from fairgate.papers.pki.algorithms import (
    MASK_GENERATION_OID,
    OID_OF_HASH,
    OID_OF_SIGNATURE,
    RSA_PSS_OID,
    HashName,
    Scheme,
    SignatureAlgorithm,
)
from fairgate.papers.pki.keys import EC_OID, RSA_OID, EcKey, RsaKey

_PRIME_FIELD = "1.2.840.10045.1.1"


def hash_identifier(name: HashName) -> bytes:
    """Return the AlgorithmIdentifier of a hash."""
    return der.sequence(der.object_identifier(OID_OF_HASH[name]), der.null())


def signature_identifier(algorithm: SignatureAlgorithm) -> bytes:
    """Return the AlgorithmIdentifier of a signature."""
    if algorithm.scheme is Scheme.RSA_PSS:
        assert algorithm.hash_name is not None
        assert algorithm.mask_hash is not None
        mask = der.sequence(der.object_identifier(MASK_GENERATION_OID), hash_identifier(algorithm.mask_hash))
        parameters = der.sequence(
            der.tagged(0, hash_identifier(algorithm.hash_name)),
            der.tagged(1, mask),
            der.tagged(2, der.integer(algorithm.salt_bytes)),
        )
        return der.sequence(der.object_identifier(RSA_PSS_OID), parameters)
    oid = der.object_identifier(OID_OF_SIGNATURE[algorithm])
    return der.sequence(oid, der.null()) if algorithm.scheme is Scheme.RSA_PKCS1 else der.sequence(oid)


def public_key_info(key: RsaKey | EcKey, *, explicit: bool = False) -> bytes:
    """Return a SubjectPublicKeyInfo."""
    if isinstance(key, RsaKey):
        numbers = der.sequence(der.integer(key.modulus), der.integer(key.exponent))
        return der.sequence(der.sequence(der.object_identifier(RSA_OID), der.null()), der.bits(numbers))
    curve = key.curve
    parameters = _parameters(key) if explicit else der.object_identifier(curve.oid)
    algorithm = der.sequence(der.object_identifier(EC_OID), parameters)
    return der.sequence(algorithm, der.bits(_point(curve.coordinate_bytes, *key.point)))


def key_id(key: RsaKey | EcKey) -> bytes:
    """Return the identifier of a key: SHA-1 over its bits (RFC 5280 clause 4.2.1.2)."""
    return HashName.SHA1.of(public_key_info(key))


def _parameters(key: EcKey) -> bytes:
    curve, size = key.curve, key.curve.coordinate_bytes
    return der.sequence(
        der.integer(1),
        der.sequence(der.object_identifier(_PRIME_FIELD), der.integer(curve.p)),
        der.sequence(der.octets(curve.a.to_bytes(size, "big")), der.octets(curve.b.to_bytes(size, "big"))),
        der.octets(_point(size, curve.x, curve.y)),
        der.integer(curve.n),
        der.integer(1),
    )


def _point(size: int, x: int, y: int) -> bytes:
    return b"\x04" + x.to_bytes(size, "big") + y.to_bytes(size, "big")


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """What a certificate is to say.

    Args:
        serial: positive.
        issuer: who signs.
        subject: whose key it is.
        not_before: aware, UTC.
        not_after: aware, UTC.
        key: the subject's.
        issuer_key_id: identifier that it names for the issuer's key.
        is_ca: a CSCA.
        usage: the octet of key usage bits, first bit highest.
        extended_usage: object identifier; ``""`` for none.
    """

    serial: int
    issuer: Name
    subject: Name
    not_before: datetime
    not_after: datetime
    key: RsaKey | EcKey = field(repr=False)
    issuer_key_id: bytes
    is_ca: bool = False
    usage: int = 0x80
    extended_usage: str = ""


def certificate(form: CertificateForm, issuer: SigningKey, algorithm: MintAlgorithm) -> bytes:
    """Return a certificate, signed."""
    identifier = signature_identifier(algorithm.signature)
    signed = der.sequence(
        der.tagged(0, der.integer(2)),
        der.integer(form.serial),
        identifier,
        write_name(form.issuer),
        der.sequence(der.moment(form.not_before), der.moment(form.not_after)),
        write_name(form.subject),
        public_key_info(form.key, explicit=algorithm.explicit),
        der.tagged(3, _extensions(form)),
    )
    return der.sequence(signed, identifier, der.bits(issuer.sign(signed, algorithm.signature)))


def _extensions(form: CertificateForm) -> bytes:
    unused = (form.usage & -form.usage).bit_length() - 1
    found = [
        _extension("2.5.29.35", der.sequence(der.tlv(0x80, form.issuer_key_id))),
        _extension("2.5.29.14", der.octets(key_id(form.key))),
        _extension("2.5.29.15", der.bits(bytes([form.usage]), unused), critical=True),
    ]
    if form.is_ca:
        found.append(_extension("2.5.29.19", der.sequence(der.boolean(True), der.integer(0)), critical=True))
    if form.extended_usage:
        usage = der.sequence(der.object_identifier(form.extended_usage))
        found.append(_extension("2.5.29.37", usage, critical=True))
    return der.sequence(*found)


def _extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    flag = (der.boolean(True),) if critical else ()
    return der.sequence(der.object_identifier(oid), *flag, der.octets(value))


def revocation_list(
    issuer: Name, key: SigningKey, algorithm: MintAlgorithm, *, at: datetime, until: datetime, revoked: tuple[int, ...]
) -> bytes:
    """Return a revocation list, signed (RFC 5280 clause 5.1)."""
    identifier = signature_identifier(algorithm.signature)
    entries = (der.sequence(der.integer(serial), der.moment(at)) for serial in revoked)
    signed = der.sequence(
        der.integer(1),
        identifier,
        write_name(issuer),
        der.moment(at),
        der.moment(until),
        *((der.sequence(*entries),) if revoked else ()),
    )
    return der.sequence(signed, identifier, der.bits(key.sign(signed, algorithm.signature)))
