"""The one source of chance of the simulated boardings: the same seed draws the same world on every machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Chance:
    """Draws from a seed.

    Args:
        seed: not negative.
        stream: separates what is drawn for one purpose from what is drawn for another.
    """

    def __init__(self, seed: int, stream: int = 0) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, stream]))

    def happens(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.between(0.0, 1.0) < share

    def between(self, low: float, high: float) -> float:
        """Return a number from ``low`` to below ``high``."""
        return low + (high - low) * float(self._generator.random())

    def count(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return int(self._generator.integers(low, high, endpoint=True))

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of several, all equally likely."""
        return choices[int(self._generator.integers(len(choices)))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return one of several, each as likely as its weight says."""
        choices, left = tuple(weights), self.between(0.0, sum(weights.values()))
        for choice in choices:
            left -= weights[choice]
            if left < 0:
                return choice
        return choices[-1]

    def bytes(self, size: int, /) -> bytes:
        """Return bytes for salts, keys and identifiers of a simulation."""
        return self._generator.bytes(size)
