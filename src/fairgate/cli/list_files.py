"""Passenger lists in files, and what is made of them: read whole, written once, for this user alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from fairgate.errors import InputRefused


def read_list_file(path: Path) -> bytes:
    """Return a passenger list's bytes.

    Raises:
        InputRefused: it is not there, not a file, too large, or may not be read.
    """
    from fairgate.outside.plain_files import Unread, read_plain_file
    from fairgate.papers.edifact.segments import MAX_BYTES

    content = read_plain_file(path, MAX_BYTES)
    if isinstance(content, Unread):
        raise InputRefused(
            f"The passenger list {path.name} cannot be read: {content.value.replace('_', ' ')}.",
            way_out="Check the path and its permissions.",
        )
    return bytes(content)


def write_new_file(target: Path, content: bytes) -> None:
    """Write a new file for this user alone; nothing is left of it where that fails.

    Raises:
        InputRefused: something is there already, or nothing can be written there.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as cause:
        raise InputRefused(f"{target.name} is already there.", way_out="Name a new file.") from cause
    except OSError as cause:
        raise InputRefused(f"{target.name} cannot be written.", way_out="Check the folder.") from cause
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
    except OSError as cause:
        with contextlib.suppress(OSError):
            target.unlink()
        raise InputRefused(f"{target.name} cannot be written.", way_out="Is the disk full?") from cause
