"""Fakes for what is slow or outside: an engine that reads its answer out of the pixels, a decoder, a clock, a vault.

A "photo" here is text: ``person=3 sample=2``, ``no_face``, ``several``, ``poor=sharpness``, ``broken=truncated``,
``engine_fault``. Gallery, rules, ledger and store are the real ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import EngineFault, ImageRefused, RecordExpired
from fairgate.face.detect import Face
from fairgate.face.pipeline import Extracted, Extraction, NoFace, PoorImage, Role, SeveralFaces
from fairgate.face.quality import QualityReport
from fairgate.vocabulary import Actor, Features, Photo, RecordClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACK_DIGEST = hashlib.sha256(b"a pack").hexdigest()
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
_TIMES = MappingProxyType({"detect": 20.0, "embed": 5.0})
_QUALITY = QualityReport(components=MappingProxyType({}), unified=90, failed=())
_FACE = Face((10.0, 10.0, 90.0, 90.0), 1.0)


def vector_of(person: int, sample: int) -> NDArray[np.float32]:
    """Return a unit vector: samples of one person are alike (cosine above 0.9), people are not."""
    own = np.random.Generator(np.random.PCG64(person)).standard_normal(128)
    noise = np.random.Generator(np.random.PCG64([person, sample])).standard_normal(128)
    mixed = own + 0.2 * noise
    return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)


class FakeClock:
    """Stands still unless it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class FakeTimer:
    """Every look at it takes a millisecond."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def __call__(self) -> float:
        self._seconds += 0.001
        return self._seconds


class CountingEntropy:
    """Different bytes at every call, the same in every run."""

    def __init__(self, seed: int = 0) -> None:
        self._calls = seed * 1_000_000

    def __call__(self, size: int, /) -> bytes:
        self._calls += 1
        return hashlib.shake_256(str(self._calls).encode()).digest(size)


@dataclass(frozen=True, slots=True, eq=False)
class _Decoded:
    rgb: NDArray[np.uint8]


class FakeDecoder:
    """Passes the text on as one row of pixels, or refuses it as told."""

    def decode(self, content: memoryview | bytes, /) -> _Decoded:
        text = bytes(content).decode()
        if text.startswith("broken="):
            raise ImageRefused("The image is broken.", reason=text.partition("=")[2])
        return _Decoded(np.frombuffer(text.encode(), dtype=np.uint8).reshape(1, -1, 1).repeat(3, axis=2))


class FakeEngine:
    """Reads its answer out of the pixels, and remembers which it was shown."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def extract(
        self, rgb: NDArray[np.uint8], *, smallest_face_px: int, timer: Callable[[], float], role: Role = Role.PROBE
    ) -> Extraction:
        text = rgb[0, :, 0].tobytes().decode()
        self.seen.append(text)
        if text == "engine_fault":
            raise EngineFault("The engine failed.")
        if text == "no_face":
            return NoFace(_TIMES)
        if text == "several":
            return SeveralFaces(2, _TIMES)
        if text.startswith("poor="):
            return PoorImage(text.partition("=")[2], _QUALITY, _FACE, _TIMES)
        person, sample = (int(word.partition("=")[2]) for word in text.split())
        features = Features(PACK_DIGEST, vector_of(person, sample))
        return Extracted(features, _FACE, (), _QUALITY, 1, _TIMES)


class FakeVault:
    """Keeps what it sealed in memory and enforces deadlines; what it returns holds nothing of the content."""

    def __init__(self) -> None:
        self.kept: dict[bytes, tuple[bytes, RecordClass, datetime]] = {}
        self.reads: list[tuple[Actor, str, int]] = []

    def seal(
        self, content: Photo | bytes, *, record_class: RecordClass, record_id: str, crossing_id: str, erase_by: datetime
    ) -> bytes:
        if isinstance(content, Photo):
            with content.open() as view:
                plain = bytes(view)
        else:
            plain = content
        envelope = f"envelope {len(self.kept)} of {record_class} {record_id}".encode()
        self.kept[envelope] = (plain, record_class, erase_by)
        return envelope

    def open(self, envelope: bytes, *, actor: Actor, purpose: str, ledger_index: int, now: datetime) -> bytes:
        plain, _, erase_by = self.kept[envelope]
        if now >= erase_by:
            raise RecordExpired("The record has expired.")
        self.reads.append((actor, purpose, ledger_index))
        return plain

    def deadline(self, envelope: bytes) -> datetime:
        return self.kept[envelope][2]

    def destroy_expired(self, now: datetime) -> Sequence[str]:
        return ()


def photo(text: str) -> Callable[[], Photo]:
    """Return what lends a photo of that text."""
    return lambda: Photo(text.encode())


def vanished() -> Photo:
    """Stand for a capture file that is not there any more."""
    raise ImageRefused("There is no such file.", reason="missing")
