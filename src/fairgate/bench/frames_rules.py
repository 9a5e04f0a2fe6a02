"""Rules that make one score of several frames, or of several references: what the study compares.

Vectors are of unit norm; a score is a cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FrameRule = Callable[["NDArray[np.float32]", "NDArray[np.float64]", "NDArray[np.float32]"], "NDArray[np.float32]"]
"""Frames (captures, k, d), their quality (captures, k), references (r, d) → scores (captures, r)."""

ReferenceRule = Callable[["NDArray[np.float32]", "NDArray[np.float32]"], "NDArray[np.float32]"]
"""Probes (p, d), references (people, m, d) → scores (p, people)."""

SOFTNESS = 0.02
"""Scale of the soft maximum: scores that lie much closer are averaged, of those much further apart the best counts."""


def _best(
    frames: NDArray[np.float32], quality: NDArray[np.float64], references: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(frames[np.arange(len(frames)), quality.argmax(axis=1)] @ references.T, np.float32)


def _mean_feature(
    frames: NDArray[np.float32], _quality: NDArray[np.float64], references: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(unit(frames.sum(axis=1)) @ references.T, np.float32)


def _weighted_feature(
    frames: NDArray[np.float32], quality: NDArray[np.float64], references: NDArray[np.float32]
) -> NDArray[np.float32]:
    weights = (quality + 1.0)[:, :, None].astype(np.float32)  # a frame of quality 0 counts a little, never nothing
    return np.asarray(unit((frames * weights).sum(axis=1)) @ references.T, np.float32)


def _of_scores(reduce: Callable[..., NDArray[np.float32]]) -> FrameRule:
    def rule(
        frames: NDArray[np.float32], _quality: NDArray[np.float64], references: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        return np.asarray(reduce(frames @ references.T, axis=1), np.float32)

    return rule


FRAME_RULES: Mapping[str, FrameRule] = MappingProxyType(
    {
        "best quality": _best,
        "mean feature": _mean_feature,
        "mean feature, weighted by quality": _weighted_feature,
        "highest score": _of_scores(np.max),
        "mean score": _of_scores(np.mean),
        "median score": _of_scores(np.median),
    }
)


def _each(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    people, count, length = references.shape
    scores: NDArray[np.float32] = (probes @ references.reshape(people * count, length).T).reshape(-1, people, count)
    return scores


def _highest(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    highest: NDArray[np.float32] = _each(probes, references).max(axis=2)
    return highest


def _mean(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = _each(probes, references).mean(axis=2)
    return mean


def _soft(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    scores = _each(probes, references)
    top = scores.max(axis=2)
    raised = np.exp((scores - top[:, :, None]) / SOFTNESS).mean(axis=2)
    return np.asarray(top + SOFTNESS * np.log(raised), np.float32)


def _mean_reference(probes: NDArray[np.float32], references: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(probes @ unit(references.sum(axis=1)).T, np.float32)


REFERENCE_RULES: Mapping[str, ReferenceRule] = MappingProxyType(
    {"highest score": _highest, "mean score": _mean, "soft maximum": _soft, "mean feature": _mean_reference}
)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vectors, along the last axis, brought to unit norm."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)
