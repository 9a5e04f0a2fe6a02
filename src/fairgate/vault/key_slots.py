"""Epoch keys in files, one slot each, outside every database and backup.

A slot has a fixed size and is overwritten where it lies: 8 bytes of magic, 8 of the key's check, 32 of the key, 32 of a
digest over epoch and key. The check, the first half of what names a key besides its epoch, outlives the key, so that a
sweep that was killed half-way still reports which key it destroyed.

Overwriting reaches the medium where file system and device write in place; on a copy-on-write file system or behind a
flash translation layer it does not, and the production answer is a PKCS#11 token or a key service.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairgate.errors import RecordExpired, VaultFault
from fairgate.vault.epoch import Epoch
from fairgate.vault.private_files import (
    make_private_folder,
    one_at_a_time,
    overwrite,
    read_private,
    settle_folder,
    wipe_leftovers,
    write_private,
)

MAGIC = b"FGSLOT1\n"
KEY_BYTES = 32
CHECK_BYTES = 8
SLOT_BYTES = 80
NONCE_BYTES = 12
"""Source: NIST SP 800-38D §8.2 (November 2007): 96-bit nonces; random ones are safe for 2**32 uses of a key (§8.3)."""

_KEY_AT = len(MAGIC) + CHECK_BYTES
_SUFFIX = ".slot"


class FileKeySlots:
    """Wraps and unwraps data keys under epoch keys; never hands an epoch key out.

    Args:
        folder: made with mode 700.
        lock_file: shared by everything in the vault's folder.
        entropy: returns that many unpredictable bytes.
    """

    def __init__(self, folder: Path, lock_file: Path, entropy: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._lock_file = lock_file
        self._entropy = entropy
        self._open: dict[Epoch, tuple[tuple[int, int], str, AESGCM]] = {}

    def wrap(self, epoch: Epoch, data_key: bytes, binding: bytes) -> tuple[str, bytes]:
        """Return the identifier of the epoch's key, made on demand, and the data key wrapped under it.

        Args:
            epoch: class and deadline of what the data key protects.
            data_key: 32 bytes.
            binding: what else must be given unchanged to unwrap it.

        Raises:
            VaultFault: the slot cannot be made or read.
            RecordExpired: the epoch's key was destroyed.
        """
        key_id, cipher = self._key(epoch) or self._make(epoch)
        nonce = self._entropy(NONCE_BYTES)
        return key_id, nonce + cipher.encrypt(nonce, data_key, _bound(key_id, binding))

    def unwrap(self, key_id: str, wrapped: bytes, binding: bytes) -> bytes:
        """Return the data key.

        Raises:
            RecordExpired: the key was destroyed.
            VaultFault: wrapped key, identifier or binding was altered, or the slot is damaged.
        """
        found = self._key(Epoch.of_key(key_id))
        if found is None or found[0] != key_id:
            raise RecordExpired("The record's key is destroyed.")
        try:
            return found[1].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound(key_id, binding))
        except (InvalidTag, ValueError) as fault:
            raise VaultFault("A sealed record was altered.") from fault

    def held(self) -> tuple[str, ...]:
        """Return the identifiers of the keys that exist, by class and deadline.

        Raises:
            VaultFault: a slot is damaged.
        """
        return tuple(key_id for epoch, _ in self._slots() if (key_id := self._held(epoch)))

    def destroy_until(self, moment: datetime) -> tuple[str, ...]:
        """Destroy every key whose deadline has come, and return their identifiers.

        Slots are removed only once all are overwritten, so keys that an earlier call destroyed without living to say so
        are among those returned.

        Raises:
            VaultFault: a slot cannot be overwritten; all others are, and are returned by the next call that succeeds.
        """
        if not any(epoch.hour <= moment for epoch, _ in self._slots()):
            return ()
        with one_at_a_time(self._lock_file):
            for folder in self._class_folders():
                wipe_leftovers(folder)
            due = {path: epoch for epoch, path in self._slots() if epoch.hour <= moment}
            faults = [fault for path in due if (fault := _destroy(path))]
            if faults:
                raise VaultFault(f"{len(faults)} expired key slots cannot be overwritten.") from faults[0]
            destroyed = tuple(f"{epoch}/{_check(path)}" for path, epoch in due.items())
            for path in due:
                path.unlink()
            for folder in {path.parent for path in due}:
                settle_folder(folder)
        return destroyed

    def _held(self, epoch: Epoch) -> str | None:
        try:
            found = self._key(epoch)
        except RecordExpired:
            return None
        return found[0] if found else None

    def _slots(self) -> Iterator[tuple[Epoch, Path]]:
        for folder in self._class_folders():
            for path in sorted(folder.glob(f"[0-9]*{_SUFFIX}")):
                yield Epoch.of_key(f"{folder.name}/{path.stem}/{'0' * 16}"), path

    def _class_folders(self) -> list[Path]:
        return sorted(folder for folder in self._folder.glob("*") if folder.is_dir())

    def _path(self, epoch: Epoch) -> Path:
        return self._folder / f"{epoch}{_SUFFIX}"

    def _key(self, epoch: Epoch) -> tuple[str, AESGCM] | None:
        """Return an existing key, or ``None``; a slot changed or removed by another process is seen at once."""
        path = self._path(epoch)
        try:
            state = path.stat()
        except FileNotFoundError:
            self._open.pop(epoch, None)
            return None
        stamp = (state.st_ino, state.st_ctime_ns)
        kept = self._open.get(epoch)
        if kept is None or kept[0] != stamp:
            content = read_private(path)
            if content is None:
                return None
            kept = self._open[epoch] = (stamp, *_read_slot(epoch, content))
        return kept[1:]

    def _make(self, epoch: Epoch) -> tuple[str, AESGCM]:
        path = self._path(epoch)
        with one_at_a_time(self._lock_file):
            make_private_folder(path.parent)
            wipe_leftovers(path.parent)
            if not path.exists():
                key = self._entropy(KEY_BYTES)
                digest = _digest(epoch, key)
                write_private(path, MAGIC + digest[:CHECK_BYTES] + key + digest)
        made = self._key(epoch)
        if made is None:
            raise VaultFault("A key slot vanished while it was made.")
        return made


def _destroy(path: Path) -> VaultFault | None:
    try:
        overwrite(path, start=_KEY_AT)
    except VaultFault as fault:
        return fault
    return None


def _check(path: Path) -> str:
    return path.read_bytes()[len(MAGIC) : _KEY_AT].hex()


def _read_slot(epoch: Epoch, content: bytes) -> tuple[str, AESGCM]:
    check, key, digest = content[len(MAGIC) : _KEY_AT], content[_KEY_AT:-KEY_BYTES], content[-KEY_BYTES:]
    if len(content) == SLOT_BYTES and not any(content[_KEY_AT:]):
        raise RecordExpired("The record's key is destroyed.")
    if content != MAGIC + check + key + digest or digest != _digest(epoch, key) or check != digest[:CHECK_BYTES]:
        raise VaultFault(f"The key slot {epoch} is damaged.", way_out="Records sealed under it cannot be opened.")
    return f"{epoch}/{check.hex()}", AESGCM(key)


def _digest(epoch: Epoch, key: bytes) -> bytes:
    return hashlib.sha256(f"fairgate/epoch-key/v1\n{epoch}\n".encode() + key).digest()


def _bound(key_id: str, binding: bytes) -> bytes:
    return f"fairgate/wrap/v1\n{key_id}\n".encode() + binding
