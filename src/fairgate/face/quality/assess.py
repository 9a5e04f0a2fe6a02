"""All quality components of one face, and what of them fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fairgate.face.five_points import PointScheme
from fairgate.face.quality import (
    background_uniformity,
    contrast,
    crop,
    dynamic_range,
    eyes_covered,
    head_position,
    head_size,
    illumination_evenness,
    inter_eye_distance,
    motion_blur,
    over_exposure,
    roll,
    sharpness,
    under_exposure,
    yaw,
)
from fairgate.face.quality.component import Component
from fairgate.face.quality.gate import QualityGate
from fairgate.face.quality.sight import Sight, look
from fairgate.face.quality.unified import unified

_MEASURES: Mapping[str, Callable[[Sight], Component]] = MappingProxyType(
    {
        sharpness.NAME: sharpness.measure,
        under_exposure.NAME: under_exposure.measure,
        over_exposure.NAME: over_exposure.measure,
        contrast.NAME: contrast.measure,
        dynamic_range.NAME: dynamic_range.measure,
        illumination_evenness.NAME: illumination_evenness.measure,
        inter_eye_distance.NAME: inter_eye_distance.measure,
        roll.NAME: roll.measure,
        yaw.NAME: yaw.measure,
        crop.NAME: crop.measure,
        head_position.NAME: head_position.measure,
        head_size.NAME: head_size.measure,
        eyes_covered.NAME: eyes_covered.measure,
        motion_blur.NAME: motion_blur.measure,
    }
)

_FURTHER: Mapping[str, Callable[[Sight], Component]] = MappingProxyType(
    {background_uniformity.NAME: background_uniformity.measure}
)
"""Measured where a gate names one, or where somebody looks at a photo; no probe at a lane waits for them otherwise."""

COMPONENT_NAMES: tuple[str, ...] = (*_MEASURES, *_FURTHER)
"""The stable vocabulary of component names, in order of report."""

_DEFAULT_GATE = QualityGate()


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What was measured of one face.

    Args:
        components: name → measured value, in the order of :data:`COMPONENT_NAMES`; some may be left out.
        unified: 0–100, higher is better: see :mod:`fairgate.face.quality.unified`. The gate has no part in it.
        failed: names of the components below the gate, the worst first; empty where the capture passes.
    """

    components: Mapping[str, Component]
    unified: int
    failed: tuple[str, ...]


def assess(
    rgb: NDArray[np.uint8],
    landmarks: NDArray[np.floating],
    box: tuple[float, float, float, float],
    gate: QualityGate = _DEFAULT_GATE,
    scheme: PointScheme = PointScheme.EYE_CORNERS,
    *,
    thorough: bool = False,
) -> QualityReport:
    """Measure the components of one face.

    Args:
        rgb: uint8, shape (h, w, 3), 0–255, RGB, origin top left.
        landmarks: float, shape (5, 2), pixels (x, y).
        box: the detected face: left, top, right, bottom in pixels; may reach over the frame's edge.
        gate: how low each component may be.
        scheme: the landmarks' order.
        thorough: measure also those that cost more and that the gate does not name.

    Raises:
        FaceContractBroken: a shape or type is not the agreed one, or a number is not finite.
    """
    sight = look(rgb, landmarks, box, scheme)
    further = {name: measure for name, measure in _FURTHER.items() if thorough or name in gate.lowest}
    components = MappingProxyType({name: measure(sight) for name, measure in {**_MEASURES, **further}.items()})
    return QualityReport(components, unified(sight, components), gate.failed(components))
