"""What a log asks of a witness: an old size, a consistency proof from it, and the checkpoint to be cosigned.

Source: C2SP tlog-witness, https://c2sp.org/tlog-witness, section add-checkpoint.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from fairgate.errors import LedgerFault
from fairgate.ledger.base64_text import decoded_base64
from fairgate.ledger.checkpoint import SIZE_FORM
from fairgate.ledger.signed_note import MAX_NOTE_BYTES
from fairgate.ledger.tree import HASH_BYTES

MAX_PROOF_LINES = 63
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4096
"""The proof's lines take 45 bytes each."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign.

    Args:
        old_size: of the checkpoint that the witness cosigned last, as the log believes.
        proof: hashes of 32 bytes from the old size to the checkpoint's; at most 63.
        checkpoint: the signed note.

    Raises:
        LedgerFault: the request cannot be written.
    """

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def __post_init__(self) -> None:
        if not SIZE_FORM.fullmatch(str(self.old_size)):
            raise LedgerFault("The old size cannot be written.")
        if len(self.proof) > MAX_PROOF_LINES or any(len(item) != HASH_BYTES for item in self.proof):
            raise LedgerFault("A consistency proof has at most 63 hashes of 32 bytes.")
        if len(self.checkpoint) > MAX_NOTE_BYTES:
            raise LedgerFault("The checkpoint is too long.")

    @property
    def body(self) -> bytes:
        """Return the bytes that are sent."""
        lines = [f"old {self.old_size}", *(base64.b64encode(item).decode() for item in self.proof)]
        return "".join(line + "\n" for line in (*lines, "")).encode() + self.checkpoint


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Return the request that these bytes are; the checkpoint in it is not read yet.

    Raises:
        LedgerFault: the bytes are no such request.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise LedgerFault("The request is too long.")
    head, gap, checkpoint = body.partition(b"\n\n")
    try:
        old, *proof = head.decode("ascii").split("\n")
    except UnicodeDecodeError as fault:
        raise LedgerFault("The request's first lines are not ASCII.") from fault
    word, _, size = old.partition(" ")
    if not gap or word != "old" or not SIZE_FORM.fullmatch(size):
        raise LedgerFault("The request does not begin with the old size.")
    return AddCheckpoint(int(size), tuple(decoded_base64(line) for line in proof), checkpoint)
