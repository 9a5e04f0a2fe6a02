"""The ledger's Ed25519 signing key, in one file.

The file holds one line, ``PRIVATE+KEY+name+id+base64``, which other tools for signed notes read too.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairgate.errors import LedgerFault, VaultFault
from fairgate.ledger.note import ED25519, key_id, verifier_key
from fairgate.vault.private_files import make_private_folder, one_at_a_time, read_private, write_private

SEED_BYTES = 32
_PREFIX = "PRIVATE+KEY+"


class SigningKey:
    """A named Ed25519 key that signs checkpoints; its private half is not handed out.

    Args:
        name: of the key, which is the log's origin.
        seed: 32 secret bytes.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self._name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public_key = self._key.public_key().public_bytes_raw()
        self._verifier_key = verifier_key(name, self._public_key)

    @property
    def name(self) -> str:
        """Return the log's origin, which is also the key's name."""
        return self._name

    @property
    def public_key(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self._public_key

    @property
    def verifier_key(self) -> str:
        """Return what a verifier is told: ``name+id+key``."""
        return self._verifier_key

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._key.sign(message)


def load_or_create_signing_key(path: Path, *, name: str, entropy: Callable[[int], bytes]) -> SigningKey:
    """Return the key in a file of mode 600; the first process to ask makes it, and all others get the same.

    Args:
        path: of the file; a lock file lies beside it.
        name: the log's origin.
        entropy: returns that many unpredictable bytes.

    Raises:
        VaultFault: the file cannot be used, holds something else, or holds the key of another log.
        LedgerFault: the name cannot name a key.
    """
    content = read_private(path)
    if content is None:
        make_private_folder(path.parent)
        with one_at_a_time(path.with_name(f".{path.name}.lock")):
            content = read_private(path)
            if content is None:
                content = key_file_content(name, entropy(SEED_BYTES))
                write_private(path, content)
    return _read(content, name)


def key_file_content(name: str, seed: bytes) -> bytes:
    """Return what a key's file holds."""
    public_key = SigningKey(name, seed).public_key
    return f"{_PREFIX}{name}+{key_id(name, public_key).hex()}+{base64.b64encode(ED25519 + seed).decode()}\n".encode()


def key_in_file(content: bytes) -> SigningKey:
    """Return the key that a file holds.

    Raises:
        ValueError, binascii.Error, LedgerFault: it holds something else, or its check does not fit.
    """
    text = content.decode()
    name, check, encoded = text.removeprefix(_PREFIX).rstrip("\n").split("+", 2)
    secret = base64.b64decode(encoded, validate=True)
    key = SigningKey(name, secret[1:])
    if not text.startswith(_PREFIX) or secret[:1] != ED25519 or check != key_id(name, key.public_key).hex():
        raise ValueError("the key's check does not fit")
    return key


def _read(content: bytes, name: str) -> SigningKey:
    try:
        key = key_in_file(content)
    except (ValueError, binascii.Error, LedgerFault) as fault:
        raise VaultFault("The ledger's signing key cannot be read.", way_out="Put the key file back.") from fault
    if key.name != name:
        raise VaultFault("The signing key is of another log.", way_out=f"Set the log's name to {key.name}.")
    return key
