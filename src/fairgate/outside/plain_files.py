"""Reading one ordinary file: no pipe is waited for, no device is read, no link is followed out of a folder."""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path

_CHUNK_BYTES = 1 << 20


class Unread(StrEnum):
    """Why a file was not read."""

    MISSING = "missing"
    NOT_A_FILE = "not_a_file"
    OUTSIDE = "outside"
    TOO_LARGE = "too_large"
    DENIED = "denied"


def read_plain_file(path: Path, max_bytes: int, *, within: Path | None = None) -> bytearray | Unread:
    """Return a file's content, or why it was not read.

    Args:
        path: the file; where ``within`` is given it must lie in there once every link is followed.
        max_bytes: a larger file is not read.
        within: folder that the file may not leave; ``None`` where the person who runs the command named the file.
    """
    try:
        handle = _open(path) if within is None else _open_within(path, within)
        return Unread.OUTSIDE if handle is None else _checked(handle, max_bytes)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return Unread.MISSING
    except PermissionError:
        return Unread.DENIED
    except OSError:  # a socket, a link put in the way after the check, a name too long
        return Unread.NOT_A_FILE


def leads_outside(path: Path, folder: Path) -> bool:
    """Return whether a path, once every link is followed, lies outside a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _open(path: Path, *, folder: int | None = None, flags: int = 0) -> int:
    # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | flags, dir_fd=folder)


def _open_within(path: Path, within: Path) -> int | None:
    """Open a file by walking down from the folder without following links, so that none can be slipped in meanwhile."""
    root = Path(os.path.realpath(within))
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        return None
    *folders, name = target.relative_to(root).parts or (".",)
    handle = _open(root, flags=os.O_DIRECTORY)
    for folder in folders:
        try:
            below = _open(Path(folder), folder=handle, flags=os.O_DIRECTORY | os.O_NOFOLLOW)
        finally:
            os.close(handle)
        handle = below
    try:
        return _open(Path(name), folder=handle, flags=os.O_NOFOLLOW)
    finally:
        os.close(handle)


def _checked(handle: int, max_bytes: int) -> bytearray | Unread:
    """Read an open file, if it is an ordinary one of the right size, and close it."""
    with os.fdopen(handle, "rb", buffering=0) as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            return Unread.NOT_A_FILE
        content = bytearray()
        while len(content) <= max_bytes and state.st_size <= max_bytes:  # it may grow while it is read
            chunk = file.read(min(_CHUNK_BYTES, max_bytes + 1 - len(content)))
            if not chunk:
                return content
            content += chunk
    return Unread.TOO_LARGE
