"""From untrusted image bytes to features: a worker process decodes, the engine extracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fairgate.errors import ImageRefused
from fairgate.face.frames import NEVER_ALIKE, Joined, join
from fairgate.face.pipeline import Extraction, Role
from fairgate.services.ports import Decoder, Timer
from fairgate.vocabulary import Photo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine(Protocol):
    """Pixels in, features or the reason for their absence out; :class:`fairgate.face.pipeline.Pipeline` is one."""

    def extract(self, rgb: NDArray[np.uint8], *, smallest_face_px: int, timer: Timer, role: Role = ...) -> Extraction:
        """Return what was made of the one face that matters, if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one capture.

    Args:
        extraction: the engine's answer, with milliseconds by stage.
        decode_ms: the worker's share.
    """

    extraction: Extraction
    decode_ms: float


Lent = Photo | Sequence[Photo]
"""What a camera lends of one capture: a photo, or several frames in order."""


def frames_of(lent: Lent) -> tuple[Photo, ...]:
    """Return the frames of a capture, one or more."""
    return (lent,) if isinstance(lent, Photo) else tuple(lent)


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """What became of one capture of one or several frames.

    Args:
        joined: what they show together; places are those of the frames handed in.
        decode_ms: the worker's share, of all frames.
    """

    joined: Joined
    decode_ms: float


class FaceReader:
    """Decodes and extracts, in that order.

    Args:
        decoder: decodes outside this process.
        engine: the pack's pipeline.
        timer: measures the stages.
        smallest_probe_px: the smallest face that a lane cares about, in pixels of its width.
        smallest_reference_px: the same for a reference photo, which its subject fills.
        least_alike: cosine that any two frames of a capture must reach to be of one person, as
            :func:`fairgate.face.frames.least_alike` gives it for the pack; unless told, frames are never fused.
    """

    def __init__(
        self,
        *,
        decoder: Decoder,
        engine: Engine,
        timer: Timer,
        smallest_probe_px: int,
        smallest_reference_px: int,
        least_alike: float = NEVER_ALIKE,
    ) -> None:
        self._decoder = decoder
        self._engine = engine
        self._timer = timer
        self._smallest_probe_px = smallest_probe_px
        self._smallest_reference_px = smallest_reference_px
        self._least_alike = least_alike

    def read_probe(self, photo: Photo) -> Read:
        """Return what the engine makes of a live photo.

        Raises:
            ImageRefused: the bytes are no image that may be decoded.
        """
        return self._read(photo, self._smallest_probe_px, Role.PROBE)

    def read_capture(self, frames: Sequence[Photo]) -> ReadCapture:
        """Return what the engine makes of the frames of one capture; of one frame, what it makes of that.

        A frame that cannot be decoded is left out, like one that cannot be compared.

        Args:
            frames: at least one, in order.

        Raises:
            ImageRefused: no frame is an image that may be decoded; the first one's refusal.
        """
        read: dict[int, Read] = {}
        refusals: list[ImageRefused] = []
        for place, frame in enumerate(frames):
            try:
                read[place] = self.read_probe(frame)
            except ImageRefused as refusal:
                refusals.append(refusal)
        if not read:
            raise refusals[0]
        places = tuple(read)
        joined = join([one.extraction for one in read.values()], self._least_alike)
        return ReadCapture(
            Joined(joined.answer, places[joined.best], tuple(places[place] for place in joined.used)),
            sum(one.decode_ms for one in read.values()),
        )

    def read_reference(self, photo: Photo) -> Extraction:
        """Return what the engine makes of a reference photo.

        Raises:
            ImageRefused: the bytes are no image that may be decoded.
        """
        return self._read(photo, self._smallest_reference_px, Role.REFERENCE).extraction

    def _read(self, photo: Photo, smallest_face_px: int, role: Role) -> Read:
        started = self._timer()
        with photo.open() as content:
            decoded = self._decoder.decode(content)
        decode_ms = (self._timer() - started) * 1000
        extraction = self._engine.extract(decoded.rgb, smallest_face_px=smallest_face_px, timer=self._timer, role=role)
        return Read(extraction, decode_ms)
