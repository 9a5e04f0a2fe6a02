"""Whether networks give the same on another device as on the CPU, asked once before anything depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fairgate.errors import EngineFault, ExecutionProviderRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.face.embed import Embedder

MOST_DIFFERENCE = 1e-3
"""The largest difference of any feature, of unit norm, between a device and the CPU. Source: the design, on packs."""

_CHIPS = 4
_SEED = 20260
_COARSE_PX = 8


def require_same_features(on_device: Mapping[str, Embedder], on_cpu: Mapping[str, Embedder]) -> float:
    """Return the largest difference between a device's features and the CPU's.

    The chips are smooth random patterns, the same each time: they reach the whole of a network and show nobody.

    Args:
        on_device: what is to work, by the name of its pack or of the part of a fused one.
        on_cpu: the same on the CPU.

    Raises:
        ExecutionProviderRefused: the device fails, or a feature differs by more than :data:`MOST_DIFFERENCE`.
    """
    largest = 0.0
    for name, embedder in on_device.items():
        chips = _patterns(embedder.size_px)
        try:
            found = embedder.embed(chips)
        except EngineFault as cause:
            raise ExecutionProviderRefused(
                f"The configured execution provider cannot run the pack {name}.",
                way_out="Set execution_provider to cpu.",
            ) from cause
        largest = max(largest, float(np.abs(found - on_cpu[name].embed(chips)).max()))
    if not largest <= MOST_DIFFERENCE:
        raise ExecutionProviderRefused(
            f"The configured execution provider gives features that differ from the CPU's by {largest:.2g}; "
            f"{MOST_DIFFERENCE:g} is the most.",
            way_out="Set execution_provider to cpu: thresholds were calibrated on it.",
        )
    return largest


def _patterns(size: int) -> NDArray[np.uint8]:
    """Return chips: uint8, shape (4, size, size, 3)."""
    generator = np.random.Generator(np.random.PCG64(_SEED))
    coarse = generator.uniform(0, 255, (_CHIPS, _COARSE_PX, _COARSE_PX, 3))
    at = np.linspace(0, _COARSE_PX - 1, size)
    low = np.minimum(at.astype(np.intp), _COARSE_PX - 2)
    share = (at - low)[:, None, None]
    rows = coarse[:, low] * (1 - share) + coarse[:, low + 1] * share
    across = (at - low)[None, :, None]
    return np.rint(rows[:, :, low] * (1 - across) + rows[:, :, low + 1] * across).astype(np.uint8)
