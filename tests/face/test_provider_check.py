"""Another device may work only where it gives the CPU's features."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fairgate.errors import EngineFault, ExecutionProviderRefused
from fairgate.face.embed import Embedder
from fairgate.face.provider_check import MOST_DIFFERENCE, require_same_features


class Device:
    """A network of nine means of regions, off by a share in one of them, or failing."""

    def __init__(self, off_by: float = 0.0, *, fails: bool = False) -> None:
        self.off_by, self.fails = off_by, fails

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        """Return the features of the chips."""
        if self.fails:
            raise EngineFault("The inference runtime failed.")
        (chips,) = (np.asarray(value, np.float32) for value in values)
        found = chips.reshape(len(chips), 3, 4, 6, 4, 6).mean(axis=(3, 5)).reshape(len(chips), 48)
        found[:, 0] *= 1 + self.off_by
        return (found,)


def embedders(device: Device) -> dict[str, Embedder]:
    """A pack of one recogniser on a device."""
    return {"drawn": Embedder(device, size_px=24, feature_length=48, mirrored_average=True)}


def test_the_same_features_pass() -> None:
    """And the largest difference is told."""
    assert require_same_features(embedders(Device()), embedders(Device())) == 0.0
    assert 0 < require_same_features(embedders(Device(off_by=1e-4)), embedders(Device())) <= MOST_DIFFERENCE


def test_other_features_are_refused() -> None:
    """Thresholds were calibrated on the CPU's."""
    with pytest.raises(ExecutionProviderRefused, match="differ"):
        require_same_features(embedders(Device(off_by=0.05)), embedders(Device()))


def test_features_that_are_no_numbers_are_refused() -> None:
    """A device that overflows is not let through by a comparison that nothing passes."""
    with pytest.raises(ExecutionProviderRefused):
        require_same_features(embedders(Device(off_by=float("nan"))), embedders(Device()))


def test_a_device_that_fails_is_refused() -> None:
    """At start, with a way out, and not at the first traveller."""
    with pytest.raises(ExecutionProviderRefused, match="drawn"):
        require_same_features(embedders(Device(fails=True)), embedders(Device()))
