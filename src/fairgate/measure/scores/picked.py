"""Rows picked out of a batch, whose columns may be narrower than its scores."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)


def places(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return where a mask holds, as flat indices into an array of ``shape``; the mask may be narrower."""
    return np.flatnonzero(mask if mask.shape == shape else np.broadcast_to(mask, shape))


def picked(column: NDArray[Kind], shape: tuple[int, ...], at: NDArray[np.intp]) -> NDArray[Kind]:
    """Return a column's values at flat indices of a batch, shape (len(at),).

    Args:
        column: can be broadcast to ``shape``.
        shape: of the batch's scores.
        at: flat indices into that shape.
    """
    if column.shape == shape:
        return column.reshape(-1)[at]
    wide: NDArray[Any] = np.broadcast_to(column, shape)
    values: NDArray[Kind] = wide[np.unravel_index(at, shape)]
    return values
