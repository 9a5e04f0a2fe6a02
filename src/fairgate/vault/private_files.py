"""Small secret files: written whole, readable by this user alone, and overwritten before they go."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairgate.errors import VaultFault

_PART = ".part-"
_FOR_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Create a folder, and those above it, with mode 700, or tighten the one that is there.

    Raises:
        VaultFault: it cannot be had, is a link, or belongs to somebody else.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
            raise VaultFault("The key folder is a link or belongs to another user.", way_out="Name another folder.")
        folder.chmod(0o700)
    except OSError as fault:
        raise VaultFault("The key folder cannot be made.", way_out="Check the data directory's permissions.") from fault


def read_private(path: Path) -> bytes | None:
    """Return a file's bytes, or ``None`` where there is no such file.

    Raises:
        VaultFault: it cannot be read, is a link, or others may read or change it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise VaultFault(f"The key file {path.name} cannot be read.") from fault
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_mode & _FOR_OTHERS:
            raise VaultFault(
                f"Others may read the key file {path.name}.", way_out="Treat its key as known to them; set mode 600."
            )
        return file.read()


def write_private(path: Path, content: bytes) -> None:
    """Put a file in place, whole and on disk, with mode 600; one that is there is replaced.

    Call it within :func:`one_at_a_time`, on which :func:`wipe_leftovers` relies too.

    Raises:
        VaultFault: it could not be written; what was there is unchanged.
    """
    part = path.with_name(f"{_PART}{path.name}")
    try:
        _wipe(part)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        part.replace(path)
        settle_folder(path.parent)
    except OSError as fault:
        raise VaultFault(
            f"The key file {path.name} cannot be written.", way_out="Check disk and permissions."
        ) from fault


def overwrite(path: Path, *, start: int = 0) -> None:
    """Overwrite a file with zeros where it lies, from ``start`` to its end, down to the disk.

    Raises:
        VaultFault: it could not be overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        with os.fdopen(handle, "wb", buffering=0) as file:
            file.seek(start)
            file.write(bytes(max(os.fstat(handle).st_size - start, 0)))
            os.fsync(handle)
    except OSError as fault:
        raise VaultFault(f"The key file {path.name} cannot be overwritten.") from fault


def wipe_leftovers(folder: Path) -> None:
    """Overwrite and remove what :func:`write_private` left behind when it was killed or the disk was full."""
    for part in folder.glob(f"{_PART}*"):
        _wipe(part)


def _wipe(part: Path) -> None:
    if part.exists():
        overwrite(part)
        part.unlink()


def settle_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Keep other processes out of the same block; the kernel lets go of the lock when a process dies.

    Raises:
        VaultFault: the lock cannot be had.
    """
    try:
        handle = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as fault:
        raise VaultFault("The key folder cannot be locked.", way_out="Check its permissions.") from fault
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
