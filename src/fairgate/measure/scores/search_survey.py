"""First pass over searches: each mate's score and the highest other people's scores, in bounded memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.scores.batch import UNKNOWN, Names, ScoreBatch
from fairgate.measure.scores.search_blocks import SearchBlock, block_of, row_floors
from fairgate.measure.scores.search_tops import MOST_BYTES, SLOTS, SearchTops
from fairgate.measure.search_rates import KeptSearches

LEAST_SLOTS = 16
"""Highest scores to keep of each search at the least, where galleries are drawn from the references."""

LEAST_SLOTS_IN_GALLERIES = 4
"""The same where searches are counted in the galleries that they were made in."""

_MOST_DEPTH = 4096


class SearchSurvey:
    """Gathers searches: a probe, or a probe in a gallery, against all its references.

    A gallery is one of people: of several references of a person the best counts, as mate and as somebody else. A
    reference whose person is not stated counts as a person of its own.

    Args:
        names: of the source.
        columns: of the source.
        most_bytes: memory for the highest scores.
        slots: highest scores to keep of each search, where memory allows.
    """

    def __init__(
        self, names: Names, columns: Sequence[str], *, most_bytes: int = MOST_BYTES, slots: int = SLOTS
    ) -> None:
        self.in_galleries = "gallery" in columns
        self.asked = "probe" in columns and ("reference" in columns or "reference_subject" in columns)
        self._names = names
        least = LEAST_SLOTS_IN_GALLERIES if self.in_galleries else LEAST_SLOTS
        self._tops = SearchTops(min(least, slots), most_bytes=most_bytes, slots=slots)
        self._codes: dict[int, int] = {}
        self._keys: list[int] = []
        self._mates = np.empty(0)
        self._others = np.empty(0, dtype=np.int64)
        self._owns = np.empty(0, dtype=np.int64)
        self._people = np.empty(0, dtype=np.int32)
        self._person_of = np.empty(0, dtype=np.int32)
        self._faces: set[int] = set()

    @property
    def too_many(self) -> bool:
        """There are more searches than their highest scores fit into memory."""
        return self._tops.overflowed

    def add(self, batch: ScoreBatch) -> None:
        """Take a stretch of comparisons."""
        if not self.asked or self.too_many:
            return
        block = block_of(batch)
        if block is None:
            return
        self._meet(batch, block)
        search = self.codes(block.key, new=True)
        if self._tops.overflowed:
            return
        self._people[search] = block.person
        rows, columns = _places(block.mated)
        scores = block.score[rows, columns]
        own = search[rows[scores > -np.inf]]
        np.maximum.at(self._mates, own, scores[scores > -np.inf])
        np.add.at(self._owns, own, 1)
        np.add.at(self._others, search, block.compared)
        np.subtract.at(self._others, own, 1)
        floors = row_floors(block.score, self._depth())
        candidates = block.score >= floors[:, None]
        candidates[rows, columns] = False
        rows, columns = _places(candidates)
        scores = block.score[rows, columns]
        real = scores > -np.inf
        rows, columns, scores = rows[real], columns[real], scores[real]
        who = block.who[columns] if block.who.ndim == 1 else block.who[rows, columns]
        self._tops.offer(search[rows], scores, who)
        if (cut := floors > -np.inf).any():
            self._tops.raise_floors(search[cut], floors[cut])

    def codes(self, key: NDArray[np.int64], *, new: bool = False) -> NDArray[np.intp]:
        """Return the number of each search; -1 for one that the first pass did not meet.

        Args:
            key: of :func:`search_key`.
            new: give a number to those not met before.
        """
        if not self.in_galleries:
            if new:
                self._grow(max(int(key.max()) + 1, len(self._mates)))
            return np.where(key < len(self._mates), key, -1).astype(np.intp)
        distinct, which = np.unique(key, return_inverse=True)
        known = self._codes
        if new:
            for one in distinct.tolist():
                if one not in known:
                    known[one] = len(self._keys)
                    self._keys.append(one)
            self._grow(len(self._keys))
        return np.array([known.get(one, -1) for one in distinct.tolist()], dtype=np.intp)[which]

    def kept(self) -> KeptSearches | None:
        """Return what was gathered; ``None`` where there are no searches, or too many."""
        if not self.asked or self.too_many or not len(self._mates):
            return None
        top = self._tops.finish()
        made = self._others + self._owns > 0
        people, complete = self._people_met(self._others)
        mates = np.where(self._mates > -np.inf, self._mates, np.nan)
        limit = np.where(np.isnan(mates), np.inf, mates)
        galleries = np.array(self._keys, dtype=np.int64) >> 32 if self.in_galleries else None
        kept = KeptSearches(
            code=np.arange(len(mates)),
            top=top,
            floor=self._tops.floors().copy(),
            others=people,
            mates=mates,
            ahead=np.count_nonzero(top >= limit[:, None], axis=1),
            ahead_known=limit > self._tops.floors(),
            person=np.where(self._people >= 0, self._people, -2 - np.arange(len(mates), dtype=np.int32)),
            gallery=galleries,
            references=self._others + (~np.isnan(mates)),
        )
        return kept.only(made & complete)

    @property
    def people(self) -> int:
        """How many different people the references show."""
        return len(self._faces)

    @property
    def several_references(self) -> bool:
        """Some person has more than one reference."""
        return self._references_known() > len(self._faces)

    @property
    def searches(self) -> int:
        """How many searches were met."""
        return int(np.count_nonzero(self._others + self._owns > 0))

    def _people_met(self, others: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return how many other people each search met, and whether that can be said.

        Where people have several references, a search is one of so many people only if it met all references.
        """
        if self.in_galleries or not self.several_references:
            return others.astype(np.intp), np.ones(others.size, dtype=np.bool_)
        known = self._person_of[self._person_of != UNKNOWN]
        width = max(int(known.max()), int(self._people.max()), 0) + 1
        references = np.bincount(known[known >= 0], minlength=width)
        own = np.where(self._people >= 0, references[np.maximum(self._people, 0)], 0)
        whole = others >= self._references_known() - own
        return (self.people - (own > 0)).astype(np.intp), whole

    def _references_known(self) -> int:
        return int(np.count_nonzero(self._person_of != UNKNOWN)) if self._person_of.size else len(self._faces)

    def _depth(self) -> int:
        """Return how many references of a search to look at, so that enough different people are among them."""
        each = -(-self._references_known() // max(len(self._faces), 1))
        return min((self._tops.slots + 1) * max(each, 1), _MOST_DEPTH)

    def _meet(self, batch: ScoreBatch, block: SearchBlock) -> None:
        """Note who is on the references that were not met before."""
        if batch.reference is None:
            self._faces.update(np.unique(block.who).tolist())
            return
        highest = int(batch.reference.max())
        if highest < self._person_of.size and (self._person_of != UNKNOWN).all():
            return
        reference, person = batch.reference, batch.reference_subject
        if person is None:
            codes = np.unique(reference)
            people = (-2 - codes).astype(np.int32)
        else:
            reference, person = np.broadcast_arrays(reference, person)
            codes, first = np.unique(reference, return_index=True)
            people = person.ravel()[first].astype(np.int32)
            people = np.where(people == UNKNOWN, -2 - codes, people).astype(np.int32)
        people, codes = people[codes >= 0], codes[codes >= 0]
        if highest >= self._person_of.size:
            more = highest + 1 - self._person_of.size
            self._person_of = np.append(self._person_of, np.full(more, UNKNOWN, dtype=np.int32))
        self._person_of[codes] = people
        self._faces.update(people.tolist())

    def _grow(self, searches: int) -> None:
        self._tops.grow(searches)
        more = searches - len(self._mates)
        if more > 0 and not self.too_many:
            self._mates = np.append(self._mates, np.full(more, -np.inf))
            self._others = np.append(self._others, np.zeros(more, dtype=np.int64))
            self._owns = np.append(self._owns, np.zeros(more, dtype=np.int64))
            self._people = np.append(self._people, np.full(more, UNKNOWN, dtype=np.int32))


def _places(marked: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the few true ones; many times quicker than NumPy's for two dimensions."""
    rows, columns = np.divmod(np.flatnonzero(marked), marked.shape[1])
    return rows, columns
