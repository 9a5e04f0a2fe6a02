"""From untrusted image bytes to features: a worker process decodes, the engine extracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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


class FaceReader:
    """Decodes and extracts, in that order.

    Args:
        decoder: decodes outside this process.
        engine: the pack's pipeline.
        timer: measures the stages.
        smallest_probe_px: the smallest face that a lane cares about, in pixels of its width.
        smallest_reference_px: the same for a reference photo, which its subject fills.
    """

    def __init__(
        self,
        *,
        decoder: Decoder,
        engine: Engine,
        timer: Timer,
        smallest_probe_px: int,
        smallest_reference_px: int,
    ) -> None:
        self._decoder = decoder
        self._engine = engine
        self._timer = timer
        self._smallest_probe_px = smallest_probe_px
        self._smallest_reference_px = smallest_reference_px

    def read_probe(self, photo: Photo) -> Read:
        """Return what the engine makes of a live photo.

        Raises:
            ImageRefused: the bytes are no image that may be decoded.
        """
        return self._read(photo, self._smallest_probe_px, Role.PROBE)

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
