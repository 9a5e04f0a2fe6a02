"""The unified score: how likely it is that a capture is far from what the face looks like, from many small signs.

A linear model of signs that are measured anyway: ratios of parts of the face (what covers the eyes, reflections, grain)
and native values of components. Its weights are in :mod:`fairgate.face.quality.unified_terms`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from fairgate.face.quality import (
    contrast,
    dynamic_range,
    motion_blur,
    over_exposure,
    roll,
    sharpness,
    under_exposure,
    yaw,
)
from fairgate.face.quality.component import Component
from fairgate.face.quality.ratios import ratios
from fairgate.face.quality.sight import Sight
from fairgate.face.quality.unified_terms import FARTHEST_SPREADS, INTERCEPT, TERMS

FROM_COMPONENTS: tuple[str, ...] = (sharpness.NAME, over_exposure.NAME, roll.NAME, yaw.NAME, motion_blur.NAME)
"""Components whose native value is a sign; of an angle its size."""

_NEEDED: tuple[str, ...] = (
    sharpness.NAME,
    under_exposure.NAME,
    over_exposure.NAME,
    contrast.NAME,
    dynamic_range.NAME,
)
"""Where one of these maps to 0 there is nothing to see, and the model has seen nothing like it."""


def signs(sight: Sight, components: Mapping[str, Component]) -> Mapping[str, float]:
    """Return every sign by name; all finite.

    Args:
        sight: the face.
        components: at least those of ``FROM_COMPONENTS``.
    """
    natives = {name: components[name] for name in FROM_COMPONENTS}
    sizes = {name: abs(one.native) if one.unit == "degree" else one.native for name, one in natives.items()}
    return MappingProxyType({**ratios(sight.upright), **sizes})


def unified(sight: Sight, components: Mapping[str, Component]) -> int:
    """Return the unified score, 0 to 100; higher is better.

    One hundred times the estimated chance that the capture is nearer to the person's untouched photo, by its features,
    than the worst tenth of a set of degraded portraits. A sign counts up to four standard deviations from its mean.

    Args:
        sight: the face.
        components: at least those of ``FROM_COMPONENTS``, contrast, dynamic range and under-exposure.

    Source: ISO/IEC 29794-5:2025 has a unified score by a network trained for it; this one is a logistic regression.
    The form of many measures and one trained model is that of NFIQ 2 (NIST, for fingerprints). How it was trained and
    what it foretells: docs/discussion/quality.md.
    """
    if any(components[name].mapped == 0 for name in _NEEDED):
        return 0
    seen = signs(sight, components)
    log_odds = INTERCEPT
    for term in TERMS:
        spreads = (seen[term.sign] - term.mean) / term.spread
        log_odds += term.weight * min(FARTHEST_SPREADS, max(-FARTHEST_SPREADS, spreads))
    return round(100.0 / (1.0 + math.exp(log_odds)))
