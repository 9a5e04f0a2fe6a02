"""Cosignatures: a witness's dated word that a checkpoint is the largest it saw, and continues all it saw before.

Source: C2SP tlog-cosignature, https://c2sp.org/tlog-cosignature, sections Format, Ed25519 signed message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fairgate.errors import LedgerFault
from fairgate.ledger.checkpoint import parse_checkpoint
from fairgate.ledger.note import SIGNATURE_BYTES, NoteSigner, key_id, signature_line
from fairgate.ledger.signed_note import NoteKey, NoteSignature

COSIGNATURE_V1 = b"\x04"
"""Signature type identifier of a dated Ed25519 cosignature."""
TIME_BYTES = 8
LATEST_TIME = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A cosignature that was checked.

    Args:
        witness: the key that made it.
        at: POSIX seconds, by the witness's clock.
    """

    witness: NoteKey
    at: int


def cosigned_message(text: str, at: int) -> bytes:
    """Return the bytes that a witness signs: two lines of its own, then the checkpoint's text whole.

    Raises:
        LedgerFault: the time cannot be written.
    """
    if not 0 <= at <= LATEST_TIME:
        raise LedgerFault("A cosignature's time lies between 1970 and 2**63 - 1 seconds later.")
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosign(text: str, signer: NoteSigner, at: int) -> bytes:
    """Return the signature line with which a witness vouches for a checkpoint.

    Whether it may vouch is decided by :mod:`fairgate.ledger.witness_state`.

    Args:
        text: of the checkpoint, with extension lines if it has any.
        signer: the witness's key, which signs nothing else: the message does not say the witness's name.
        at: POSIX seconds.

    Raises:
        LedgerFault: the text is no checkpoint, the time cannot be written, or the signer gave no Ed25519 signature.
    """
    parse_checkpoint(text)
    signature = signer.sign(cosigned_message(text, at))
    if len(signature) != SIGNATURE_BYTES:
        raise LedgerFault("The signer did not return an Ed25519 signature.")
    signing_id = key_id(signer.name, signer.public_key, COSIGNATURE_V1)
    return signature_line(signer.name, signing_id, at.to_bytes(TIME_BYTES, "big") + signature).encode()


def check_cosignatures(
    text: str, signatures: Iterable[NoteSignature], witnesses: Collection[NoteKey]
) -> tuple[Cosignature, ...]:
    """Return the cosignatures of known witnesses over a checkpoint, the latest of each, in the order of ``witnesses``.

    Args:
        text: of the checkpoint.
        signatures: of the note, or of what a witness answered; those of other keys are passed over.
        witnesses: keys of kind :data:`COSIGNATURE_V1` that are trusted.

    Raises:
        LedgerFault: a signature that names a known witness was not made by it over this text.
    """
    by_id = {(key.name, key.key_id): key for key in witnesses if key.kind == COSIGNATURE_V1}
    latest: dict[NoteKey, int] = {}
    for item in signatures:
        key = by_id.get((item.name, item.key_id))
        if key is None:
            continue
        at = int.from_bytes(item.signature[:TIME_BYTES], "big")
        whole = len(item.signature) == TIME_BYTES + SIGNATURE_BYTES
        if not whole or not key.verifies(item.signature[TIME_BYTES:], cosigned_message(text, at)):
            raise LedgerFault("A witness's cosignature is wrong.")
        latest[key] = max(at, latest.get(key, 0))
    return tuple(Cosignature(key, latest[key]) for key in witnesses if key in latest)
