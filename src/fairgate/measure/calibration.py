"""From a set of portraits to calibration records: thresholds, how sure they are, and what they did on other people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration_record import CalibrationRecord, HeldOut, Provenance
from fairgate.measure.identification import fmr_for_fpir, fnir_at, fpir_at, mean_rate
from fairgate.measure.portraits import Portraits, folds_by_subject
from fairgate.measure.rates import fmr_at, fnmr_at
from fairgate.measure.thresholds import TAIL_SHARE, bootstrap_intervals, choose_thresholds

__all__ = [
    "OPERATING_POINTS",
    "CalibrationRecord",
    "HeldOut",
    "OperatingPoint",
    "Provenance",
    "calibrate",
]

VERIFICATION = "verification"
IDENTIFICATION = "identification"
FOLDS = 5
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A rate of false positives that a threshold is wanted for.

    Args:
        kind: ``"verification"`` (1:1, the target is an FMR) or ``"identification"`` (1:N, the target is an FPIR).
        target: in (0, 1).
        gallery_size: N; ``None`` for verification.
    """

    kind: str
    target: float
    gallery_size: int | None = None

    @property
    def name(self) -> str:
        """A short identifier, e.g. ``"verification-fmr-1e-4"`` or ``"identification-fpir-0.003-n-420"``."""
        if self.gallery_size is None:
            return f"{self.kind}-fmr-{_short(self.target)}"
        return f"{self.kind}-fpir-{self.target:g}-n-{self.gallery_size}"

    @property
    def fmr(self) -> float:
        """The false match rate per comparison that the target comes to."""
        return self.target if self.gallery_size is None else fmr_for_fpir(self.target, self.gallery_size)


OPERATING_POINTS = (
    OperatingPoint(VERIFICATION, 1e-3),
    OperatingPoint(VERIFICATION, 1e-4),
    *(OperatingPoint(IDENTIFICATION, 0.003, size) for size in (50, 100, 200, 420, 1000)),
)


def calibrate(
    faces: Portraits,
    provenance: Provenance,
    rng: np.random.Generator,
    *,
    points: Sequence[OperatingPoint] = OPERATING_POINTS,
    folds: int = FOLDS,
    resamples: int = RESAMPLES,
    tail_share: float = TAIL_SHARE,
) -> tuple[CalibrationRecord, ...]:
    """Choose a threshold for every operating point and say how good it is.

    1. The threshold is chosen on all non-mated comparisons: counted where at least three false matches are expected,
       else read off a fitted tail.
    2. Its interval comes from drawing people, not comparisons, with replacement.
    3. People are dealt into folds. For each fold, thresholds are chosen again without its people and tried on them:
       verification on their newer portraits against everybody else's older ones and their own, identification on
       searches with the same portraits, averaged over all galleries of N.

    Args:
        faces: all portraits compared with all.
        provenance: what the record shall say about its origin.
        rng: for the folds and for the bootstrap.
        points: the operating points.
        folds: into how many parts the people are dealt.
        resamples: bootstrap rounds.
        tail_share: share of the non-mated scores that a tail is fitted to.

    Raises:
        ScoresRefused: there are too few people or scores.
    """
    if not points:
        raise ScoresRefused("No operating point was asked for.")
    rates = [point.fmr for point in points]
    chosen = choose_thresholds(faces, rates, tail_share)
    parts = folds_by_subject(faces.people().tolist(), folds, rng)
    intervals = bootstrap_intervals(faces, rates, rng, resamples=resamples, tail_share=tail_share)
    held_out = _held_out(faces, points, parts, tail_share)
    first, second = faces.non_mated()
    scores, mated = faces.scores[first, second], len(faces.pairs()[0])
    records = []
    for point, choice, interval, (wrong, missed) in zip(points, chosen, intervals, held_out, strict=True):
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
                        choice.in_words(),
                        f"95 % interval {interval[0]:.4f} to {interval[1]:.4f} ({resamples} bootstrap draws of people)",
                        *_searches_in_words(faces, point, choice.threshold),
                        f"held out by {folds} folds of people",
                    ]
                ),
                data=provenance.data,
                data_sha256=provenance.data_sha256,
                subjects=len(faces.people()),
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


def _held_out(
    faces: Portraits, points: Sequence[OperatingPoint], parts: Sequence[frozenset[str]], tail_share: float
) -> list[tuple[HeldOut, HeldOut]]:
    """Return, for each point, false positives and misses of people whose fold the threshold was chosen without."""
    everyone = set(faces.people().tolist())
    wrong, tried = np.zeros(len(points)), np.zeros(len(points), dtype=np.int64)
    missed, mates = np.zeros(len(points)), np.zeros(len(points), dtype=np.int64)
    for part in parts:
        chosen = choose_thresholds(faces.only(everyone - part), [point.fmr for point in points], tail_share)
        for index, (point, choice) in enumerate(zip(points, chosen, strict=True)):
            false, of, lost, pairs = (
                _compared(faces, part, choice.threshold)
                if point.gallery_size is None
                else _searched(faces, part, choice.threshold, point.gallery_size)
            )
            wrong[index] += false
            tried[index] += of
            missed[index] += lost
            mates[index] += pairs
    return [
        (_held(false, of), _held(lost, pairs))
        for false, of, lost, pairs in zip(wrong.tolist(), tried.tolist(), missed.tolist(), mates.tolist(), strict=True)
    ]


def _compared(faces: Portraits, part: frozenset[str], threshold: float) -> tuple[float, int, float, int]:
    """Compare a fold's newer portraits 1:1: false matches, comparisons, misses, mated comparisons."""
    probes = np.flatnonzero(np.isin(faces.subjects, sorted(part)) & ~faces.enrolled)
    references = np.flatnonzero(faces.enrolled)
    different = faces.subjects[probes][:, None] != faces.subjects[references][None, :]
    table = faces.scores[np.ix_(probes, references)][different]
    older, newer = faces.pairs()
    own = np.isin(faces.subjects[older], sorted(part))
    mated = faces.scores[older[own], newer[own]]
    false = fmr_at(table, threshold).count if table.size else 0
    lost = fnmr_at(mated, threshold).count if mated.size else 0
    return false, table.size, lost, mated.size


def _searched(faces: Portraits, part: frozenset[str], threshold: float, size: int) -> tuple[float, int, float, int]:
    """Search with a fold's portraits 1:N: false positive searches, searches, misses, mated searches."""
    made = faces.searched(part)
    size = min(size, int(made.others_count.min()))
    wrong = fpir_at(made, threshold, size)
    if not np.isfinite(made.mates).any():
        return wrong.errors, wrong.of, 0.0, 0
    lost = fnir_at(made, threshold, size)
    return wrong.errors, wrong.of, lost.errors, lost.of


def _held(errors: float, of: int) -> HeldOut:
    rate = mean_rate(round(errors, 3), of)
    return HeldOut(rate.errors, rate.of, rate.low, rate.high)


def _short(rate: float) -> str:
    """Write a rate in the shortest way: 1e-4, not 0.0001 or 1e-04."""
    mantissa, exponent = f"{rate:.6e}".split("e")
    digits = mantissa.rstrip("0").rstrip(".")
    return f"{digits}e{int(exponent)}"


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
