"""Two packs on the same portraits: whom each misses, everybody tried at thresholds chosen on other people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.identification import Searches, fnir_at
from fairgate.measure.intervals import CONFIDENCE
from fairgate.measure.operating_points import IDENTIFICATION, VERIFICATION, OperatingPoint
from fairgate.measure.paired import PairedDifference
from fairgate.measure.paired_comparison import Draw, paired_difference
from fairgate.measure.paired_scores import MatchedBatch
from fairgate.measure.paired_tally import Errors, Presence
from fairgate.measure.portrait_figures import FMR_TARGETS, FPIR_TARGET, SIZES
from fairgate.measure.portrait_folds import thresholds_without_each
from fairgate.measure.portraits import Comparisons, Portraits
from fairgate.measure.thresholds import drawn_thresholds

THRESHOLD_ROUNDS = 200
"""Bootstrap rounds in which both packs' thresholds are chosen again; as many as a calibration takes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairedPortraits:
    """Pairs of portraits missed by two packs at the same operating point.

    Args:
        target: the FMR, or the FPIR of a search.
        size: references in the gallery that the threshold is for; ``None`` for 1:1.
        searched: references in the galleries really searched; ``None`` for 1:1.
        both: pairs that both packs missed.
        missed: pairs missed by either, and the difference. ``rate`` is ``"fnmr"``, or ``"fnir"`` of a search.
    """

    target: float
    size: int | None
    searched: int | None
    both: int
    missed: PairedDifference


@dataclass(frozen=True, slots=True)
class PairedPacks:
    """Two packs on the same portraits.

    Args:
        first: short name of the first pack.
        first_digest: hex SHA-256.
        second: of the second.
        second_digest: likewise.
        points: 1:1 by target, then 1:N by size.
    """

    first: str
    first_digest: str
    second: str
    second_digest: str
    points: tuple[PairedPortraits, ...]


def compare_portraits_of(
    first: Portraits,
    second: Portraits,
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = CONFIDENCE,
    sizes: Sequence[int] = SIZES,
) -> tuple[PairedPortraits, ...]:
    """Compare two packs on the portraits that both could make features of.

    1. Each pack's thresholds are chosen without the person who is then tried, as for its own figures
       (:func:`fairgate.measure.portrait_figures.portrait_figures`).
    2. A pair counts as missed in a search where it is missed in more than half of all galleries of the size: below the
       threshold it is in all of them, and only where somebody else is more alike does it depend on the gallery.
    3. The exact McNemar test takes pairs of different people as independent, which they are but for the thresholds.
    4. The interval of the difference draws people, and to it is added what other people's thresholds would do, both
       packs' chosen again on the same draw, as for score files
       (:func:`fairgate.measure.paired_comparison.compare_pairs`).

    Args:
        first: portraits compared by the first pack.
        second: the same by the second.
        rng: draws people.
        resamples: rounds of the bootstrap, at least 20.
        confidence: of the intervals.
        sizes: of galleries.

    Raises:
        ScoresRefused: there is no pair that both could compare, or there are too few people or scores.
    """
    packs = _common(first, second)
    points = [OperatingPoint(VERIFICATION, target) for target in FMR_TARGETS]
    points += [OperatingPoint(IDENTIFICATION, FPIR_TARGET, size) for size in sorted(sizes)]
    newer = packs[0].pairs()[1]
    if not newer.size:
        raise ScoresRefused("There is no pair of portraits that both packs could compare.")
    names = packs[0].subjects[newer].tolist()
    limits = [thresholds_without_each(faces, points, names) for faces in packs]
    again = _chosen_again(packs, points, rng)
    draw = Draw(rng, resamples, confidence)
    found = []
    for place, point in enumerate(points):
        of_pack = [_pairs(faces, point) for faces in packs]
        wrong = np.stack([one.missed(limit[place]) for one, limit in zip(of_pack, limits, strict=True)])
        changes = [
            np.array([one.missed(threshold).mean() for threshold in drawn[place].tolist()]) - was.mean()
            for one, drawn, was in zip(of_pack, again, wrong, strict=True)
        ]
        ends = np.quantile(changes[1] - changes[0], ((1 - confidence) / 2, (1 + confidence) / 2))
        shift = min(0.0, float(ends[0])), max(0.0, float(ends[1]))
        rate = "fnmr" if point.gallery_size is None else "fnir"
        found.append(
            PairedPortraits(
                target=point.target,
                size=point.gallery_size,
                searched=of_pack[0].searched,
                both=int(np.count_nonzero(wrong.all(axis=0))),
                missed=_difference(wrong, draw, shift, rate),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """One pack's mated pairs at one operating point.

    Args:
        scores: shape (pairs,).
        outranked: likewise; in most galleries somebody else is at least as alike. Never in 1:1.
        searched: references in each gallery; ``None`` for 1:1.
    """

    scores: Floats
    outranked: NDArray[np.bool_]
    searched: int | None

    def missed(self, threshold: Floats | float) -> NDArray[np.bool_]:
        """Return whether each pair is missed, at one threshold for all or one for each."""
        return np.asarray((self.scores < threshold) | self.outranked)


def _pairs(faces: Portraits, point: OperatingPoint) -> _Pairs:
    older, newer = faces.pairs()
    scores, outranked = faces.scores[older, newer], np.zeros(newer.size, dtype=np.bool_)
    if point.gallery_size is None:
        return _Pairs(scores, outranked, None)
    made = faces.searched(faces.people().tolist())
    searched = min(point.gallery_size, int(made.others_count.min()))
    # The searches are those of all newer portraits in their order; the pairs' are picked from among them.
    rows = np.searchsorted(np.flatnonzero(~faces.enrolled), newer)
    for pair, row in enumerate(rows.tolist()):
        if made.others[row, -1] >= made.mates[row]:
            alone = Searches(made.others[[row]], made.others_count[[row]], made.mates[[row]])
            outranked[pair] = fnir_at(alone, -np.inf, searched).errors > 0.5
    return _Pairs(scores, outranked, searched)


def _common(first: Portraits, second: Portraits) -> tuple[Portraits, Portraits]:
    """Return the portraits that both packs have, in the same order."""
    keys = [list(zip(faces.subjects.tolist(), faces.enrolled.tolist(), strict=True)) for faces in (first, second)]
    both = sorted(set(keys[0]) & set(keys[1]))
    chosen = []
    for faces, own in zip((first, second), keys, strict=True):
        place = {key: row for row, key in enumerate(own)}
        rows = np.array([place[key] for key in both], dtype=np.intp)
        table = faces.scores[np.ix_(rows, rows)]
        chosen.append(Portraits(faces.subjects[rows], faces.enrolled[rows], table, faces.same_photo))
    return chosen[0], chosen[1]


def _chosen_again(
    packs: Sequence[Portraits], points: Sequence[OperatingPoint], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return both packs' thresholds on the same draws of people, each of shape (points, rounds)."""
    found = np.empty((2, len(points), THRESHOLD_ROUNDS))
    seed = int(rng.integers(2**63))
    for which in Comparisons:
        places = [place for place, point in enumerate(points) if point.comparisons is which]
        rates = [points[place].fmr for place in places]
        for pack, faces in enumerate(packs):
            people = np.random.Generator(np.random.PCG64(seed))
            drawn = drawn_thresholds(faces, rates, people, which, resamples=THRESHOLD_ROUNDS)
            found[pack, places] = drawn.T
    return found[0], found[1]


def _difference(wrong: NDArray[np.bool_], draw: Draw, shift: tuple[float, float], rate: str) -> PairedDifference:
    codes = np.arange(wrong.shape[1], dtype=np.int32)  # every pair is another person
    kind, scores = Presence(mated=True), np.zeros(codes.size)
    kind.add(MatchedBatch(scores, scores, np.ones(codes.size, dtype=np.bool_), codes, codes))
    apart = np.flatnonzero(wrong[0] != wrong[1])
    first, second = (int(np.count_nonzero(one)) for one in wrong)
    errors = Errors(first, second, wrong[:, apart], codes[apart], codes[apart])
    return replace(paired_difference(kind, errors, draw, shift), rate=rate)
