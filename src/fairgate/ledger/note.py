"""Signed notes: text with Ed25519 signatures below it, as transparency logs publish.

Source: C2SP signed-note, https://c2sp.org/signed-note, sections Format, Signatures, Verifier keys.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Protocol

from fairgate.errors import LedgerFault

ED25519 = b"\x01"
"""Signature type identifier of Ed25519."""
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64


class NoteSigner(Protocol):
    """A named Ed25519 key that signs, wherever its private half lies."""

    @property
    def name(self) -> str:
        """Return the key's name; for a log's key, the log's origin."""
        ...

    @property
    def public_key(self) -> bytes:
        """Return the 32 bytes of RFC 8032."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64 bytes of the signature."""
        ...


def key_id(name: str, public_key: bytes, kind: bytes = ED25519) -> bytes:
    """Return the four bytes by which a signature line names its key.

    Args:
        name: of the key.
        public_key: 32 bytes; both kinds of signature that are written here are Ed25519's.
        kind: the signature type identifier, one byte.

    Raises:
        LedgerFault: the name or the key is not of the form that notes allow.
    """
    check_key_name(name)
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise LedgerFault("An Ed25519 public key has 32 bytes.")
    return hashlib.sha256(name.encode() + b"\n" + kind + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes, kind: bytes = ED25519) -> str:
    """Return what a verifier is told of a key: ``name+id+key``, the id in hexadecimal, kind and key in base 64.

    Raises:
        LedgerFault: the name or the key is not of the form that notes allow.
    """
    encoded = base64.b64encode(kind + public_key).decode()
    return f"{name}+{key_id(name, public_key, kind).hex()}+{encoded}"


def check_key_name(name: str) -> None:
    """Refuse a key name that cannot stand in a signature line.

    Raises:
        LedgerFault: the name is empty, or holds a plus sign, a space or a control character.
    """
    if not name or "+" in name or not name.isprintable() or any(char.isspace() for char in name):
        raise LedgerFault("A signing key's name is empty or holds a space, a plus sign or a control character.")


def signature_line(name: str, signing_key_id: bytes, signature: bytes) -> str:
    """Return the line below a note's text that holds one signature, with its newline."""
    return f"\N{EM DASH} {name} {base64.b64encode(signing_key_id + signature).decode()}\n"


def sign_note(text: str, signers: Sequence[NoteSigner]) -> bytes:
    """Return the note: the text, an empty line, and one signature line for each signer.

    Args:
        text: ends in a newline, which is signed too; holds no other control character.
        signers: at least one.

    Raises:
        LedgerFault: the text or a signer's name cannot stand in a note, or a signer gave no Ed25519 signature.
    """
    if not text.endswith("\n") or not text.replace("\n", "").isprintable():
        raise LedgerFault("A note's text ends in a newline and holds no other control character.")
    if not signers:
        raise LedgerFault("A note without a signature says nothing.")
    signed = text.encode()
    lines = [signed, b"\n"]
    for signer in signers:
        name_id = key_id(signer.name, signer.public_key)
        signature = signer.sign(signed)
        if len(signature) != SIGNATURE_BYTES:
            raise LedgerFault("The signer did not return an Ed25519 signature.")
        lines.append(signature_line(signer.name, name_id, signature).encode())
    return b"".join(lines)
