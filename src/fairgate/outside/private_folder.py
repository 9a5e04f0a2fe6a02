"""A folder that only this user reads and writes, and files that appear in it whole or not at all."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairgate.errors import ConfigurationRefused


def make_private_folder(folder: Path) -> Path:
    """Create a folder with mode 700, or tighten the one that is there.

    Raises:
        ConfigurationRefused: it is a link or belongs to another user, who could change what is read from it.
        OSError: it cannot be created.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
        raise ConfigurationRefused(
            f"The folder {folder} is a link or belongs to another user.", way_out="Name another cache folder."
        )
    if stat.S_IMODE(state.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that another process sees the old one, none, or all of the new one.

    Raises:
        OSError: it could not be written; nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Keep other processes out of the same block; the kernel lets go of the lock when a process dies.

    Raises:
        OSError: the lock file cannot be made.
    """
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
