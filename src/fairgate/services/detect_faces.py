"""Look at photos for a person who tests a camera or a pack: every face, its points, its quality.

Nothing is compared, recorded or kept: pixels live as long as one photo is looked at. The one thing that may leave is an
annotated copy, where the caller asks for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fairgate.errors import InputRefused
from fairgate.face.inspection import Inspection
from fairgate.services.ports import Decoder, Progress
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Inspector(Protocol):
    """Pixels in, every face out; :class:`fairgate.face.pipeline.Pipeline` is one."""

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        """Return every face in a photo with its points and quality."""
        ...


class Copies(Protocol):
    """Where annotated copies go."""

    def write(self, photo: str, rgb: NDArray[np.uint8], found: Inspection, sha256: str) -> str:
        """Draw on a copy, write it, and return where it is.

        Args:
            photo: as in :class:`PhotoToLookAt`.
            rgb: the photo's pixels, which stay as they are.
            found: what was found in it.
            sha256: of the photo's encoded bytes, in hexadecimal.

        Raises:
            InputRefused: there is something else in the copy's place, or it cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class PhotoToLookAt:
    """One photo.

    Args:
        name: as the caller named it.
        read: lends its bytes.
    """

    name: str
    read: Callable[[], Photo] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """What was found in one photo.

    Args:
        name: as the caller named it.
        found: every face.
        copy: where the annotated copy is.
    """

    name: str
    found: Inspection
    copy: str


@dataclass(frozen=True, slots=True, eq=False)
class NotLookedAt:
    """A photo that could not be read, or whose copy could not be written.

    Args:
        name: as the caller named it.
        why: what was refused.
    """

    name: str
    why: InputRefused


def detect_faces(
    photos: Sequence[PhotoToLookAt],
    *,
    decoder: Decoder,
    engine: Inspector,
    copies: Copies,
    smallest_face_px: int,
    on_photo: Callable[[LookedAt | NotLookedAt], None],
    progress: Progress,
) -> int:
    """Look at photos one after the other; one that cannot be read does not stop the others.

    Args:
        photos: in the order of report.
        decoder: decodes outside this process.
        engine: the pack's pipeline.
        copies: where annotated copies go.
        smallest_face_px: width of the smallest face looked for, in pixels after a small photo was enlarged.
        on_photo: told of each photo as soon as it is done.
        progress: told (done, total).

    Returns:
        How many could not be looked at.

    Raises:
        EngineFault: a network failed.
        WorkerFault: the process that decodes could not be started.
    """
    failed = 0
    for done, photo in enumerate(photos):
        progress(done, len(photos))
        looked = _look(photo, decoder, engine, copies, smallest_face_px)
        failed += isinstance(looked, NotLookedAt)
        on_photo(looked)
    progress(len(photos), len(photos))
    return failed


def _look(
    photo: PhotoToLookAt, decoder: Decoder, engine: Inspector, copies: Copies, smallest_face_px: int
) -> LookedAt | NotLookedAt:
    try:
        encoded = photo.read()
        try:
            with encoded.open() as content:
                sha256 = hashlib.sha256(content).hexdigest()
                rgb = decoder.decode(content).rgb
        finally:
            encoded.erase()
        found = engine.inspect(rgb, smallest_face_px=smallest_face_px)
        return LookedAt(photo.name, found, copies.write(photo.name, rgb, found, sha256))
    except InputRefused as refused:
        return NotLookedAt(photo.name, refused)
