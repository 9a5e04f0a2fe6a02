"""Whether a component stands in for how dark a face is: over people, and over the same photos re-lit.

Nobody is labelled. Portraits are ranked by the mean luma of the face within their year, which is light and skin
together; the re-lit versions of one photo differ in light alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from fairgate.bench.quality_curves import below
from fairgate.bench.quality_photos import MEASURES
from fairgate.measure.intervals import CONFIDENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.bench.quality_photos import Measures, Portrait
    from fairgate.measure.intervals import Proportion

UNTOUCHED = "untouched"
FOLLOWS = 0.1
"""Share of the variation over people from which a component is said to follow the face's luma."""

MOVES = 10
"""Mapped points that re-lighting must move a component by, in the mean, for its following to be brightness's doing."""


class Verdict(StrEnum):
    """What the table says of a component; stable words."""

    HITS_DARKER = "hits_darker"
    HITS_LIGHTER = "hits_lighter"
    HITS_EITHER = "hits_either"
    FOLLOWS_LUMA = "follows_luma"
    NO_SIGN = "no_sign"


@dataclass(frozen=True, slots=True)
class Quarters:
    """Whom one limit discards in one light.

    Args:
        light: name of the light.
        limit: lowest mapped value that is kept.
        darkest: of the quarter of portraits with the darkest faces, untouched.
        lightest: of the lightest quarter.
    """

    light: str
    limit: int
    darkest: Proportion
    lightest: Proportion

    @property
    def apart(self) -> int:
        """Return 1 where darker faces are discarded more, -1 where lighter ones are, 0 where the intervals meet."""
        return (self.darkest.low > self.lightest.high) - (self.lightest.low > self.darkest.high)

    def as_json(self) -> Mapping[str, object]:
        """Return plain values for scripts."""
        return {
            "light": self.light,
            "limit": self.limit,
            "darkest_quarter": self.darkest.as_json("discarded"),
            "lightest_quarter": self.lightest.as_json("discarded"),
        }


@dataclass(frozen=True, slots=True)
class Following:
    """How one component goes with the face's luma.

    Args:
        name: of ``MEASURES``.
        rank_correlation: of the native value with luma over people, ranked within their year; -1 to 1; ``None`` where
            one of them does not vary.
        low, high: its 95 % interval.
        within_person: share of a component's variation over one photo in several lights that a straight line on luma
            explains, 0 to 1; ``None`` where light does not move it.
        moved: mean change of the mapped value by re-lighting, by the light's name.
        at_gate: by light, at the default gate's limit; empty where the gate does not name it.
        at_worst: by light, at the limit that discards the worst tenth of degraded probes.
    """

    name: str
    rank_correlation: float | None
    low: float
    high: float
    within_person: float | None
    moved: Mapping[str, float]
    at_gate: tuple[Quarters, ...]
    at_worst: tuple[Quarters, ...]

    @property
    def share_over_people(self) -> float:
        """Return the share of the ranks' variation that luma's ranks explain, 0 to 1."""
        return (self.rank_correlation or 0.0) ** 2

    @property
    def verdict(self) -> Verdict:
        """Return what follows; see ``FOLLOWS``."""
        sides = {one.apart for one in (*self.at_gate, *self.at_worst)} - {0}
        if sides:
            return (
                Verdict.HITS_EITHER if len(sides) > 1 else Verdict.HITS_DARKER if 1 in sides else Verdict.HITS_LIGHTER
            )
        if self.share_over_people >= FOLLOWS and max(map(abs, self.moved.values()), default=0.0) >= MOVES:
            return Verdict.FOLLOWS_LUMA
        return Verdict.NO_SIGN

    @property
    def widest(self) -> Quarters | None:
        """Return where the two quarters lie furthest apart; ``None`` without any limit."""
        every = (*self.at_gate, *self.at_worst)
        return max(every, key=lambda one: abs((one.darkest.value or 0) - (one.lightest.value or 0)), default=None)

    def as_json(self) -> Mapping[str, object]:
        """Return plain values for scripts."""
        return {
            "component": self.name,
            "rank_correlation": self.rank_correlation,
            "rank_correlation_low": self.low,
            "rank_correlation_high": self.high,
            "share_over_people": self.share_over_people,
            "share_within_person": self.within_person,
            "mean_change": dict(self.moved),
            "at_gate": [one.as_json() for one in self.at_gate],
            "at_worst_tenth": [one.as_json() for one in self.at_worst],
            "widest": self.widest.as_json() if self.widest is not None else None,
            "verdict": str(self.verdict),
        }


def followings(
    portraits: Sequence[Portrait], gate: Mapping[str, int], worst: Mapping[str, int]
) -> tuple[Following, ...]:
    """Return every component's row.

    Args:
        portraits: untouched, with re-lit versions; one a person, so that they are independent.
        gate: limits of the gate, by component.
        worst: limits of the worst tenth, by component.
    """
    return tuple(_following(name, portraits, gate.get(name), worst.get(name)) for name in MEASURES)


def one_a_person(portraits: Sequence[Portrait]) -> tuple[Portrait, ...]:
    """Return one portrait of each person, the newer where there are two."""
    return tuple({one.subject: one for one in sorted(portraits, key=lambda one: not one.older)}.values())


def ranks_within_year(values: Sequence[float], older: Sequence[bool]) -> NDArray[np.float64]:
    """Return each value's place among those of its year, between 0 and 1; equal values share theirs.

    The two years' photos differ in size and in how they were lit; ranks within a year leave that out.
    """
    ranks = np.zeros(len(values))
    years = np.array(older, np.bool_)
    for year in (years, ~years):
        if year.any():
            ranks[year] = (rankdata(np.array(values)[year]) - 0.5) / np.count_nonzero(year)
    return ranks


def _following(name: str, portraits: Sequence[Portrait], gate: int | None, worst: int | None) -> Following:
    older = [one.older for one in portraits]
    luma = ranks_within_year([one.seen.luma for one in portraits], older)
    rho = _correlation(ranks_within_year([one.seen.native[name] for one in portraits], older), luma)
    low, high = _interval(rho, len(portraits))
    lights = list(portraits[0].relit) if portraits else []
    return Following(
        name=name,
        rank_correlation=rho,
        low=low,
        high=high,
        within_person=_within(name, portraits),
        moved={
            light: float(np.mean([one.relit[light].mapped[name] - one.seen.mapped[name] for one in portraits]))
            for light in lights
        },
        at_gate=tuple(_quarters(name, portraits, luma, gate)) if gate is not None else (),
        at_worst=tuple(_quarters(name, portraits, luma, worst)) if worst is not None else (),
    )


def _quarters(name: str, portraits: Sequence[Portrait], luma: NDArray[np.float64], limit: int) -> Iterator[Quarters]:
    dark = [one for one, place in zip(portraits, luma, strict=True) if place < 0.25]
    light = [one for one, place in zip(portraits, luma, strict=True) if place > 0.75]
    for lit in (UNTOUCHED, *(portraits[0].relit if portraits else ())):
        yield Quarters(
            lit, limit, *(below([_in(one, lit).mapped[name] for one in some], limit) for some in (dark, light))
        )


def _in(portrait: Portrait, light: str) -> Measures:
    return portrait.seen if light == UNTOUCHED else portrait.relit[light]


def _within(name: str, portraits: Sequence[Portrait]) -> float | None:
    """Return how much of what light does to one photo's component goes with what it does to its luma."""
    values, lumas = [], []
    for one in portraits:
        versions = (one.seen, *one.relit.values())
        native, luma = (np.array(some) for some in zip(*((v.native[name], v.luma) for v in versions), strict=True))
        values.append(native - native.mean())
        lumas.append(luma - luma.mean())
    rho = _correlation(np.concatenate(values), np.concatenate(lumas)) if values else None
    return None if rho is None else rho * rho


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    if first.size < 2 or np.ptp(first) < 1e-12 or np.ptp(second) < 1e-12:
        return None
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))


def _interval(rho: float | None, of: int) -> tuple[float, float]:
    """Return the interval of a rank correlation.

    Source: Bonett and Wright, Psychometrika 65 (2000) 23-28: Fisher's z with variance (1 + rho² / 2) / (n - 3).
    """
    if rho is None or of < 4 or abs(rho) >= 1:
        return -1.0, 1.0
    half = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2) * math.sqrt((1 + rho * rho / 2) / (of - 3))
    return math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)
