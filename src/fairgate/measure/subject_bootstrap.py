"""Intervals for rates whose comparisons share people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SubjectTrials:
    """Comparisons counted by person, and the erroneous ones one by one.

    Args:
        of: how many comparisons there are.
        as_probe: int64, shape (people,): comparisons in which the person is on the probe.
        as_reference: int64, shape (people,): comparisons in which the person is on the reference.
        first: int32, shape (errors,): person on the probe of each erroneous comparison.
        second: int32, shape (errors,): person on its reference; the same person in mated comparisons.
        mated: comparisons of one person with themself.
    """

    of: int
    as_probe: NDArray[np.int64] = field(repr=False)
    as_reference: NDArray[np.int64] = field(repr=False)
    first: NDArray[np.int32] = field(repr=False)
    second: NDArray[np.int32] = field(repr=False)
    mated: bool = False
