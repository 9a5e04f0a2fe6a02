"""The Ed25519 keys of those who propose and adopt rulebooks, each in a file of its own, wherever its owner keeps it.

The file is as the ledger's (:mod:`fairgate.vault.signing_key`): one line, ``PRIVATE+KEY+name+id+base64``; the name is
the actor's, ``kind:id``. What others are told of it is ``name+id+base64``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

from fairgate.errors import LedgerFault, RulebookChangeRefused
from fairgate.ledger.note import ED25519, PUBLIC_KEY_BYTES, key_id
from fairgate.vault.private_files import read_private, write_private
from fairgate.vault.signing_key import SEED_BYTES, SigningKey, key_file_content, key_in_file


def make_actor_key(path: Path, *, name: str, entropy: Callable[[int], bytes]) -> SigningKey:
    """Make a key and put it in a file of mode 600.

    Args:
        path: of the file; its folder is there already.
        name: the actor's, ``kind:id``.
        entropy: returns that many unpredictable bytes.

    Raises:
        RulebookChangeRefused: there is a file of that name, or no folder for it.
        VaultFault: it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise RulebookChangeRefused(
            f"There is a file {path.name} already; no key is written over another.",
            reason="wrong_key",
            way_out="Name another file with --out.",
        )
    if not path.parent.is_dir():
        raise RulebookChangeRefused(f"There is no folder for {path.name}.", reason="wrong_key")
    content = key_file_content(name, entropy(SEED_BYTES))
    write_private(path, content)
    return key_in_file(content)


def read_actor_key(path: Path, *, name: str) -> SigningKey:
    """Return an actor's key from a file that nobody else may read.

    Raises:
        RulebookChangeRefused: there is no such file, it is no key, or it is somebody else's.
        VaultFault: others may read it.
    """
    content = read_private(path)
    if content is None:
        raise RulebookChangeRefused(
            f"There is no key file {path.name}.", reason="wrong_key", way_out="Make one with `fairgate actors key`."
        )
    try:
        key = key_in_file(content)
    except (ValueError, binascii.Error, LedgerFault) as fault:
        raise RulebookChangeRefused(f"{path.name} is no key file, or is damaged.", reason="wrong_key") from fault
    if key.name != name:
        raise RulebookChangeRefused(f"{path.name} is the key of {key.name}, not of {name}.", reason="wrong_key")
    return key


def read_public_key(text: str) -> tuple[str, bytes]:
    """Return the actor's name and the 32 bytes of ``name+id+base64``.

    Raises:
        RulebookChangeRefused: it is no public key, or its check does not fit.
    """
    try:
        name, check, encoded = text.strip().split("+", 2)
        marked = base64.b64decode(encoded, validate=True)
        public_key = marked[1:]
        sound = marked[:1] == ED25519 and len(public_key) == PUBLIC_KEY_BYTES
        if not sound or key_id(name, public_key).hex() != check:
            raise ValueError("the check does not fit")
    except (ValueError, binascii.Error, LedgerFault) as fault:
        raise RulebookChangeRefused(
            "That is no public key, or a letter of it is wrong.",
            reason="wrong_key",
            way_out="Copy the whole line that `fairgate actors key` printed.",
        ) from fault
    return name, public_key
