"""From a set of portraits to calibration records: thresholds, how sure they are, and what they did on other people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration_record import CalibrationRecord, HeldOut, Provenance
from fairgate.measure.held_out import choose_for_points, held_out
from fairgate.measure.identification import fpir_at
from fairgate.measure.operating_points import OPERATING_POINTS, OperatingPoint
from fairgate.measure.portraits import Comparisons, Portraits, folds_by_subject
from fairgate.measure.rates import fmr_at
from fairgate.measure.thresholds import bootstrap_intervals

__all__ = [
    "OPERATING_POINTS",
    "CalibrationRecord",
    "HeldOut",
    "OperatingPoint",
    "Provenance",
    "calibrate",
]

RESAMPLES = 200

_WHICH = {
    Comparisons.ALL: "two people, any portrait with any",
    Comparisons.NEW_WITH_OLD: "two people, a newer portrait with an older one, as in a search",
}


def calibrate(
    faces: Portraits,
    provenance: Provenance,
    rng: np.random.Generator,
    *,
    points: Sequence[OperatingPoint] = OPERATING_POINTS,
    folds: int | None = None,
    resamples: int = RESAMPLES,
) -> tuple[CalibrationRecord, ...]:
    """Choose a threshold for every operating point and say how good it is.

    1. The threshold is counted where at least three false matches are expected, else read off a fitted tail:
       for verification on all non-mated comparisons, for identification on those of newer with older portraits, as a
       search makes them.
    2. Its interval comes from drawing people, not comparisons, with replacement.
    3. Thresholds are chosen again without some people and tried on them, as in
       :func:`fairgate.measure.held_out.held_out`: without each person in turn, which depends on no order of dealing and
       leaves the threshold as many comparisons as can be, or fold by fold.

    Args:
        faces: all portraits compared with all.
        provenance: what the record shall say about its origin.
        rng: for the bootstrap, and for dealing people into folds.
        points: the operating points.
        folds: into how many parts the people are dealt; ``None`` for each person alone.
        resamples: bootstrap rounds.

    Raises:
        ScoresRefused: there are too few people or scores.
    """
    if not points:
        raise ScoresRefused("No operating point was asked for.")
    chosen = choose_for_points(faces, points)
    people = faces.people().tolist()
    parts = folds_by_subject(people, folds, rng) if folds else tuple(frozenset({person}) for person in people)
    intervals = _intervals(faces, points, rng, resamples)
    tried = held_out(faces, points, parts)
    mated = len(faces.pairs()[0])
    records = []
    for point, choice, interval, (wrong, missed) in zip(points, chosen, intervals, tried, strict=True):
        scores = faces.scores[faces.non_mated(point.comparisons)]
        observed = fmr_at(scores, choice.threshold)
        records.append(
            CalibrationRecord(
                id=point.name,
                kind=point.kind,
                target=point.target,
                gallery_size=point.gallery_size,
                threshold=choice.threshold,
                threshold_method="; ".join(
                    [
                        f"{choice.in_words()} of {_WHICH[point.comparisons]}",
                        f"95 % interval {interval[0]:.4f} to {interval[1]:.4f} ({resamples} bootstrap draws of people)",
                        *_searches_in_words(faces, point, choice.threshold),
                        f"held out by {folds} folds of people" if folds else "held out person by person",
                    ]
                ),
                data=provenance.data,
                data_sha256=provenance.data_sha256,
                subjects=len(people),
                mated=mated,
                non_mated=scores.size,
                errors_expected=point.fmr * scores.size,
                errors_observed=observed.count,
                low=observed.low,
                high=observed.high,
                interval_method="Clopper-Pearson 95 %, of the false matches observed per non-mated comparison",
                resolvable=choice.resolvable,
                held_out_false_positives=wrong,
                held_out_misses=missed,
                made_on=provenance.made_on,
                pack_digest=provenance.pack_digest,
            )
        )
    return tuple(records)


def _intervals(
    faces: Portraits, points: Sequence[OperatingPoint], rng: np.random.Generator, resamples: int
) -> list[tuple[float, float]]:
    found: dict[float, tuple[float, float]] = {}
    for which in Comparisons:
        rates = [point.fmr for point in points if point.comparisons is which]
        if rates:
            found.update(zip(rates, bootstrap_intervals(faces, rates, rng, which, resamples=resamples), strict=True))
    return [found[point.fmr] for point in points]


def _searches_in_words(faces: Portraits, point: OperatingPoint, threshold: float) -> list[str]:
    """Say what the threshold does in searches of the very people it was chosen on, for identification."""
    if point.gallery_size is None:
        return []
    people = faces.people().tolist()
    size = min(point.gallery_size, len(people) - 1)
    mean = fpir_at(faces.searched(people), threshold, size)
    said = [f"mean FPIR over all galleries of {size}: {mean.value:.5f} ({mean.errors:.2f} of {mean.of} probes)"]
    if size < point.gallery_size:
        said.append(f"the data allow no gallery of {point.gallery_size}, so held-out searches met {size}")
    return said
