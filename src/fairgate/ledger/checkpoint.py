"""Checkpoints: the log's origin, size and root in a signed note.

Source: C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint, section Note text.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from fairgate.errors import LedgerFault
from fairgate.ledger.base64_text import decoded_base64
from fairgate.ledger.note import NoteSigner, check_key_name, sign_note
from fairgate.ledger.tree import EMPTY_ROOT, HASH_BYTES

SIZE_FORM = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
"""A size in decimal, without leading zeroes; the bound keeps it exact in every language that reads JSON."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name, size and root, as a note's text says them; who signed it, this does not say."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what the text of a note says of a log; extension lines are passed over.

    Raises:
        LedgerFault: the text is no checkpoint, or gives an empty log another root than it has.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines) or not SIZE_FORM.fullmatch(lines[1]):
        raise LedgerFault("The note is no checkpoint.")
    check_key_name(lines[0])
    size, root = int(lines[1]), decoded_base64(lines[2])
    if len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        raise LedgerFault("The checkpoint's root is no root of a log of that size.")
    return Checkpoint(lines[0], size, root)


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
