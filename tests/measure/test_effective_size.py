"""How many independent comparisons those at hand are worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.effective_size import disjoint_trials, effective_trials


def test_one_sided_by_hand() -> None:
    """Four people, two comparisons each, errors 2 1 0 0: residuals 5/4 1/4 -3/4 -3/4.

    Their squares sum to 11/4, times 4/3 is 11/3; independent would be 8 · 3/8 · 5/8 = 15/8; the effect is 88/45.
    """
    assert effective_trials(3, 8, [2, 1, 0, 0], [2, 2, 2, 2], sides=1) == pytest.approx(8 * 45 / 88, abs=1e-12)


def test_people_who_fail_all_together_count_once() -> None:
    """Where all ten comparisons of a person go the same way, a hundred people are worth a hundred comparisons."""
    errors = np.where(np.arange(100) < 20, 10, 0)
    assert effective_trials(200, 1000, errors, np.full(100, 10), sides=1) == pytest.approx(99.0, abs=1e-9)


def test_two_sided_by_hand() -> None:
    """Everybody of five with everybody, both ways, and one wolf in all eight errors: by the sum over all pairs.

    Rate 8/20; the wolf's residual is 8 - 3.2, the others' 2 - 3.2; squares 23.04 + 4 · 1.44 = 28.8; less
    20 · 0.24 = 4.8 is 24; independent would be 4.8; the effect is 5.
    """
    assert effective_trials(8, 20, [8, 2, 2, 2, 2], [8] * 5, sides=2) == pytest.approx(4.0, abs=1e-12)


def test_two_sided_agrees_with_the_sum_over_every_two_comparisons() -> None:
    """The counts by person give the sum over all two comparisons that share somebody, when each pair meets once."""
    rng = np.random.default_rng(4)
    first, second = np.triu_indices(9, 1)
    wrong = rng.random(first.size) < 0.3
    wrong |= (first == 2) & (second > 4)
    rate = wrong.mean()
    residual = wrong - rate
    sharing = (first[:, None] == first) | (first[:, None] == second) | (second[:, None] == first)
    sharing |= second[:, None] == second
    variance = residual @ sharing @ residual
    independent = wrong.size * rate * (1 - rate)
    by_person = np.bincount(first, wrong, 9) + np.bincount(second, wrong, 9)
    found = effective_trials(int(wrong.sum()), wrong.size, by_person, np.full(9, 8), sides=2)
    assert variance > independent
    assert found == pytest.approx(wrong.size * independent / variance, rel=1e-12)


@given(st.integers(2, 40), st.integers(1, 6), st.data())
def test_never_more_than_the_comparisons(people: int, each: int, data: st.DataObject) -> None:
    """The design effect is at least 1, and the result a number above 0."""
    errors = data.draw(st.lists(st.integers(0, each), min_size=people, max_size=people))
    found = effective_trials(sum(errors), people * each, errors, [each] * people, sides=1)
    assert 0 < found <= people * each


def test_without_errors_only_comparisons_that_share_nobody_count() -> None:
    """Mated: the people. Everybody with everybody: half of them. Two separate sides: the smaller one."""
    assert effective_trials(0, 60, [0] * 12, [5] * 12, sides=1) == 12
    assert effective_trials(60, 60, [5] * 12, [5] * 12, sides=1) == 12
    assert effective_trials(0, 12 * 11, [0] * 12, [22] * 12, sides=2) == 6
    assert effective_trials(0, 4 * 9, [0] * 13, [9] * 4 + [4] * 9, sides=2) == 4
    assert disjoint_trials(0, [0, 0], sides=2) == 0
    assert disjoint_trials(3, [1, 1, 1, 0], sides=1) == 3


def test_the_worst_case_is_reached() -> None:
    """With wolves who match everybody the chance to see no error is that of half the people, not of all comparisons."""
    people, wolves = 40, 0.02
    rate = 1 - (1 - wolves) ** 2
    none = (1 - wolves) ** people
    trials = disjoint_trials(people * (people - 1), np.full(people, 2 * (people - 1)), sides=2)
    assert none == pytest.approx((1 - rate) ** trials, rel=1e-9)


@pytest.mark.parametrize(
    ("errors", "of", "wrong", "made", "sides"),
    [
        (2, 4, [1, 1], [2, 2], 3),
        (2, 4, [1, 0], [2, 2], 1),
        (2, 4, [1, 1], [2, 1], 1),
        (3, 4, [3, 0], [2, 2], 1),
        (5, 4, [3, 2], [2, 2], 1),
        (2, 4, [1, 1], [2, 2, 0], 1),
        (2, 4, [3, -1], [4, 0], 1),
    ],
)
def test_counts_that_contradict_each_other_are_refused(
    errors: int, of: int, wrong: list[int], made: list[int], sides: int
) -> None:
    """Counts by person fit each other and add up."""
    with pytest.raises(ScoresRefused):
        effective_trials(errors, of, wrong, made, sides=sides)
