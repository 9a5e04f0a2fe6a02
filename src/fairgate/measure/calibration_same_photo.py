"""Above which score two pictures are taken for one photo used twice: a hint for the officer, no verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairgate.measure.calibration_record import CalibrationRecord, HeldOut, Provenance
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.portraits import Portraits
from fairgate.measure.rates import fmr_at, resolves
from fairgate.measure.thresholds import choose_from_highest

SAME_PHOTO = "same_photo"
OTHER_PHOTOS_TAKEN = 0.05
"""Of pairs of different photos of one person, the share that may be called one photo: both go to an officer anyway."""


def calibrate_same_photo(faces: Portraits, provenance: Provenance) -> tuple[CalibrationRecord, ...]:
    """Choose the threshold for one photo used twice.

    It is counted on pairs of different photos of one person, which alone come near it; ``non_mated`` of the record
    counts these, ``mated`` the pairs that are one photo, in two sizes. It is chosen again without each person.

    Returns:
        One record; none where there are too few pairs of either kind to tell.
    """
    different = np.sort(faces.scores[faces.pairs()])[::-1]
    same = _same_photo_scores(faces)
    if not same.size or not resolves(OTHER_PHOTOS_TAKEN, different.size - 1):
        return ()
    threshold = _chosen(different)
    observed = fmr_at(different, threshold)
    without = [_chosen(np.delete(different, place)) for place in range(different.size)]
    wrong = sum(float(score) >= chosen for score, chosen in zip(different, without, strict=True))
    missed = int((same < threshold).sum())
    return (
        CalibrationRecord(
            id="same-photo",
            kind=SAME_PHOTO,
            target=OTHER_PHOTOS_TAKEN,
            gallery_size=None,
            threshold=threshold,
            threshold_method=(
                f"counted: lowest score that keeps at or below {OTHER_PHOTOS_TAKEN:g} the share of {different.size} "
                f"pairs of different photos of one person that are taken for one photo; {same.size - missed} of "
                f"{same.size} pairs that are one photo reach it, the least alike at {float(same.min()):.4f}; held out "
                "person by person"
            ),
            data=provenance.data,
            data_sha256=provenance.data_sha256,
            subjects=different.size + same.size,
            mated=same.size,
            non_mated=different.size,
            errors_expected=OTHER_PHOTOS_TAKEN * different.size,
            errors_observed=observed.count,
            low=observed.low,
            high=observed.high,
            interval_method="Clopper-Pearson 95 %, of the pairs of different photos that are taken for one",
            resolvable=True,
            held_out_false_positives=_held(wrong, different.size),
            held_out_misses=_held(missed, same.size),
            made_on=provenance.made_on,
            pack_digest=provenance.pack_digest,
        ),
    )


def _chosen(different: NDArray[np.float64]) -> float:
    return choose_from_highest(different, different.size, [OTHER_PHOTOS_TAKEN])[0].threshold


def _same_photo_scores(faces: Portraits) -> NDArray[np.float64]:
    found = []
    for person in sorted(faces.same_photo):
        rows = np.flatnonzero(faces.subjects == person)
        if rows.size == 2:
            found.append(faces.scores[rows[0], rows[1]])
    return np.array(found, dtype=np.float64)


def _held(errors: int, of: int) -> HeldOut:
    rate = clopper_pearson(errors, of)
    return HeldOut(float(errors), of, rate.low, rate.high)
