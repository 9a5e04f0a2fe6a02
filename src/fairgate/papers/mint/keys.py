"""What a test authority signs with: algorithms, roles, and keys that are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm
from fairgate.papers.pki.curves import BY_NAME
from fairgate.papers.pki.keys import EcKey, RsaKey


class KeyRole(StrEnum):
    """Whose key it is. Those called other are for papers that are broken on purpose."""

    CSCA = "csca"
    OTHER_CSCA = "other_csca"
    SIGNER = "signer"
    OTHER_SIGNER = "other_signer"
    LIST_SIGNER = "list_signer"
    ACTIVE = "active"
    CHIP = "chip"
    OTHER_ACTIVE = "other_active"
    OTHER_CHIP = "other_chip"


class SigningKey(Protocol):
    """A private key."""

    @property
    def public(self) -> RsaKey | EcKey:
        """Return its public key."""
        ...

    def sign(self, message: bytes, algorithm: SignatureAlgorithm, /) -> bytes:
        """Return a signature; of ECDSA in DER."""
        ...


@runtime_checkable
class RecoveringKey(SigningKey, Protocol):
    """A private key of RSA, whose signatures may hold a part of the message."""

    def power(self, number: int, /) -> int:
        """Return the number to the private exponent."""
        ...


class Keys(Protocol):
    """Makes keys, or has them."""

    def of(self, role: KeyRole, kind: str, /) -> SigningKey:
        """Return the key of a role.

        Args:
            role: asked twice with the same kind it is the same key.
            kind: ``"rsa"`` or a curve's name, e.g. ``"P-256"``.
        """
        ...


@dataclass(frozen=True, slots=True)
class MintAlgorithm:
    """With what a paper is signed.

    Args:
        name: as the command line spells it, e.g. ``"ecdsa-p256-explicit"``.
        signature: of certificates and security object.
        key_kind: ``"rsa"`` or a curve's name.
        explicit: keys carry their curve's parameters in place of its name.
    """

    name: str
    signature: SignatureAlgorithm
    key_kind: str
    explicit: bool = False

    @property
    def hash_name(self) -> HashName:
        """Return the hash, which is also that of the data groups."""
        assert self.signature.hash_name is not None
        return self.signature.hash_name


_CURVE_HASHES = {
    "P-256": HashName.SHA256,
    "P-384": HashName.SHA384,
    "P-521": HashName.SHA512,
    "brainpoolP256r1": HashName.SHA256,
    "brainpoolP384r1": HashName.SHA384,
    "brainpoolP512r1": HashName.SHA512,
}


def _all() -> Iterator[MintAlgorithm]:
    for name in (HashName.SHA256, HashName.SHA384, HashName.SHA512):
        pss = SignatureAlgorithm(Scheme.RSA_PSS, name, name, name.size_bytes)
        yield MintAlgorithm(f"rsa-pss-{name}", pss, "rsa")
    for name in (HashName.SHA256, HashName.SHA384, HashName.SHA512, HashName.SHA1):
        yield MintAlgorithm(f"rsa-pkcs1-{name}", SignatureAlgorithm(Scheme.RSA_PKCS1, name), "rsa")
    for curve, name in _CURVE_HASHES.items():
        assert curve in BY_NAME
        spelled = f"ecdsa-{curve.replace('-', '').lower()}"
        signature = SignatureAlgorithm(Scheme.ECDSA, name)
        yield MintAlgorithm(spelled, signature, curve)
        yield MintAlgorithm(f"{spelled}-explicit", signature, curve, explicit=True)


ALGORITHMS = {algorithm.name: algorithm for algorithm in _all()}
