"""What a pack makes of a set of portraits: thresholds chosen on other people than they are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.held_out import choose_for_points
from fairgate.measure.identification import MeanRate, fnir_at, fpir_at, mean_rate
from fairgate.measure.intervals import Proportion, clopper_pearson
from fairgate.measure.operating_points import IDENTIFICATION, VERIFICATION, OperatingPoint
from fairgate.measure.portrait_folds import thresholds_without_each
from fairgate.measure.portraits import Portraits
from fairgate.measure.subject_bootstrap import SubjectTrials, rate_by_subject
from fairgate.measure.words import count


@dataclass(frozen=True, slots=True)
class PortraitComparisons:
    """1:1 at one FMR.

    Args:
        target: the FMR.
        resolvable: three false matches or more were expected; else the threshold is extrapolated.
        threshold: chosen on everybody, for the record; each person was tried at one chosen without them.
        fmr: false matches of people left out.
        fnmr: their mated comparisons missed.
    """

    target: float
    resolvable: bool
    threshold: float
    fmr: Proportion
    fnmr: Proportion


@dataclass(frozen=True, slots=True)
class PortraitSearches:
    """1:N at one FPIR and gallery size.

    Args:
        size: references in the gallery that the threshold is for.
        target: the FPIR.
        resolvable: three false positive searches or more were expected; else the threshold is extrapolated.
        threshold: chosen on everybody, for the record.
        searched: references in the galleries really searched; less than ``size`` where the data hold no more people.
        fpir: false positive searches of people left out, in galleries of ``searched``.
        fnir: their mated searches missed.
        assumption: what an extrapolated figure rests on, in words; empty where it is counted.
    """

    size: int
    target: float
    resolvable: bool
    threshold: float
    searched: int
    fpir: MeanRate
    fnir: MeanRate
    assumption: str


@dataclass(frozen=True, slots=True)
class PortraitFigures:
    """One pack on one set of portraits.

    Args:
        pack_id: short name.
        pack_digest: hex SHA-256.
        portraits: how many features could be made of.
        people: on them.
        mated: comparisons of one person with themself.
        non_mated: comparisons of two people.
        left_out: portraits without features, and why.
        folds: how people were left out, in words.
        data_sha256: digest of the portraits.
        comparisons: 1:1, by target.
        searches: 1:N, by size; sizes beyond the data last.
    """

    pack_id: str
    pack_digest: str
    portraits: int
    people: int
    mated: int
    non_mated: int
    left_out: tuple[tuple[str, str], ...]
    folds: str
    data_sha256: str
    comparisons: tuple[PortraitComparisons, ...]
    searches: tuple[PortraitSearches, ...]


FMR_TARGETS = (1e-3, 1e-4)
FPIR_TARGET = 0.003
SIZES = (420, 42_000)

FOLDS = "each person left out in turn: thresholds chosen on all other people, then tried on that person"

ASSUMPTION = (
    "extrapolated: only {searched} people could be searched. The threshold is the one for {size} references, read off "
    "the fitted tail of non-mated scores; this assumes that comparisons of one search go wrong independently of each "
    "other, that more people would go on resembling each other as these do, and that the tail keeps its shape beyond "
    "the highest score seen. The true FPIR at such a threshold may be several times the one asked for. Misses are "
    "mates below that threshold, or outranked among {searched}"
)
"""What a size beyond the data rests on.

Simulated with 85 750 independent normal scores, 60 samples: thresholds for N = 420 gave 0.7 to 3.1 times the FPIR asked
for (tenth to ninetieth percentile; median 1.4), those for N = 42 000 gave 0.6 to 33 times (median 6).
"""


def portrait_figures(
    faces: Portraits,
    pack_id: str,
    pack_digest: str,
    left_out: tuple[tuple[str, str], ...],
    data_sha256: str,
    *,
    rng: np.random.Generator,
    sizes: Sequence[int] = SIZES,
) -> PortraitFigures:
    """Try thresholds on people that they were not chosen on, each person left out in turn.

    1. A threshold is counted where at least three false matches are expected, else read off a fitted tail: for 1:1 on
       all comparisons of two people, for 1:N on those of newer with older portraits, as a search makes them.
    2. 1:1 compares the newer portraits of the person left out with everybody's older ones.
    3. 1:N searches with them among everybody else, averaged over all galleries of the size, or of as many as there are.

    Args:
        faces: all portraits compared with all.
        pack_id: short name.
        pack_digest: hex SHA-256.
        left_out: portraits without features, and why.
        data_sha256: digest of the portraits.
        rng: for the bootstrap over people, of the FMR's interval; the counts depend on no draw.
        sizes: of galleries.

    Raises:
        ScoresRefused: there are too few people or scores.
    """
    points = [OperatingPoint(VERIFICATION, target) for target in FMR_TARGETS]
    points += [OperatingPoint(IDENTIFICATION, FPIR_TARGET, size) for size in sorted(sizes)]
    people = faces.people()
    probes = np.flatnonzero(~faces.enrolled)
    if not probes.size:
        raise ScoresRefused("Nobody has a newer portrait to try a threshold on.")
    chosen = choose_for_points(faces, points)
    limits = thresholds_without_each(faces, points, faces.subjects[probes].tolist())
    made = faces.searched(people.tolist())
    comparisons, searched = [], []
    for point, choice, limit in zip(points, chosen, limits, strict=True):
        if point.gallery_size is None:
            fmr, fnmr = _compared(faces, probes, limit, rng)
            comparisons.append(PortraitComparisons(point.target, choice.resolvable, choice.threshold, fmr, fnmr))
            continue
        size = min(point.gallery_size, int(made.others_count.min()))
        mates = np.isfinite(made.mates)
        searched.append(
            PortraitSearches(
                size=point.gallery_size,
                target=point.target,
                resolvable=choice.resolvable,
                threshold=choice.threshold,
                searched=size,
                fpir=fpir_at(made, limit, size),
                fnir=fnir_at(made, limit, size) if mates.any() else mean_rate(0.0, 0),
                assumption=""
                if size == point.gallery_size
                else ASSUMPTION.format(searched=count(size), size=count(point.gallery_size)),
            )
        )
    return PortraitFigures(
        pack_id=pack_id,
        pack_digest=pack_digest,
        portraits=len(faces.subjects),
        people=len(people),
        mated=len(faces.pairs()[0]),
        non_mated=len(faces.non_mated()[0]),
        left_out=left_out,
        folds=FOLDS,
        data_sha256=data_sha256,
        comparisons=tuple(comparisons),
        searches=tuple(searched),
    )


def _compared(
    faces: Portraits, probes: NDArray[np.intp], limits: NDArray[np.float64], rng: np.random.Generator
) -> tuple[Proportion, Proportion]:
    """Return false matches and misses of newer portraits against older ones, each probe at its own threshold."""
    people, person = np.unique(faces.subjects, return_inverse=True)
    references = np.flatnonzero(faces.enrolled)
    different = person[probes][:, None] != person[references][None, :]
    rows, columns = np.nonzero(different & (faces.scores[np.ix_(probes, references)] >= limits[:, None]))
    false = rate_by_subject(
        SubjectTrials(
            of=int(np.count_nonzero(different)),
            as_probe=np.bincount(person[probes], different.sum(axis=1), len(people)).astype(np.int64),
            as_reference=np.bincount(person[references], different.sum(axis=0), len(people)).astype(np.int64),
            first=person[probes][rows].astype(np.int32),
            second=person[references][columns].astype(np.int32),
        ),
        rng,
    )
    older, newer = faces.pairs()
    at = dict(zip(probes.tolist(), limits.tolist(), strict=True))
    mated = faces.scores[older, newer] < np.array([at[row] for row in newer.tolist()])
    return false, clopper_pearson(int(np.count_nonzero(mated)), len(older))
