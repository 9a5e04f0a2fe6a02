"""Error rates and separation of mated and non-mated scores, with intervals over people and their clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fairgate.measure.intervals import clopper_pearson

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 500
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of one rule, a probe in each row and a reference, or a person's references, in each column.

    Args:
        values: shape (probes, references).
        mated: likewise; the two are of one person.
        counted: likewise; false where the two are from one clip or one photo.
        probe_people: shape (probes,), numbers.
        probe_sources: likewise; of the clip, or of the portrait.
        reference_people: shape (references,).
    """

    values: NDArray[np.float32] = field(repr=False)
    mated: NDArray[np.bool_] = field(repr=False)
    counted: NDArray[np.bool_] = field(repr=False)
    probe_people: NDArray[np.int64] = field(repr=False)
    probe_sources: NDArray[np.int64] = field(repr=False)
    reference_people: NDArray[np.int64] = field(repr=False)

    @property
    def own(self) -> NDArray[np.float32]:
        """Return the mated scores."""
        return self.values[self.mated & self.counted]

    @property
    def others(self) -> NDArray[np.float32]:
        """Return the non-mated scores."""
        return self.values[~self.mated & self.counted]


class Redrawn:
    """Weights of people and of their clips, drawn again with replacement; the same for every rule, so they pair.

    Args:
        sources: number of each probe source → whose.
        people: everybody, those without probes too.
        seed: of the draws.
    """

    def __init__(self, sources: Mapping[int, int], people: Sequence[int], seed: int, draws: int = DRAWS) -> None:
        rng = np.random.default_rng(seed)
        of = sorted(set(people))
        self.people = {person: place for place, person in enumerate(of)}
        self.sources = {source: place for place, source in enumerate(sorted(sources))}
        own: dict[int, list[int]] = {}
        for source in sorted(sources):
            own.setdefault(sources[source], []).append(source)
        self.person_weights = rng.multinomial(len(of), np.full(len(of), 1 / len(of)), size=draws).astype(np.float64)
        self.source_weights = np.zeros((draws, len(self.sources)))
        for person, mine in own.items():
            drawn = rng.multinomial(len(mine), np.full(len(mine), 1 / len(mine)), size=draws)
            places = [self.sources[source] for source in mine]
            self.source_weights[:, places] = drawn * self.person_weights[:, [self.people[person]]]


def figures(scores: Scores, thresholds: Mapping[str, float], redrawn: Redrawn) -> dict[str, object]:
    """Return what one rule does, plain values for scripts.

    Args:
        scores: of the rule.
        thresholds: FMR they were calibrated for, as text → threshold; a score at or above it is a match.
        redrawn: for the intervals.
    """
    own, others = scores.own, scores.others
    at = {
        name: {
            "threshold": threshold,
            "fnmr": rate(scores, scores.values < threshold, redrawn, mated=True),
            "fmr": rate(scores, scores.values >= threshold, redrawn, mated=False),
        }
        for name, threshold in thresholds.items()
    }
    return {
        "mated": int(own.size),
        "non_mated": int(others.size),
        "mean_mated": float(own.mean()),
        "mean_non_mated": float(others.mean()),
        "spread_non_mated": float(others.std()),
        "d_prime": {"value": _d_prime(own, others), **_interval(_d_primes(scores, redrawn))},
        "eer": _eer(own, others),
        "least_margin": float(own.min() - others.max()),
        "at": at,
    }


def difference(scores: Scores, single: Scores, threshold: float, redrawn: Redrawn) -> Mapping[str, float | None]:
    """Return by how much a rule's FNMR is below that of a single photo, as a difference of rates, with its interval."""
    mine, theirs = (_shares(one, one.values < threshold, redrawn, mated=True) for one in (scores, single))
    value = float((single.own < threshold).mean() - (scores.own < threshold).mean())
    return {"value": value, **_interval(theirs - mine)}


def at_equal_fmr(scores: Scores, single: Scores, threshold: float, redrawn: Redrawn) -> dict[str, object] | None:
    """Return what a rule misses at the threshold that gives it the FMR of a single photo at the pack's threshold.

    Args:
        scores: of the rule.
        single: of a single photo.
        threshold: of the pack.
        redrawn: for the interval.

    Returns:
        The threshold and the FNMR; ``None`` where no single photo matched another person's.
    """
    share = float((single.others >= threshold).mean())
    if not share:
        return None
    own = float(np.quantile(scores.others, 1 - share, method="higher"))
    return {"threshold": own, "fnmr": rate(scores, scores.values < own, redrawn, mated=True)}


def _cells(scores: Scores, values: NDArray[np.float64], redrawn: Redrawn, *, mated: bool) -> NDArray[np.float64]:
    """Return sums by probe source and reference person: shape (sources, people)."""
    use = scores.counted & (scores.mated == mated)
    rows = np.array([redrawn.sources[int(one)] for one in scores.probe_sources])
    columns = np.array([redrawn.people[int(one)] for one in scores.reference_people])
    by_person = np.zeros((len(rows), len(redrawn.people)))
    np.add.at(by_person.T, columns, np.where(use, values, 0.0).T)
    cells = np.zeros((len(redrawn.sources), len(redrawn.people)))
    np.add.at(cells, rows, by_person)
    return cells


def _sums(scores: Scores, values: NDArray[np.float64], redrawn: Redrawn, *, mated: bool) -> NDArray[np.float64]:
    """Return the weighted sum in each draw; a mated pair has one person, so it is weighted once."""
    cells = _cells(scores, values, redrawn, mated=mated)
    across = np.ones_like(redrawn.person_weights) if mated else redrawn.person_weights
    return np.asarray(np.einsum("ds,sp,dp->d", redrawn.source_weights, cells, across, optimize=True))


def _shares(scores: Scores, errors: NDArray[np.bool_], redrawn: Redrawn, *, mated: bool) -> NDArray[np.float64]:
    ones = np.ones(scores.values.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _sums(scores, errors * ones, redrawn, mated=mated) / _sums(scores, ones, redrawn, mated=mated)


def rate(scores: Scores, errors: NDArray[np.bool_], redrawn: Redrawn, *, mated: bool) -> dict[str, object]:
    """Return how many comparisons went wrong, of how many, with the interval of the rate.

    Args:
        scores: of one rule.
        errors: of their shape; where a comparison would be wrong.
        redrawn: for the interval.
        mated: which comparisons are meant.
    """
    of = scores.counted & (scores.mated == mated)
    wrong = int((errors & of).sum())
    interval = _interval(_shares(scores, errors, redrawn, mated=mated))
    if not wrong:
        # Drawing people again finds no error that is not there; what bounds the rate is how many people there are.
        people = len(set(scores.probe_people[of.any(axis=1)].tolist()))
        interval = {"low": 0.0, "high": clopper_pearson(0, people).high}
    return {"errors": wrong, "of": int(of.sum()), "value": wrong / int(of.sum()), **interval}


def _d_primes(scores: Scores, redrawn: Redrawn) -> NDArray[np.float64]:
    values = scores.values.astype(np.float64)
    moments = []
    for mated in (True, False):
        count, first, second = (
            _sums(scores, one, redrawn, mated=mated) for one in (np.ones_like(values), values, values**2)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = first / count
            moments.append((mean, np.maximum(second / count - mean**2, 0.0)))
    (own, own_variance), (others, other_variance) = moments
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((own - others) / np.sqrt((own_variance + other_variance) / 2))


def _d_prime(own: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    return float((own.mean() - others.mean()) / np.sqrt((own.var() + others.var()) / 2))


def _eer(own: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """Return the rate where FNMR and FMR are nearest each other, their mean there."""
    at = np.unique(own)
    missed = np.searchsorted(np.sort(own), at) / own.size
    matched = 1 - np.searchsorted(np.sort(others), at) / others.size
    nearest = int(np.abs(missed - matched).argmin())
    return float((missed[nearest] + matched[nearest]) / 2)


def _interval(drawn: NDArray[np.float64]) -> dict[str, float | None]:
    finite = drawn[np.isfinite(drawn)]
    if not finite.size:
        return {"low": None, "high": None}
    low, high = np.percentile(finite, (_LOW, _HIGH))
    return {"low": float(low), "high": float(high)}
