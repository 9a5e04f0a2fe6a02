"""Chip authentication: verify a recorded exchange, as far as a recording allows.

Covered: the key agreement between the terminal's ephemeral key and the chip's static key of DG14, the session keys
derived from it, and the checksum of a protected response, which only the holder of the chip's private key could
compute. Not covered: decrypting what the response carries, the exchange's order in time, and a terminal that recorded
its own forgery; the terminal's private key must have been drawn fresh and kept with the recording.

Source: ICAO Doc 9303-11 (8th ed., 2021) clauses 6.2, 9.7 (key derivation) and 9.8 (secure messaging); BSI TR-03110-2
clause 3.4 and TR-03111 clause 4.3 (key agreement).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from fairgate.errors import PapersError
from fairgate.papers.chip.security_infos import ChipAuthenticationInfo, KeyAgreement, SessionCipher
from fairgate.papers.der.findings import ChipFindings
from fairgate.papers.der.tlv import Element, elements
from fairgate.papers.pki.algorithms import HashName
from fairgate.papers.pki.arithmetic import multiply
from fairgate.papers.pki.keys import DhKey, EcKey, PublicKey, UnusableKey

_LONGEST_RESPONSE_BYTES = 65_544
_LARGEST_COUNTER = 1 << 32
_STATUS, _CHECKSUM = 0x99, 0x8E
_PROTECTED = {0x85, 0x87, _STATUS}
_CHECKSUM_BYTES = 8
_ENCRYPTION, _AUTHENTICATION = 1, 2
_KEY_BYTES = {
    SessionCipher.TRIPLE_DES: 16,
    SessionCipher.AES_128: 16,
    SessionCipher.AES_192: 24,
    SessionCipher.AES_256: 32,
}


class ChipAuthentication(StrEnum):
    """What a recorded exchange shows."""

    CHECKSUM_HOLDS = "checksum_holds"
    CHECKSUM_WRONG = "checksum_wrong"
    RESPONSE_MALFORMED = "response_malformed"
    KEY_UNUSABLE = "chip_key_unusable"
    TERMINAL_KEY_MALFORMED = "terminal_key_malformed"


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """A recording of chip authentication.

    Args:
        terminal_private_key: the terminal's ephemeral private key.
        response: the first protected response of the chip after it, data objects and status word.
        counter: the send sequence counter of that response; the first command counts 1 and its response 2.
    """

    terminal_private_key: int = field(repr=False)
    response: bytes = field(repr=False)
    counter: int = 2


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """Keys of a session.

    Args:
        encryption: for the data.
        authentication: for the checksum.
    """

    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)


def verify_chip_authentication(
    key: PublicKey | UnusableKey, info: ChipAuthenticationInfo, recorded: RecordedExchange
) -> ChipAuthentication:
    """Verify a recorded exchange.

    1. Agree on the shared secret with the terminal's private and the chip's public key.
    2. Derive the session keys.
    3. Compare the checksum of the response.

    Args:
        key: of DG14, which passive authentication must cover.
        info: the protocol's variant of DG14.
        recorded: the exchange.
    """
    expected = EcKey if info.agreement is KeyAgreement.ECDH else DhKey
    if not isinstance(key, EcKey | DhKey) or not isinstance(key, expected):
        return ChipAuthentication.KEY_UNUSABLE
    secret = shared_secret(key, recorded.terminal_private_key)
    if secret is None or not 0 < recorded.counter < _LARGEST_COUNTER:
        return ChipAuthentication.TERMINAL_KEY_MALFORMED
    keys = session_keys(secret, info.cipher)
    try:
        protected, checksum = _split(recorded.response)
    except PapersError:
        return ChipAuthentication.RESPONSE_MALFORMED
    made = response_checksum(keys.authentication, info.cipher, recorded.counter, protected)
    return ChipAuthentication.CHECKSUM_HOLDS if made == checksum else ChipAuthentication.CHECKSUM_WRONG


def shared_secret(key: EcKey | DhKey, private_key: int) -> bytes | None:
    """Return the secret of a key agreement, or ``None`` where the private key is out of range."""
    if isinstance(key, EcKey):
        point = multiply(key.curve, private_key, key.point) if 0 < private_key < key.curve.n else None
        return point[0].to_bytes(key.curve.coordinate_bytes, "big") if point is not None else None
    if not 0 < private_key < key.p:
        return None
    return pow(key.y, private_key, key.p).to_bytes((key.p.bit_length() + 7) // 8, "big")


def terminal_public_key(key: EcKey | DhKey, private_key: int) -> bytes | None:
    """Return the ephemeral public key that a terminal sends, or ``None`` where its private key is out of range.

    Points are uncompressed (ICAO Doc 9303-11 clause 9.4.4), numbers as long as the modulus.
    """
    if isinstance(key, DhKey):
        size = (key.p.bit_length() + 7) // 8
        return pow(key.g, private_key, key.p).to_bytes(size, "big") if 0 < private_key < key.p else None
    curve, size = key.curve, key.curve.coordinate_bytes
    point = multiply(curve, private_key, (curve.x, curve.y)) if 0 < private_key < curve.n else None
    return b"\x04" + point[0].to_bytes(size, "big") + point[1].to_bytes(size, "big") if point is not None else None


def session_keys(secret: bytes, cipher: SessionCipher) -> SessionKeys:
    """Derive the session keys of a shared secret (ICAO Doc 9303-11 clause 9.7.1)."""
    hash_name = HashName.SHA1 if _KEY_BYTES[cipher] == 16 else HashName.SHA256
    encryption, authentication = (
        hash_name.of(secret + counter.to_bytes(4, "big"))[: _KEY_BYTES[cipher]]
        for counter in (_ENCRYPTION, _AUTHENTICATION)
    )
    return SessionKeys(encryption, authentication)


def response_checksum(key: bytes, cipher: SessionCipher, counter: int, protected: bytes) -> bytes:
    """Return the 8 bytes of checksum over counter and data objects (ICAO Doc 9303-11 clauses 9.8.6 and 9.8.7)."""
    block = 8 if cipher is SessionCipher.TRIPLE_DES else 16
    message = _padded(counter.to_bytes(block, "big") + protected, block)
    if cipher is SessionCipher.TRIPLE_DES:
        return retail_mac(key, message)
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()[:_CHECKSUM_BYTES]


def retail_mac(key: bytes, padded: bytes) -> bytes:
    """Return the checksum of ISO/IEC 9797-1 algorithm 3 with DES over whole blocks, under a key of 16 bytes."""
    first, second = key[:8], key[8:16]
    opened = Cipher(TripleDES(second * 3), modes.CBC(bytes(8))).decryptor()
    return _des(first, opened.update(_des(first, padded)[-8:]) + opened.finalize())


def _des(key: bytes, content: bytes) -> bytes:
    """Encrypt with DES, chained from zeros: Triple-DES with one key thrice is DES."""
    encryptor = Cipher(TripleDES(key * 3), modes.CBC(bytes(8))).encryptor()
    return encryptor.update(content) + encryptor.finalize()


def _padded(content: bytes, block: int) -> bytes:
    """Pad by ISO/IEC 9797-1 method 2."""
    content += b"\x80"
    return content + bytes(-len(content) % block)


def _split(response: bytes) -> tuple[bytes, bytes]:
    """Return the data objects that a checksum covers, and the checksum; the status word after them is left out."""
    if not 0 < len(response) <= _LONGEST_RESPONSE_BYTES:
        raise PapersError("The response is empty or too long.", position=0)
    protected, checksum = b"", b""
    for element in _objects(response):
        if element.tag == _CHECKSUM:
            checksum = element.content
        elif element.tag in _PROTECTED and not checksum:
            protected += element.encoded
        else:
            raise element.refuse("The response holds a data object that does not belong there.")
    if len(checksum) != _CHECKSUM_BYTES or not protected:
        raise PapersError("The response has no checksum.", position=0)
    return protected, checksum


def _objects(response: bytes) -> list[Element]:
    body = response[:-2] if response[-2:] == b"\x90\x00" else response
    return list(elements(body, 0, len(body), ChipFindings("response")))
