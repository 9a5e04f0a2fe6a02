"""What is said about the groups of an attribute, from hand-made counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.measure.groups.analysis import group_figures
from fairgate.measure.groups.counts import GroupCounts
from fairgate.measure.groups.figures import GroupFigures, Verdict
from fairgate.measure.groups.words import verdict_in_words
from fairgate.measure.intervals import clopper_pearson

Group = tuple[int, int, int, int]
"""Missed, mated, false matches within the group, non-mated comparisons within the group."""


def counts_of(groups: Sequence[Group], labels: str = "abcdefgh", across: int = 1000) -> GroupCounts:
    missed, mated, false, non_mated = (np.array(column, dtype=np.int64) for column in zip(*groups, strict=True))
    between = across * (1 - np.eye(len(groups), dtype=np.int64))
    return GroupCounts(
        "sex", tuple(labels[: len(groups)]), mated, missed, np.diag(non_mated) + between, np.diag(false), 0
    )


def figures_of(groups: Sequence[Group], labels: str = "abcdefgh") -> GroupFigures:
    return group_figures(counts_of(groups, labels), 1e-3, 0.5, 0.95)


LARGE = [(2000, 100_000, 1000, 1_000_000), (2040, 100_000, 1050, 1_000_000)]
OFFICIAL = [(6, 300, 30, 30_000), (4, 200, 12, 14_000)]


def test_rates_by_hand() -> None:
    """Rates are counts over counts; 2 groups share the risk of 5 % among 8 exact intervals."""
    figures = figures_of(OFFICIAL)
    first = figures.groups[0]
    assert (first.label, first.fnmr.count, first.fnmr.of, first.fnmr.value) == ("a", 6, 300, 0.02)
    exact = clopper_pearson(6, 300, 1 - 0.05 / 8)
    assert first.fnmr.low == pytest.approx(exact.low, abs=1e-12)
    assert first.fnmr.high == pytest.approx(exact.high, abs=1e-12)
    assert figures.fmr_matrix[0][0] == first.fmr
    assert (figures.fmr_matrix[0][1].count, figures.fmr_matrix[0][1].of) == (0, 1000)


def test_worst_ratios_by_hand() -> None:
    """Rates of 1 %, 2 % and 4 %: geometric mean 2 %, so the worst is twice the mean and four times the best."""
    ratios = figures_of([(10, 1000, 0, 10), (20, 1000, 0, 10), (40, 1000, 0, 10)]).fnmr_ratios
    assert ratios is not None
    assert (ratios.worst, ratios.best, ratios.zero_groups) == ("c", "a", ())
    assert ratios.to_geometric_mean == pytest.approx(2.0)
    assert ratios.to_best == pytest.approx(4.0)


def test_a_group_without_error_is_put_at_half_an_error() -> None:
    """0 of 1000 becomes 0.5 of 1000 beside 4 of 1000: eight times, and the square root of eight from the mean."""
    ratios = figures_of([(0, 1000, 0, 10), (4, 1000, 0, 10)]).fnmr_ratios
    assert ratios is not None
    assert (ratios.worst, ratios.best, ratios.zero_groups) == ("b", "a", ("a",))
    assert ratios.to_best == pytest.approx(8.0)
    assert ratios.to_geometric_mean == pytest.approx(math.sqrt(8))


def test_a_small_group_without_error_is_never_the_worst() -> None:
    """Half an error of 3 would be 17 %; such a group is put at the rate of all groups together instead."""
    ratios = figures_of([(0, 3, 0, 10), (10, 1000, 0, 10), (20, 1000, 0, 10)]).fnmr_ratios
    assert ratios is not None
    assert (ratios.worst, ratios.best) == ("c", "b")
    assert ratios.to_best == pytest.approx(2.0)


@pytest.mark.parametrize(
    "groups", [[(0, 50, 0, 10), (0, 70, 0, 10)], [(5, 50, 0, 10), (0, 0, 0, 10)], [(5, 50, 0, 10)]]
)
def test_no_ratios_without_errors_or_without_two_groups(groups: list[Group]) -> None:
    """There is no worst group where no group has an error, or only one has trials."""
    assert figures_of(groups).fnmr_ratios is None


def test_large_equal_groups_show_no_difference() -> None:
    """With 100 000 mated comparisons a group, 2 % beside 2.04 % is no difference, and the words say so."""
    figures = figures_of(LARGE)
    assert figures.verdict is Verdict.NO_DIFFERENCE
    assert verdict_in_words(figures).startswith("No difference")


def test_groups_of_an_official_test_show_neither() -> None:
    """Some hundred people a group cannot show that groups are alike; the words say what they could have shown."""
    figures = figures_of(OFFICIAL)
    assert figures.verdict is Verdict.NOT_SHOWN
    words = verdict_in_words(figures)
    assert not words.startswith("No difference")
    assert "These data could have shown a difference of" in words
    assert "would have stayed unseen" in words
    assert "Too small" in words
    assert all(group.small for group in figures.groups)


def test_a_large_difference_is_shown() -> None:
    """8 % beside 2 % in a thousand each is a difference, with the pair and its interval."""
    figures = figures_of([(80, 1000, 30, 30_000), (20, 1000, 30, 30_000)])
    assert (figures.fnmr_verdict, figures.fmr_verdict) == (Verdict.DIFFERENCE, Verdict.NOT_SHOWN)
    assert figures.verdict is Verdict.DIFFERENCE
    assert figures.fnmr_difference is not None
    assert (figures.fnmr_difference.first, figures.fnmr_difference.second) == ("a", "b")
    assert figures.fnmr_difference.value == pytest.approx(0.06)
    assert figures.fnmr_difference.low > 0
    assert "a is missed more often than b, by 6 points" in verdict_in_words(figures)


def test_a_real_difference_inside_the_margin_is_no_difference_but_told() -> None:
    """Being wholly inside the margin comes first; the words do not hide the smaller difference."""
    figures = figures_of([(2000, 100_000, 1000, 1_000_000), (2500, 100_000, 1000, 1_000_000)])
    assert figures.fnmr_difference is not None
    assert figures.fnmr_difference.high is not None
    assert 0 < figures.fnmr_difference.low < figures.fnmr_difference.high < 0.01
    assert figures.verdict is Verdict.NO_DIFFERENCE
    assert "smaller one is there" in verdict_in_words(figures)


def test_one_group_compares_with_nothing() -> None:
    """All of no pairs being alike says nothing."""
    figures = figures_of(LARGE[:1])
    assert (figures.verdict, figures.fnmr_difference) == (Verdict.NOT_SHOWN, None)
    assert not verdict_in_words(figures).startswith("No difference")


def test_a_group_without_false_matches_has_no_upper_ratio() -> None:
    """Without an error in one group its FMR may be any times smaller."""
    figures = figures_of([(2000, 100_000, 50, 100_000), (2000, 100_000, 0, 1000)])
    assert figures.fmr_difference is not None
    assert (figures.fmr_difference.first, figures.fmr_difference.high) == ("a", None)
    assert figures.fmr_verdict is Verdict.NOT_SHOWN


def test_shared_people_widen_the_intervals() -> None:
    """20 misses of 1000 by 20 people with 50 comparisons each, all of one person's, are no sure 2 %."""
    counts = counts_of([(20, 1000, 10, 1000), (20, 1000, 10, 1000)])
    trials = np.full(20, 50, dtype=np.int64)
    one_fails = np.array([20, *[0] * 19], dtype=np.int64)
    own = (np.full(20, 1, dtype=np.int64), np.full(20, 100, dtype=np.int64))
    shared = replace(
        counts,
        subjects=np.array([20, 20]),
        mated_by_person=((one_fails, trials), (np.full(20, 1, dtype=np.int64), trials)),
        own_by_person=(own, own),
    )
    independent = group_figures(counts, 1e-3, 0.5).groups[0].fnmr
    dependent = group_figures(shared, 1e-3, 0.5).groups[0].fnmr
    assert dependent.value == independent.value
    assert dependent.high > 2 * independent.high


def test_a_group_without_error_takes_the_dependence_of_the_others() -> None:
    """Nothing seen in a group is no sign of independence: its upper end is that of the correlation of all groups."""
    counts = counts_of([(20, 1000, 0, 0), (0, 1000, 0, 0)])
    trials, nothing = np.full(20, 50, dtype=np.int64), np.zeros(20, dtype=np.int64)
    shared = replace(
        counts,
        subjects=np.array([20, 20]),
        mated_by_person=((np.array([20, *[0] * 19]), trials), (nothing, trials)),
        own_by_person=((nothing, nothing), (nothing, nothing)),
    )
    spotless = group_figures(shared, 1e-3, 0.5).groups[1].fnmr
    assert (spotless.count, spotless.low) == (0, 0.0)
    assert spotless.high > 5 * clopper_pearson(0, 1000, 1 - 0.05 / 8).high


some = st.tuples(st.integers(0, 3000), st.integers(0, 100_000), st.integers(0, 900), st.integers(0, 900_000)).map(
    lambda group: (min(group[:2]), group[1], min(group[2:]), group[3])
)
alike = st.tuples(st.integers(1900, 2100), st.just(100_000), st.integers(900, 1000), st.just(900_000))


@given(st.lists(some | alike, min_size=2, max_size=4), st.permutations(range(4)))
@settings(deadline=None, max_examples=30)
def test_names_of_groups_change_nothing_but_names(groups: list[Group], shuffled: list[int]) -> None:
    """In another order and under other labels, each group has the same figures and the attribute the same verdict."""
    order = [at for at in shuffled if at < len(groups)]
    mine, theirs = figures_of(groups), figures_of([groups[at] for at in order], labels="zyxw")
    back = {"zyxw"[place]: "abcd"[at] for place, at in enumerate(order)}
    assert theirs.verdict is mine.verdict
    by_label = {group.label: group for group in mine.groups}
    for group in theirs.groups:
        own = by_label[back[group.label]]
        assert (group.fnmr, group.fmr, group.small) == (own.fnmr, own.fmr, own.small)
        assert group.fnmr_power == pytest.approx(own.fnmr_power)


@given(st.lists(some | alike, min_size=1, max_size=3))
@settings(deadline=None, max_examples=30)
def test_an_empty_group_never_makes_groups_alike(groups: list[Group]) -> None:
    """A label without trials can take "no difference" away and never bring it."""
    assert figures_of([*groups, (0, 0, 0, 0)]).verdict is not Verdict.NO_DIFFERENCE


@given(st.lists(some | alike, min_size=2, max_size=3))
@settings(deadline=None, max_examples=30)
def test_words_say_no_difference_only_on_that_verdict(groups: list[Group]) -> None:
    """The two words stand in no other text."""
    figures = figures_of(groups)
    said = "no difference" in verdict_in_words(figures).lower()
    assert said == (figures.verdict is Verdict.NO_DIFFERENCE)


@given(st.lists(some | alike, min_size=2, max_size=3))
@settings(deadline=None, max_examples=30)
def test_no_difference_needs_the_farthest_pair_inside_the_margins(groups: list[Group]) -> None:
    """The verdict hangs on the largest pair that is printed, and on nothing hidden."""
    figures = figures_of(groups)
    if figures.verdict is Verdict.NO_DIFFERENCE:
        assert figures.fnmr_difference is not None
        assert figures.fnmr_difference.high is not None
        assert figures.fnmr_difference.high <= 0.01
        assert figures.fmr_difference is not None
        assert figures.fmr_difference.high is not None
        assert figures.fmr_difference.high <= 2.0
