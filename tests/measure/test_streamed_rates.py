"""Scores that stream through in batches give the very figures that scores in memory give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import det_curve

from fairgate.errors import ScoresRefused
from fairgate.measure.evaluate import Figures, Plan, evaluate
from fairgate.measure.rates import NotResolvable, ThresholdFound, fmr_at, fnmr_at, threshold_at_fmr
from fairgate.measure.scores.batch import Names, ScoreBatch
from fairgate.measure.scores.in_memory import InMemoryScores, from_arrays, from_matrix
from fairgate.measure.scores.people import Folds
from fairgate.measure.scores.selection import select
from fairgate.measure.scores.survey import ChosenPoint, Survey
from fairgate.measure.scores.top import NotKept
from fairgate.measure.verification import FnmrAtFmr, Verification

TARGETS = (0.5, 0.2, 0.1)
coarse = st.integers(-8, 8).map(lambda step: step / 8)
fine = st.floats(-1e3, 1e3, width=32)
scores_of = st.lists(st.tuples(coarse | fine, st.booleans()), min_size=2, max_size=80)


@dataclass(frozen=True, slots=True)
class Cut:
    """A source whose batches have the sizes given, over and over."""

    score: NDArray[np.floating]
    mated: NDArray[np.bool_]
    sizes: Sequence[int]
    columns: Sequence[str] = ("score", "mated")

    @property
    def names(self) -> Names:
        return Names()

    def batches(self) -> Iterator[ScoreBatch]:
        start, turn = 0, 0
        while start < self.score.size:
            part = slice(start, start + self.sizes[turn % len(self.sizes)])
            yield ScoreBatch(start + 1, self.score[part], self.mated[part])
            start, turn = part.stop, turn + 1


def verified(source: Cut | InMemoryScores, plan: Plan) -> Verification:
    figures = evaluate(source, plan, np.random.default_rng(1))
    assert figures.verification is not None
    return figures.verification


@given(scores_of, st.lists(st.integers(1, 30), min_size=1, max_size=4), st.sampled_from([np.float32, np.float64]))
@settings(deadline=None, max_examples=50)
def test_streamed_figures_are_those_in_memory(
    rows: list[tuple[float, bool]], sizes: list[int], kind: type[np.floating]
) -> None:
    """Thresholds, counts and intervals at every target, and both counts at every point of the curve, ties included."""
    score, mated = np.asarray([row[0] for row in rows], dtype=kind), np.asarray([row[1] for row in rows])
    if mated.all() or not mated.any():
        mated[0] = not mated[0]
    same, different = score[mated], score[~mated]
    found = verified(Cut(score, mated, sizes), Plan(fmr_targets=TARGETS, folds=0))
    for target, point in zip(TARGETS, found.at, strict=True):
        expected = threshold_at_fmr(different, target)
        if isinstance(expected, NotResolvable):
            assert point == expected
            continue
        assert isinstance(point, FnmrAtFmr)
        if expected.errors.count or kind is np.float64:
            assert point.threshold == expected.threshold
        assert point.fmr == expected.errors
        assert point.fnmr == fnmr_at(same, expected.threshold)
    det = found.det
    assert list(det.thresholds) == sorted(set(det.thresholds))
    for threshold, false, missed in zip(det.thresholds, det.false_matches, det.misses, strict=True):
        assert fmr_at(different, threshold).count == false
        assert fnmr_at(same, threshold).count == missed
    assert (det.false_matches[0], det.misses[0], det.false_matches[-1], det.misses[-1]) == (
        different.size,
        0,
        0,
        same.size,
    )
    equal = found.equal_error
    assert equal is not None
    assert equal.fmr == fmr_at(different, equal.threshold)
    page = found.histogram
    assert (sum(page.mated), sum(page.non_mated)) == (same.size, different.size)
    border = page.edges.index(page.threshold)
    assert sum(page.non_mated[border:]) == fmr_at(different, page.threshold).count
    assert sum(page.mated[:border]) == fnmr_at(same, page.threshold).count


def test_the_curve_agrees_with_scikit_learn() -> None:
    """At every point of the curve scikit-learn's det_curve has the same rates to 1e-12; so has SciPy the intervals."""
    rng = np.random.default_rng(7)
    mated = rng.random(60_000) < 0.1
    score = np.where(mated, rng.normal(0.6, 0.1, mated.size), rng.normal(0.2, 0.1, mated.size))
    score[::50] = np.round(score[::50], 1)
    found = verified(Cut(score, mated, (1009, 20_000, 3)), Plan(folds=0))
    fmr, fnmr, thresholds = det_curve(mated, score)
    ascending = np.argsort(thresholds)
    compared = 0
    for threshold, false, missed in zip(found.det.thresholds, found.det.false_matches, found.det.misses, strict=True):
        place = int(np.searchsorted(thresholds[ascending], threshold))
        if not 0 < place < ascending.size or not math.isfinite(thresholds[ascending][place]):
            continue
        assert false / found.det.non_mated == pytest.approx(fmr[ascending][place], abs=1e-12)
        assert missed / found.det.mated == pytest.approx(fnmr[ascending][place], abs=1e-12)
        compared += 1
    assert compared > 150
    assert len(found.det.thresholds) <= 400
    for point in found.at:
        if isinstance(point, FnmrAtFmr):
            exact = binomtest(point.fnmr.count, point.fnmr.of).proportion_ci(0.95, method="exact")
            assert (point.fnmr.low, point.fnmr.high) == pytest.approx((exact.low, exact.high), abs=1e-12)


def people_matrix(seed: int = 3, people: int = 40, images: int = 3) -> InMemoryScores:
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(people), images)
    offset = rng.normal(0, 0.1, people)
    table = rng.normal(0.2, 0.1, (whose.size, whose.size)) + offset[whose][:, None]
    table[whose[:, None] == whose] += 0.4
    names = [f"p{person:03}" for person in whose]
    return from_matrix(np.round(table, 2), names, names, batch_scores=whose.size * 7)


def test_held_out_rates_by_brute_force() -> None:
    """Each fold's thresholds come from comparisons without its people, and are tried on its own probes."""
    source, plan = people_matrix(), Plan(fmr_targets=(0.1, 0.01), folds=4)
    found = verified(source, plan)
    folds = Folds(4, np.random.default_rng(1).spawn(1)[0])
    score = np.concatenate([batch.score for batch in source.parts])
    codes = np.concatenate([batch.probe_subject for batch in source.parts if batch.probe_subject is not None])[:, 0]
    fold, mated = folds.of(codes), codes[:, None] == codes
    assert np.bincount(fold).tolist() == [30, 30, 30, 30]
    for target, point in zip(plan.fmr_targets, found.at, strict=True):
        assert isinstance(point, FnmrAtFmr)
        false = missed = 0
        for part in range(4):
            outside = (fold != part)[:, None] & (fold != part)
            chosen = threshold_at_fmr(score[outside & ~mated], target)
            assert isinstance(chosen, ThresholdFound)
            rows = fold == part
            false += int((score[rows][~mated[rows]] >= chosen.threshold).sum())
            missed += int((score[rows][mated[rows]] < chosen.threshold).sum())
        assert point.held_out_fmr is not None
        assert point.held_out_fnmr is not None
        assert (point.held_out_fmr.count, point.held_out_fmr.of) == (false, int((~mated).sum()))
        assert (point.held_out_fnmr.count, point.held_out_fnmr.of) == (missed, int(mated.sum()))
        assert point.folds == 4


def test_a_matrix_and_its_rows_and_any_number_of_threads_give_the_same() -> None:
    """How the comparisons are laid out and who counts them changes nothing."""
    matrix = people_matrix()
    whole = np.concatenate([batch.score for batch in matrix.parts])
    whose = np.repeat([f"p{person:03}" for person in range(40)], 3)
    probe, reference = np.repeat(whose, whose.size), np.tile(whose, whose.size)
    rows = from_arrays(
        whole.ravel(), probe == reference, probe_subject=probe, reference_subject=reference, batch_rows=999
    )

    def figures(source: InMemoryScores) -> Figures:
        return evaluate(source, Plan(), np.random.default_rng(5))

    alone = figures(matrix)
    by_row = figures(rows).verification
    assert by_row is not None
    assert alone.verification is not None
    assert by_row.at == alone.verification.at
    with ThreadPoolExecutor(3) as pool:
        assert evaluate(matrix, Plan(), np.random.default_rng(5), each=pool.map) == alone
    assert alone.subjects == 40
    point = alone.verification.at[0]
    assert isinstance(point, FnmrAtFmr)
    assert point.fmr_by_subject is not None
    assert point.fmr_by_subject.high - point.fmr_by_subject.low > point.fmr.high - point.fmr.low


def test_rows_that_are_no_comparisons_are_left_out() -> None:
    """Failures, attacks and rows without people count as what they are."""
    source = from_arrays(
        [0.9, 0.1, np.nan, 0.8, 0.2],
        [True, False, True, False, False],
        failure=[0, 0, 1, 0, 0],
        attack=["", "", "", "mask", ""],
        probe_subject=["a", "a", "a", "b", "b"],
        reference_subject=["a", "b", "a", "a", ""],
    )
    figures = evaluate(source, Plan(), np.random.default_rng(0))
    assert (figures.mated, figures.non_mated, figures.failures, figures.attacks) == (1, 2, 1, 1)
    assert figures.verification is not None
    assert all(isinstance(point, NotResolvable) for point in figures.verification.at)
    assert any("do not say whose" in note for note in figures.notes)


def test_no_scores_of_one_kind_give_no_verification() -> None:
    """Without a mated or a non-mated comparison there is nothing to trade off."""
    for mated in (True, False):
        figures = evaluate(from_arrays([0.1] * 400, [mated] * 400), Plan(), np.random.default_rng(0))
        assert figures.verification is None
    nothing = evaluate(from_arrays([], []), Plan(), np.random.default_rng(0))
    assert (nothing.mated, nothing.non_mated, nothing.verification) == (0, 0, None)


@given(st.lists(coarse, min_size=40, max_size=200), st.integers(5, 30), st.integers(1, 50))
@settings(deadline=None, max_examples=50)
def test_a_bounded_top_is_exact_or_says_that_it_cannot(scores: list[float], keep: int, batch: int) -> None:
    """With few scores kept a threshold is still the exact one, or none is given."""
    survey = Survey(Folds(1, np.random.default_rng(0)), (0.1,), keep=keep)
    for part in from_arrays(scores, [False] * len(scores), batch_rows=batch).batches():
        survey.add(select(part))
    survey.settle()
    targets = (0.1, 0.2, 0.5)
    for target, found in zip(targets, survey.choose(targets), strict=True):
        exact = threshold_at_fmr(scores, target)
        if isinstance(found, NotKept):
            assert found.allowed >= keep
        elif isinstance(exact, ThresholdFound):
            assert isinstance(found, ChosenPoint)
            assert (found.threshold, found.false_matches) == (exact.threshold, exact.errors.count)


def test_a_fixed_threshold_is_told_beside_the_targets() -> None:
    """A threshold that was given has its own point, its FMR as measured; float32 scores do not round it."""
    score = np.asarray([0.5] * 30 + [0.7] * 10, dtype=np.float32)
    found = verified(
        Cut(score, np.arange(40) % 2 == 0, (7,)), Plan(fmr_targets=(0.2,), threshold=float(score[-1]) + 1e-9, folds=0)
    )
    assert found.at_fixed is not None
    assert (found.at_fixed.fmr.count, found.at_fixed.fnmr.count) == (0, 20)
    assert found.histogram.threshold == found.at_fixed.threshold


def test_an_impossible_fmr_is_refused() -> None:
    """A target lies strictly between 0 and 1."""
    with pytest.raises(ScoresRefused):
        verified(Cut(np.full(5, 0.5), np.zeros(5, dtype=np.bool_), (2,)), Plan(at_fmr=1.5))


def test_scores_that_fall_as_they_come_are_read_once_more() -> None:
    """Where too few of the highest were kept, as nobody knew how many would come, the figures are still exact."""
    rng = np.random.default_rng(2)
    score = np.sort(rng.normal(size=600_000))[::-1].copy()
    score[::3] = np.round(score[::3], 2)
    mated = rng.random(score.size) < 0.001
    found = verified(Cut(score, mated, (5000,)), Plan(fmr_targets=(0.01, 0.001), folds=0))
    for target, point in zip((0.01, 0.001), found.at, strict=True):
        exact = threshold_at_fmr(score[~mated], target)
        assert isinstance(exact, ThresholdFound)
        assert isinstance(point, FnmrAtFmr)
        assert (point.threshold, point.fmr) == (exact.threshold, exact.errors)
    names = ["a", "b"] * 300_000
    told = from_arrays(score, mated, probe_subject=names, reference_subject=names[::-1], batch_rows=5000)
    passes: list[int] = []
    whole = evaluate(Unsized(told), Plan(), np.random.default_rng(1), progress=lambda done, _: passes.append(done))
    assert max(passes) == 3 * score.size
    assert whole == evaluate(told, Plan(), np.random.default_rng(1))


@dataclass(frozen=True, slots=True)
class Unsized:
    """A source that does not tell its size."""

    source: InMemoryScores

    @property
    def names(self) -> Names:
        return self.source.names

    @property
    def columns(self) -> Sequence[str]:
        return self.source.columns

    def batches(self) -> Iterator[ScoreBatch]:
        return self.source.batches()
