"""Photos that lie in files."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from fairgate.errors import ImageRefused
from fairgate.outside.plain_files import Unread, read_plain_file
from fairgate.vocabulary import Photo

_MEGABYTE = 1_000_000


def read_photo(path: Path, max_bytes: int, *, within: Path | None = None) -> Photo:
    """Return the encoded image in a file, undecoded and unchecked.

    Args:
        path: the file.
        max_bytes: a larger file is refused unread.
        within: folder that the file may not leave, by ``..`` or by a link; ``None`` where the person who runs the
            command named the file itself.

    Raises:
        ImageRefused: ``missing`` (absent, unreadable, outside its folder), ``empty``, ``too_many_bytes``, or
            ``not_an_image`` for a folder, a pipe or a device.
    """
    content = read_plain_file(path, max_bytes, within=within)
    if isinstance(content, Unread):
        raise _refusal(path.name, content, max_bytes)
    if not content:
        raise ImageRefused(f"{path.name} is empty.", reason="empty")
    photo = Photo(content)
    content[:] = bytes(len(content))  # the photo has its own copy, which it can erase
    return photo


def _refusal(name: str, unread: Unread, max_bytes: int) -> ImageRefused:
    match unread:
        case Unread.MISSING:
            return ImageRefused(f"There is no file {name}.", reason="missing", way_out="Check the path.")
        case Unread.DENIED:
            return ImageRefused(f"{name} cannot be read.", reason="missing", way_out="Check its permissions.")
        case Unread.OUTSIDE:
            return ImageRefused(f"{name} lies outside the folder it was named in.", reason="missing")
        case Unread.NOT_A_FILE:
            return ImageRefused(f"{name} is a folder, a pipe or a device, not a file.", reason="not_an_image")
        case Unread.TOO_LARGE:
            return ImageRefused(
                f"{name} is larger than {max_bytes / _MEGABYTE:g} MB.",
                reason="too_many_bytes",
                way_out="Raise photo_max_mb if it is a photo all the same.",
            )
        case _:
            assert_never(unread)
