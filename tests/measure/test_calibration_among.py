"""Thresholds for one list compared among itself, and for one photo used twice."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.special import betainc

from fairgate.errors import ScoresRefused
from fairgate.measure.calibration_among import (
    ALARMS_A_LIST,
    LIST_SIZES,
    calibrate_among,
    rate_among,
    strict_thresholds,
)
from fairgate.measure.calibration_record import Provenance
from fairgate.measure.calibration_same_photo import calibrate_same_photo
from fairgate.measure.portraits import Portraits, portraits

WHERE_FROM = Provenance("simulated faces", "0" * 64, "1" * 64, date(2026, 11, 22))


def on_a_sphere(people: int, dimensions: int, seed: int) -> Portraits:
    """One portrait a person, anywhere: how often two come near is known exactly."""
    points = np.random.default_rng(seed).normal(size=(people, dimensions))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return portraits([f"s{at:04}" for at in range(people)], [True] * people, points @ points.T)


def faces(people: int, seed: int, same_photo: int = 0, alone: int = 0) -> Portraits:
    """Two portraits a person, the first few of them nearly one photo; the last few people have an older one alone."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(people, 40))
    noise = np.where(np.arange(people) < same_photo, 0.01, 0.4)[:, None]
    both = np.concatenate([own, own + noise * rng.normal(size=own.shape)])
    both /= np.linalg.norm(both, axis=1, keepdims=True)
    names = [f"s{at:04}" for at in range(people)]
    kept = np.array([*range(people), *range(people, 2 * people - alone)])
    scores = (both @ both.T)[np.ix_(kept, kept)]
    return portraits((names * 2)[: kept.size], (kept < people).tolist(), scores, set(names[:same_photo]))


@pytest.mark.parametrize("dimensions", [12, 24, 48])
def test_the_false_alarms_of_a_list_stay_below_one_in_a_hundred(dimensions: int) -> None:
    """True rates are known here: in the mean over calibrations below the target, and in none more than twice it."""
    rates = [rate_among(ALARMS_A_LIST, size) for size in LIST_SIZES]
    pairs = np.array([size * (size - 1) / 2 for size in LIST_SIZES])
    alarms = []
    for seed in range(8):
        chosen = strict_thresholds(on_a_sphere(512, dimensions, seed), rates, np.random.default_rng(seed), resamples=40)
        nearer = (1.0 - np.array(chosen)) / 2.0
        alarms.append(betainc((dimensions - 1) / 2, (dimensions - 1) / 2, nearer) * pairs)
    assert (np.mean(alarms, axis=0) < ALARMS_A_LIST).all()
    assert np.max(alarms) < 2 * ALARMS_A_LIST


def test_records_say_what_was_counted() -> None:
    """Stricter for larger lists, extrapolated, with what is still found and what strangers did."""
    made = calibrate_among(faces(300, 2, alone=200), WHERE_FROM, np.random.default_rng(1), folds=5, resamples=20)
    assert [record.gallery_size for record in made] == list(LIST_SIZES)
    assert [record.threshold for record in made] == sorted(record.threshold for record in made)
    for record in made:
        assert (record.kind, record.target, record.resolvable) == ("among_themselves", 0.01, False)
        assert record.threshold_method.startswith("extrapolated")
        assert record.non_mated == record.held_out_false_positives.of == 400 * 399 // 2 - 100
        assert record.mated == record.held_out_misses.of == 100
        assert record.errors_observed == record.held_out_false_positives.errors == 0
        assert f"of {record.mated} pairs of one person" in record.threshold_method
        assert "0 false alarms among the 100 newer portraits as one list" in record.threshold_method


def test_the_same_generator_gives_the_same_records() -> None:
    """To the digit."""
    one, other = (
        calibrate_among(faces(120, 3), WHERE_FROM, np.random.default_rng(9), folds=4, resamples=20) for _ in range(2)
    )
    assert one == other


def test_too_few_comparisons_give_no_record() -> None:
    """So that a list is said to be impossible to check."""
    assert calibrate_among(faces(30, 3), WHERE_FROM, np.random.default_rng(9)) == ()


def test_a_list_of_one_and_too_few_rounds_are_refused() -> None:
    """There is nothing to compare, or no interval."""
    with pytest.raises(ScoresRefused):
        rate_among(0.01, 1)
    with pytest.raises(ScoresRefused):
        strict_thresholds(on_a_sphere(200, 12, 1), [1e-6], np.random.default_rng(1), resamples=5)


def test_one_photo_used_twice_is_told_from_two_photos() -> None:
    """At most one pair of different photos in twenty is taken for one; none that is one is missed."""
    (record,) = calibrate_same_photo(faces(120, 4, same_photo=10), WHERE_FROM)
    assert (record.kind, record.mated, record.non_mated, record.resolvable) == ("same_photo", 10, 110, True)
    assert record.errors_observed <= 0.05 * 110
    assert record.held_out_misses.errors == 0
    assert 0.9 < record.threshold < 0.999


@pytest.mark.parametrize(("people", "same_photo"), [(30, 5), (120, 0)])
def test_too_few_pairs_tell_nothing_of_one_photo(people: int, same_photo: int) -> None:
    """No record, so that nothing is called one photo."""
    assert calibrate_same_photo(faces(people, 5, same_photo), WHERE_FROM) == ()
