"""Two packs on the same comparisons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import clopper_pearson, rule_of_three
from fairgate.measure.paired import PairedPoint
from fairgate.measure.paired_comparison import compare_pairs
from fairgate.measure.paired_decisions import mcnemar
from fairgate.measure.paired_scores import MatchedBatch, MatchedInMemory
from fairgate.measure.paired_tally import HighestScores
from fairgate.measure.rates import NotResolvable, ThresholdFound, threshold_at_fmr


def drawn(people: int, each: int, seed: int, *, gain: float = 0.0, subjects: bool = True) -> MatchedBatch:
    """Give ``each`` mated comparisons a person, and everybody with everybody; the second pack gains on mated ones."""
    rng = np.random.default_rng(seed)
    first, second = np.nonzero(~np.eye(people, dtype=bool))
    same = np.repeat(np.arange(people), each)
    probe, reference = np.concatenate([same, first]), np.concatenate([same, second])
    mated = probe == reference
    shared = rng.normal(3.5 * mated, 0.8)
    one, other = shared + rng.normal(0, 0.6, probe.size), shared + rng.normal(gain * mated, 0.6)
    codes = (probe.astype(np.int32), reference.astype(np.int32)) if subjects else (None, None)
    return MatchedBatch(one, other * 10, mated, *codes)


def parts(batch: MatchedBatch, count: int) -> MatchedInMemory:
    probe, reference = batch.probe_subject, batch.reference_subject
    assert probe is not None
    assert reference is not None
    rows = np.array_split(np.arange(batch.mated.size), count)
    return MatchedInMemory(
        [
            MatchedBatch(batch.first_score[row], batch.second_score[row], batch.mated[row], probe[row], reference[row])
            for row in rows
        ]
    )


def test_counts_are_those_of_the_whole() -> None:
    """In batches as at once: both thresholds, errors and disagreements are those counted over all comparisons."""
    batch = drawn(60, 5, 1, gain=0.5)
    points = compare_pairs(parts(batch, 7), (1e-2, 1e-4), np.random.default_rng(2), resamples=200)
    point, unresolved = points
    assert unresolved == NotResolvable(1e-4, 3540, 3540 * 1e-4)
    assert isinstance(point, PairedPoint)
    thresholds = [threshold_at_fmr(one[~batch.mated], 1e-2) for one in (batch.first_score, batch.second_score)]
    assert [point.first_threshold, point.second_threshold] == [
        one.threshold for one in thresholds if isinstance(one, ThresholdFound)
    ]
    fnmr, fmr = point.differences
    for found, kind, above in ((fnmr, batch.mated, False), (fmr, ~batch.mated, True)):
        one = kind & ((batch.first_score >= point.first_threshold) == above)
        other = kind & ((batch.second_score >= point.second_threshold) == above)
        assert found.first == clopper_pearson(int(one.sum()), int(kind.sum()))
        assert found.second == clopper_pearson(int(other.sum()), int(kind.sum()))
        assert (found.only_first, found.only_second) == (int((one & ~other).sum()), int((other & ~one).sum()))
        assert found.p_value == mcnemar(found.only_first, found.only_second)
        assert found.difference == pytest.approx((other.sum() - one.sum()) / kind.sum())
        assert -1 <= found.low <= found.difference <= found.high <= 1
    assert (fnmr.rate, fmr.rate) == ("fnmr", "fmr")
    assert fnmr.high < 0
    assert fnmr.p_value < 0.01
    assert 0 < fnmr.visible < -fnmr.difference


def test_a_pack_does_not_differ_from_itself() -> None:
    """Without any disagreement the difference is 0, within the rule of three on comparisons that share nobody."""
    batch = drawn(40, 3, 3)
    batch = MatchedBatch(
        batch.first_score, batch.first_score, batch.mated, batch.probe_subject, batch.reference_subject
    )
    (point,) = compare_pairs(MatchedInMemory([batch]), (1e-2,), np.random.default_rng(4))
    assert isinstance(point, PairedPoint)
    for found, apart in zip(point.differences, (40, 20), strict=True):
        bound = rule_of_three(apart).high
        assert (found.difference, found.low, found.high, found.p_value) == (0.0, -bound, bound, 1.0)
        assert bound < found.visible <= 1


def test_unknown_people_give_narrower_intervals() -> None:
    """Where the same few people make the difference, not knowing them hides how little is known."""
    batch = drawn(30, 20, 5)
    bad = (batch.mated & (np.arange(batch.mated.size) < 60)).nonzero()[0]
    batch.second_score[bad] = -50.0
    nobody = MatchedBatch(batch.first_score, batch.second_score, batch.mated)
    assert batch.probe_subject is not None
    unlabelled = np.where(np.arange(batch.mated.size) % 599 == 3, -1, batch.probe_subject).astype(np.int32)
    partly = MatchedBatch(batch.first_score, batch.second_score, batch.mated, unlabelled, batch.reference_subject)
    widths = []
    for one in (batch, nobody, partly):
        (point,) = compare_pairs(MatchedInMemory([one]), (1e-2,), np.random.default_rng(6))
        assert isinstance(point, PairedPoint)
        widths.append(point.differences[0].high - point.differences[0].low)
    assert widths[0] > 2 * widths[1]
    assert widths[2] == widths[1]


@given(st.lists(st.integers(-5, 5).map(float), min_size=60, max_size=200), st.integers(1, 9), st.floats(0.06, 0.12))
def test_thresholds_are_exact_among_the_scores_kept(scores: list[float], pieces: int, target: float) -> None:
    """Keeping only the highest scores, ties and all, gives the threshold of all of them."""
    highest = HighestScores(keep=30)
    for piece in np.array_split(np.array(scores), pieces):
        highest.add(piece)
    whole = threshold_at_fmr(scores, target)
    assert isinstance(whole, ThresholdFound)
    assert highest.threshold(target, len(scores)) == whole.threshold


def test_refusals() -> None:
    """Only one kind of comparison, a score that is no number, and a target with more errors than scores are kept."""
    batch = drawn(12, 2, 7)
    rng = np.random.default_rng(8)
    only = MatchedBatch(batch.first_score[batch.mated], batch.second_score[batch.mated], batch.mated[batch.mated])
    broken = MatchedBatch(np.where(batch.mated, np.nan, batch.first_score), batch.second_score, batch.mated)
    for one in (only, broken):
        with pytest.raises(ScoresRefused):
            compare_pairs(MatchedInMemory([one]), (0.1,), rng)
    with pytest.raises(ScoresRefused):
        compare_pairs(MatchedInMemory([batch]), (0.5,), rng, keep=20)
    with pytest.raises(ScoresRefused):
        compare_pairs(MatchedInMemory([batch]), (1.5,), rng)


def test_people_of_batches_in_memory() -> None:
    """There is one person more than the highest code; none where codes are missing."""
    assert MatchedInMemory([drawn(12, 2, 7)]).people == 12
    assert MatchedInMemory([drawn(12, 2, 7, subjects=False)]).people == 0
