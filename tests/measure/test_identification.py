"""Error rates of 1:N search, averaged over galleries."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairgate.errors import ScoresRefused
from fairgate.measure.identification import (
    cmc,
    fmr_for_fpir,
    fnir_at,
    fpir_at,
    searches,
    threshold_at_fpir,
)
from fairgate.measure.rates import NotResolvable

PEOPLE = ["a", "b", "c", "d"]
SCORES = [
    [0.9, 0.2, 0.8, 0.1],  # a: mate 0.9
    [0.3, 0.4, 0.6, 0.2],  # b: mate 0.4, c is ahead of it
    [0.1, 0.1, 0.7, 0.1],  # c: mate 0.7
    [0.5, 0.5, 0.5, 0.5],  # d: everybody ties with the mate
]


def enumerated_fpir(table: np.ndarray, threshold: float, size: int) -> float:
    """Count over every gallery there is."""
    hits = []
    for row in range(len(table)):
        others = [column for column in range(table.shape[1]) if column != row]
        hits.append(np.mean([max(table[row, list(drawn)]) >= threshold for drawn in combinations(others, size)]))
    return float(np.mean(hits))


def enumerated_fnir(table: np.ndarray, threshold: float, size: int, rank: int) -> float:
    """Count over every gallery that holds the mate."""
    missed = []
    for row in range(len(table)):
        others = [column for column in range(table.shape[1]) if column != row]
        mate = table[row, row]
        missed.append(
            np.mean(
                [
                    mate < threshold or int(np.sum(table[row, list(drawn)] >= mate)) >= rank
                    for drawn in combinations(others, size - 1)
                ]
            )
        )
    return float(np.mean(missed))


def test_fpir_by_hand() -> None:
    """At 0.6, a and b each have one other person too high: a gallery of two of three holds it with chance 2/3."""
    rate = fpir_at(searches(SCORES, PEOPLE, PEOPLE), 0.6, 2)
    assert rate.errors == pytest.approx(2 / 3 + 2 / 3)
    assert rate.of == 4
    assert rate.value == pytest.approx(1 / 3)


def test_fnir_by_hand() -> None:
    """At 0.45 and N = 4: a and c are found, b is too low, d ties with somebody."""
    rate = fnir_at(searches(SCORES, PEOPLE, PEOPLE), 0.45, 4)
    assert rate.errors == pytest.approx(2.0)
    assert rate.of == 4


def test_cmc_by_hand() -> None:
    """b is found at rank 2 and d, whom all tie with, only at rank 4."""
    assert cmc(searches(SCORES, PEOPLE, PEOPLE), 4, 4) == pytest.approx((0.5, 0.75, 0.75, 1.0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 3))
def test_the_mean_is_that_over_every_gallery(seed: int, size: int, rank: int) -> None:
    """The closed form equals counting over every gallery there is, ties included."""
    table = np.random.default_rng(seed).integers(0, 8, (6, 6)) / 8
    names = [str(index) for index in range(6)]
    made = searches(table, names, names)
    assert fpir_at(made, 0.75, size).value == pytest.approx(enumerated_fpir(table, 0.75, size), abs=1e-12)
    assert fnir_at(made, 0.5, size, rank).value == pytest.approx(enumerated_fnir(table, 0.5, size, rank), abs=1e-12)


def test_drawing_galleries_approaches_the_mean() -> None:
    """Resampled galleries of 50 out of 200 people average to the closed form."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(200, 200))
    names = [f"{index:03}" for index in range(200)]
    rate = fpir_at(searches(table, names, names), 3.0, 50).value
    np.fill_diagonal(table, -np.inf)
    drawn = []
    for _ in range(400):
        gallery = rng.choice(200, 50, replace=False)
        outside = np.setdiff1d(np.arange(200), gallery)
        drawn.append(np.mean(table[np.ix_(outside, gallery)].max(axis=1) >= 3.0))
    assert rate == pytest.approx(float(np.mean(drawn)), abs=0.006)


def test_a_comparison_left_out_counts_nowhere() -> None:
    """A photo against itself is NaN: it is neither a mate nor somebody else."""
    table = np.array([[math.nan, 0.2, 0.3], [0.2, 0.9, 0.1], [0.3, 0.1, math.nan]])
    made = searches(table, ["a", "b", "c"], ["a", "b", "c"])
    assert fnir_at(made, 0.5, 3).of == 1
    assert fpir_at(made, 0.25, 2).of == 3


def test_a_stranger_among_probes_is_searched_among_all() -> None:
    """A probe whose person has no reference meets everybody and has no mate."""
    made = searches([[0.1, 0.7], [0.9, 0.1]], ["x", "a"], ["a", "b"])
    assert fnir_at(made, 0.5, 2).of == 1
    assert fpir_at(made, 0.5, 1).errors == pytest.approx(0.5)


def test_fmr_for_fpir_by_hand() -> None:
    """FPIR 0.003 at N = 420 needs an FMR of about 7.15e-6; at N = 1 they are one."""
    assert fmr_for_fpir(0.003, 420) == pytest.approx(7.154e-6, rel=1e-3)
    assert fmr_for_fpir(0.003, 1) == pytest.approx(0.003)
    assert 1 - (1 - fmr_for_fpir(0.25, 7)) ** 7 == pytest.approx(0.25)


def test_threshold_at_fpir_is_the_lowest_that_holds() -> None:
    """The mean FPIR is at most the target at the threshold, and above it at the next lower score."""
    table = np.random.default_rng(9).normal(size=(120, 120))
    names = [f"{index:03}" for index in range(120)]
    made = searches(table, names, names)
    found = threshold_at_fpir(made, 0.05, 40)
    assert isinstance(found, float)
    assert fpir_at(made, found, 40).value <= 0.05
    lower = made.others[made.others < found].max()
    assert fpir_at(made, float(lower), 40).value > 0.05


def test_too_few_probes_resolve_no_fpir() -> None:
    """512 probes expect 1.5 false positives at 0.003: not resolvable."""
    names = [str(index) for index in range(512)]
    made = searches(np.zeros((512, 512)), names, names)
    assert threshold_at_fpir(made, 0.003, 420) == NotResolvable(0.003, 512, 0.003 * 512)


def test_impossible_searches_are_refused() -> None:
    """Wrong shapes, a person enrolled twice, infinite scores and galleries larger than the world are refused."""
    with pytest.raises(ScoresRefused):
        searches([[0.1, 0.2]], ["a"], ["a"])
    with pytest.raises(ScoresRefused):
        searches([[0.1, 0.2]], ["a"], ["b", "b"])
    with pytest.raises(ScoresRefused):
        searches([[math.inf]], ["a"], ["b"])
    with pytest.raises(ScoresRefused):
        fpir_at(searches(SCORES, PEOPLE, PEOPLE), 0.5, 4)
    with pytest.raises(ScoresRefused):
        fnir_at(searches([[0.5]], ["x"], ["a"]), 0.5, 1)
