"""What thresholds chosen on the same comparisons add to the difference of two packs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from fairgate.measure.paired import PairedPoint
from fairgate.measure.paired_comparison import compare_pairs
from fairgate.measure.paired_scores import MatchedBatch, MatchedInMemory
from fairgate.measure.paired_tally import DecisionTally, HighestScores, MatedScores, Presence
from fairgate.measure.paired_thresholds import threshold_shift
from fairgate.measure.subject_bootstrap import changed_unshared_rates

MATED_MEANS = (4.0, 4.3)


def world(people: int, each: int, share: float, rng: np.random.Generator, *, subjects: bool = True) -> MatchedBatch:
    """Draw people whom two packs judge alike; part of each score belongs to the people in it."""
    first, second = np.nonzero(~np.eye(people, dtype=bool))
    same = np.repeat(np.arange(people), each)
    probe, reference = (np.concatenate([same, side]).astype(np.int32) for side in (first, second))
    mated = probe == reference
    own, rest = (both(count, rng) for count in (people, probe.size))
    shared = np.where(mated, np.sqrt(2) * own[:, probe], own[:, probe] + own[:, reference])
    scores = np.sqrt(share) * shared + np.sqrt(1 - 2 * share) * rest + np.outer(MATED_MEANS, mated)
    codes = (probe, reference) if subjects else (None, None)
    return MatchedBatch(scores[0], scores[1], mated, *codes)


def both(count: int, rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    values = rng.standard_normal((2, count))
    values[1] = 0.7 * values[0] + np.sqrt(0.51) * values[1]
    return values


def shift(batch: MatchedBatch, target: float, seed: int) -> tuple[float, float]:
    """Return the bounds of the shift for a batch, through the parts of a comparison."""
    kind, sample = Presence(mated=False), MatedScores()
    highest = HighestScores(), HighestScores()
    kind.add(batch)
    sample.add(batch)
    for kept, score in zip(highest, (batch.first_score, batch.second_score), strict=True):
        kept.add(score[~batch.mated])
    tally = DecisionTally(*(one.threshold(target, kind.of) for one in highest), mated=False, known=kind.known)
    tally.add(batch)
    rng = np.random.default_rng(seed)
    return threshold_shift(kind, tally.figures(), highest, sample.ranked(), rng, resamples=400, confidence=0.95)


def test_the_same_pack_shifts_with_itself() -> None:
    """Two packs with the same scores get the same thresholds from any people."""
    batch = world(40, 3, 0.1, np.random.default_rng(1))
    same = MatchedBatch(batch.first_score, batch.first_score, batch.mated, batch.probe_subject, batch.reference_subject)
    assert shift(same, 0.01, 2) == (0.0, 0.0)


def test_fewer_false_matches_shift_more() -> None:
    """A threshold that rests on ten false matches may move the FNMR more than one that rests on a hundred."""
    batch = world(100, 5, 0.05, np.random.default_rng(3))
    few, many = shift(batch, 1e-3, 4), shift(batch, 1e-2, 4)
    assert few[0] < many[0] < 0 < many[1] < few[1]


def test_unknown_people_shift_less() -> None:
    """Where nobody knows who is in a comparison, wolves go unseen."""
    known = shift(world(100, 5, 0.2, np.random.default_rng(5)), 1e-2, 6)
    unknown = shift(world(100, 5, 0.2, np.random.default_rng(5), subjects=False), 1e-2, 6)
    assert known[1] - known[0] > 1.3 * (unknown[1] - unknown[0]) > 0


def test_a_threshold_above_every_score_does_not_shift() -> None:
    """Where all scores are equal no comparison matches, and nothing can be said of other thresholds."""
    batch = world(20, 3, 0.1, np.random.default_rng(7))
    flat = MatchedBatch(np.zeros(batch.mated.size), batch.second_score, batch.mated)
    assert shift(flat, 0.05, 8) == (0.0, 0.0)


def test_unshared_rates_change_like_counts() -> None:
    """Without people, 50 errors vary by one part in seven, and two packs' common errors together."""
    wrong = np.array([[True] * 50 + [False] * 20, [True] * 30 + [False] * 20 + [True] * 20])
    changes = changed_unshared_rates(100_000, wrong, np.random.default_rng(9), resamples=20_000)
    assert np.allclose(changes.mean(axis=1), 1, atol=0.01)
    assert np.allclose(changes.std(axis=1), 50**-0.5, rtol=0.05)
    assert np.asarray(np.corrcoef(changes))[0, 1] == pytest.approx(0.6, abs=0.03)


def test_mated_scores_are_thinned_evenly() -> None:
    """Where too many come, every second, fourth, … is kept, whatever the batches."""
    scores = np.arange(1003.0)
    sample = MatedScores(keep=100)
    for part in np.array_split(scores, 13):
        sample.add(MatchedBatch(part, -part, np.ones(part.size, dtype=bool)))
    first, second = sample.ranked()
    assert 50 <= first.size <= 100
    assert (np.diff(first) == 16).all()
    assert (second == -first[::-1]).all()


@pytest.mark.slow
@pytest.mark.parametrize(("people", "share", "target"), [(100, 0.1, 1e-2), (150, 0.0, 1e-3), (100, 0.2, 1e-2)])
def test_the_interval_holds_where_thresholds_are_chosen_too(people: int, share: float, target: float) -> None:
    """With thresholds chosen on the comparisons at hand, the interval holds the difference at the true thresholds."""
    rng = np.random.default_rng(10)
    missed = ndtr(-ndtri(target) - np.array(MATED_MEANS))
    held = 0
    for _ in range(60):
        (point,) = compare_pairs(MatchedInMemory([world(people, 5, share, rng)]), (target,), rng, resamples=200)
        assert isinstance(point, PairedPoint)
        held += point.differences[0].low <= missed[1] - missed[0] <= point.differences[0].high
    assert held >= 54
