"""Where minted papers go, and where the photo for them comes from."""

from __future__ import annotations

from pathlib import Path

from fairgate.errors import ImageRefused, InputRefused
from fairgate.outside.plain_files import Unread, read_plain_file


class MintedFolder:
    """A folder that does not exist yet, made when the first file is written.

    Args:
        folder: where.

    Raises:
        InputRefused: there is something in its place.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() or folder.is_symlink():
            raise InputRefused(f"There is something at {folder} already.", way_out="Name a new folder.")
        self._folder = folder

    def write(self, name: str, content: bytes) -> None:
        """Write one file.

        Raises:
            InputRefused: it cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(content)
        except OSError as error:
            raise InputRefused(f"{self._folder / name} cannot be written: {error.strerror}.") from error


def read_portrait(photo: Path, max_bytes: int) -> bytes:
    """Return a photo's encoded bytes.

    Raises:
        ImageRefused: it is not there, or too large.
    """
    content = read_plain_file(photo, max_bytes)
    if isinstance(content, Unread):
        reason = "too_many_bytes" if content is Unread.TOO_LARGE else "missing"
        raise ImageRefused(f"The photo {photo} cannot be read ({content.value}).", reason=reason)
    return bytes(content)
