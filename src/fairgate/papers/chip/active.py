"""Active authentication: verify a recorded exchange, in which the chip signed the terminal's challenge.

It proves that whoever answered held the private key of DG15 at the time of the challenge. It proves nothing where DG15
is not covered by passive authentication, where the challenge was not the terminal's own, or where the exchange was
relayed.

Source: ICAO Doc 9303-11 (8th ed., 2021) clause 6.1 and appendix A.4; ISO/IEC 9796-2:2010 digital signature scheme 1
(clause 8); BSI TR-03111 clause 5.2.1 for plain ECDSA signatures.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm, UnknownAlgorithm
from fairgate.papers.pki.keys import DhKey, EcKey, PublicKey, RsaKey, UnusableKey
from fairgate.papers.pki.verifying import signature_holds

CHALLENGE_BYTES = 8
_PARTIAL_RECOVERY = 0x6A
_IMPLICIT_TRAILER, _EXPLICIT_TRAILER = 0xBC, 0xCC
_HASH_OF_TRAILER = {
    0x33: HashName.SHA1,
    0x38: HashName.SHA224,
    0x34: HashName.SHA256,
    0x36: HashName.SHA384,
    0x35: HashName.SHA512,
}
"""Source: ISO/IEC 10118-3 hash identifiers, as ICAO Doc 9303-11 clause 6.1.2 uses them."""


class ActiveAuthentication(StrEnum):
    """What a recorded exchange shows."""

    ANSWER_HOLDS = "answer_holds"
    ANSWER_WRONG = "answer_wrong"
    ANSWER_MALFORMED = "answer_malformed"
    CHALLENGE_MALFORMED = "challenge_malformed"
    KEY_UNUSABLE = "active_key_unusable"
    ALGORITHM_UNKNOWN = "active_algorithm_unknown"


def verify_active_authentication(
    key: PublicKey | UnusableKey,
    challenge: bytes,
    response: bytes,
    *,
    algorithm: SignatureAlgorithm | UnknownAlgorithm | None = None,
) -> ActiveAuthentication:
    """Verify the chip's answer to a challenge.

    Args:
        key: of DG15.
        challenge: the 8 bytes that the terminal drew (RND.IFD).
        response: the chip's signature.
        algorithm: as DG14 names it, for ECDSA; where it names none, the hash is the longest that fits the curve.
    """
    if len(challenge) != CHALLENGE_BYTES:
        return ActiveAuthentication.CHALLENGE_MALFORMED
    match key:
        case UnusableKey() | DhKey():
            return ActiveAuthentication.KEY_UNUSABLE
        case RsaKey():
            return _message_recovery(key, challenge, response)
        case EcKey():
            return _ecdsa(key, challenge, response, algorithm)
        case _:
            assert_never(key)


def _message_recovery(key: RsaKey, challenge: bytes, response: bytes) -> ActiveAuthentication:
    """Open the signature and compare the hash within it (ISO/IEC 9796-2:2010 clauses 8.3 and 6.4).

    1. The signature is a number below the modulus; the chip may have sent it or its complement.
    2. The recovered block begins with the header of partial recovery and ends with a trailer.
    3. The hash over the recovered part and the challenge is the one within the block.
    """
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(response, "big")
    if len(response) != size or number >= key.modulus:
        return ActiveAuthentication.ANSWER_MALFORMED
    opened = pow(number, key.exponent, key.modulus)
    outcome = ActiveAuthentication.ANSWER_MALFORMED
    for candidate in (opened, key.modulus - opened):
        found = _compare(candidate.to_bytes(size, "big"), challenge)
        if found is ActiveAuthentication.ANSWER_HOLDS:
            return found
        outcome = found if outcome is ActiveAuthentication.ANSWER_MALFORMED else outcome
    return outcome


def _compare(block: bytes, challenge: bytes) -> ActiveAuthentication:
    if block[-1] == _IMPLICIT_TRAILER:
        hash_name, trailer = HashName.SHA1, 1
    elif block[-1] == _EXPLICIT_TRAILER and block[-2] in _HASH_OF_TRAILER:
        hash_name, trailer = _HASH_OF_TRAILER[block[-2]], 2
    else:
        return ActiveAuthentication.ANSWER_MALFORMED
    end = len(block) - trailer - hash_name.size_bytes
    if block[0] != _PARTIAL_RECOVERY or end < 1:
        return ActiveAuthentication.ANSWER_MALFORMED
    holds = hash_name.of(block[1:end] + challenge) == block[end : end + hash_name.size_bytes]
    return ActiveAuthentication.ANSWER_HOLDS if holds else ActiveAuthentication.ANSWER_WRONG


def _ecdsa(
    key: EcKey, challenge: bytes, response: bytes, algorithm: SignatureAlgorithm | UnknownAlgorithm | None
) -> ActiveAuthentication:
    if isinstance(algorithm, UnknownAlgorithm):
        return ActiveAuthentication.ALGORITHM_UNKNOWN
    hash_name = algorithm.hash_name if algorithm is not None else _fitting_hash(key)
    if hash_name is None or (algorithm is not None and algorithm.scheme not in {Scheme.ECDSA, Scheme.ECDSA_PLAIN}):
        return ActiveAuthentication.ALGORITHM_UNKNOWN
    if len(response) % 2 or len(response) != 2 * key.curve.order_bytes:
        return ActiveAuthentication.ANSWER_MALFORMED
    plain = SignatureAlgorithm(Scheme.ECDSA_PLAIN, hash_name)
    holds = signature_holds(key, plain, challenge, response)
    return ActiveAuthentication.ANSWER_HOLDS if holds else ActiveAuthentication.ANSWER_WRONG


def _fitting_hash(key: EcKey) -> HashName:
    """Return the longest hash no longer than the curve's order (ICAO Doc 9303-11 clause 6.1.2.3)."""
    fitting = [name for name in HashName if name.size_bytes <= key.curve.order_bytes]
    return fitting[-1] if fitting else HashName.SHA1
