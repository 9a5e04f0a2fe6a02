"""Checkpoints: the log's origin, size and root in a signed note.

Source: C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint, section Note text.
"""

from __future__ import annotations

import base64

from fairgate.errors import LedgerFault
from fairgate.ledger.note import NoteSigner, check_key_name, sign_note
from fairgate.ledger.tree import HASH_BYTES


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Return the three lines that a checkpoint signs.

    Args:
        origin: the log's name, a URL without its scheme, e.g. ``"fairgate.example/bos"``.
        size: number of entries.
        root: 32 bytes, the tree's root at that size.

    Raises:
        LedgerFault: the origin could not name a key, or size or root are impossible.
    """
    check_key_name(origin)
    if size < 0 or len(root) != HASH_BYTES:
        raise LedgerFault("A checkpoint needs a size and a root of 32 bytes.")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def checkpoint_note(origin: str, size: int, root: bytes, signer: NoteSigner) -> bytes:
    """Return the signed checkpoint of a log.

    The signer's name must be the origin, so that whoever holds the verifier key knows which log to expect.

    Raises:
        LedgerFault: as :func:`checkpoint_text` and :func:`fairgate.ledger.note.sign_note`, or the names differ.
    """
    if signer.name != origin:
        raise LedgerFault("A log's checkpoints are signed under the log's own name.")
    return sign_note(checkpoint_text(origin, size, root), [signer])
