"""The histogram that finds its own range is exact at its edges, whatever comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.measure.scores.bins import BINS, STRAYS, ScoreBins
from fairgate.measure.scores.in_memory import from_arrays
from fairgate.measure.scores.selection import select, typed


def counted(score: NDArray[np.floating], mated: NDArray[np.bool_], batch_rows: int) -> ScoreBins:
    bins = ScoreBins()
    for batch in from_arrays(score, mated, batch_rows=batch_rows).batches():
        bins.add(select(batch))
    return bins


def check(bins: ScoreBins, score: NDArray[np.floating], mated: NDArray[np.bool_]) -> None:
    steps = bins.steps()
    assert (np.diff(steps.borders) > 0).all()
    assert (steps.mated >= 0).all()
    assert (steps.non_mated >= 0).all()
    for kind, counts in ((mated, steps.mated), (~mated, steps.non_mated)):
        ordered = np.sort(score[kind].astype(np.float64))
        below = np.append(0, np.cumsum(counts))[:-1]
        assert np.searchsorted(ordered, steps.borders, side="left").tolist() == below.tolist()
        assert counts.sum() == ordered.size


any_score = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1, 1, width=32, allow_subnormal=False),
    st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False),
)


@given(
    st.lists(st.tuples(any_score, st.booleans()), min_size=1, max_size=60),
    st.integers(1, 20),
    st.sampled_from([np.float32, np.float64]),
)
@settings(deadline=None, max_examples=60)
def test_counts_below_every_border_are_exact(
    rows: list[tuple[float, bool]], batch_rows: int, kind: type[np.floating]
) -> None:
    """However far scores lie apart, and in whatever batches they come."""
    score, mated = np.asarray([row[0] for row in rows], dtype=kind), np.asarray([row[1] for row in rows])
    check(counted(score, mated, batch_rows), score, mated)


def test_a_far_outlier_spoils_no_resolution() -> None:
    """One score of a million beside ordinary ones leaves them a bin each, or nearly."""
    rng = np.random.default_rng(3)
    score, mated = rng.random(20_000), rng.random(20_000) < 0.3
    score[[5, 700, 15_000]] = [1e6, -1e9, 1e12]
    bins = counted(score, mated, 4000)
    check(bins, score, mated)
    assert bins.width() <= 8 / BINS
    assert bins.steps().borders[-1] == 1e12


def test_a_range_that_turns_out_wider_grows() -> None:
    """A first batch in a corner decides nothing for good."""
    rng = np.random.default_rng(4)
    score = np.concatenate([rng.normal(0.5, 1e-4, 1000), rng.normal(0, 300, 3 * STRAYS)])
    mated = rng.random(score.size) < 0.5
    bins = counted(score, mated, 1000)
    check(bins, score, mated)
    assert bins.width() >= 100 / BINS
    assert len(bins.steps().borders) > 10_000


def test_scores_that_are_all_equal_fill_one_bin() -> None:
    """Also where they are 0 or huge."""
    for value in (0.0, 1.0, -1e15, 1e-200):
        score, mated = np.full(50, value), np.arange(50) % 2 == 0
        bins = counted(score, mated, 7)
        check(bins, score, mated)
        assert bins.steps().mated.tolist() == [25]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@given(threshold=st.floats(-1, 1), scores=st.lists(st.floats(-1, 1, width=32), min_size=1))
def test_a_typed_threshold_decides_as_the_plain_one(
    kind: type[np.floating], threshold: float, scores: list[float]
) -> None:
    """Comparing in the scores' own type changes no decision."""
    score = np.asarray([*scores, threshold], dtype=kind)
    assert ((score >= typed(threshold, score)) == (score.astype(np.float64) >= threshold)).all()
