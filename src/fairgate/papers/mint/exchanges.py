"""What a minted chip answers: recorded exchanges of active and chip authentication.

Source: ICAO Doc 9303-11 (8th ed., 2021) clauses 6.1, 6.2 and 9.8; ISO/IEC 9796-2:2010 clause 8 (scheme 1).
"""

from __future__ import annotations

from collections.abc import Callable

from fairgate.papers.chip.chip_authentication import (
    RecordedExchange,
    response_checksum,
    session_keys,
    shared_secret,
)
from fairgate.papers.chip.exchange_file import ActiveExchange
from fairgate.papers.chip.security_infos import SessionCipher
from fairgate.papers.der import writing as der
from fairgate.papers.mint.keys import RecoveringKey, SigningKey
from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm
from fairgate.papers.pki.keys import EcKey, RsaKey
from fairgate.papers.pki.verifying import pair_in

_HEADER, _TRAILER = b"\x6a", b"\x34\xcc"
_HASH = HashName.SHA256


def active_exchange(key: SigningKey, entropy: Callable[[int], bytes], hash_name: HashName) -> ActiveExchange:
    """Return a challenge that a key answers.

    Args:
        key: of the chip.
        entropy: unpredictable bytes.
        hash_name: of an ECDSA answer; an RSA answer has SHA-256.
    """
    challenge = entropy(8)
    public = key.public
    if isinstance(public, EcKey):
        r, s = pair_in(key.sign(challenge, SignatureAlgorithm(Scheme.ECDSA, hash_name))) or (0, 0)
        size = public.curve.order_bytes
        return ActiveExchange(challenge, r.to_bytes(size, "big") + s.to_bytes(size, "big"))
    assert isinstance(key, RecoveringKey)
    return ActiveExchange(challenge, _recovering(key, public, challenge, entropy))


def _recovering(key: RecoveringKey, public: RsaKey, challenge: bytes, entropy: Callable[[int], bytes]) -> bytes:
    size = (public.modulus.bit_length() + 7) // 8
    recovered = entropy(size - len(_HEADER) - _HASH.size_bytes - len(_TRAILER))
    block = _HEADER + recovered + _HASH.of(recovered + challenge) + _TRAILER
    return key.power(int.from_bytes(block, "big")).to_bytes(size, "big")


def chip_exchange(key: EcKey, cipher: SessionCipher, entropy: Callable[[int], bytes]) -> RecordedExchange:
    """Return the recording of a chip's first protected response, an empty one with status 9000.

    Args:
        key: the chip's static public key; the secret is the same from either side.
        cipher: of the session.
        entropy: unpredictable bytes, for the terminal's private key.
    """
    private_key = int.from_bytes(entropy(key.curve.order_bytes + 8), "big") % (key.curve.n - 1) + 1
    secret = shared_secret(key, private_key)
    assert secret is not None
    status = der.tlv(0x99, b"\x90\x00")
    checksum = response_checksum(session_keys(secret, cipher).authentication, cipher, 2, status)
    return RecordedExchange(private_key, status + der.tlv(0x8E, checksum) + b"\x90\x00")
