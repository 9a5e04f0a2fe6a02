"""Hash and signature algorithms, read from their identifiers.

Source: ICAO Doc 9303-12 (8th ed., 2021) clause 4.4; RFC 4055 (RSA), RFC 5758 (ECDSA); BSI TR-03111 clause 5.2.1 (plain
ECDSA).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindingCode
from fairgate.papers.der.tlv import Element


class HashName(StrEnum):
    """Hash functions that passports use; SHA-1 only with a finding."""

    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    def of(self, content: bytes) -> bytes:
        """Return the digest."""
        return hashlib.new(self.value, content, usedforsecurity=False).digest()

    @property
    def size_bytes(self) -> int:
        """Return the digest's octets."""
        return {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}[self.value]


HASH_OIDS = {
    "1.3.14.3.2.26": HashName.SHA1,
    "2.16.840.1.101.3.4.2.4": HashName.SHA224,
    "2.16.840.1.101.3.4.2.1": HashName.SHA256,
    "2.16.840.1.101.3.4.2.2": HashName.SHA384,
    "2.16.840.1.101.3.4.2.3": HashName.SHA512,
}
OID_OF_HASH = {name: oid for oid, name in HASH_OIDS.items()}


class Scheme(StrEnum):
    """Ways of signing."""

    RSA_PKCS1 = "rsa_pkcs1"
    RSA_PSS = "rsa_pss"
    ECDSA = "ecdsa"
    ECDSA_PLAIN = "ecdsa_plain"


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """How something was signed.

    Args:
        scheme: padding or curve scheme.
        hash_name: of the message; ``None`` where the identifier leaves it to another field (``rsaEncryption``).
        mask_hash: of RSA-PSS's mask generation.
        salt_bytes: of RSA-PSS.
    """

    scheme: Scheme
    hash_name: HashName | None
    mask_hash: HashName | None = None
    salt_bytes: int = 0

    def __str__(self) -> str:
        """Return e.g. ``"rsa_pss sha256"``."""
        return f"{self.scheme} {self.hash_name or ''}".strip()


@dataclass(frozen=True, slots=True)
class UnknownAlgorithm:
    """An algorithm that is not implemented.

    Args:
        oid: its object identifier.
    """

    oid: str

    def __str__(self) -> str:
        """Return the identifier."""
        return self.oid


_RSA_PSS = "1.2.840.113549.1.1.10"
_MASK_GENERATION_1 = "1.2.840.113549.1.1.8"
_ECDSA_WITH_SPECIFIED = "1.2.840.10045.4.3"
_LONGEST_SALT_BYTES = 512
_NO_PARAMETERS = frozenset({Scheme.ECDSA, Scheme.ECDSA_PLAIN})
_FIXED: dict[str, tuple[Scheme, HashName | None]] = {
    "1.2.840.113549.1.1.1": (Scheme.RSA_PKCS1, None),
    "1.2.840.113549.1.1.5": (Scheme.RSA_PKCS1, HashName.SHA1),
    "1.2.840.113549.1.1.14": (Scheme.RSA_PKCS1, HashName.SHA224),
    "1.2.840.113549.1.1.11": (Scheme.RSA_PKCS1, HashName.SHA256),
    "1.2.840.113549.1.1.12": (Scheme.RSA_PKCS1, HashName.SHA384),
    "1.2.840.113549.1.1.13": (Scheme.RSA_PKCS1, HashName.SHA512),
    "1.2.840.10045.2.1": (Scheme.ECDSA, None),
    "1.2.840.10045.4.1": (Scheme.ECDSA, HashName.SHA1),
    "1.2.840.10045.4.3.1": (Scheme.ECDSA, HashName.SHA224),
    "1.2.840.10045.4.3.2": (Scheme.ECDSA, HashName.SHA256),
    "1.2.840.10045.4.3.3": (Scheme.ECDSA, HashName.SHA384),
    "1.2.840.10045.4.3.4": (Scheme.ECDSA, HashName.SHA512),
    "0.4.0.127.0.7.1.1.4.1.1": (Scheme.ECDSA_PLAIN, HashName.SHA1),
    "0.4.0.127.0.7.1.1.4.1.2": (Scheme.ECDSA_PLAIN, HashName.SHA224),
    "0.4.0.127.0.7.1.1.4.1.3": (Scheme.ECDSA_PLAIN, HashName.SHA256),
    "0.4.0.127.0.7.1.1.4.1.4": (Scheme.ECDSA_PLAIN, HashName.SHA384),
    "0.4.0.127.0.7.1.1.4.1.5": (Scheme.ECDSA_PLAIN, HashName.SHA512),
}
OID_OF_SIGNATURE = {SignatureAlgorithm(*fixed): oid for oid, fixed in _FIXED.items()}
RSA_PSS_OID, MASK_GENERATION_OID = _RSA_PSS, _MASK_GENERATION_1


def signature_algorithm(oid: str) -> SignatureAlgorithm | UnknownAlgorithm:
    """Return the algorithm that an object identifier alone names, without parameters."""
    fixed = _FIXED.get(oid)
    return SignatureAlgorithm(*fixed) if fixed else UnknownAlgorithm(oid)


def read_hash(element: Element) -> HashName | UnknownAlgorithm:
    """Return a hash function from its AlgorithmIdentifier; SHA-1 is noted.

    Raises:
        PapersError: it is malformed.
    """
    cursor = values.Cursor(element)
    oid = values.object_identifier(cursor.take(what="algorithm"))
    _parameters(cursor, absent=True)
    name = HASH_OIDS.get(oid)
    if name is HashName.SHA1:
        element.findings.note(ChipFindingCode.WEAK_HASH, "SHA-1 is used.", position=element.start)
    return name if name is not None else UnknownAlgorithm(oid)


def read_signature_algorithm(element: Element) -> SignatureAlgorithm | UnknownAlgorithm:
    """Return a signature algorithm from its AlgorithmIdentifier; SHA-1 and odd parameters are noted.

    Raises:
        PapersError: it is malformed.
    """
    cursor = values.Cursor(element)
    oid = values.object_identifier(cursor.take(what="algorithm"))
    found: SignatureAlgorithm | UnknownAlgorithm
    if oid == _RSA_PSS:
        found = _pss(cursor)
    elif oid == _ECDSA_WITH_SPECIFIED:
        name = read_hash(cursor.take(values.SEQUENCE, what="hash"))
        found = SignatureAlgorithm(Scheme.ECDSA, name) if isinstance(name, HashName) else UnknownAlgorithm(oid)
    else:
        found = signature_algorithm(oid)
        if isinstance(found, SignatureAlgorithm):
            _parameters(cursor, absent=found.scheme in _NO_PARAMETERS)
    if isinstance(found, SignatureAlgorithm) and found.hash_name is HashName.SHA1:
        element.findings.note(ChipFindingCode.WEAK_HASH, "A signature uses SHA-1.", position=element.start)
    return found


def _parameters(cursor: values.Cursor, *, absent: bool) -> None:
    """Note parameters that should not be there. NULL after ECDSA is what Austria, Japan and the Emirates write."""
    element = cursor.take_if(values.NULL) or (cursor.take() if cursor.peek() is not None else None)
    if element is not None and (element.tag != values.NULL or (absent and element.depth > 0 and _ecdsa(cursor))):
        text = "An algorithm identifier has parameters that it should not have."
        element.findings.note(ChipFindingCode.ALGORITHM_PARAMETERS, text, position=element.start)
    cursor.finish()


def _ecdsa(cursor: values.Cursor) -> bool:
    first = next(iter(cursor.parent.children()))
    return values.object_identifier(first) not in HASH_OIDS


def _pss(cursor: values.Cursor) -> SignatureAlgorithm | UnknownAlgorithm:
    """Read RSASSA-PSS-params (RFC 4055 clause 3.1), whose defaults are SHA-1 and 20 octets."""
    hash_name: HashName | UnknownAlgorithm = HashName.SHA1
    mask: HashName | UnknownAlgorithm = HashName.SHA1
    salt = 20
    if cursor.peek() is None:
        return UnknownAlgorithm(_RSA_PSS)
    inner = values.Cursor(cursor.take(values.SEQUENCE, what="parameters of RSA-PSS"))
    if (tagged := inner.take_if(0xA0)) is not None:
        hash_name = read_hash(values.Cursor(tagged).take(values.SEQUENCE, what="hash"))
    if (tagged := inner.take_if(0xA1)) is not None:
        generation = values.Cursor(values.Cursor(tagged).take(values.SEQUENCE, what="mask generation"))
        oid = values.object_identifier(generation.take(what="mask generation"))
        mask = read_hash(generation.take(values.SEQUENCE, what="hash"))
        if oid != _MASK_GENERATION_1:
            return UnknownAlgorithm(oid)
    if (tagged := inner.take_if(0xA2)) is not None:
        salt = values.small(values.Cursor(tagged).take(what="salt length"))
    if (tagged := inner.take_if(0xA3)) is not None and values.small(values.Cursor(tagged).take()) != 1:
        return UnknownAlgorithm(_RSA_PSS)
    inner.finish()
    if isinstance(hash_name, UnknownAlgorithm) or isinstance(mask, UnknownAlgorithm):
        return UnknownAlgorithm(_RSA_PSS)
    if not 0 <= salt <= _LONGEST_SALT_BYTES:
        raise cursor.parent.refuse("The salt of RSA-PSS has an impossible length.")
    return SignatureAlgorithm(Scheme.RSA_PSS, hash_name, mask, salt)
