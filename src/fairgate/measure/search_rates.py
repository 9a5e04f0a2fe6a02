"""Error rates of searches of which only the mate and the highest other scores were kept; exact, or not given at all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.identification import MeanRate, fewer_drawn, mean_rate
from fairgate.measure.intervals import CONFIDENCE, exact_bounds

_SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class KeptSearches:
    """What is known of each search.

    Args:
        code: int, shape (searches,): number of the search.
        top: float64, shape (searches, slots): best scores of other people, descending, ``-inf`` where there is none.
        floor: float64, shape (searches,): other people at or below it may be missing; ``-inf`` where none is.
        others: int, shape (searches,): how many other people were met.
        mates: float64, shape (searches,): best score of the own references; NaN where there is none.
        ahead: int, shape (searches,): other people at or above the mate, at least.
        ahead_known: bool, shape (searches,): exactly so many.
        person: int, shape (searches,): who searches.
        gallery: int64, shape (searches,): where searched; ``None`` where galleries are to be drawn.
        references: int64, shape (searches,): others' references met, and one for the mate.
    """

    code: NDArray[np.intp]
    top: NDArray[np.float64] = field(repr=False)
    floor: NDArray[np.float64] = field(repr=False)
    others: NDArray[np.intp] = field(repr=False)
    mates: NDArray[np.float64] = field(repr=False)
    ahead: NDArray[np.intp] = field(repr=False)
    ahead_known: NDArray[np.bool_] = field(repr=False)
    person: NDArray[np.int32] = field(repr=False)
    gallery: NDArray[np.int64] | None = field(repr=False, default=None)
    references: NDArray[np.int64] | None = field(repr=False, default=None)

    def only(self, which: NDArray[np.bool_]) -> KeptSearches:
        """Return some of the searches."""
        return KeptSearches(
            self.code[which],
            self.top[which],
            self.floor[which],
            self.others[which],
            self.mates[which],
            self.ahead[which],
            self.ahead_known[which],
            self.person[which],
            None if self.gallery is None else self.gallery[which],
            None if self.references is None else self.references[which],
        )

    def with_ahead(self, ahead: NDArray[np.intp], known: NDArray[np.bool_]) -> KeptSearches:
        """Return the searches with a second pass's count of other people at or above the mate."""
        return KeptSearches(
            self.code,
            self.top,
            self.floor,
            self.others,
            self.mates,
            np.where(known, ahead, self.ahead),
            self.ahead_known | known,
            self.person,
            self.gallery,
            self.references,
        )

    def has_mate(self) -> NDArray[np.bool_]:
        """Say for each search whether its person is in the gallery."""
        return ~np.isnan(self.mates)


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """How likely each search is to go wrong in a gallery drawn at random.

    Args:
        low: shape (searches,), in [0, 1].
        high: the same; above ``low`` where too little of a search was kept.
        person: who searches.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    person: NDArray[np.int32]

    def rate(self, confidence: float = CONFIDENCE) -> MeanRate | None:
        """Return the mean with its interval; ``None`` where there is no search, or it is not known exactly."""
        if not self.low.size or float(np.max(self.high - self.low)) > _SAME:
            return None
        return rate_by_person(self.low, self.person, confidence)


def rate_by_person(each: NDArray[np.float64], person: NDArray[np.int32], confidence: float = CONFIDENCE) -> MeanRate:
    """Return the mean of searches' chances to go wrong, its interval made wider where people searched several times.

    The interval is Clopper and Pearson's with as many searches as the variance between people is worth; where no
    search or every one went wrong, with as many as there are people. That searches share references is not in it.

    Source: Korn and Graubard, Survey Methodology 24 (1998) 193-201.

    Raises:
        ScoresRefused: there is no search.
    """
    found = mean_rate(float(each.sum()), each.size, confidence)
    people, whose = np.unique(person, return_inverse=True)
    if people.size == each.size:
        return found
    worth = float(people.size)
    if 0 < found.errors < found.of and people.size > 1:
        between = float(np.sum(np.bincount(whose, each - found.value) ** 2)) * people.size / (people.size - 1)
        worth = found.of / max(1.0, between / (found.of * found.value * (1 - found.value)))
    low, high = exact_bounds(found.value * worth, worth, confidence)
    return MeanRate(found.errors, found.of, found.value, low, high)


def false_positives(kept: KeptSearches, threshold: float, size: int | None) -> Errors:
    """Return each search's chance to find somebody at or above a threshold in a gallery without its own person.

    Args:
        kept: searches; those that met fewer than ``size`` other people are passed over.
        threshold: on the scores' scale.
        size: people in the gallery; ``None`` for the gallery as it was searched, less the own person.

    Source: as :func:`fairgate.measure.identification.fpir_at`.
    """
    kept = kept if size is None else kept.only(kept.others >= size)
    count = np.count_nonzero(kept.top >= threshold, axis=1)
    low = (count > 0).astype(np.float64)
    if size is not None and count.any():
        low[count > 0] = 1 - fewer_drawn(kept.others[count > 0], count[count > 0], size, 1)
    # A full row whose last score still reaches the threshold hides how many more do; in a gallery as it was searched
    # one is enough.
    high = np.where((threshold <= kept.floor) & (low < 1), 1.0, low)
    return Errors(low, high, kept.person)


def misses(kept: KeptSearches, threshold: float, size: int | None, rank: int = 1) -> Errors:
    """Return each mated search's chance to miss the mate in a gallery with it.

    Args:
        kept: searches; those without mate or with fewer than ``size - 1`` other people are passed over.
        threshold: on the scores' scale; ``-inf`` asks for ranks alone.
        size: people in the gallery, the mate among them; ``None`` for the gallery as it was searched.
        rank: how far down the mate may stand.

    Source: as :func:`fairgate.measure.identification.fnir_at`.
    """
    kept = kept.only(kept.has_mate() if size is None else kept.has_mate() & (kept.others >= size - 1))
    if size is None:
        outranked = (kept.ahead >= rank).astype(np.float64)
    else:
        ahead = np.minimum(kept.ahead, kept.others)
        outranked = np.zeros(ahead.size)
        if (some := ahead >= rank).any():
            outranked[some] = 1 - fewer_drawn(kept.others[some], ahead[some], size - 1, rank)
    low = np.where(kept.mates >= threshold, outranked, 1.0)
    high = np.where(kept.ahead_known, low, 1.0)
    return Errors(low, high, kept.person)


def selectivity(kept: KeptSearches, threshold: float, size: int | None) -> float | None:
    """Return the mean number of other people at or above a threshold; ``None`` where too little was kept.

    Source: ISO/IEC 19795-1:2021, selectivity.
    """
    kept = kept if size is None else kept.only(kept.others >= max(size, 1))
    if not len(kept.mates) or bool((threshold <= kept.floor).any()):
        return None
    count = np.count_nonzero(kept.top >= threshold, axis=1)
    return float(np.mean(count if size is None else count * (size / kept.others)))


@dataclass(frozen=True, slots=True, eq=False)
class HighestFirst:
    """All kept scores in one order, so that the searches that a threshold spoils are found without looking at the rest.

    Args:
        kept: the searches.
        scores: float64, ascending.
        rows: search of each.
    """

    kept: KeptSearches
    scores: NDArray[np.float64] = field(repr=False)
    rows: NDArray[np.intp] = field(repr=False)

    @classmethod
    def of(cls, kept: KeptSearches) -> HighestFirst:
        """Sort what was kept."""
        rows, slots = np.nonzero(kept.top > -np.inf)
        scores = kept.top[rows, slots]
        order = np.argsort(scores, kind="stable")
        return cls(kept, scores[order], rows[order])

    def threshold_at(self, target: float, size: int | None) -> float | None:
        """Return the lowest kept score that as a threshold keeps the mean FPIR at or below a target.

        It is the lowest of all scores where no floor reaches it.

        Args:
            target: FPIR.
            size: people in the gallery; ``None`` for galleries as they were searched.

        Returns:
            ``None`` where too little of the searches was kept to tell.
        """
        used = np.ones(len(self.kept.mates), np.bool_) if size is None else self.kept.others >= size
        if not self.scores.size or not used.any():
            return None
        allowed = target * float(np.count_nonzero(used))
        low, high = 0, self.scores.size
        while low < high:
            middle = (low + high) // 2
            if self._wrong(float(self.scores[middle]), size, used) <= allowed:
                high = middle
            else:
                low = middle + 1
        beyond = math.nextafter(float(self.scores[-1]), math.inf)
        threshold = float(self.scores[low]) if low < self.scores.size else beyond
        # A search whose kept scores end above the threshold may be spoilt by one that was not kept.
        worst = false_positives(self.kept, threshold, size).high
        return threshold if float(worst.sum()) <= allowed * (1 + 1e-9) else None

    def _wrong(self, threshold: float, size: int | None, used: NDArray[np.bool_]) -> float:
        start = int(np.searchsorted(self.scores, threshold, side="left"))
        count = np.bincount(self.rows[start:], minlength=used.size)
        some = np.flatnonzero((count > 0) & used)
        if size is None:
            return float(some.size)
        return float(np.sum(1 - fewer_drawn(self.kept.others[some], count[some], size, 1)))
