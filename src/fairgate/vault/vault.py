"""Sealing and opening: the one place where image bytes and templates are encrypted and decrypted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairgate.errors import LedgerFault, PurposeRefused, RecordExpired, VaultFault
from fairgate.vault.entered_reads import EnteredReads, LeafAt
from fairgate.vault.epoch import Epoch
from fairgate.vault.high_water import HighWaterClock
from fairgate.vault.key_slots import FileKeySlots
from fairgate.vault.private_files import make_private_folder
from fairgate.vault.sealed_record import NONCE_BYTES, TAG_BYTES, RecordHeader, SealedRecord
from fairgate.vocabulary import Actor, Photo, RecordClass

DATA_KEY_BYTES = 32
_ZEROS = 65_536


class Vault:
    """Seals records until their deadline and opens them for reads that the ledger holds.

    Args:
        keys: epoch keys, by record class and deadline hour.
        clock: remembers the latest hour seen.
        reads: knows which reads were entered in the ledger.
        entropy: returns that many unpredictable bytes.
    """

    def __init__(
        self, keys: FileKeySlots, clock: HighWaterClock, reads: EnteredReads, entropy: Callable[[int], bytes]
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._reads = reads
        self._entropy = entropy

    def seal(
        self, content: Photo | bytes, *, record_class: RecordClass, record_id: str, crossing_id: str, erase_by: datetime
    ) -> bytes:
        """Return an envelope that can be opened until its deadline, and only while its key exists.

        The data key is random and serves this envelope alone. The photo handed in is left as it is; erase it when done.

        Args:
            content: the photo, or the bytes of a template or another record.
            record_class: decides, with the deadline, which epoch key protects it.
            record_id: opaque, printable ASCII without spaces.
            crossing_id: opaque, of the crossing or gallery it belongs to.
            erase_by: aware time; rounded down to the hour, so a record is gone up to an hour early and never late.

        Raises:
            RecordExpired: the deadline, so rounded, has passed already.
            VaultFault: an identifier is malformed or the key cannot be had.
        """
        try:
            epoch = Epoch(record_class, erase_by)
        except LedgerFault as fault:
            raise VaultFault("A deadline without a zone names no moment.") from fault
        if epoch.hour <= self._clock.hour():
            raise RecordExpired("The deadline of what is to be sealed has passed.")
        data_key, nonce = self._entropy(DATA_KEY_BYTES), self._entropy(NONCE_BYTES)
        key_id, wrapped = self._keys.wrap(epoch, data_key, crossing_id.encode())
        header = RecordHeader(record_id, crossing_id, key_id)
        authenticated = header.encode()
        with content.open() if isinstance(content, Photo) else nullcontext(content) as plain:
            ciphertext = AESGCM(data_key).encrypt(nonce, plain, authenticated)
        return SealedRecord(header, authenticated, wrapped, nonce, ciphertext).encode()

    def open(self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime) -> bytes:
        """Return what was sealed.

        Args:
            envelope: as :meth:`seal` returned it.
            actor: who reads.
            purpose: one that the rulebook names.
            ledger_index: the committed entry in which this read was recorded.
            now: the present moment; a clock set back does not revive anything.

        Raises:
            PurposeRefused: no purpose was named.
            LedgerFault: the ledger does not hold this read.
            RecordExpired: the deadline has passed or the key is gone.
            VaultFault: the envelope was altered.
        """
        sealed, cipher = self._unlock(envelope, actor=actor, purpose=purpose, ledger_index=ledger_index, now=now)
        try:
            return cipher.decrypt(sealed.nonce, sealed.ciphertext, sealed.authenticated)
        except InvalidTag as fault:
            raise VaultFault("A sealed record was altered.") from fault

    def open_photo(self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime) -> Photo:
        """Return a sealed photo in the one form that cannot be printed or copied; no other copy is left in memory.

        Raises:
            PurposeRefused, LedgerFault, RecordExpired, VaultFault: as :meth:`open`.
        """
        sealed, cipher = self._unlock(envelope, actor=actor, purpose=purpose, ledger_index=ledger_index, now=now)
        plain = bytearray(len(sealed.ciphertext) - TAG_BYTES)
        try:
            cipher.decrypt_into(sealed.nonce, sealed.ciphertext, sealed.authenticated, plain)
            return Photo(plain)
        except InvalidTag as fault:
            raise VaultFault("A sealed record was altered.") from fault
        finally:
            for start in range(0, len(plain), _ZEROS):
                plain[start : start + _ZEROS] = bytes(min(_ZEROS, len(plain) - start))

    def deadline(self, envelope: bytes) -> datetime:
        """Return the hour from which an envelope opens no more, so that what it held goes from memory too.

        Raises:
            VaultFault: it is no envelope.
        """
        return SealedRecord.decode(envelope).header.epoch.hour

    def destroy_expired(self, now: datetime) -> tuple[str, ...]:
        """Destroy every key whose deadline has passed and return the keys' identifiers, for the ledger.

        Raises:
            VaultFault: a key could not be overwritten, or the record of time is gone.
        """
        return self._keys.destroy_until(self._clock.observe(now))

    def held_keys(self) -> tuple[str, ...]:
        """Return the identifiers of the keys that exist."""
        return self._keys.held()

    def _unlock(
        self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime
    ) -> tuple[SealedRecord, AESGCM]:
        """Do everything that comes before a record is decrypted, in this order: purpose, deadline, ledger, key."""
        if not purpose.strip():
            raise PurposeRefused("A sealed record is not opened without a purpose.")
        sealed = SealedRecord.decode(envelope)
        if self._clock.observe(now) >= sealed.header.epoch.hour:
            raise RecordExpired("The record's deadline has passed.")
        self._reads.use(ledger_index, actor, purpose)
        data_key = self._keys.unwrap(sealed.header.key_id, sealed.wrapped_key, sealed.header.crossing_id.encode())
        return sealed, AESGCM(data_key)


def open_vault(folder: Path, *, entropy: Callable[[int], bytes], leaf_at: LeafAt) -> Vault:
    """Return the vault whose keys lie in a folder; an empty folder is a new vault.

    Args:
        folder: made with mode 700; kept out of every backup of the database.
        entropy: returns that many unpredictable bytes, e.g. ``os.urandom``.
        leaf_at: looks an entry up in the committed ledger.

    Raises:
        VaultFault: the folder cannot be used, or keys lie there without the record of time that limits them.
    """
    make_private_folder(folder)
    make_private_folder(folder / "epochs")
    lock_file = folder / ".lock"
    keys = FileKeySlots(folder / "epochs", lock_file, entropy)
    clock = HighWaterClock(folder / "high-water", lock_file)
    if not clock.exists and not keys.held():
        clock.begin()
    clock.hour()
    return Vault(keys, clock, EnteredReads(leaf_at), entropy)
