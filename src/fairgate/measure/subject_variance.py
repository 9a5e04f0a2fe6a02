"""The variance of a mean over comparisons of which some share a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int32]
Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SharedVariance:
    """Variance of a sum, in two parts.

    Args:
        own: what comparisons would give that share nobody, above 0.
        shared: what people add to it by being in several, at least 0.
        residual: shape (people,): sum of the person's comparisons less what their number lets expect.
    """

    own: float
    shared: float
    residual: Floats = field(repr=False)

    @property
    def effect(self) -> float:
        """The design effect, at least 1."""
        return 1.0 + self.shared / self.own


def variance_within(made: Counts, first: Codes, value: Floats) -> SharedVariance:
    """Return the variance of a sum over comparisons that each belong to one person.

    Args:
        made: shape (people,): comparisons of each.
        first: the person of each comparison that counts other than 0.
        value: what it counts, 1 or -1.

    Source: as :func:`fairgate.measure.effective_size.effective_trials`.
    """
    of, people = int(made.sum()), int(np.count_nonzero(made))
    residual = by_person(first, value, made.size) - float(value.sum()) / of * made
    own = _own(value, of)
    robust = float(residual @ residual) * people / max(people - 1, 1)
    return SharedVariance(own, max(0.0, robust - own), residual)


def variance_across(made: tuple[Counts, Counts], listed: tuple[Codes, Codes, Floats], of: int) -> SharedVariance:
    """Return the variance of a sum over comparisons that each touch two people.

    The squared residuals of both people of a comparison hold it twice, and so do all comparisons of the same two
    people, in either direction; what the latter add is taken off once.

    Args:
        made: comparisons by person, on the probe and on the reference.
        listed: of each comparison that counts other than 0: person on the probe, on the reference, what it counts.
        of: comparisons.

    Source: Aronow, Samii and Assenova, Political Analysis 23 (2015) 564-577, eq. (3).
    """
    first, second, value = listed
    people, rate = made[0].size, float(value.sum()) / of
    residual = residual_across(made, listed, of)
    own = _own(value, of)
    robust = float(residual @ residual) - (_by_pair(first, second, value, people) - of * rate * rate)
    return SharedVariance(own, max(0.0, robust - own), residual)


def residual_across(made: tuple[Counts, Counts], listed: tuple[Codes, Codes, Floats], of: int) -> Floats:
    """Return what each person's comparisons, on either side, count beyond what their number lets expect."""
    first, second, value = listed
    counted = by_person(first, value, made[0].size) + by_person(second, value, made[0].size)
    return np.asarray(counted - float(value.sum()) / of * (made[0] + made[1]), dtype=np.float64)


def by_person(code: Codes, value: Floats, people: int) -> Floats:
    """Return sums by person, shape (people,)."""
    return np.asarray(np.bincount(code, weights=value, minlength=people), dtype=np.float64)


def _by_pair(first: Codes, second: Codes, value: Floats, people: int) -> float:
    """Return the sum over every two people of the square of what their comparisons, in either direction, count."""
    pair = np.minimum(first, second).astype(np.int64) * people + np.maximum(first, second)
    if (value == 1.0).all():
        times = np.unique(pair, return_counts=True)[1].astype(np.float64)
        return float(times @ times)
    together = np.bincount(np.unique(pair, return_inverse=True)[1], weights=value)
    return float(together @ together)


def _own(value: Floats, of: int) -> float:
    """Return the variance as if no comparison shared anybody; above 0 unless all count the same."""
    return max(float(value @ value) - float(value.sum()) ** 2 / of, 1e-12)
