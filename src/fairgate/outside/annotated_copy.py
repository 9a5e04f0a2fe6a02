"""Annotated copies in files: beside the photo or in a folder, for this user alone, and never over anything else.

Each copy carries the digest of the photo that it was drawn on, so that a copy is replaced by a newer one of the same
photo and by nothing else.
"""

from __future__ import annotations

import stat
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.errors import InputRefused
from fairgate.outside.face_drawing import drawn
from fairgate.outside.private_folder import write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairgate.face.inspection import Inspection

SUFFIX = ".detected.png"
_KEY = b"Fairgate detect"
_HEADER_BYTES = 33
"""Signature and IHDR, which come first. Source: W3C PNG (Third Edition), clause 5.6; text chunks: clause 11.3.3.2."""


class AnnotatedCopies:
    """Writes copies.

    Args:
        folder: where to; made where it is not there. ``None`` for the folder of each photo.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def write(self, photo: str, rgb: NDArray[np.uint8], found: Inspection, sha256: str) -> str:
        """Draw what was found on a copy, write it as ``NAME.detected.png``, and return its path.

        Args:
            photo: path of the photo.
            rgb: uint8, shape (height, width, 3), RGB; stays as it is.
            found: every face.
            sha256: of the photo's encoded bytes, in hexadecimal.

        Raises:
            InputRefused: something else is in its place, or it cannot be written.
        """
        source = Path(photo)
        target = (self._folder or source.parent) / f"{source.stem}{SUFFIX}"
        mark = _mark(sha256)
        try:
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
            if _is_taken(target, mark):
                raise InputRefused(
                    f"{target} is there already and is no copy of this photo.",
                    way_out="Move it away, or name another folder with --out.",
                )
            image = drawn(rgb, found, source.name)
            write_whole(target, image[:_HEADER_BYTES] + mark + image[_HEADER_BYTES:])
        except OSError as cause:
            raise InputRefused(
                f"The copy {target} cannot be written.", way_out="Name a folder that can be written to with --out."
            ) from cause
        return str(target)


def _mark(sha256: str) -> bytes:
    """Return the text chunk that says which photo a copy shows."""
    body = b"tEXt" + _KEY + b"\0" + sha256.encode("ascii")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _is_taken(target: Path, mark: bytes) -> bool:
    """Return whether something is there that is not a copy with this mark; nothing is decoded for it."""
    try:
        if not stat.S_ISREG(target.lstat().st_mode):
            return True
    except FileNotFoundError:
        return False
    with target.open("rb") as file:
        return not file.read(_HEADER_BYTES + len(mark)).endswith(mark)
