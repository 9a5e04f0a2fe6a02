"""Error rates of 1:1 comparison."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import det_curve

from fairgate.errors import ScoresRefused
from fairgate.measure.rates import (
    NotResolvable,
    ThresholdFound,
    det_points,
    fmr_at,
    fnmr_at,
    threshold_at_fmr,
)

few_scores = st.lists(st.integers(-20, 20).map(lambda step: step / 20), min_size=1, max_size=60)


def test_rates_by_hand() -> None:
    """A score at the threshold is a match: of 0.1 0.5 0.5 0.9, three are at or above 0.5 and one below."""
    scores = [0.1, 0.5, 0.5, 0.9]
    assert (fmr_at(scores, 0.5).count, fmr_at(scores, 0.5).of) == (3, 4)
    assert (fnmr_at(scores, 0.5).count, fnmr_at(scores, 0.5).of) == (1, 4)
    assert fmr_at(scores, 0.5000001).count == 1


def test_threshold_by_hand() -> None:
    """Among 1000 scores 0.001 … 1.000 an FMR of 1 % allows ten, the highest ten."""
    found = threshold_at_fmr(np.arange(1, 1001) / 1000, 0.01)
    assert isinstance(found, ThresholdFound)
    assert found.threshold == pytest.approx(0.991)
    assert found.errors.count == 10


def test_ties_at_the_threshold_count_against() -> None:
    """Where the tenth and the eleventh score are equal, neither may match."""
    scores = np.concatenate([np.zeros(985), np.full(6, 0.5), np.arange(1, 10) / 100 + 0.6])
    found = threshold_at_fmr(scores, 0.01)
    assert isinstance(found, ThresholdFound)
    assert found.errors.count == 9
    assert found.threshold == pytest.approx(0.61)


def test_a_threshold_above_every_score_is_possible() -> None:
    """If the highest scores are all equal, the threshold lies just above them."""
    found = threshold_at_fmr(np.ones(1000), 0.01)
    assert isinstance(found, ThresholdFound)
    assert found.threshold > 1.0
    assert found.errors.count == 0


def test_too_few_scores_resolve_nothing() -> None:
    """Where 1.3 errors would be expected the answer is that the rate is not resolvable; at three it is."""
    assert threshold_at_fmr(np.zeros(180_811), 7.15e-6) == NotResolvable(7.15e-6, 180_811, 7.15e-6 * 180_811)
    assert isinstance(threshold_at_fmr(np.arange(30_000.0), 1e-4), ThresholdFound)
    assert isinstance(threshold_at_fmr(np.arange(29_999.0), 1e-4), NotResolvable)


@given(few_scores, st.floats(0.05, 0.9))
def test_the_threshold_keeps_the_target_and_no_lower_score_does(scores: list[float], target: float) -> None:
    """FMR at the threshold is at most the target; at the next lower observed score it is above."""
    found = threshold_at_fmr(scores, target)
    if isinstance(found, NotResolvable):
        assert target * len(scores) < 3
        return
    rate = fmr_at(scores, found.threshold)
    assert rate == found.errors
    assert rate.count <= target * len(scores) + 1e-9
    lower = [score for score in scores if score < found.threshold]
    if lower:
        assert fmr_at(scores, max(lower)).count > target * len(scores) - 1e-9


@given(few_scores, few_scores)
def test_det_points_agree_with_scikit_learn(mated: list[float], non_mated: list[float]) -> None:
    """At every threshold that scikit-learn gives, both rates agree to 1e-12."""
    ours = det_points(mated, non_mated)
    labels = np.concatenate([np.ones(len(mated)), np.zeros(len(non_mated))])
    theirs = det_curve(labels, np.concatenate([mated, non_mated]))
    compared = 0
    for fmr, fnmr, threshold in zip(*theirs, strict=True):
        if not math.isfinite(threshold):
            continue
        place = int(np.searchsorted(ours.thresholds, threshold))
        assert ours.thresholds[place] == pytest.approx(threshold, abs=1e-12)
        assert ours.fmr[place] == pytest.approx(fmr, abs=1e-12)
        assert ours.fnmr[place] == pytest.approx(fnmr, abs=1e-12)
        compared += 1
    assert compared


@given(few_scores, few_scores)
def test_det_points_run_from_everything_to_nothing(mated: list[float], non_mated: list[float]) -> None:
    """FMR falls, FNMR rises, and the ends are the trivial decisions."""
    points = det_points(mated, non_mated)
    assert (np.diff(points.fmr) <= 0).all()
    assert (np.diff(points.fnmr) >= 0).all()
    assert (points.fmr[0], points.fnmr[0]) == (1.0, 0.0)
    assert (points.fmr[-1], points.fnmr[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("scores", [[], [math.nan], [math.inf, 0.1]])
def test_unusable_scores_are_refused(scores: list[float]) -> None:
    """No score, or one that is not finite, is refused."""
    with pytest.raises(ScoresRefused):
        fmr_at(scores, 0.5)


@pytest.mark.parametrize("target", [0.0, 1.0, -1e-3, math.nan])
def test_impossible_targets_are_refused(target: float) -> None:
    """A target rate lies strictly between 0 and 1."""
    with pytest.raises(ScoresRefused):
        threshold_at_fmr([0.1, 0.2], target)
