"""What a witness remembers of each log, and the one way in which that changes.

For each log a witness keeps the size and root of the newest checkpoint that it cosigned. It cosigns another only if a
proof shows that one to continue this one, so that whoever trusts the witness never meets two histories of one log.

Whoever keeps a state writes the new one durably before the cosignature leaves, and lets no other request be decided
between reading the old state and writing the new: two requests decided on one state could roll the log back.

Source: C2SP tlog-witness, https://c2sp.org/tlog-witness, section add-checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fairgate.errors import LedgerFault
from fairgate.ledger.add_checkpoint import parse_add_checkpoint
from fairgate.ledger.checkpoint import Checkpoint, parse_checkpoint
from fairgate.ledger.consistency import is_consistent
from fairgate.ledger.cosignature import cosign
from fairgate.ledger.note import NoteSigner
from fairgate.ledger.signed_note import NoteKey, SignedNote, parse_note, signing_keys
from fairgate.ledger.tree import EMPTY_ROOT, HASH_BYTES

SIZE_CONTENT_TYPE = "text/x.tlog.size"
"""Of the answer that tells a log the size that the witness cosigned last."""


class WitnessRefusal(StrEnum):
    """Why a checkpoint is not cosigned."""

    MALFORMED = "malformed"
    """The bytes are no request, or the note in it is no checkpoint."""
    UNKNOWN_ORIGIN = "unknown_origin"
    """The witness does not watch this log."""
    NOT_SIGNED = "not_signed"
    """No trusted key of the log signed the checkpoint, or a signature in one's name is wrong."""
    ROLLED_BACK = "rolled_back"
    """The checkpoint is smaller than the old size."""
    STALE_OLD_SIZE = "stale_old_size"
    """The old size is not that of the checkpoint cosigned last."""
    FORKED = "forked"
    """A checkpoint of the same size with another root was cosigned."""
    NOT_CONSISTENT = "not_consistent"
    """The proof does not show the log to continue the one that was cosigned."""
    CLOCK_BEHIND = "clock_behind"
    """The witness's clock is behind its last cosignature of the log: it cannot say what the largest was then."""


HTTP_STATUS: Mapping[WitnessRefusal, int] = MappingProxyType(
    {
        WitnessRefusal.MALFORMED: 400,
        WitnessRefusal.UNKNOWN_ORIGIN: 404,
        WitnessRefusal.NOT_SIGNED: 403,
        WitnessRefusal.ROLLED_BACK: 400,
        WitnessRefusal.STALE_OLD_SIZE: 409,
        WitnessRefusal.FORKED: 409,
        WitnessRefusal.NOT_CONSISTENT: 422,
        WitnessRefusal.CLOCK_BEHIND: 503,
    }
)
"""What HTTP answers; the last is ours, the others are the specification's."""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The newest checkpoint of a log that was cosigned.

    Args:
        size: number of entries.
        root: 32 bytes.
        at: POSIX seconds of the cosignature.

    Raises:
        LedgerFault: it cannot have been cosigned.
    """

    size: int
    root: bytes
    at: int

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.root) != HASH_BYTES or (self.size == 0 and self.root != EMPTY_ROOT):
            raise LedgerFault("The witness's record of a log cannot be.")


NOTHING_SEEN = LastSeen(0, EMPTY_ROOT, 0)
"""Of a log of which nothing was cosigned: every log begins with the empty one."""


@dataclass(frozen=True, slots=True)
class WitnessState:
    """What a witness remembers: by origin, the newest checkpoint that it cosigned."""

    last_seen: Mapping[str, LastSeen] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, origin: str) -> LastSeen:
        """Return what was cosigned last of a log."""
        return self.last_seen.get(origin, NOTHING_SEEN)

    def after(self, origin: str, seen: LastSeen) -> WitnessState:
        """Return the state with another newest checkpoint of one log."""
        return WitnessState(MappingProxyType({**self.last_seen, origin: seen}))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The checkpoint was cosigned.

    Args:
        checkpoint: what was cosigned.
        line: the signature line to answer with, once the new state is durable.
    """

    checkpoint: Checkpoint
    line: bytes


@dataclass(frozen=True, slots=True)
class WitnessRefused:
    """The checkpoint was not cosigned, and the state is as before.

    Args:
        reason: why.
        last_size: where the old size was not right, the size to try again with.
    """

    reason: WitnessRefusal
    last_size: int | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """Whom a witness watches, and with which key it cosigns.

    Args:
        signer: the witness's own key, which does nothing else.
        logs: by origin, the keys of which one must have signed a checkpoint; each is named for the origin.

    Raises:
        LedgerFault: a log has no key, a key is named for another log, or is the witness's own.
    """

    signer: NoteSigner
    logs: Mapping[str, tuple[NoteKey, ...]]

    def __post_init__(self) -> None:
        for origin, keys in self.logs.items():
            if not keys or any(key.name != origin for key in keys):
                raise LedgerFault("A log that is watched has at least one key, named for its origin.")
            if any(key.public_key == self.signer.public_key for key in keys):
                raise LedgerFault("A witness does not watch a log that signs with the witness's key.")

    def answer(self, state: WitnessState, body: bytes, at: int) -> tuple[WitnessState, Cosigned | WitnessRefused]:
        """Decide a request, in the order of the specification.

        Args:
            state: what the witness remembers.
            body: of the request.
            at: POSIX seconds now.

        Returns:
            The state to keep, and the answer; after a refusal the state is the one given.
        """
        try:
            asked = parse_add_checkpoint(body)
            note = parse_note(asked.checkpoint)
            checkpoint = parse_checkpoint(note.text)
        except LedgerFault:
            return state, WitnessRefused(WitnessRefusal.MALFORMED)
        if checkpoint.origin not in self.logs:
            return state, WitnessRefused(WitnessRefusal.UNKNOWN_ORIGIN)
        if not self._is_signed(note, checkpoint.origin):
            return state, WitnessRefused(WitnessRefusal.NOT_SIGNED)
        last = state.of(checkpoint.origin)
        refusal = _refusal(last, asked.old_size, asked.proof, checkpoint)
        if refusal is WitnessRefusal.STALE_OLD_SIZE:
            return state, WitnessRefused(refusal, last.size)
        if refusal is None and at < last.at:
            refusal = WitnessRefusal.CLOCK_BEHIND
        if refusal is not None:
            return state, WitnessRefused(refusal)
        line = cosign(note.text, self.signer, at)
        seen = LastSeen(checkpoint.size, checkpoint.root, at)
        return state.after(checkpoint.origin, seen), Cosigned(checkpoint, line)

    def _is_signed(self, note: SignedNote, origin: str) -> bool:
        try:
            return bool(signing_keys(note, self.logs[origin]))
        except LedgerFault:
            return False


def _refusal(last: LastSeen, old_size: int, proof: tuple[bytes, ...], checkpoint: Checkpoint) -> WitnessRefusal | None:
    """Return why a signed checkpoint of a known log may not be cosigned; ``None`` if it may."""
    if old_size > checkpoint.size:
        return WitnessRefusal.ROLLED_BACK
    if old_size != last.size:
        return WitnessRefusal.STALE_OLD_SIZE
    if old_size == checkpoint.size and last.root != checkpoint.root:
        return WitnessRefusal.FORKED
    if not is_consistent(last.size, last.root, checkpoint.size, checkpoint.root, proof):
        return WitnessRefusal.NOT_CONSISTENT
    return None
