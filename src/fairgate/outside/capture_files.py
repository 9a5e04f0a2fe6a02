"""Captures that lie in files: a photo, or a folder with the frames of one capture."""

from __future__ import annotations

from pathlib import Path

from fairgate.errors import ImageRefused
from fairgate.outside.photo_files import read_photo
from fairgate.outside.plain_files import leads_outside
from fairgate.vocabulary import Photo


def read_capture(path: Path, max_bytes: int, *, most: int, within: Path | None = None) -> Photo | tuple[Photo, ...]:
    """Return the encoded photo in a file, or the frames in a folder in order of their names.

    Of a folder with more frames than are looked at, as many are read, evenly spread over it. A frame that cannot be
    read is left out. Names that start with a dot and folders inside are no frames.

    Args:
        path: the file or the folder.
        max_bytes: a larger file is refused unread.
        most: frames to read, at least 1.
        within: folder that nothing may leave; ``None`` where the person who runs the command named the path.

    Raises:
        ImageRefused: as :func:`fairgate.outside.photo_files.read_photo` does; for a folder, the first frame's refusal
            where none can be read, and ``empty`` where there is none.
    """
    outside = within is not None and leads_outside(path, within)
    if outside or not path.is_dir():
        return read_photo(path, max_bytes, within=within)
    try:
        names = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith(".") and not entry.is_dir())
    except OSError as cause:
        raise ImageRefused(
            f"{path.name} cannot be read.", reason="missing", way_out="Check its permissions."
        ) from cause
    if not names:
        raise ImageRefused(f"{path.name} holds no frame.", reason="empty")
    chosen = names if len(names) <= most else [names[place * len(names) // most] for place in range(most)]
    frames: list[Photo] = []
    refusals: list[ImageRefused] = []
    for name in chosen:
        try:
            frames.append(read_photo(path / name, max_bytes, within=within if within is not None else path))
        except ImageRefused as refusal:
            refusals.append(refusal)
    if not frames:
        raise refusals[0]
    return tuple(frames)
