"""Thresholds tried on people that they were not chosen on, fold by fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fairgate.measure.calibration_record import HeldOut
from fairgate.measure.identification import fnir_at, fpir_at, mean_rate
from fairgate.measure.operating_points import OperatingPoint
from fairgate.measure.portraits import Comparisons, Portraits
from fairgate.measure.rates import fmr_at, fnmr_at
from fairgate.measure.thresholds import Chosen, choose_thresholds


def choose_for_points(faces: Portraits, points: Sequence[OperatingPoint]) -> tuple[Chosen, ...]:
    """Choose each operating point's threshold, on the comparisons that it asks for."""
    chosen: dict[int, Chosen] = {}
    for which in Comparisons:
        places = [place for place, point in enumerate(points) if point.comparisons is which]
        if places:
            found = choose_thresholds(faces, [points[place].fmr for place in places], which)
            chosen.update(zip(places, found, strict=True))
    return tuple(chosen[place] for place in range(len(points)))


def held_out(
    faces: Portraits, points: Sequence[OperatingPoint], parts: Sequence[frozenset[str]]
) -> list[tuple[HeldOut, HeldOut]]:
    """Choose thresholds again without each fold's people, and try them on those people.

    Args:
        faces: all portraits compared with all.
        points: the operating points.
        parts: disjoint folds of people.

    Returns:
        For each point, false positives and misses. Verification compares the fold's newer portraits with everybody's
        older ones; identification searches with them, averaged over all galleries of N, or of as many as there are.
    """
    everyone = set(faces.people().tolist())
    wrong, tried = np.zeros(len(points)), np.zeros(len(points), dtype=np.int64)
    missed, mates = np.zeros(len(points)), np.zeros(len(points), dtype=np.int64)
    newer = set(faces.subjects[~faces.enrolled].tolist())
    for part in parts:
        if newer.isdisjoint(part):
            continue
        chosen = choose_for_points(faces.only(everyone - part), points)
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
