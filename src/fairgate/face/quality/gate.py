"""The quality gate: how low each component may be, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fairgate.face.quality import (
    contrast,
    crop,
    dynamic_range,
    illumination_evenness,
    inter_eye_distance,
    over_exposure,
    roll,
    sharpness,
    under_exposure,
    yaw,
)
from fairgate.face.quality.component import Component

CONSERVATIVE: Mapping[str, int] = MappingProxyType(
    {
        sharpness.NAME: 38,  # native 0.25
        under_exposure.NAME: 20,  # native 0.70 of the face black
        over_exposure.NAME: 20,  # native 0.49 of the face white
        contrast.NAME: 15,  # native 5.5 grey levels
        dynamic_range.NAME: 25,  # native 3.1 bit
        illumination_evenness.NAME: 20,  # native 4.2 times
        inter_eye_distance.NAME: 15,  # native 14 px
        roll.NAME: 30,  # native 44 degrees
        yaw.NAME: 20,  # native 47 degrees
        crop.NAME: 30,  # native 0.69 of the face in the frame
    }
)
"""Refuses only what is plainly unusable.

Source: set so that none of the 602 untouched portraits fails and each portrait blurred with sigma = 8 px (335×410 px)
does; error-versus-discard curves gave no reason to change it (docs/discussion/quality.md). Head position is reported
and not gated; covered eyes neither, until somebody decides who has to take off their glasses.
"""


@dataclass(frozen=True, slots=True)
class QualityGate:
    """How low each component's mapped value may be.

    Args:
        lowest: component name → lowest mapped value that passes, 0–100; a component not named is not gated.
    """

    lowest: Mapping[str, int] = field(default_factory=lambda: CONSERVATIVE)

    def failed(self, components: Mapping[str, Component]) -> tuple[str, ...]:
        """Return the names of the components that fail, the one furthest below its bound first."""
        short = [
            (components[name].mapped - bound, name)
            for name, bound in self.lowest.items()
            if components[name].mapped < bound
        ]
        return tuple(name for _, name in sorted(short))
