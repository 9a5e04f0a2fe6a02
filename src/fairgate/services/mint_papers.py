"""Mint synthetic passports for tests and demonstrations: keys are drawn here, files leave through a folder.

The papers are of the imaginary state of Utopia, which a production rulebook refuses; the keys are forgotten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from fairgate.papers.mint.breaks import NAMED_BY, BreakKind
from fairgate.papers.mint.keys import KeyRole, SigningKey
from fairgate.papers.mint.passport import MintedPassport, MintOrder, mint_passport
from fairgate.papers.pki.algorithms import HashName, Scheme, SignatureAlgorithm
from fairgate.papers.pki.curves import BY_NAME
from fairgate.papers.pki.keys import EcKey, RsaKey
from fairgate.services.ports import Entropy

DEFAULT_RSA_BITS = 3072
MASTER_LIST_FILE, REVOCATION_LIST_FILE = "UTO_master_list.ml", "UTO_revocation_list.crl"
EXCHANGES_FILE = "exchanges.json"

_HASHES: dict[HashName, type[hashes.HashAlgorithm]] = {
    HashName.SHA1: hashes.SHA1,
    HashName.SHA224: hashes.SHA224,
    HashName.SHA256: hashes.SHA256,
    HashName.SHA384: hashes.SHA384,
    HashName.SHA512: hashes.SHA512,
}
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "brainpoolP256r1": ec.BrainpoolP256R1,
    "brainpoolP384r1": ec.BrainpoolP384R1,
    "brainpoolP512r1": ec.BrainpoolP512R1,
}


class PaperFolder(Protocol):
    """Where minted files go."""

    def write(self, name: str, content: bytes) -> None:
        """Write one file.

        Raises:
            InputRefused: it cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class MintReport:
    """What was minted.

    Args:
        files: names, in the order in which they were written.
        broken: what is wrong with the paper; ``None`` for a good one.
        named_by: the code by which reading it must name that; ``""`` for a good one.
        challenge: what a reader sends to the chip; the recorded answer is to it, but for a replay.
    """

    files: tuple[str, ...]
    broken: BreakKind | None
    named_by: str
    challenge: bytes


class _RsaPrivate:
    """An RSA key of the ``cryptography`` package."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        self._numbers = private.private_numbers()

    @property
    def public(self) -> RsaKey:
        """Return its public key."""
        public = self._numbers.public_numbers
        return RsaKey(public.n, public.e)

    def sign(self, message: bytes, algorithm: SignatureAlgorithm, /) -> bytes:
        """Return a signature."""
        assert algorithm.hash_name is not None
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm.scheme is Scheme.RSA_PSS:
            mask = padding.MGF1(_HASHES[algorithm.mask_hash or algorithm.hash_name]())
            scheme = padding.PSS(mask, algorithm.salt_bytes)
        return self._private.sign(message, scheme, _HASHES[algorithm.hash_name]())

    def power(self, number: int, /) -> int:
        """Return the number to the private exponent."""
        return pow(number, self._numbers.d, self._numbers.public_numbers.n)


class _EcPrivate:
    """A key on a curve, of the ``cryptography`` package."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, name: str) -> None:
        self._private = private
        public = private.public_key().public_numbers()
        self._public = EcKey(BY_NAME[name], (public.x, public.y))

    @property
    def public(self) -> EcKey:
        """Return its public key."""
        return self._public

    def sign(self, message: bytes, algorithm: SignatureAlgorithm, /) -> bytes:
        """Return a signature in DER."""
        assert algorithm.hash_name is not None
        return self._private.sign(message, ec.ECDSA(_HASHES[algorithm.hash_name]()))


@dataclass(slots=True)
class DrawnKeys:
    """Draws a key when it is first asked for, and keeps it as long as this object lives.

    Args:
        rsa_bits: size of RSA keys.
    """

    rsa_bits: int = DEFAULT_RSA_BITS
    _drawn: dict[tuple[KeyRole, str], SigningKey] = field(default_factory=dict, init=False, repr=False)

    def of(self, role: KeyRole, kind: str, /) -> SigningKey:
        """Return the key of a role: ``"rsa"``, or a curve's name."""
        if (role, kind) not in self._drawn:
            self._drawn[role, kind] = (
                _RsaPrivate(rsa.generate_private_key(65537, self.rsa_bits))
                if kind == "rsa"
                else _EcPrivate(ec.generate_private_key(_CURVES[kind]()), kind)
            )
        return self._drawn[role, kind]


def mint_papers(order: MintOrder, folder: PaperFolder, entropy: Entropy, keys: DrawnKeys | None = None) -> MintReport:
    """Mint a passport and write its files, the authority's lists and the recorded exchanges.

    Args:
        order: what is wanted.
        folder: where the files go.
        entropy: unpredictable bytes.
        keys: drawn before, to mint several papers of one authority faster; ``None`` draws new ones.

    Raises:
        PapersError: the zone or the photo cannot be used.
        InputRefused: a file cannot be written.
    """
    minted = mint_passport(order, keys or DrawnKeys(), entropy)
    contents = as_files(minted)
    for name, content in contents.items():
        folder.write(name, content)
    named_by = str(NAMED_BY[order.broken]) if order.broken is not None else ""
    return MintReport(tuple(contents), order.broken, named_by, minted.challenge)


def as_files(minted: MintedPassport) -> dict[str, bytes]:
    """Return the files of a minted passport by the names that they have in a folder."""
    found = {f"{name.replace('.', '_')}.bin": content for name, content in minted.files.items()}
    exchanges = {
        "active": {"challenge": minted.active.challenge.hex(), "response": minted.active.response.hex()},
        "chip": {
            "terminal_private_key": f"{minted.chip.terminal_private_key:x}",
            "response": minted.chip.response.hex(),
            "counter": minted.chip.counter,
        },
    }
    return {
        **found,
        MASTER_LIST_FILE: minted.authority.master_list,
        REVOCATION_LIST_FILE: minted.authority.revocation_list,
        EXCHANGES_FILE: json.dumps(exchanges, indent=2).encode(),
    }
