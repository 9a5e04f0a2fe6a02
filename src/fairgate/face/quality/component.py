"""What one quality component says: a native value with its unit, and the same mapped to 0–100."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """One measured property of a capture.

    Args:
        native: in the unit; the component's file says what it is.
        unit: e.g. ``"px"``, ``"degree"``, ``"share"`` (a part of one), ``"bit"``.
        mapped: 0 (unusable) to 100 (as good as matters); higher is always better.
    """

    native: float
    unit: str
    mapped: int


def linear(native: float, *, worst: float, best: float) -> int:
    """Map a native value to 0–100 on a straight line, cut off at both ends.

    Args:
        native: finite.
        worst: maps to 0; may lie above ``best`` where smaller is better.
        best: maps to 100.
    """
    share = (native - worst) / (best - worst)
    return round(100.0 * min(1.0, max(0.0, share)))
