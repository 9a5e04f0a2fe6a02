"""Every portrait compared with every other: the raw material of a calibration, and its parts by subject."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.identification import Searches, searches


class Comparisons(StrEnum):
    """Which comparisons of two people to count.

    ``ALL`` is every one, and thereby the most. ``NEW_WITH_OLD`` is what a search makes: a new photo against older ones,
    enrolled from other sources. Two enrolled portraits resemble each other more than either resembles a new photo, and
    no search compares them, so a tail fitted to all comparisons would be the tail of something else.
    """

    ALL = "all"
    NEW_WITH_OLD = "new_with_old"


@dataclass(frozen=True, slots=True, eq=False)
class Portraits:
    """Comparison scores of a set of portraits, at most two a person: one to enrol and one to probe with.

    Args:
        subjects: who is on each portrait, shape (n,).
        enrolled: bool, shape (n,): the portrait is the older one, which a gallery would hold.
        scores: float64, shape (n, n), symmetric; higher is more alike; the diagonal is not used.
        same_photo: people whose two portraits are one photo: their comparison is neither mated nor non-mated.
    """

    subjects: NDArray[np.str_]
    enrolled: NDArray[np.bool_]
    scores: NDArray[np.float64] = field(repr=False)
    same_photo: frozenset[str] = frozenset()

    def people(self) -> NDArray[np.str_]:
        """Return every person once, sorted."""
        return np.unique(self.subjects)

    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the mated comparisons as indices of the enrolled and of the probe portrait, by person."""
        found = []
        for person in self.people():
            rows = np.flatnonzero(self.subjects == person)
            if rows.size == 2 and person not in self.same_photo:
                found.append((rows[self.enrolled[rows]][0], rows[~self.enrolled[rows]][0]))
        table = np.array(found, dtype=np.intp).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def non_mated(self, which: Comparisons = Comparisons.ALL) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return comparisons of two people, each once, as indices of the two portraits."""
        first, second = np.triu_indices(len(self.subjects), 1)
        chosen = self.subjects[first] != self.subjects[second]
        if which is Comparisons.NEW_WITH_OLD:
            chosen &= self.enrolled[first] != self.enrolled[second]
        return first[chosen], second[chosen]

    def only(self, people: Collection[str]) -> Portraits:
        """Return the portraits of some people and the comparisons among them."""
        rows = np.flatnonzero(np.isin(self.subjects, sorted(people)))
        return Portraits(
            self.subjects[rows], self.enrolled[rows], self.scores[np.ix_(rows, rows)], self.same_photo & set(people)
        )

    def searched(self, probes: Collection[str]) -> Searches:
        """Search some people's newer portraits among everybody's older ones.

        Who has no older portrait is a reference with the newer one, so that galleries can be as large as there are
        people; it is left out of the searches of its own person, as is a photo that appears twice.

        Args:
            probes: whose portraits to search with; those without a newer one are passed over.

        Raises:
            ScoresRefused: none of them has a newer portrait.
        """
        wanted = np.isin(self.subjects, sorted(probes)) & ~self.enrolled
        rows, references = np.flatnonzero(wanted), np.array([self._reference(person) for person in self.people()])
        table = self.scores[np.ix_(rows, references)].copy()
        same = rows[:, None] == references[None, :]
        own = self.subjects[rows][:, None] == self.subjects[references][None, :]
        again = np.isin(self.subjects[rows], sorted(self.same_photo))[:, None]
        table[same | (own & again)] = np.nan
        return searches(table, self.subjects[rows].tolist(), self.subjects[references].tolist())

    def _reference(self, person: str) -> int:
        rows = np.flatnonzero(self.subjects == person)
        older = rows[self.enrolled[rows]]
        return int(older[0] if older.size else rows[0])


def portraits(
    subjects: Sequence[str], enrolled: Sequence[bool], scores: ArrayLike, same_photo: Collection[str] = ()
) -> Portraits:
    """Check a full score matrix and return it as portraits.

    Raises:
        ScoresRefused: shapes disagree, a score is not finite, the matrix is not symmetric, or a person has two
            portraits of one side.
    """
    table = np.asarray(scores, dtype=np.float64)
    names, older = np.asarray(subjects, dtype=np.str_), np.asarray(enrolled, dtype=np.bool_)
    if names.ndim != 1 or older.shape != names.shape or table.shape != (names.size, names.size) or names.size < 2:
        raise ScoresRefused("The score matrix does not have one row and one column a portrait.")
    if not np.isfinite(table).all():
        raise ScoresRefused("A score is not a finite number.")
    if not np.allclose(table, table.T, rtol=0.0, atol=1e-5):
        raise ScoresRefused("The score matrix is not symmetric.")
    if len(set(zip(names.tolist(), older.tolist(), strict=True))) != names.size:
        raise ScoresRefused("A person has two portraits of the same side.")
    return Portraits(names, older, table, frozenset(same_photo))


def folds_by_subject(people: Sequence[str], folds: int, rng: np.random.Generator) -> tuple[frozenset[str], ...]:
    """Deal people out into disjoint folds of nearly equal size.

    Args:
        people: every person once.
        folds: at least 2.
        rng: the source of the order.

    Raises:
        ScoresRefused: there are fewer people than folds, or fewer than two folds.
    """
    if not 2 <= folds <= len(people):
        raise ScoresRefused(f"{len(people)} people cannot be dealt into {folds} folds.")
    order = rng.permutation(np.asarray(people, dtype=np.str_))
    return tuple(frozenset(order[start::folds].tolist()) for start in range(folds))
