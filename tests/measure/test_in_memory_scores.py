"""Scores in memory as a source."""

from __future__ import annotations

import numpy as np
import pytest

from fairgate.errors import ScoresRefused
from fairgate.measure.scores.batch import UNKNOWN
from fairgate.measure.scores.in_memory import from_arrays, from_matrix


def test_a_matrix_is_cut_into_rows_and_not_copied() -> None:
    """Batches are views of whole rows; people share one code space, labels theirs, and nobody is mated with nobody."""
    table = np.arange(12, dtype=np.float32).reshape(4, 3)
    source = from_matrix(
        table, ["a", "b", "", "c"], ["b", "c", ""], {"sex": (["f", "m", "", "f"], ["m", "f", ""])}, batch_scores=6
    )
    first, second = source.batches()
    assert np.shares_memory(first.score, table)
    assert (first.first_row, second.first_row, first.score.shape) == (1, 7, (2, 3))
    assert first.mated.tolist() == [[False, False, False], [True, False, False]]
    assert second.mated.tolist() == [[False, False, False], [False, True, False]]
    assert source.names.subjects == ["a", "b", "c"]
    assert source.names.groups == {"sex": ["f", "m"]}
    assert second.groups["sex"].probe.tolist() == [[UNKNOWN], [0]]
    assert (source.names.probes, source.names.references, source.rows) == (4, 3, 12)


def test_columns_are_coded() -> None:
    """Text and numbers become codes, the empty text and negative numbers become unknown."""
    source = from_arrays(
        [0.1, 0.2, 0.3],
        [True, False, False],
        probe_subject=["y", "x", ""],
        reference_subject=["y", "z", "x"],
        transaction=[7, -1, 5],
        attack=["", "", "print"],
        batch_rows=2,
    )
    first, second = source.batches()
    assert first.probe_subject is not None
    assert second.probe_subject is not None
    assert second.attack is not None
    assert source.names.subjects == ["x", "y", "z"]
    assert first.probe_subject.tolist() == [1, 0]
    assert second.probe_subject.tolist() == [UNKNOWN]
    assert (source.names.transactions, source.names.attacks, second.attack.tolist()) == (2, ["print"], [0])
    assert second.first_row == 3


def test_columns_that_do_not_fit_are_refused() -> None:
    """Columns of another length, unknown columns and matrices of another shape are refused."""
    with pytest.raises(ScoresRefused):
        from_arrays([0.1, 0.2], [True])
    with pytest.raises(ScoresRefused):
        from_arrays([0.1], [True], weather=["fine"])
    with pytest.raises(ScoresRefused):
        from_matrix(np.zeros((2, 2)), ["a"], ["a", "b"])
