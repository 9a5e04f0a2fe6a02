"""Scores in bins."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.histogram import score_histogram

scores = st.lists(st.floats(-1, 1), max_size=40)


@given(scores, scores, st.floats(-1, 1), st.integers(1, 60))
def test_every_score_is_in_a_bin(mated: list[float], non_mated: list[float], threshold: float, bins: int) -> None:
    """Bins add up to the scores and ascend, and those from the threshold on hold exactly the scores that reach it."""
    if not mated and not non_mated:
        return
    made = score_histogram(np.array(mated), np.array(non_mated), threshold, bins=bins)
    assert (sum(made.mated), sum(made.non_mated)) == (len(mated), len(non_mated))
    assert len(made.edges) == len(made.mated) + 1 <= bins + 3
    assert list(made.edges) == sorted(made.edges)
    place = made.edges.index(threshold)
    assert sum(made.mated[place:]) == sum(score >= threshold for score in mated)
    assert sum(made.non_mated[place:]) == sum(score >= threshold for score in non_mated)


@pytest.mark.parametrize("mated", [[], [math.nan]])
def test_nothing_and_not_finite_are_refused(mated: list[float]) -> None:
    """A histogram of no score or of NaN is refused."""
    with pytest.raises(ScoresRefused):
        score_histogram(np.array(mated), np.array([]), 0.5)
