"""Photos as the study of quality looks at them: components, the face's luma, scores, and the same photo re-lit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from fairgate.bench.detection_portraits import known_drawing
from fairgate.face.pipeline import Extracted, Pipeline, Role
from fairgate.face.quality import QualityGate, QualityReport, assess, inter_eye_distance
from fairgate.face.quality.assess import COMPONENT_NAMES
from fairgate.face.quality.sight import look

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fairgate.bench.timing import Progress
    from fairgate.outside.portrait_files import PortraitFolder

SMALLEST_FACE_PX = 80
UNIFIED = "unified"
LOWEST_GATED = "lowest_gated"
"""The lowest of the gated components but the inter-eye distance: the rule that the unified score is held against."""

DERIVED = (UNIFIED, LOWEST_GATED)
MEASURES = (*DERIVED, *COMPONENT_NAMES)
"""What the study looks at, in order of report."""

EVERYTHING_PASSES = QualityGate(MappingProxyType(dict.fromkeys(COMPONENT_NAMES, 0)))
"""A gate for the study's pipeline: every component is measured and nothing is turned away."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a known person.

    Args:
        name: for people.
        subject: who it shows.
        older: of the older of two years.
        path: where it lies; ``None`` is the drawn face.
    """

    name: str
    subject: str
    older: bool
    path: Path | None

    def rgb(self) -> NDArray[np.uint8]:
        """Return its pixels: uint8, shape (height, width, 3), RGB."""
        if self.path is None:
            return known_drawing()[0]
        with Image.open(self.path) as opened:
            return np.asarray(opened.convert("RGB"))


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of one photo.

    Args:
        mapped: by name of ``MEASURES``, 0-100, higher is better.
        native: by name, in the component's unit, the size of an angle; of a unified score the mapped value.
        luma: mean over the face, 0-255.
    """

    mapped: Mapping[str, int]
    native: Mapping[str, float]
    luma: float


@dataclass(frozen=True, slots=True)
class Portrait:
    """An untouched portrait.

    Args:
        subject: who it shows.
        older: of the older of two years.
        seen: of the photo as it is.
        relit: of the same photo in other light, by the light's name.
    """

    subject: str
    older: bool
    seen: Measures
    relit: Mapping[str, Measures] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Probe:
    """A degraded photo of somebody who has a reference.

    Args:
        subject: who it shows.
        seen: of the degraded photo.
        score: against the person's own reference.
    """

    subject: str
    seen: Measures
    score: float


@dataclass(frozen=True, slots=True)
class Looked:
    """Everything that the study looked at.

    Args:
        portraits: untouched.
        probes: degraded.
        without_features: degraded photos without a face or with several; they have no quality.
    """

    portraits: tuple[Portrait, ...]
    probes: tuple[Probe, ...]
    without_features: int


def chosen_photos(folder: PortraitFolder, count: int | None) -> tuple[Photo, ...]:
    """Return portraits of a folder, in its order; where not all, half of them of people who are in both years.

    Args:
        folder: of two years.
        count: how many, spread over the people; ``None`` for all.
    """
    photos = tuple(Photo(file.name, file.subject, file.older, file.path) for file in folder.files)
    if count is None or count >= len(photos):
        return photos
    older = {photo.subject for photo in photos if photo.older} - folder.same_photo
    both = sorted({photo.subject for photo in photos if not photo.older} & older)
    mated = {both[place] for place in _spread(len(both), max(1, count // 4))}
    others = [photo for photo in photos if photo.subject not in mated]
    single = {others[place] for place in _spread(len(others), count - 2 * len(mated))}
    return tuple(photo for photo in photos if photo.subject in mated or photo in single)


def _spread(of: int, count: int) -> tuple[int, ...]:
    return tuple(range(of)) if count >= of else tuple(place * of // count for place in range(max(0, count)))


Degrade = Callable[[Photo, int, int], "NDArray[np.uint8] | None"]
"""Photo, its number and the draw's → the degraded probe; ``None`` where nobody knows where its face is."""

Relight = Callable[["NDArray[np.uint8]", "NDArray[np.float64]"], "NDArray[np.uint8]"]
"""Pixels and the five points → the same photo in other light, the face in the same place."""


def look_at(
    photos: Sequence[Photo],
    same_photo: frozenset[str],
    pipeline: Pipeline,
    *,
    degrade: Degrade,
    lights: Mapping[str, Relight],
    draws: int,
    progress: tuple[Progress, Progress],
) -> Looked:
    """Look at every photo untouched and re-lit, and at degraded newer photos of those who have an older one.

    Args:
        photos: of two years.
        same_photo: subjects whose two photos are one: they are no mated pair.
        pipeline: with the gate ``EVERYTHING_PASSES``.
        degrade: makes a probe.
        lights: by name.
        draws: probes a person.
        progress: called with (done, all), of portraits and of probes.
    """
    references: dict[str, NDArray[np.float32]] = {}
    portraits = []
    for done, photo in enumerate(photos, start=1):
        rgb = photo.rgb()
        made = _extracted(pipeline, rgb, Role.REFERENCE if photo.older else Role.PROBE)
        if made is not None:
            portraits.append(Portrait(photo.subject, photo.older, _measures(rgb, made), _relit(rgb, made, lights)))
            if photo.older and photo.subject not in same_photo:
                references[photo.subject] = made.features.vector
        progress[0](done, len(photos))
    # Everybody in both years is numbered, so that the probes are those of `bench detection --mated`.
    newer = [photo for photo in photos if not photo.older and photo.subject in references]
    probes, missing = [], 0
    for number, photo in enumerate(newer):
        for draw in range(draws):
            pixels = degrade(photo, number, draw)
            made = _extracted(pipeline, pixels, Role.PROBE) if pixels is not None else None
            if pixels is None or made is None:
                missing += 1
            else:
                score = float(references[photo.subject] @ made.features.vector)
                probes.append(Probe(photo.subject, _measures(pixels, made), score))
            progress[1](number * draws + draw + 1, len(newer) * draws)
    return Looked(tuple(portraits), tuple(probes), missing)


def measures_of(report: QualityReport, luma: float) -> Measures:
    """Return the study's values of one face.

    Args:
        report: with at least the components that the default gate names.
        luma: mean over the face.
    """
    components = report.components
    mapped = {name: component.mapped for name, component in components.items()}
    native = {name: abs(one.native) if one.unit == "degree" else one.native for name, one in components.items()}
    lowest = min(mapped[name] for name in QualityGate().lowest if name != inter_eye_distance.NAME)
    scores = {UNIFIED: report.unified, LOWEST_GATED: lowest}
    return Measures(MappingProxyType({**scores, **mapped}), MappingProxyType({**scores, **native}), luma)


def _extracted(pipeline: Pipeline, rgb: NDArray[np.uint8], role: Role) -> Extracted | None:
    made = pipeline.extract(rgb, smallest_face_px=SMALLEST_FACE_PX, timer=time.perf_counter, role=role)
    return made if isinstance(made, Extracted) else None


def _measures(rgb: NDArray[np.uint8], made: Extracted) -> Measures:
    return measures_of(made.quality, _luma(rgb, made))


def _relit(rgb: NDArray[np.uint8], made: Extracted, lights: Mapping[str, Relight]) -> Mapping[str, Measures]:
    """Return what is measured in other light, at the places found in the untouched photo."""
    points = np.array(made.landmarks, np.float64)
    told = {}
    for name, relight in lights.items():
        other = relight(rgb, points)
        told[name] = measures_of(assess(other, points, made.face.box, EVERYTHING_PASSES), _luma(other, made))
    return MappingProxyType(told)


def _luma(rgb: NDArray[np.uint8], made: Extracted) -> float:
    sight = look(rgb, np.array(made.landmarks, np.float64), made.face.box)
    return float(sight.luma[sight.face].mean()) if sight.face.any() else 0.0
