"""Synthetic features make a gallery as hard as real ones would, and are nobody."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.services.distractors import synthetic_vectors


def people(count: int, spread: float) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Return unit vectors around one centre, as a recogniser makes them."""
    draw = np.random.Generator(np.random.PCG64(3))
    centre = draw.standard_normal(128)
    found = [centre + spread * draw.standard_normal(128) for _ in range(count)]
    return [np.asarray(vector / np.linalg.norm(vector), dtype=np.float32) for vector in found]


@pytest.mark.parametrize("count", [1, 2, 29, 30, 300])
def test_they_are_unit_vectors_of_the_same_length(count: int) -> None:
    """Whatever little is known of the real ones."""
    made = synthetic_vectors(50, people(count, 0.6), np.random.Generator(np.random.PCG64(1)))
    assert made.shape == (50, 128)
    assert made.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)


def test_they_lie_among_the_real_ones() -> None:
    """Their similarity to real people spreads as that between real people does."""
    real = np.stack(people(300, 0.6))
    made = synthetic_vectors(300, list(real), np.random.Generator(np.random.PCG64(1)))
    between = (real @ real.T)[np.triu_indices(300, 1)]
    across = (made @ real.T).ravel()
    assert abs(across.mean() - between.mean()) < 0.02
    assert abs(across.std() - between.std()) < 0.02


def test_the_same_randomness_gives_the_same() -> None:
    """Randomness is handed in."""
    first, second = (synthetic_vectors(5, people(40, 0.6), np.random.Generator(np.random.PCG64(9))) for _ in range(2))
    np.testing.assert_array_equal(first, second)
