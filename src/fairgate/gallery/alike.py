"""The references of one list compared among themselves: which two passengers look like one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import GalleryRefused, PackMismatch
from fairgate.vocabulary import Features, Template

MOST_PAIRS = 1000
"""Pairs kept, the most alike first; a list with more has something else wrong with it. The rest is counted."""
_BLOCK = 512
_UNIT_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two passengers whose references reach the threshold.

    Args:
        first: passenger reference, the smaller of the two as text.
        second: the other's.
        score: the highest cosine of any reference of the one with any of the other.
    """

    first: str
    second: str
    score: float


@dataclass(frozen=True, slots=True)
class AlikePairs:
    """What comparing a list among itself gave.

    Args:
        pairs: the most alike first, then by passenger reference.
        left_out: pairs at or above the threshold beyond those kept.
        passengers: who had a reference.
        templates: references.
        comparisons: references of different passengers compared; with ``t`` templates never more than
            ``t * (t - 1) / 2``, for which the threshold is calibrated.
    """

    pairs: tuple[AlikePair, ...]
    left_out: int
    passengers: int
    templates: int
    comparisons: int


def find_alike(
    templates: Iterable[Template], threshold: float, *, pack_digest: str, bound: int, most_pairs: int = MOST_PAIRS
) -> AlikePairs:
    """Compare every two passengers of one list; any of the one's references with any of the other's counts.

    Args:
        templates: of one list, in any order; several of one passenger are allowed and never compared with each other.
        threshold: a pair is alike at or above it; cosine.
        pack_digest: of the pack that made all of the features.
        bound: the most templates that the list may have, which the threshold was calibrated for.
        most_pairs: the most pairs to keep, at least 1.

    Returns:
        The same for the same templates, whatever their order.

    Raises:
        GalleryRefused: more templates than the bound, one of nobody, no pair to keep, or features that are not float32
            of one length and unit norm.
        PackMismatch: features of another pack.
    """
    if most_pairs < 1:
        raise GalleryRefused("A list compared among itself was to keep no pair.")
    by_ref: dict[str, list[Features]] = {}
    for count, template in enumerate(templates, start=1):
        if count > bound:
            raise GalleryRefused(f"A list to compare among itself has more than {bound} templates, its bound.")
        by_ref.setdefault(template.passenger_ref, []).append(template.features)
    if not all(ref.strip() for ref in by_ref):
        raise GalleryRefused("A list to compare among itself holds a template of nobody.")
    refs = sorted(by_ref)
    counts = np.array([len(by_ref[ref]) for ref in refs], dtype=np.int64)
    total = int(counts.sum())
    comparisons = (total * total - int((counts**2).sum())) // 2
    if len(refs) < 2:
        return AlikePairs((), 0, len(refs), total, comparisons)
    rows = _rows([features for ref in refs for features in by_ref[ref]], pack_digest)
    kept, found = _Kept(most_pairs), 0
    for first, second, scores in _hits(rows, counts, threshold):
        found += scores.size
        kept.add(first, second, scores)
    pairs = tuple(AlikePair(refs[one], refs[other], score) for one, other, score in kept.best())
    return AlikePairs(pairs, found - len(pairs), len(refs), total, comparisons)


_Hits = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
"""Places of the first and of the second passenger, and the score."""


def _hits(rows: NDArray[np.float32], counts: NDArray[np.int64], threshold: float) -> Iterator[_Hits]:
    """Yield the pairs that reach the threshold, block after block of passengers, each with all that follow."""
    starts = np.concatenate([[0], np.cumsum(counts)])
    passenger = 0
    while passenger < counts.size - 1:
        end = max(passenger + 1, int(np.searchsorted(starts, starts[passenger] + _BLOCK, side="right")) - 1)
        top, bottom = int(starts[passenger]), int(starts[end])
        # The owners' rows and columns lie together, so a maximum over each stretch is the best of any two references.
        scores = rows[top:bottom] @ rows[top:].T
        scores = np.maximum.reduceat(scores, starts[passenger:-1] - top, axis=1)
        scores = np.maximum.reduceat(scores, starts[passenger:end] - top, axis=0)
        first, second = np.nonzero(np.triu(scores.astype(np.float64) >= threshold, 1))
        yield first + passenger, second + passenger, scores[first, second]
        passenger = end


class _Kept:
    """The best pairs so far, a bounded number of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._first = np.empty(0, np.int64)
        self._second = np.empty(0, np.int64)
        self._scores = np.empty(0, np.float32)

    def add(self, first: NDArray[np.int64], second: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        first = np.concatenate([self._first, first])
        second = np.concatenate([self._second, second])
        scores = np.concatenate([self._scores, scores])
        best = np.lexsort((second, first, -scores))[: self._most]
        self._first, self._second, self._scores = first[best], second[best], scores[best]

    def best(self) -> list[tuple[int, int, float]]:
        return list(zip(self._first.tolist(), self._second.tolist(), self._scores.tolist(), strict=True))


def _rows(features: Sequence[Features], pack_digest: str) -> NDArray[np.float32]:
    """Return the features as rows, each checked."""
    length = features[0].vector.size
    for one in features:
        if one.pack_digest != pack_digest:
            raise PackMismatch("Features of another pack met a list to compare among itself.")
        vector = one.vector
        if vector.dtype != np.float32 or vector.shape != (length,):
            raise GalleryRefused(f"Features of a list to compare among itself are not float32 of length {length}.")
        if not abs(float(np.dot(vector, vector)) - 1.0) <= _UNIT_NORM_TOLERANCE:
            raise GalleryRefused("Features of a list to compare among itself are not of unit norm.")
    return np.ascontiguousarray(np.stack([one.vector for one in features]))
