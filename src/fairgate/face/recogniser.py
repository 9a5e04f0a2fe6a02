"""One detector, landmark stage and embedder, loaded; a pack has one of these, a fused pack several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fairgate.errors import PackModelShape, PackRefused
from fairgate.face.align import chip, template_points
from fairgate.face.detect import CONFIDENT_SCORE, Face, WindowDetector
from fairgate.face.dlib_shapes import read_shape_predictor
from fairgate.face.embed import Embedder, PixelForm
from fairgate.face.five_points import PointScheme
from fairgate.face.image import enlarged
from fairgate.face.landmarks import TreeLandmarks
from fairgate.face.levels import stretched
from fairgate.face.runtime import Session
from fairgate.face.windows import read_facts
from fairgate.face.yunet import YunetDetector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.pack_stages import DetectorStage, EmbedderStage, LandmarksStage


class Stages(Protocol):
    """What a pack says of one recogniser; the pack itself is one, and so is each that is fused with it."""

    @property
    def id(self) -> str:
        """Name, for error texts."""
        ...

    @property
    def detector(self) -> DetectorStage:
        """First stage."""
        ...

    @property
    def landmarks(self) -> LandmarksStage:
        """Second stage."""
        ...

    @property
    def embedder(self) -> EmbedderStage:
        """Third stage."""
        ...

    @property
    def weight(self) -> float:
        """Share in the score, above 0 and at most 1."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A frame as a recogniser looked at it, and what it found.

    Args:
        frame: as :meth:`Recogniser.prepared` gives it, of the pixels handed in or of the same with full contrast.
        factor: by which it was enlarged.
        faces: in pixels of ``frame``, in the order in which they were found.
    """

    frame: NDArray[np.uint8] = field(repr=False)
    factor: float
    faces: tuple[Face, ...]


class Recogniser:
    """Stages loaded and ready; for one thread at a time.

    Args:
        stages: which models, and how they are used.
        models: bytes by stage name: ``detector`` and ``embedder`` as ONNX, ``landmarks`` as dlib's own file or its
            compact form.
        threads: how many threads a network may use.
        provider: the runtime's name of where networks run.

    Raises:
        PackRefused: a stage is of a kind that is not built yet, or a model cannot be used.
        PackModelShape: a network takes other pixels than the pack says.
    """

    def __init__(self, stages: Stages, models: Mapping[str, bytes], *, threads: int, provider: str) -> None:
        self.stages = stages
        self.detector = _detector(stages, models, threads, provider)
        # YuNet's scores are on another scale; what passes its pack's own minimum counts as sure.
        self._sure_from = stages.detector.minimum_score if stages.detector.kind == "yunet" else CONFIDENT_SCORE
        self.landmarks = _landmarks(stages, models)
        self.scheme = PointScheme.EYE_CENTRES if self.landmarks is None else PointScheme.EYE_CORNERS
        self.embedder = _embedder(stages, models, threads, provider)
        stage = stages.embedder
        self.template = template_points(stage.template, stage.padding, stage.input_width_px)

    def prepared(self, rgb: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
        """Return the frame as this recogniser looks at it, and by which factor it was enlarged."""
        return enlarged(rgb, self.stages.landmarks.enlarge_to_px)

    def look(self, rgb: NDArray[np.uint8], find: Callable[[NDArray[np.uint8]], tuple[Face, ...]]) -> View:
        """Look for faces in the frame as it is and, where none is sure, in the same with full contrast if it is flat.

        The second look counts only where it shows a sure face. So nothing changes where the first shows one, nor in a
        frame that is not flat (:mod:`fairgate.face.levels`).

        Args:
            rgb: uint8, shape (height, width, 3), 0-255, RGB, origin top left.
            find: a prepared frame → the faces in it; asked once or twice.
        """
        frame, factor = self.prepared(rgb)
        seen = View(frame, factor, find(frame))
        clear = None if self._some_sure(seen.faces) else stretched(rgb)
        if clear is None:
            return seen
        frame, factor = self.prepared(clear)
        again = View(frame, factor, find(frame))
        return again if self._some_sure(again.faces) else seen

    def _some_sure(self, faces: tuple[Face, ...]) -> bool:
        return any(face.score >= self._sure_from for face in faces)

    def points(self, frame: NDArray[np.uint8], face: Face) -> NDArray[np.float32]:
        """Return the landmarks of a face.

        Args:
            frame: as :meth:`prepared` gave it.
            face: found in it.

        Returns:
            float32, shape (5, 2), pixels of the frame, in the order of :attr:`scheme`.
        """
        if self.landmarks is None:
            return np.array(face.points, np.float32)
        return self.landmarks.find(frame, face.box)

    def chip(self, frame: NDArray[np.uint8], points: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Return the aligned chip: uint8, shape (size, size, 3), RGB."""
        return chip(frame, points, self.template, self.stages.embedder.input_width_px)


def _model(stages: Stages, models: Mapping[str, bytes], stage: str) -> bytes:
    if stage not in models:
        raise PackRefused(
            f"The pack {stages.id} was loaded without its {stage}.", way_out="Run `fairgate packs verify`."
        )
    return models[stage]


def _detector(
    stages: Stages, models: Mapping[str, bytes], threads: int, provider: str
) -> WindowDetector | YunetDetector:
    stage = stages.detector
    session = Session(_model(stages, models, "detector"), threads=threads, provider=provider, varying_sizes=True)
    if stage.kind == "yunet":
        _check_shape(stages, "detector", session, None, None)
        return YunetDetector(
            session,
            bgr=stage.colour_order == "bgr",
            mean=stage.normalisation.mean,
            divide_by=stage.normalisation.divide_by,
            minimum_score=stage.minimum_score,
        )
    if stage.colour_order != "rgb":
        raise _not_built(stages, "detector", stage.kind)
    return WindowDetector(session, read_facts(session.facts), stage.normalisation.mean, stage.minimum_score)


def _landmarks(stages: Stages, models: Mapping[str, bytes]) -> TreeLandmarks | None:
    """Return the predictor, or ``None`` where the detector gives the points."""
    if stages.landmarks.kind == "dlib-trees":
        return TreeLandmarks(read_shape_predictor(_model(stages, models, "landmarks")))
    if stages.detector.kind != "yunet":
        raise _not_built(stages, "landmarks", stages.landmarks.kind)
    return None


def _embedder(stages: Stages, models: Mapping[str, bytes], threads: int, provider: str) -> Embedder:
    stage = stages.embedder
    is_dlib = stage.kind == "dlib-resnet"
    if stage.input_width_px != stage.input_height_px or (is_dlib and stage.colour_order != "rgb"):
        raise _not_built(stages, "embedder", stage.kind)
    session = Session(_model(stages, models, "embedder"), threads=threads, provider=provider)
    batch = _check_shape(stages, "embedder", session, stage.input_height_px, stage.input_width_px)
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


def _check_shape(stages: Stages, name: str, session: Session, rows: int | None, columns: int | None) -> int | None:
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
            f"The {name} of pack {stages.id} does not take pixels of the shape that the pack names.",
            way_out="Correct the pack's TOML file, or use the model file that it was made for.",
        )
    return shapes[0][0]


def _not_built(stages: Stages, stage: str, kind: str) -> PackRefused:
    return PackRefused(
        f"The pack {stages.id} asks for a {stage} of the kind {kind!r}, which this version cannot run as described.",
        way_out="Use another pack.",
    )
