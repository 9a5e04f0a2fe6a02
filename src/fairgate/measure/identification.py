"""FPIR, FNIR and ranks of 1:N search, averaged over every gallery of N people that the references allow.

Drawing galleries at random and averaging over them approaches a mean that can be written down: whether a search goes
wrong depends only on whether the gallery holds one of the people who score too high, and how often that happens is
hypergeometric. So the mean is computed exactly, without drawing anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from fairgate.errors import ScoresRefused
from fairgate.measure.intervals import CONFIDENCE, exact_bounds
from fairgate.measure.rates import NotResolvable, check_rate, resolves


@dataclass(frozen=True, slots=True)
class MeanRate:
    """Errors in an average gallery.

    Args:
        errors: mean number of searches gone wrong; need not be whole.
        of: searches in each gallery, one a probe.
        value: ``errors / of``.
        low: lower end of the Clopper-Pearson interval over probes, in [0, 1].
        high: upper end.
    """

    errors: float
    of: int
    value: float
    low: float
    high: float


def mean_rate(errors: float, of: int, confidence: float = CONFIDENCE) -> MeanRate:
    """Return a mean rate over ``of`` searches with its interval, for probes of different people.

    Raises:
        ScoresRefused: no search was made.
    """
    if of < 1:
        raise ScoresRefused("No search was made, so there is no rate.")
    errors = min(max(errors, 0.0), float(of))
    low, high = exact_bounds(errors, of, confidence)
    return MeanRate(errors, of, errors / of, low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Every probe against one reference of every person.

    Args:
        others: float64, shape (probes, people - 1): scores against other people's references, ascending in each row;
            -inf fills rows of probes whose own reference is not among the references.
        others_count: int, shape (probes,): how many other people each row really holds.
        mates: float64, shape (probes,): score against the probe's own reference; NaN where there is none.
    """

    others: NDArray[np.float64] = field(repr=False)
    others_count: NDArray[np.intp] = field(repr=False)
    mates: NDArray[np.float64] = field(repr=False)


def searches(scores: ArrayLike, probe_subjects: Sequence[str], reference_subjects: Sequence[str]) -> Searches:
    """Sort a score matrix into mated and non-mated scores of each search.

    Args:
        scores: shape (probes, references); higher is more alike. NaN marks a comparison to be left out of everything,
            such as a photo with itself.
        probe_subjects: who each probe is.
        reference_subjects: who each reference is, each person once.

    Raises:
        ScoresRefused: shapes disagree, a person has two references, or a score is infinite.
    """
    table = np.array(scores, dtype=np.float64, ndmin=2)
    if table.shape != (len(probe_subjects), len(reference_subjects)) or table.size == 0:
        raise ScoresRefused("The score matrix does not have one row a probe and one column a reference.")
    if len(set(reference_subjects)) != len(reference_subjects):
        raise ScoresRefused("A person has two references; a gallery holds each person once.")
    if np.isinf(table).any():
        raise ScoresRefused("A score is infinite.")
    own = np.asarray(probe_subjects)[:, None] == np.asarray(reference_subjects)[None, :]
    has_own = own.any(axis=1)
    mates = np.where(has_own, table[np.arange(len(table)), own.argmax(axis=1)], np.nan)
    others = np.where(own | np.isnan(table), -np.inf, table)
    counts = np.isfinite(others).sum(axis=1)
    return Searches(np.sort(others, axis=1), counts, mates)


def fpir_at(made: Searches, threshold: ArrayLike, size: int) -> MeanRate:
    """Return the mean false positive identification rate among ``size`` other people.

    A non-mated search goes wrong if any reference scores at or above the threshold. Every probe is searched in
    galleries that do not hold its own person.

    Args:
        made: searches of :func:`searches`.
        threshold: on the scores' scale; one for all searches, or one for each, shape (probes,).
        size: references in the gallery; no larger than the other people there are.

    Source: ISO/IEC 19795-1:2021, false positive identification rate; mean over galleries as in the module's text.

    Raises:
        ScoresRefused: the gallery cannot be that large.
    """
    _check_size(made, size, least=1)
    too_high = _at_or_above(made, _each(threshold, len(made.others)))
    return mean_rate(float(np.sum(1 - fewer_drawn(made.others_count, too_high, size, 1))), len(made.others))


def fnir_at(made: Searches, threshold: ArrayLike, size: int, rank: int = 1) -> MeanRate:
    """Return the mean false negative identification rate in galleries of ``size`` that hold the probe's person.

    A mated search goes wrong if the mate scores below the threshold, or if ``rank`` others or more score at least as
    high as the mate (ties count against).

    Args:
        made: searches; only those with a mate count.
        threshold: on the scores' scale; one for all searches, or one for each; ``-inf`` asks for ranks alone.
        size: references in the gallery, the mate included.
        rank: how far down the mate may stand.

    Source: ISO/IEC 19795-1:2021, false negative identification rate.

    Raises:
        ScoresRefused: the gallery cannot be that large, or no search has a mate.
    """
    with_mate = np.flatnonzero(np.isfinite(made.mates))
    chosen = Searches(made.others[with_mate], made.others_count[with_mate], made.mates[with_mate])
    _check_size(chosen, size - 1, least=0)
    ahead = _at_or_above(chosen, chosen.mates)
    found = fewer_drawn(chosen.others_count, ahead, size - 1, rank)
    missed = np.where(chosen.mates >= _each(threshold, len(made.others))[with_mate], 1 - found, 1.0)
    return mean_rate(float(missed.sum()), with_mate.size)


def cmc(made: Searches, size: int, ranks: int) -> tuple[float, ...]:
    """Return the cumulative match characteristic: mean share of mates at rank 1, 2, … ``ranks``, without a threshold.

    Source: ISO/IEC 19795-1:2021, cumulative match characteristic.

    Raises:
        ScoresRefused: as :func:`fnir_at`.
    """
    return tuple(1 - fnir_at(made, -math.inf, size, rank).value for rank in range(1, ranks + 1))


def threshold_at_fpir(made: Searches, target: float, size: int) -> float | NotResolvable:
    """Find the lowest observed score that as a threshold keeps the mean FPIR at or below a target.

    Returns:
        The threshold, or that fewer than three false positives would be expected among the probes.

    Raises:
        ScoresRefused: as :func:`fpir_at`, or the target is not strictly between 0 and 1.
    """
    check_rate(target)
    probes = len(made.others)
    if not resolves(target, probes):
        return NotResolvable(target, probes, target * probes)
    observed = np.unique(made.others[np.isfinite(made.others)])
    low, high = 0, observed.size  # observed[high] is above every score, where the rate is 0
    while low < high:
        middle = (low + high) // 2
        if fpir_at(made, float(observed[middle]), size).value <= target:
            high = middle
        else:
            low = middle + 1
    return float(observed[low]) if low < observed.size else math.nextafter(float(observed[-1]), math.inf)


def fmr_for_fpir(fpir: float, size: int) -> float:
    """Return the FMR that gives an FPIR among ``size`` references if comparisons are independent.

    Comparisons of one probe are alike, so their errors come together and fewer searches are hit: the true FPIR is then
    lower, and a threshold made for this FMR errs towards strictness.

    Source: ``1 - FPIR = (1 - FMR) ** N``, ISO/IEC 19795-1:2021 (relation for exhaustive search).
    """
    check_rate(fpir)
    return -math.expm1(math.log1p(-fpir) / size)


def fewer_drawn(people: NDArray[np.intp], marked: NDArray[np.intp], drawn: int, limit: int) -> NDArray[np.float64]:
    """Return the chance that fewer than ``limit`` of ``marked`` of ``people`` are among ``drawn`` of them.

    Args:
        people: shape (searches,): how many can be drawn.
        marked: shape (searches,): how many of these must not be drawn; at most ``people``.
        drawn: how many are drawn without replacement; at most the least of ``people``.
        limit: from 1.

    Source: hypergeometric distribution.
    """
    # Searches are many, different pairs of counts few.
    base = int(marked.max(initial=0)) + 1
    pairs, which = np.unique(people * base + marked, return_inverse=True)
    people, marked = pairs // base, pairs % base
    chance = np.zeros(pairs.size)
    for hits in range(limit):
        with np.errstate(invalid="ignore"):
            term = _log_choose(marked, hits) + _log_choose(people - marked, drawn - hits) - _log_choose(people, drawn)
        chance += np.where((hits <= marked) & (drawn - hits <= people - marked) & (hits <= drawn), np.exp(term), 0.0)
    return np.asarray(np.minimum(chance, 1.0)[which], dtype=np.float64)


def _each(threshold: ArrayLike, probes: int) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(threshold, dtype=np.float64), (probes,))


def _at_or_above(made: Searches, limits: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.asarray(np.count_nonzero(made.others >= limits[:, None], axis=1), dtype=np.intp)


def _check_size(made: Searches, size: int, *, least: int) -> None:
    if len(made.others) == 0:
        raise ScoresRefused("No search has a mate.")
    if not least <= size <= int(made.others_count.min()):
        raise ScoresRefused(f"A gallery of {size} other people cannot be drawn from {int(made.others_count.min())}.")


def _log_choose(of: NDArray[np.intp], taken: int) -> NDArray[np.float64]:
    possible = (taken >= 0) & (of >= taken)
    safe = np.where(possible, of, max(taken, 0))
    return np.where(possible, gammaln(safe + 1) - gammaln(max(taken, 0) + 1) - gammaln(safe - taken + 1), -np.inf)
