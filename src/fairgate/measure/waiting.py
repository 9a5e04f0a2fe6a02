"""Waiting times of two paths compared: is declining as fast as the machine? Minutes in, a verdict with intervals out.

Two differences are looked at, and both have to hold. That of the medians is what most people meet; its interval is
exact for every distribution. That of the means also holds the few who wait very long; its interval is a bootstrap's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fairgate.errors import ScoresRefused

CONFIDENCE = 0.95
MEANS_CONFIDENCE = 0.99
"""Nominal, of the bootstrap: with few and very uneven waits it holds the truth less often than it says."""
FEWEST = 7
"""People on each path below whom nothing can be said: of fewer, no two waits bound the median surely enough."""
ROUNDS = 2000
_ROUNDS_AT_ONCE = 200


class WaitingVerdict(StrEnum):
    """What the figures show."""

    EQUAL = "equal"
    SLOWER = "slower"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of one path, in minutes; ``None`` where nobody waited.

    Args:
        people: how many.
        median: half waited no longer.
        mean: arithmetic.
        ninth_decile: nine of ten waited no longer.
    """

    people: int
    median: float | None = None
    mean: float | None = None
    ninth_decile: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much longer those who opted out wait, in minutes; below zero they are faster.

    Args:
        value: as observed.
        low: lower end of the interval.
        high: upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WaitingComparison:
    """Both paths side by side.

    Args:
        machine: whoever the machine let go on.
        opted_out: whoever declined, until somebody let them go on.
        medians: difference of the medians; ``None`` with fewer than 7 people on a path.
        means: difference of the means; ``None`` likewise, or where nobody's wait differs from anybody's.
        within_minutes: what counts as equal.
        verdict: ``equal`` only if both intervals lie wholly within that; ``slower`` if one lies wholly above zero.
        confidence: of the medians' interval, at least; that of the means aims at it.
    """

    machine: Waits
    opted_out: Waits
    medians: Difference | None
    means: Difference | None
    within_minutes: float
    verdict: WaitingVerdict
    confidence: float = CONFIDENCE

    @property
    def alarm(self) -> bool:
        """Say whether those who opted out are shown to be slower."""
        return self.verdict is WaitingVerdict.SLOWER


def compare_waits(
    machine: Sequence[float],
    opted_out: Sequence[float],
    *,
    within_minutes: float,
    rng: np.random.Generator,
    confidence: float = CONFIDENCE,
    rounds: int = ROUNDS,
) -> WaitingComparison:
    """Return both paths' waits, their differences, and what these show.

    Args:
        machine: minutes, of each person whom the machine let go on.
        opted_out: minutes, of each person who declined.
        within_minutes: what counts as equal, above zero.
        rng: draws the bootstrap.
        confidence: of the medians' interval, in (0, 1).
        rounds: of the bootstrap.

    Raises:
        ScoresRefused: a wait is negative or not finite, or an argument is out of range.
    """
    first, second = _checked(machine), _checked(opted_out)
    if not within_minutes > 0 or not 0 < confidence < 1 or rounds < ROUNDS // 20:
        raise ScoresRefused("Minutes that count as equal, a confidence and rounds are wanted, all above zero.")
    medians = means = None
    if min(first.size, second.size) >= FEWEST:
        medians = difference_of_medians(first, second, confidence)
        means = difference_of_means(first, second, rng, rounds=rounds)
    return WaitingComparison(
        machine=_summary(first),
        opted_out=_summary(second),
        medians=medians,
        means=means,
        within_minutes=within_minutes,
        verdict=_verdict(medians, means, within_minutes),
        confidence=confidence,
    )


def difference_of_medians(
    first: NDArray[np.float64], second: NDArray[np.float64], confidence: float = CONFIDENCE
) -> Difference | None:
    """Return the second median less the first, with an interval that is exact whatever the distributions.

    Each median lies between two of its own ordered waits with a probability that only the binomial decides. The two
    samples are independent, so each interval has the square root of the confidence wanted.

    Source: Thompson, Annals of Mathematical Statistics 7 (1936) 122-128 (order statistics bound a quantile).

    Returns:
        ``None`` where there are too few waits for such an interval.
    """
    own = np.sqrt(confidence)
    bounds = [_median_bounds(np.sort(waits), float(own)) for waits in (first, second)]
    if bounds[0] is None or bounds[1] is None:
        return None
    (low_first, high_first), (low_second, high_second) = bounds[0], bounds[1]
    return Difference(float(np.median(second) - np.median(first)), low_second - high_first, high_second - low_first)


def difference_of_means(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    confidence: float = MEANS_CONFIDENCE,
    rounds: int = ROUNDS,
) -> Difference | None:
    """Return the second mean less the first, with the bootstrap-t interval.

    How often it holds the true difference is found by simulation: docs/how-to/opt-out.md has the figures.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), 12.5.

    Returns:
        ``None`` where no wait differs from another on either path, so that there is nothing to draw from.
    """
    value, error = float(second.mean() - first.mean()), _error(first[None, :], second[None, :])[0]
    if not error > 0:
        return None
    drawn = []
    for start in range(0, rounds, _ROUNDS_AT_ONCE):
        size = min(_ROUNDS_AT_ONCE, rounds - start)
        one = first[rng.integers(first.size, size=(size, first.size))]
        other = second[rng.integers(second.size, size=(size, second.size))]
        errors, moved = _error(one, other), other.mean(axis=1) - one.mean(axis=1) - value
        # A draw of equal waits alone has no error of its own; it then counts as far out on its side.
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn.append(np.where(errors > 0, moved / errors, np.sign(moved) * np.inf))
    tail = (1 - confidence) / 2
    every = np.nan_to_num(np.concatenate(drawn), nan=0.0, posinf=1e6, neginf=-1e6)
    low, high = np.quantile(every, [tail, 1 - tail])
    return Difference(value, float(value - high * error), float(value - low * error))


def _verdict(medians: Difference | None, means: Difference | None, within: float) -> WaitingVerdict:
    both = [one for one in (medians, means) if one is not None]
    if medians is not None and means is not None and all(-within <= one.low and one.high <= within for one in both):
        return WaitingVerdict.EQUAL
    return WaitingVerdict.SLOWER if any(one.low > 0 for one in both) else WaitingVerdict.NOT_SHOWN


def _median_bounds(ordered: NDArray[np.float64], confidence: float) -> tuple[float, float] | None:
    place = int(stats.binom.ppf((1 - confidence) / 2, ordered.size, 0.5))
    # ppf gives the first place whose probability is reached; the one before it is still within the tail.
    if stats.binom.cdf(place, ordered.size, 0.5) > (1 - confidence) / 2:
        place -= 1
    if place < 0:
        return None
    return float(ordered[place]), float(ordered[-1 - place])


def _error(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of the difference of means, by row."""
    found = np.sqrt(first.var(axis=1, ddof=1) / first.shape[1] + second.var(axis=1, ddof=1) / second.shape[1])
    return np.asarray(found, dtype=np.float64)


def _checked(waits: Sequence[float]) -> NDArray[np.float64]:
    checked = np.asarray(waits, dtype=np.float64).reshape(-1)
    if not np.isfinite(checked).all() or (checked < 0).any():
        raise ScoresRefused("A wait is a finite number of minutes, not below zero.")
    return checked


def _summary(waits: NDArray[np.float64]) -> Waits:
    if not waits.size:
        return Waits(0)
    return Waits(int(waits.size), float(np.median(waits)), float(waits.mean()), float(np.quantile(waits, 0.9)))
