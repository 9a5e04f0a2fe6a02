"""Thresholds for one list compared among itself: the strict upper end of what the tail allows, with its evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration_record import CalibrationRecord, HeldOut, Provenance
from fairgate.measure.intervals import clopper_pearson
from fairgate.measure.portraits import Portraits, folds_by_subject
from fairgate.measure.power_tail import LEAST_EXCEEDANCES, SHARE, PowerTail, fit_power_tail
from fairgate.measure.rates import fmr_at, resolves

AMONG_THEMSELVES = "among_themselves"
ALARMS_A_LIST = 0.01
"""False alarms expected in one list of strangers. Source: issue 5, Consistency: below 1 in 100."""
LIST_SIZES = (50, 100, 200, 420, 1000)
"""References of a list; a smaller list takes the next larger one's threshold, which is the stricter."""
RESAMPLES = 200
FOLDS = 10
_UPPER = 0.975
_DECIMALS = 1_000_000
_KEPT = 6.0
"""How many times the tail is kept for the bootstrap, which may weigh some people heavily."""


def rate_among(alarms: float, references: int) -> float:
    """Return the false match rate per comparison that gives so many expected false alarms among so many references.

    Expectations add up whether or not comparisons depend on one another, so nothing is assumed of that.

    Raises:
        ScoresRefused: fewer than two references.
    """
    if references < 2:
        raise ScoresRefused("A list of fewer than two references has nothing to compare.")
    return alarms / (references * (references - 1) / 2)


def calibrate_among(
    faces: Portraits,
    provenance: Provenance,
    rng: np.random.Generator,
    *,
    sizes: Sequence[int] = LIST_SIZES,
    folds: int = FOLDS,
    resamples: int = RESAMPLES,
) -> tuple[CalibrationRecord, ...]:
    """Choose the thresholds at which a list compared among itself raises one false alarm in a hundred lists.

    1. All comparisons of two people count, any portrait with any: references come from everywhere.
    2. The power of the distance is fitted, people are drawn again with replacement, and the threshold is the upper end
       of the 95 % interval: what is chosen from few comparisons must err towards strictness.
    3. It is chosen again without each fold of people and tried on theirs.

    Args:
        faces: all portraits compared with all.
        provenance: what the record shall say about its origin.
        rng: for the bootstrap, and for dealing people into folds.
        sizes: references of the lists.
        folds: into how many parts people are dealt.
        resamples: bootstrap rounds.

    Returns:
        One record a size; none where there are too few comparisons to fit a tail to, so that no list can be checked.

    Raises:
        ScoresRefused: there are fewer people than folds, or nobody has two portraits.
    """
    if not _enough(faces):
        return ()
    rates = [rate_among(ALARMS_A_LIST, size) for size in sizes]
    fitted = fit_power_tail(*_highest(faces))
    chosen = strict_thresholds(faces, rates, rng, resamples=resamples)
    tried = _held_out(faces, rates, folds_by_subject(faces.people().tolist(), folds, rng), rng, resamples)
    newer = _newer_as_one_list(faces, rates, rng, resamples)
    scores, mated = faces.scores[faces.non_mated()], faces.scores[faces.pairs()]
    records = []
    for size, rate, threshold, (wrong, missed), as_one in zip(sizes, rates, chosen, tried, newer, strict=True):
        observed = fmr_at(scores, threshold)
        records.append(
            CalibrationRecord(
                id=f"among-themselves-alarms-{ALARMS_A_LIST:g}-n-{size}",
                kind=AMONG_THEMSELVES,
                target=ALARMS_A_LIST,
                gallery_size=size,
                threshold=threshold,
                threshold_method=(
                    f"extrapolated: power {fitted.power:.1f} of the distance, fitted to the {fitted.exceedances} "
                    f"highest of {scores.size} comparisons of two people, any portrait with any, read at an FMR of "
                    f"{rate:.3g} ({_read(fitted, rate):.4f}); the threshold is the upper end of its 95 % interval "
                    f"({resamples} bootstrap draws of people); {int((mated >= threshold).sum())} of {mated.size} pairs "
                    f"of one person reach it; {as_one}held out by {folds} folds of people"
                ),
                data=provenance.data,
                data_sha256=provenance.data_sha256,
                subjects=len(faces.people()),
                mated=mated.size,
                non_mated=scores.size,
                errors_expected=rate * scores.size,
                errors_observed=observed.count,
                low=observed.low,
                high=observed.high,
                interval_method="Clopper-Pearson 95 %, of the false matches observed per non-mated comparison",
                resolvable=resolves(rate, scores.size),
                held_out_false_positives=wrong,
                held_out_misses=missed,
                made_on=provenance.made_on,
                pack_digest=provenance.pack_digest,
            )
        )
    return tuple(records)


def strict_thresholds(
    faces: Portraits, rates: Sequence[float], rng: np.random.Generator, *, resamples: int
) -> tuple[float, ...]:
    """Return, for each false match rate, the upper end of the threshold's 95 % interval, rounded up to six decimals.

    People are drawn with replacement, since comparisons that share a person are not independent; two copies of one
    person are not compared. No threshold is below the one fitted to the people as they are.

    Source: Bolle, Ratha and Pankanti, Computer Vision and Image Understanding 93 (2004) 1-25 (subsets bootstrap).

    Raises:
        ScoresRefused: there are too few comparisons to fit a tail to, or fewer than 20 rounds were asked for.
    """
    if resamples < 20:
        raise ScoresRefused("An interval by bootstrap needs at least 20 rounds.")
    people, person = np.unique(faces.subjects, return_inverse=True)
    first, second = faces.non_mated()
    scores = faces.scores[first, second]
    kept = min(scores.size, max(1000, math.ceil(_KEPT * SHARE * scores.size)))
    top = np.argsort(-scores, kind="stable")[:kept]
    highest, one, other = scores[top], person[first[top]], person[second[top]]
    fitted = fit_power_tail(highest, scores.size)
    portraits_of = np.bincount(person, minlength=len(people))
    drawn = np.empty((resamples, len(rates)))
    for round_ in range(resamples):
        copies = rng.multinomial(len(people), np.full(len(people), 1 / len(people)))
        each = copies * portraits_of
        of = int(each.sum() ** 2 - (each**2).sum()) // 2
        tail = fit_power_tail(highest, of, copies[one] * copies[other])
        drawn[round_] = [_read(tail, rate) for rate in rates]
    upper = np.quantile(drawn, _UPPER, axis=0).tolist()
    return tuple(
        math.ceil(max(end, _read(fitted, rate)) * _DECIMALS) / _DECIMALS for end, rate in zip(upper, rates, strict=True)
    )


def _read(tail: PowerTail, rate: float) -> float:
    """Return the tail's threshold; its start where the rate is so high that it begins no further in."""
    return tail.threshold(min(rate, tail.share))


def _highest(faces: Portraits) -> tuple[NDArray[np.float64], int]:
    scores = np.sort(faces.scores[faces.non_mated()])[::-1]
    return scores, scores.size


def _held_out(
    faces: Portraits,
    rates: Sequence[float],
    parts: Sequence[frozenset[str]],
    rng: np.random.Generator,
    resamples: int,
) -> list[tuple[HeldOut, HeldOut]]:
    """Choose without each fold's people; count alarms and misses of comparisons that these take part in, once each."""
    everyone, done = set(faces.people().tolist()), set[str]()
    wrong, lost = np.zeros(len(rates), np.int64), np.zeros(len(rates), np.int64)
    tried = mates = 0
    first, second = faces.non_mated()
    older, newer = faces.pairs()
    for part in parts:
        chosen = strict_thresholds(faces.only(everyone - part), rates, rng, resamples=resamples)
        ours, before = np.isin(faces.subjects, sorted(part)), np.isin(faces.subjects, sorted(done))
        counted = (ours[first] & ~before[second]) | (ours[second] & ~before[first])
        scores, mated = faces.scores[first[counted], second[counted]], faces.scores[older, newer][ours[older]]
        tried, mates = tried + scores.size, mates + mated.size
        for index, threshold in enumerate(chosen):
            wrong[index] += int((scores >= threshold).sum())
            lost[index] += int((mated < threshold).sum())
        done |= part
    return [(_held(fell, tried), _held(gone, mates)) for fell, gone in zip(wrong.tolist(), lost.tolist(), strict=True)]


def _held(errors: int, of: int) -> HeldOut:
    if not of:
        raise ScoresRefused("Nobody has two portraits to compare.")
    rate = clopper_pearson(errors, of)
    return HeldOut(float(errors), of, rate.low, rate.high)


def _enough(faces: Portraits) -> bool:
    """Tell whether a tail can be fitted even where a fold of people is left out, or drawn less often."""
    return SHARE * faces.non_mated()[0].size / 2 >= LEAST_EXCEEDANCES


def _newer_as_one_list(faces: Portraits, rates: Sequence[float], rng: np.random.Generator, resamples: int) -> list[str]:
    """Say what the newer portraits raise as one list, at thresholds chosen without anybody on it, where that can be."""
    rows = np.flatnonzero(~faces.enrolled)
    on_list = set(faces.subjects[rows].tolist())
    others = set(faces.people().tolist()) - on_list
    without = faces.only(others)
    if not _enough(without):
        return [""] * len(rates)
    chosen = strict_thresholds(without, rates, rng, resamples=resamples)
    first, second = np.triu_indices(rows.size, 1)
    scores = faces.scores[rows[first], rows[second]]
    return [
        f"{int((scores >= threshold).sum())} false alarms among the {rows.size} newer portraits as one list, at a "
        "threshold chosen without these people; "
        for threshold in chosen
    ]
