"""The stages in order: image, detect, landmarks, quality, align, embed. No other place knows the order.

What is expected of a crowd of photos is a value here: no face, several faces, a poor image. Exceptions are left for
broken contracts and a failing engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.face.detect import CONFIDENT_SCORE, Face
from fairgate.face.image import check_rgb
from fairgate.face.inspection import Inspection, Seen
from fairgate.face.quality import QualityGate, QualityReport, assess
from fairgate.face.recogniser import Recogniser, Stages
from fairgate.face.runtime import CPU
from fairgate.face.subject import COMPARABLE_SIZE, Choice, choose, weight
from fairgate.vocabulary import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.pack import Pack

SAME_FACE = 0.3
"""Two recognisers saw the same face where their boxes overlap by at least this share of their union."""


class Role(StrEnum):
    """What a photo is for."""

    PROBE = "probe"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, eq=False)
class Extracted:
    """One face, good enough, with its features.

    Args:
        features: of unit norm, with the pack's digest.
        face: box in pixels of the frame handed in.
        landmarks: five points (x, y) in pixels of the frame handed in.
        quality: what was measured.
        face_count: faces found; much smaller ones in the background are found or not.
        stage_ms: milliseconds by stage.
    """

    features: Features = field(repr=False)
    face: Face
    landmarks: tuple[tuple[float, float], ...] = field(repr=False)
    quality: QualityReport = field(repr=False)
    face_count: int
    stage_ms: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoFace:
    """No face was found.

    Args:
        stage_ms: milliseconds by stage.
    """

    stage_ms: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SeveralFaces:
    """More than one face that could be the subject's: of comparable size, or larger and not clearly aside.

    Args:
        count: how many there are.
        stage_ms: milliseconds by stage.
    """

    count: int
    stage_ms: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class PoorImage:
    """One face, but the image is not good enough.

    Args:
        component: the quality component that failed worst.
        quality: what was measured.
        face: box in pixels of the frame handed in.
        stage_ms: milliseconds by stage.
    """

    component: str
    quality: QualityReport = field(repr=False)
    face: Face
    stage_ms: Mapping[str, float] = field(repr=False)


Extraction = Extracted | NoFace | SeveralFaces | PoorImage


class Pipeline:
    """One pack's stages, loaded and ready; for one thread at a time.

    Args:
        pack: which models, and how they are used.
        models: bytes by stage name: ``detector`` and ``embedder`` as ONNX, ``landmarks`` as dlib's own file or
            its compact form; their digests were checked by whoever read them.
        threads: how many threads a network may use.
        gate: how low each quality component may be; ``None`` for the default.
        provider: the runtime's name of where networks run.

    Raises:
        PackRefused: a stage is of a kind that is not built yet, or a model cannot be used.
    """

    def __init__(
        self,
        pack: Pack,
        models: Mapping[str, bytes],
        *,
        threads: int = 1,
        gate: QualityGate | None = None,
        provider: str = CPU,
    ) -> None:
        cv2.setNumThreads(threads)
        self.pack = pack
        self.recognisers = tuple(
            Recogniser(one, own, threads=threads, provider=provider) for one, own in _with_models(pack, models)
        )
        self._gate = gate if gate is not None else QualityGate()

    @property
    def first(self) -> Recogniser:
        """The recogniser that finds the subject and looks at the photo's quality."""
        return self.recognisers[0]

    def extract(
        self,
        rgb: NDArray[np.uint8],
        *,
        smallest_face_px: int,
        timer: Callable[[], float],
        role: Role = Role.PROBE,
    ) -> Extraction:
        """Return what was made of the one face that matters, if there is one.

        The subject of a live photo is chosen by size, place and focus (:mod:`fairgate.face.subject`), and refused as
        one of several where another confident face could be meant as well. That of a reference photo is the largest
        face; there any second face of comparable size counts, since a photo of two people is no reference.

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left, orientation applied.
            smallest_face_px: width of the smallest face that the lane cares about, in pixels after a photo smaller
                than the pack's ``enlarge_to_px`` was enlarged to it.
            timer: seconds since an arbitrary start.
            role: whether this is a live photo or a reference.

        Raises:
            FaceContractBroken: the frame is not of the agreed type and shape.
            EngineFault: a network failed.
        """
        check_rgb(rgb)
        watch = _Watch(timer)
        first = self.first
        with watch.stage("detect"):
            view = first.look(rgb, lambda shown: self._candidates(shown, smallest_face_px, role))
            frame, factor, faces = view.frame, view.factor, view.faces
            chosen = self._choice(frame, faces, role) if faces else None
        if chosen is None:
            return NoFace(watch.taken())
        if chosen.rivals:
            return SeveralFaces(1 + chosen.rivals, watch.taken())
        subject = chosen.subject
        with watch.stage("landmarks"):
            points = first.points(frame, subject)
        own_points, own_face = (points + 0.5) / factor - 0.5, _shrunk(subject, factor)
        with watch.stage("quality"):
            report = assess(rgb, own_points, own_face.box, self._gate, first.scheme)
        if report.failed:
            return PoorImage(report.failed[0], report, own_face, watch.taken())
        vectors = [self._vector(first, frame, points, watch)]
        for other in self.recognisers[1:]:
            with watch.stage("detect"):
                again = self._again(other, rgb, own_face, smallest_face_px)
            if again is None:
                return NoFace(watch.taken())
            vectors.append(self._vector(other, *again, watch))
        return Extracted(
            features=Features(self.pack.digest, fused(vectors, [one.stages.weight for one in self.recognisers])),
            face=own_face,
            landmarks=tuple((float(x), float(y)) for x, y in own_points),
            quality=report,
            face_count=len(faces),
            stage_ms=watch.taken(),
        )

    def inspect(self, rgb: NDArray[np.uint8], *, smallest_face_px: int) -> Inspection:
        """Return every face in a photo with its points and quality, for a person to look at; no features are made.

        Args:
            rgb: as for :meth:`extract`.
            smallest_face_px: likewise.

        Raises:
            FaceContractBroken: the frame is not of the agreed type and shape.
            EngineFault: a network failed.
        """
        check_rgb(rgb)
        first = self.first
        view = first.look(rgb, lambda shown: first.detector.detect(shown, smallest_face_px=smallest_face_px))
        frame, factor = view.frame, view.factor
        faces = sorted(view.faces, key=lambda face: face.box[0] + face.box[2])
        chosen = self._choice(frame, faces, Role.PROBE) if faces else None
        seen = []
        for face in faces:
            points, own = (first.points(frame, face) + 0.5) / factor - 0.5, _shrunk(face, factor)
            seen.append(
                Seen(
                    own,
                    tuple((float(x), float(y)) for x, y in points),
                    assess(rgb, points, own.box, self._gate, first.scheme, thorough=True),
                )
            )
        return Inspection(
            width_px=rgb.shape[1],
            height_px=rgb.shape[0],
            scheme=first.scheme,
            seen=tuple(seen),
            subject=faces.index(chosen.subject) if chosen is not None and not chosen.rivals else None,
        )

    def _candidates(self, frame: NDArray[np.uint8], smallest_face_px: int, role: Role) -> tuple[Face, ...]:
        """Return the faces among which the subject and its rivals are."""
        find = self.first.detector.detect
        faces = find(frame, smallest_face_px=smallest_face_px, ignore_below=COMPARABLE_SIZE)
        if not faces or role is Role.REFERENCE:
            return faces
        widest = weight(frame, max(faces, key=lambda face: face.width_px))
        if widest >= COMPARABLE_SIZE:
            return faces
        # The widest face stands at the edge or is blurred: a narrower one, and rivals of that, may be meant instead.
        return find(frame, smallest_face_px=smallest_face_px, ignore_below=COMPARABLE_SIZE * widest) or faces

    def _choice(self, frame: NDArray[np.uint8], faces: Sequence[Face], role: Role) -> Choice:
        if role is Role.REFERENCE or len(faces) == 1:
            return choose(faces, [1.0] * len(faces), self.pack.detector.minimum_score)
        return choose(faces, [weight(frame, face) for face in faces], CONFIDENT_SCORE)

    @staticmethod
    def _vector(
        recogniser: Recogniser, frame: NDArray[np.uint8], points: NDArray[np.floating], watch: _Watch
    ) -> NDArray[np.float32]:
        with watch.stage("align"):
            aligned = recogniser.chip(frame, points)
        with watch.stage("embed"):
            vector: NDArray[np.float32] = recogniser.embedder.embed(aligned[None])[0]
        return vector

    @staticmethod
    def _again(
        recogniser: Recogniser, rgb: NDArray[np.uint8], subject: Face, smallest_face_px: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]] | None:
        """Return the frame and the subject's landmarks as another recogniser sees them; ``None`` where it does not."""
        view = recogniser.look(
            rgb, lambda frame: recogniser.detector.detect(frame, smallest_face_px=smallest_face_px, ignore_below=0.0)
        )
        shown = [(overlap(_shrunk(face, view.factor).box, subject.box), face) for face in view.faces]
        share, same = max(shown, key=lambda one: one[0], default=(0.0, None))
        if same is None or share < SAME_FACE:
            return None
        return view.frame, recogniser.points(view.frame, same)


def fused(vectors: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    """Return one vector of unit norm whose cosine is the weighted mean of the parts' cosines.

    Scaling each part by the root of its weight does it: the product of two such vectors is the sum of the parts'
    products, each times its weight. So a fused template is stored, compared and searched like any other.

    Args:
        vectors: float32, each of unit norm.
        weights: one each, above 0, adding up to 1.
    """
    if len(vectors) == 1:
        return vectors[0]
    scaled = [np.float32(math.sqrt(weight)) * vector for vector, weight in zip(vectors, weights, strict=True)]
    return np.concatenate(scaled).astype(np.float32)


def overlap(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Return the area that two boxes share, as a part of what they cover together, in [0, 1]."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(0.0, across) * max(0.0, down)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return shared / (areas - shared) if areas > shared else 0.0


class _Watch:
    """Milliseconds by stage."""

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._taken: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = self._timer()
        try:
            yield
        finally:
            self._taken[name] = self._taken.get(name, 0.0) + (self._timer() - started) * 1000

    def taken(self) -> Mapping[str, float]:
        return MappingProxyType(dict(self._taken))


def _shrunk(face: Face, factor: float) -> Face:
    left, top, right, bottom = (side / factor for side in face.box)
    return Face((left, top, right, bottom), face.score)


def _with_models(pack: Pack, models: Mapping[str, bytes]) -> Iterator[tuple[Stages, Mapping[str, bytes]]]:
    """Yield each recogniser with its own models, named as if it were the only one."""
    yield pack, models
    for other in pack.fused_with:
        prefix = f"{other.id}."
        yield other, {name.removeprefix(prefix): model for name, model in models.items() if name.startswith(prefix)}
