"""The stages in order: image, detect, landmarks, quality, align, embed. No other place knows the order.

What is expected of a crowd of photos is a value here: no face, several faces, a poor image. Exceptions are left for
broken contracts and a failing engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fairgate.errors import PackModelShape, PackRefused
from fairgate.face.align import chip, template_points
from fairgate.face.detect import CONFIDENT_SCORE, Face, WindowDetector
from fairgate.face.dlib_shapes import read_shape_predictor
from fairgate.face.embed import Embedder, PixelForm
from fairgate.face.five_points import PointScheme
from fairgate.face.image import check_rgb, enlarged
from fairgate.face.landmarks import TreeLandmarks
from fairgate.face.quality import QualityGate, QualityReport, assess
from fairgate.face.runtime import CPU, Session
from fairgate.face.windows import read_facts
from fairgate.face.yunet import YunetDetector
from fairgate.vocabulary import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.pack import Pack

COMPARABLE_SIZE = 0.7
"""A second face counts where its box is at least this fraction of the largest one's width: someone beside the subject,
not in the queue behind. A person at 1.4 times the subject's distance appears 0.7 times as wide."""


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
    """More than one face of comparable size.

    Args:
        count: how many are comparable.
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
        models: bytes by stage name: ``detector`` and ``embedder`` as ONNX, ``landmarks`` as dlib's own file; their
            digests were checked by whoever read them.
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
        self.detector = _detector(pack, models, threads, provider)
        self.landmarks = _landmarks(pack, models)
        self._scheme = PointScheme.EYE_CENTRES if self.landmarks is None else PointScheme.EYE_CORNERS
        stage = pack.embedder
        self.embedder = _embedder(pack, models, threads, provider)
        self.template = template_points(stage.template, stage.padding, stage.input_width_px)
        self._gate = gate if gate is not None else QualityGate()

    def extract(
        self,
        rgb: NDArray[np.uint8],
        *,
        smallest_face_px: int,
        timer: Callable[[], float],
        role: Role = Role.PROBE,
    ) -> Extraction:
        """Return what was made of the one face that matters, if there is one.

        The subject is the largest face. It is refused as one of several only where another confident face is of
        comparable size; in a reference photo any face counts as confident, since a photo of two people is no
        reference.

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
        with watch.stage("detect"):
            frame, factor = enlarged(rgb, self.pack.landmarks.enlarge_to_px)
            faces = self.detector.detect(frame, smallest_face_px=smallest_face_px, ignore_below=COMPARABLE_SIZE)
        if not faces:
            return NoFace(watch.taken())
        subject = max(faces, key=lambda face: face.width_px)
        least_score = CONFIDENT_SCORE if role is Role.PROBE else self.pack.detector.minimum_score
        comparable = [face for face in faces if _is_comparable(face, subject, least_score)]
        if len(comparable) > 1:
            return SeveralFaces(len(comparable), watch.taken())
        with watch.stage("landmarks"):
            points = self._points(frame, subject)
        own_points, own_face = (points + 0.5) / factor - 0.5, _shrunk(subject, factor)
        with watch.stage("quality"):
            report = assess(rgb, own_points, own_face.box, self._gate, self._scheme)
        if report.failed:
            return PoorImage(report.failed[0], report, own_face, watch.taken())
        with watch.stage("align"):
            aligned = chip(frame, points, self.template, self.pack.embedder.input_width_px)
        with watch.stage("embed"):
            vector = self.embedder.embed(aligned[None])[0]
        return Extracted(
            features=Features(self.pack.digest, vector),
            face=own_face,
            landmarks=tuple((float(x), float(y)) for x, y in own_points),
            quality=report,
            face_count=len(faces),
            stage_ms=watch.taken(),
        )

    def _points(self, frame: NDArray[np.uint8], subject: Face) -> NDArray[np.float32]:
        if self.landmarks is None:
            return np.array(subject.points, np.float32)
        return self.landmarks.find(frame, subject.box)


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
            self._taken[name] = (self._timer() - started) * 1000

    def taken(self) -> Mapping[str, float]:
        return MappingProxyType(dict(self._taken))


def _is_comparable(face: Face, subject: Face, least_score: float) -> bool:
    if face is subject:
        return True
    return face.score >= least_score and face.width_px >= COMPARABLE_SIZE * subject.width_px


def _shrunk(face: Face, factor: float) -> Face:
    left, top, right, bottom = (side / factor for side in face.box)
    return Face((left, top, right, bottom), face.score)


def _model(pack: Pack, models: Mapping[str, bytes], stage: str) -> bytes:
    if stage not in models:
        raise PackRefused(f"The pack {pack.id} was loaded without its {stage}.", way_out="Run `fairgate packs verify`.")
    return models[stage]


def _detector(pack: Pack, models: Mapping[str, bytes], threads: int, provider: str) -> WindowDetector | YunetDetector:
    stage = pack.detector
    session = Session(_model(pack, models, "detector"), threads=threads, provider=provider, varying_sizes=True)
    if stage.kind == "yunet":
        _check_shape(pack, "detector", session, None, None)
        return YunetDetector(
            session,
            bgr=stage.colour_order == "bgr",
            mean=stage.normalisation.mean,
            divide_by=stage.normalisation.divide_by,
            minimum_score=stage.minimum_score,
        )
    if stage.colour_order != "rgb":
        raise _not_built(pack, "detector", stage.kind)
    return WindowDetector(session, read_facts(session.facts), stage.normalisation.mean, stage.minimum_score)


def _landmarks(pack: Pack, models: Mapping[str, bytes]) -> TreeLandmarks | None:
    """Return the predictor, or ``None`` where the detector gives the points."""
    if pack.landmarks.kind == "dlib-trees":
        return TreeLandmarks(read_shape_predictor(_model(pack, models, "landmarks")))
    if pack.detector.kind != "yunet":
        raise _not_built(pack, "landmarks", pack.landmarks.kind)
    return None


def _embedder(pack: Pack, models: Mapping[str, bytes], threads: int, provider: str) -> Embedder:
    stage = pack.embedder
    is_dlib = stage.kind == "dlib-resnet"
    if stage.input_width_px != stage.input_height_px or (is_dlib and stage.colour_order != "rgb"):
        raise _not_built(pack, "embedder", stage.kind)
    session = Session(_model(pack, models, "embedder"), threads=threads, provider=provider)
    batch = _check_shape(pack, "embedder", session, stage.input_height_px, stage.input_width_px)
    form = PixelForm(stage.colour_order == "bgr", stage.normalisation.mean, stage.normalisation.divide_by)
    return Embedder(
        session,
        size_px=stage.input_width_px,
        feature_length=stage.feature_length,
        mirrored_average=stage.mirrored_average,
        one_at_a_time=batch is not None,
        # The network converted from dlib's file does this itself.
        pixels=None if is_dlib else form,
    )


def _check_shape(pack: Pack, name: str, session: Session, rows: int | None, columns: int | None) -> int | None:
    """Return the batch that a network insists on, or ``None`` where it takes any.

    Raises:
        PackModelShape: its input is not (batch, 3, rows, columns); ``None`` stands for any.
    """
    wanted = (3, rows, columns)
    shapes = session.input_shapes
    fits = (
        len(shapes) == 1
        and len(shapes[0]) == 4
        and shapes[0][0] in (None, 1)
        and all(have is None or have == want for have, want in zip(shapes[0][1:], wanted, strict=True))
    )
    if not fits:
        raise PackModelShape(
            f"The {name} of pack {pack.id} does not take pixels of the shape that the pack names.",
            way_out="Correct the pack's TOML file, or use the model file that it was made for.",
        )
    return shapes[0][0]


def _not_built(pack: Pack, stage: str, kind: str) -> PackRefused:
    return PackRefused(
        f"The pack {pack.id} asks for a {stage} of the kind {kind!r}, which this version cannot run as described.",
        way_out="Use another pack.",
    )
