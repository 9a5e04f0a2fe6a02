"""Thresholds and error rates beyond the people there are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from fairgate.measure.growth import ASSUMPTION, NonMatedTop, assumption_of, grow, non_mated_top
from fairgate.measure.identification import fmr_for_fpir
from fairgate.measure.rates import ThresholdFound, threshold_at_fmr
from fairgate.measure.search_rates import HighestFirst, KeptSearches, false_positives, misses, rate_by_person
from fairgate.measure.search_thresholds import thresholds
from fairgate.measure.tail import fit_tail


def kept_searches(
    scores: NDArray[np.float64], mates: NDArray[np.float64] | None = None, slots: int = 32
) -> KeptSearches:
    """Return searches of probes without mate, or with one."""
    ordered = -np.sort(-scores, axis=1)
    probes, others = scores.shape
    own = np.full(probes, np.nan) if mates is None else mates
    return KeptSearches(
        code=np.arange(probes),
        top=ordered[:, :slots],
        floor=ordered[:, slots - 1] if slots < others else np.full(probes, -np.inf),
        others=np.full(probes, others),
        mates=own,
        ahead=np.count_nonzero(scores >= np.where(np.isnan(own), np.inf, own)[:, None], axis=1),
        ahead_known=np.ones(probes, dtype=np.bool_),
        person=np.arange(probes, dtype=np.int32),
    )


def normal_scores(people: int, shared: float, seed: int) -> NDArray[np.float64]:
    """Return standard normal scores, of whose variance a part belongs to the probe."""
    rng = np.random.default_rng(seed)
    return math.sqrt(shared) * rng.normal(size=(people, 1)) + math.sqrt(1 - shared) * rng.normal(size=(people, people))


def true_fpir(threshold: float, size: int, shared: float) -> float:
    """Return the FPIR of such scores, by summing over probes."""
    probe = np.linspace(-8, 8, 4001)
    weight = norm.pdf(probe) / norm.pdf(probe).sum()
    below = norm.logcdf((threshold - math.sqrt(shared) * probe) / math.sqrt(1 - shared))
    return float(np.sum(weight * -np.expm1(size * below)))


def test_a_rate_that_the_data_resolve_is_counted() -> None:
    """The threshold is the one that counting on all scores gives."""
    scores = np.random.default_rng(1).integers(0, 5000, 4000) / 5000
    top = NonMatedTop(np.sort(scores)[::-1][:300].copy(), 4000)
    for rate in (1e-3, 5e-3, 0.05):
        expected, chosen = threshold_at_fmr(scores, rate), top.choose(rate, None)
        assert isinstance(expected, ThresholdFound)
        assert chosen is not None
        assert chosen.resolvable
        assert chosen.threshold == expected.threshold


def test_a_rate_beyond_is_read_off_the_tail_or_not_given() -> None:
    """Beyond the data the fitted tail is read; without a tail there is no threshold."""
    scores = np.sort(np.random.default_rng(1).normal(size=20_000))[::-1][:1500].copy()
    top = NonMatedTop(scores, 20_000)
    tail = top.tail()
    assert tail is not None
    chosen = top.choose(1e-6, tail)
    assert chosen is not None
    assert not chosen.resolvable
    assert chosen.threshold == tail.threshold(1e-6)
    assert top.choose(1e-6, None) is None
    assert NonMatedTop(scores[:20], 20_000).tail() is None


def test_a_tail_is_fitted_to_the_thousand_highest_scores_at_most() -> None:
    """Of a million scores the tail holds a thousand, those that were kept whole."""
    scores = np.sort(np.random.default_rng(3).normal(size=1_000_000))[::-1][:30_000].copy()
    tail = NonMatedTop(scores, 1_000_000).tail()
    assert tail is not None
    assert tail == fit_tail(scores, 0.0010000005, 1_000_000)
    assert tail.exceedances == 1000


def test_scores_below_the_highest_floor_are_not_used() -> None:
    """A search whose kept scores end high hides others, so all searches are cut there."""
    kept = kept_searches(np.array([[9.0, 8.0, 7.0], [5.0, 4.0, 3.0]]), slots=2)
    top = non_mated_top(kept)
    assert top.scores.tolist() == [9.0]
    assert top.of == 6


def test_independent_scores_are_extrapolated_to_about_the_fpir_asked_for() -> None:
    """From 700 people to 2 500, the mean true FPIR over ten samples is within a half of 0.01."""
    found = []
    for seed in range(10):
        (chosen,) = thresholds(kept_searches(normal_scores(700, 0.0, seed)), [2500], 0.01, 700)
        assert not chosen.resolvable
        found.append(true_fpir(chosen.threshold, 2500, 0.0))
    assert float(np.mean(found)) == pytest.approx(0.01, rel=0.5)


@pytest.mark.parametrize(("shared", "low", "high"), [(0.1, 0.8, 0.95), (0.3, 0.4, 0.55)])
def test_alike_comparisons_of_a_probe_make_the_threshold_strict(shared: float, low: float, high: float) -> None:
    """With the FMR known exactly, FPIR 0.05 at N = 40 000 is missed downwards, the more so the more a probe shares."""
    threshold = float(norm.isf(fmr_for_fpir(0.05, 40_000)))
    assert low < true_fpir(threshold, 40_000, shared) / 0.05 < high


def test_growth_is_measured_then_extrapolated() -> None:
    """Sizes within the data carry counted rates; beyond, the FPIR asked for and the mates below the threshold."""
    rng = np.random.default_rng(6)
    kept = kept_searches(rng.normal(size=(300, 299)), rng.normal(5, 1, 300))
    within, beyond = grow(kept, [(100, 3.5), (42_000, 5.5)], 0.003, 299)
    assert not within.extrapolated
    wrong, missed = false_positives(kept, 3.5, 100).rate(), misses(kept, 3.5, 100).rate()
    assert wrong is not None
    assert missed is not None
    assert (within.fpir, within.fnir, within.fnir_low, within.fnir_high) == (
        wrong.value,
        missed.value,
        missed.low,
        missed.high,
    )
    assert beyond.extrapolated
    assert beyond.fpir == 0.003
    assert beyond.fnir == float(np.mean(kept.mates < 5.5))
    assert assumption_of([within]) == ""
    assert assumption_of([within, beyond]) == ASSUMPTION


def test_a_rate_that_too_little_was_kept_for_is_not_given() -> None:
    """With two scores of each search, three at or above the threshold cannot be told from two."""
    scores = np.array([[0.9, 0.8, 0.7, 0.1], [0.3, 0.2, 0.1, 0.0]])
    short = kept_searches(scores, slots=2)
    assert false_positives(short, 0.6, 2).rate() is None
    assert false_positives(short, 0.85, 2).rate() is not None
    assert HighestFirst.of(short).threshold_at(0.9, 1) is None
    assert (
        HighestFirst.of(short).threshold_at(0.2, 1)
        == HighestFirst.of(kept_searches(scores)).threshold_at(0.2, 1)
        == 0.9
    )
    assert HighestFirst.of(kept_searches(scores)).threshold_at(0.9, 1) == 0.1


def test_people_who_search_twice_count_as_less_than_two() -> None:
    """Two searches each of 50 people, always right or wrong together, have the interval of 50 searches."""
    wrong = np.repeat(np.arange(50) < 10, 2).astype(np.float64)
    person = np.repeat(np.arange(50), 2).astype(np.int32)
    twice, once = rate_by_person(wrong, person), rate_by_person(wrong[::2], person[::2])
    assert (twice.errors, twice.of, twice.value) == (20, 100, once.value)
    assert twice.low == pytest.approx(once.low, abs=0.002)
    assert twice.high == pytest.approx(once.high, abs=0.002)
    none = rate_by_person(np.zeros(100), person)
    assert none.high == rate_by_person(np.zeros(50), person[::2]).high
