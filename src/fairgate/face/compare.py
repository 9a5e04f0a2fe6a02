"""Compare features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairgate.errors import PackMismatch

if TYPE_CHECKING:
    from fairgate.vocabulary import Features, Template


def compare(probe: Features, reference: Template) -> float:
    """Return the cosine similarity; higher is more alike.

    Args:
        probe: of unit norm.
        reference: same pack digest as the probe.

    Returns:
        Score in [-1, 1]; not a probability.

    Raises:
        PackMismatch: the pack digests differ.
    """
    if probe.pack_digest != reference.features.pack_digest:
        raise PackMismatch("Features of two packs cannot be compared.", way_out="Stage the flight again with one pack.")
    score = float(probe.vector @ reference.features.vector)
    return min(1.0, max(-1.0, score))
