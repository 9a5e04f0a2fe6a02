"""Where a database file lies: its permissions, and the lock that lets one process at a time prepare it.

Nothing here may open an existing database file: closing any descriptor of it would drop the locks that SQLite holds in
this process. Source: SQLite, "How To Corrupt An SQLite Database File", 2.2.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fairgate.errors import StoreFault, StoreRefused

_RETRY_S = 0.02


def prepare_place(path: Path) -> None:
    """Create the file (mode 600) and its folder (mode 700) where they are missing, and refuse looser ones.

    SQLite gives its write-ahead log and shared memory the mode of the database file.

    Raises:
        StoreRefused: others may write to the folder or use the file, or the place cannot be had.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        folder, file = path.parent.stat(), path.stat()
    except OSError as error:
        raise StoreRefused(
            f"No database can be kept at {path}: {error.strerror}.", way_out="Choose another data directory."
        ) from error
    if not stat.S_ISREG(file.st_mode):
        raise StoreRefused(f"{path} is not a file.", way_out="Choose another data directory.")
    if folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StoreRefused(f"Others may write to {path.parent}.", way_out=f"Run `chmod 700 {path.parent}`.")
    if file.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StoreRefused(f"Others may use {path}.", way_out=f"Run `chmod 600 {path}`.")


@contextmanager
def preparing_alone(path: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock under which a database is prepared and migrated; it goes with the process that holds it.

    Args:
        path: of the database; the lock is a file beside it.
        wait_s: how long to wait for another process, in seconds.

    Raises:
        StoreFault: another process kept the lock for longer.
        StoreRefused: the lock file cannot be made.
    """
    lock_path = path.with_name(f"{path.name}.opening")
    try:
        lock = os.open(lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreRefused(
            f"{lock_path} cannot be made: {error.strerror}.", way_out="Check the data directory's permissions."
        ) from error
    try:
        deadline = time.monotonic() + wait_s
        while not _locked(lock):
            if time.monotonic() >= deadline:
                raise StoreFault("Another process has been preparing the database for too long.", way_out="Try again.")
            time.sleep(_RETRY_S)
        yield
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
