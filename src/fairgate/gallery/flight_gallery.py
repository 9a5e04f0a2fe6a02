"""The references of one flight, searched exactly and never beyond their declared bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import GalleryRefused, PackMismatch
from fairgate.vocabulary import Features, Template

_NAMES_OF_EVERYTHING = frozenset({"all", "any", "*", "%"})
_UNIT_NORM_TOLERANCE = 1e-3
_FEW = 32


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passenger whose reference resembles the probe.

    Args:
        passenger_ref: whose.
        score: cosine similarity in [-1, 1]; higher is more alike; of several templates the best; of several frames the
            mean.
    """

    passenger_ref: str
    score: float


class FlightGallery:
    """A named, bounded set of references; what was put in cannot change.

    Distractors are synthetic features that make a small flight as hard to search as a full one. They take part in every
    search and rank like anyone; they are never returned. A candidate is returned only where it ranks above all of them:
    a distractor on top therefore means no candidate, as a wrong person on top would have meant no right answer.

    Args:
        name: what the gallery is of, e.g. a flight's key; names that mean "everything" are refused.
        bound: the most templates and distractors that it may hold, as its permission states.
        pack_digest: of the pack that made all of its features.
        templates: references; several of one passenger are allowed, and the best of them counts.
        distractors: synthetic features.

    Raises:
        GalleryRefused: no name, a name of everything, more than the bound, or features that are not float32 of one
            length and unit norm.
        PackMismatch: features of another pack.
    """

    def __init__(
        self,
        *,
        name: str,
        bound: int,
        pack_digest: str,
        templates: Iterable[Template],
        distractors: Iterable[Features] = (),
    ) -> None:
        if not name.strip() or name.strip().lower() in _NAMES_OF_EVERYTHING:
            raise GalleryRefused("A gallery needs the name of one flight, ship or port call.")
        if bound < 1:
            raise GalleryRefused(f"The gallery {name} declares no bound.")
        by_ref: dict[str, list[Features]] = {}
        for template in templates:
            by_ref.setdefault(template.passenger_ref, []).append(template.features)
        if not all(ref.strip() for ref in by_ref):
            raise GalleryRefused(f"The gallery {name} holds a template of nobody.")
        refs = sorted(by_ref)
        groups = [by_ref[ref] for ref in refs]
        columns = [features for group in groups for features in group]
        starts = np.cumsum([0, *(len(group) for group in groups)])[:-1]
        columns.extend(distractors)
        if len(columns) > bound:
            raise GalleryRefused(f"The gallery {name} was to hold {len(columns)} templates; its bound is {bound}.")
        self._name, self._bound, self._pack_digest = name, bound, pack_digest
        self._refs = tuple(refs)
        self._starts = np.asarray(starts, dtype=np.intp)
        self._passenger_columns = sum(len(group) for group in groups)
        self._matrix = self._columns_of(columns)

    def _columns_of(self, columns: list[Features]) -> NDArray[np.float32]:
        """Return the features as contiguous rows of one dimension each: a third of the time of the usual layout."""
        if not columns:
            return np.empty((0, 0), dtype=np.float32)
        length = columns[0].vector.shape[0] if columns[0].vector.ndim == 1 else 0
        for features in columns:
            self._check(features, length)
            self._check_unit(features)
        return np.ascontiguousarray(np.stack([features.vector for features in columns], axis=1))

    def _check(self, features: Features, length: int) -> None:
        if features.pack_digest != self._pack_digest:
            raise PackMismatch(f"Features of another pack met the gallery {self._name}.")
        vector = features.vector
        if vector.dtype != np.float32 or vector.shape != (length,):
            raise GalleryRefused(f"Features for the gallery {self._name} are not float32 of length {length}.")
        # The mean of a capture's frames is shorter than 1, which can only lower its scores; nothing longer is compared.
        if not 0.0 < float(np.dot(vector, vector)) <= 1.0 + _UNIT_NORM_TOLERANCE:
            raise GalleryRefused(f"Features for the gallery {self._name} are longer than unit norm, or nothing.")

    def _check_unit(self, features: Features) -> None:
        if float(np.dot(features.vector, features.vector)) < 1.0 - _UNIT_NORM_TOLERANCE:
            raise GalleryRefused(f"Features for the gallery {self._name} are not of unit norm.")

    @property
    def name(self) -> str:
        """Return what the gallery is of."""
        return self._name

    @property
    def bound(self) -> int:
        """Return the most templates and distractors that it may hold."""
        return self._bound

    @property
    def pack_digest(self) -> str:
        """Return the digest of the pack that made its features."""
        return self._pack_digest

    @property
    def size(self) -> int:
        """Return how many comparisons a search makes, distractors included: the N that a threshold is chosen for."""
        return int(self._matrix.shape[1])

    @property
    def distractor_count(self) -> int:
        """Return how many of them are synthetic."""
        return self.size - self._passenger_columns

    @property
    def passenger_refs(self) -> tuple[str, ...]:
        """Return the passengers who have a reference, sorted."""
        return self._refs

    def templates(self) -> tuple[Template, ...]:
        """Return the passengers' templates, by passenger and in the order they came; distractors are none."""
        ends = [*self._starts, self._passenger_columns][1:]
        return tuple(
            Template(ref, Features(self._pack_digest, np.ascontiguousarray(self._matrix[:, column])))
            for ref, start, end in zip(self._refs, self._starts, ends, strict=True)
            for column in range(int(start), int(end))
        )

    def __repr__(self) -> str:
        """Return name and counts, never features."""
        return f"<FlightGallery {self._name}: {len(self._refs)} passengers, {self.distractor_count} distractors>"

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Compare the probe with every passenger, distractors left out.

        Returns:
            float32, shape (number of passengers,), in the order of :attr:`passenger_refs`; cosine in [-1, 1].

        Raises:
            PackMismatch: the probe's features are another pack's.
            GalleryRefused: they are not float32 of the gallery's length and at most unit norm.
        """
        return self._by_passenger(self._compare(features))

    def mean_scores(self, features: Features) -> NDArray[np.float32]:
        """Compare the probe with every passenger by the mean over that passenger's templates, for 1:1.

        A mean of scores spreads less among strangers than one score does, so a threshold of 1:1 keeps its FMR however
        many templates there are; the best of two matched 1.6 to 1.8 times as many strangers, measured on portraits a
        decade apart.

        Returns:
            As :meth:`scores`.

        Raises:
            PackMismatch, GalleryRefused: likewise.
        """
        mine = self._compare(features)[: self._passenger_columns]
        if self._passenger_columns == len(self._refs):
            return mine
        counts = np.diff([*self._starts, self._passenger_columns])
        return np.asarray(np.add.reduceat(mine, self._starts) / counts, np.float32)

    def search(self, features: Features, limit: int = 1) -> tuple[Candidate, ...]:
        """Return the passengers who resemble the probe most, the best first.

        The caller compares the scores with the threshold: nothing here decides. Equal scores come in the order of the
        passengers' references.

        Args:
            features: of the probe.
            limit: the most candidates to return, at least 1.

        Returns:
            Up to ``limit`` candidates that rank above every distractor; none where a distractor ranks first.

        Raises:
            PackMismatch: the probe's features are another pack's.
            GalleryRefused: the limit is below 1, or the features are not float32 of the gallery's length and at most
                unit norm.
        """
        if limit < 1:
            raise GalleryRefused(f"A search in the gallery {self._name} asked for no candidate.")
        compared = self._compare(features)
        scores = self._by_passenger(compared)
        best = _highest(scores, min(limit, scores.size))
        distractors = compared[self._passenger_columns :]
        if distractors.size:
            bar = distractors.max()
            best = [i for i in best if scores[i] > bar]
        return tuple(Candidate(self._refs[i], float(scores[i])) for i in best)

    def without(self, passenger_ref: str) -> FlightGallery:
        """Return a gallery in which this passenger has no reference; this one where they had none.

        The old gallery keeps its features until nothing holds it any more.
        """
        if passenger_ref not in self._refs:
            return self
        at = self._refs.index(passenger_ref)
        ends = [*self._starts[1:], self._passenger_columns]
        start, end = int(self._starts[at]), int(ends[at])
        smaller = object.__new__(FlightGallery)
        smaller._name, smaller._bound, smaller._pack_digest = self._name, self._bound, self._pack_digest
        smaller._refs = self._refs[:at] + self._refs[at + 1 :]
        smaller._starts = np.concatenate([self._starts[:at], self._starts[at + 1 :] - (end - start)])
        smaller._passenger_columns = self._passenger_columns - (end - start)
        smaller._matrix = np.ascontiguousarray(np.delete(self._matrix, slice(start, end), axis=1))
        return smaller

    def _compare(self, features: Features) -> NDArray[np.float32]:
        self._check(features, self._matrix.shape[0] if self.size else features.vector.size)
        if not self.size:
            return np.empty(0, dtype=np.float32)
        return features.vector @ self._matrix

    def _by_passenger(self, compared: NDArray[np.float32]) -> NDArray[np.float32]:
        mine = compared[: self._passenger_columns]
        if self._passenger_columns == len(self._refs):
            return mine
        return np.maximum.reduceat(mine, self._starts)


def _highest(scores: NDArray[np.float32], count: int) -> list[int]:
    """Return where the highest scores stand, best first, equal ones in order of place.

    Where a few are asked for, looking for the maximum that many times is quicker than any sorting.
    """
    if count == 1:
        return [int(scores.argmax())]
    if count > _FEW:
        return [int(at) for at in np.argsort(-scores, kind="stable")[:count]]
    left, found = scores.copy(), []
    for _ in range(count):
        at = int(left.argmax())
        found.append(at)
        left[at] = -np.inf
    return found
