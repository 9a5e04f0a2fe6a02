"""Synthetic features that fill a gallery up to a size, so that a small demonstration meets the real difficulty.

They are numbers, not faces: never offered, captured, matched or counted in a rate. A search that finds one at the top
has found nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fairgate.services.ports import Entropy
from fairgate.vocabulary import Features, Template

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST_FOR_A_SPREAD = 30
_TYPICAL_COSINE = 0.82  # between two people's features under dlib-cc0, where too few templates show their own spread


def synthetic_vectors(
    count: int, real: Sequence[NDArray[np.float32]], generator: np.random.Generator
) -> NDArray[np.float32]:
    """Return unit vectors that lie among real features as another person's would.

    With enough real templates each synthetic one is drawn from a normal distribution of their mean and covariance;
    with few, it lies at a typical non-mated similarity around their mean.

    Args:
        count: how many.
        real: the gallery's own vectors, float32, shape (d,), unit norm; at least one.
        generator: the randomness.

    Returns:
        float32, shape (count, d), unit norm.
    """
    matrix = np.stack(real).astype(np.float64)
    mean = matrix.mean(axis=0)
    if len(matrix) >= _FEWEST_FOR_A_SPREAD:
        # Combining centred real vectors with normal weights draws from their covariance without inverting anything.
        weights = generator.standard_normal((count, len(matrix))) / np.sqrt(len(matrix) - 1)
        drawn = mean + weights @ (matrix - mean)
    else:
        centre = mean / np.linalg.norm(mean)
        noise = generator.standard_normal((count, matrix.shape[1]))
        noise -= np.outer(noise @ centre, centre)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        drawn = _TYPICAL_COSINE * centre + np.sqrt(1 - _TYPICAL_COSINE**2) * noise
    unit: NDArray[np.float32] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return unit


def synthetic_features(count: int, real: Sequence[Template], entropy: Entropy) -> tuple[Features, ...]:
    """Return the features of so many distractors for a gallery with these templates, of the same pack; at least one."""
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(entropy(16), "big")))
    vectors = synthetic_vectors(count, [template.features.vector for template in real], generator)
    return tuple(Features(real[0].features.pack_digest, vector) for vector in vectors)
