"""Verifying signatures, with the scheme and parameters that their algorithm names.

Source: RFC 8017 (PKCS #1, PSS), FIPS 186-5 and BSI TR-03111 clause 4.2.1 (ECDSA).
"""

from __future__ import annotations

from typing import assert_never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from fairgate.errors import PapersError
from fairgate.papers.der import values
from fairgate.papers.der.findings import ChipFindings
from fairgate.papers.der.tlv import only_element
from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm
from fairgate.papers.pki.arithmetic import verify_ecdsa
from fairgate.papers.pki.keys import DhKey, EcKey, PublicKey, RsaKey

_HASHES: dict[HashName, type[hashes.HashAlgorithm]] = {
    HashName.SHA1: hashes.SHA1,
    HashName.SHA224: hashes.SHA224,
    HashName.SHA256: hashes.SHA256,
    HashName.SHA384: hashes.SHA384,
    HashName.SHA512: hashes.SHA512,
}
_CURVES: dict[str, ec.EllipticCurve] = {
    "P-224": ec.SECP224R1(),
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}


def signature_holds(
    key: PublicKey,
    algorithm: SignatureAlgorithm,
    message: bytes,
    signature: bytes,
    *,
    otherwise: HashName | None = None,
) -> bool:
    """Tell whether a signature over a message holds.

    Args:
        key: the signer's.
        algorithm: scheme and parameters.
        message: what was signed.
        signature: octets as they stand.
        otherwise: the hash where the algorithm leaves it open.

    Returns:
        ``False`` also where key and scheme do not belong together, or the signature is malformed.
    """
    hash_name = algorithm.hash_name or otherwise
    if hash_name is None:
        return False
    match key:
        case RsaKey():
            return _rsa(key, algorithm, hash_name, message, signature)
        case EcKey():
            return _ecdsa(key, algorithm, hash_name, message, signature)
        case DhKey():
            return False
        case _:
            assert_never(key)


def _rsa(key: RsaKey, algorithm: SignatureAlgorithm, hash_name: HashName, message: bytes, signature: bytes) -> bool:
    scheme: padding.AsymmetricPadding
    if algorithm.scheme is Scheme.RSA_PSS:
        mask = padding.MGF1(_HASHES[algorithm.mask_hash or hash_name]())
        scheme = padding.PSS(mask, algorithm.salt_bytes)
    elif algorithm.scheme is Scheme.RSA_PKCS1 and not key.only_pss:
        scheme = padding.PKCS1v15()
    else:
        return False
    try:
        public = rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()
        public.verify(signature, message, scheme, _HASHES[hash_name]())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _ecdsa(key: EcKey, algorithm: SignatureAlgorithm, hash_name: HashName, message: bytes, signature: bytes) -> bool:
    if algorithm.scheme is Scheme.ECDSA:
        pair = pair_in(signature)
    elif algorithm.scheme is Scheme.ECDSA_PLAIN:
        pair = plain_pair(key, signature)
    else:
        return False
    if pair is None or not all(1 <= number < key.curve.n for number in pair):
        return False
    known = _CURVES.get(key.curve.name)
    if known is None:
        return verify_ecdsa(key.curve, key.point, hash_name.of(message), *pair)
    try:
        public = ec.EllipticCurvePublicNumbers(*key.point, known).public_key()
        public.verify(encode_dss_signature(*pair), message, ec.ECDSA(_HASHES[hash_name]()))
    except UnsupportedAlgorithm:
        return verify_ecdsa(key.curve, key.point, hash_name.of(message), *pair)
    except (InvalidSignature, ValueError):
        return False
    return True


def plain_pair(key: EcKey, signature: bytes) -> tuple[int, int] | None:
    """Return r and s of a plain signature r ‖ s, or ``None`` where its length is odd or more than the curve's."""
    half = len(signature) // 2
    if len(signature) % 2 or not 1 <= half <= key.curve.order_bytes:
        return None
    return int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")


def pair_in(signature: bytes) -> tuple[int, int] | None:
    """Return r and s of a signature in DER, or ``None`` where it is malformed or bytes follow it."""
    try:
        element = only_element(signature, ChipFindings("signature"), tag=values.SEQUENCE)
        cursor = values.Cursor(element)
        pair = values.integer(cursor.take()), values.integer(cursor.take())
    except PapersError:
        return None
    return pair if cursor.peek() is None and element.end == len(signature) else None
