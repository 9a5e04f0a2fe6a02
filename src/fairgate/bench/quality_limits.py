"""A unified score chosen on half of the people and tried on the other half, to see whether a better one follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.quality_curves import UNTOUCHED_AT_MOST, WORST
from fairgate.bench.quality_photos import DERIVED
from fairgate.measure.intervals import clopper_pearson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.bench.quality_photos import Measures, Portrait, Probe
    from fairgate.measure.intervals import Proportion


@dataclass(frozen=True, slots=True)
class Choice:
    """Discard a photo where the lowest of these components' mapped values is below the limit.

    Args:
        components: names, in the order in which they were chosen; empty discards nothing.
        limit: lowest mapped value that is kept.
    """

    components: tuple[str, ...]
    limit: int

    def discards(self, seen: Measures) -> bool:
        """Return whether it discards a photo."""
        return any(seen.mapped[name] < self.limit for name in self.components)

    def as_json(self) -> Mapping[str, object]:
        """Return plain values for scripts."""
        return {"components": list(self.components), "limit": self.limit}


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a choice does to people who had no say in it.

    Args:
        by_half: what each half chose; each is tried on the other.
        of_all: what all people together choose; tried on nobody.
        discarded: of the probes of people held out, both halves together.
        removed: of their misses.
        untouched: of their untouched portraits.
    """

    by_half: tuple[Choice, ...]
    of_all: Choice
    discarded: Proportion
    removed: Proportion
    untouched: Proportion

    def as_json(self) -> Mapping[str, object]:
        """Return plain values for scripts."""
        return {
            "by_half": [one.as_json() for one in self.by_half],
            "of_all": self.of_all.as_json(),
            "discarded": self.discarded.as_json("discarded"),
            "misses_removed": self.removed.as_json("removed"),
            "untouched_discarded": self.untouched.as_json("discarded"),
        }


def held_out(probes: Sequence[Probe], portraits: Sequence[Portrait], threshold: float) -> HeldOut:
    """Choose on each half of the people and count what that does to the other.

    Args:
        probes: degraded.
        portraits: untouched.
        threshold: a score at or above it is a match.
    """
    # The people who are probed are dealt out first, so that both halves have as many of them.
    probed = sorted({one.subject for one in probes})
    first = frozenset([*probed, *sorted({one.subject for one in portraits} - set(probed))][::2])
    counts = np.zeros((3, 2), np.int64)
    chosen = []
    for half in (True, False):
        choice = choose(
            [one for one in probes if (one.subject in first) == half],
            [one for one in portraits if (one.subject in first) == half],
            threshold,
        )
        chosen.append(choice)
        others = [one for one in probes if (one.subject in first) != half]
        missed = [one for one in others if one.score < threshold]
        untouched = [one for one in portraits if (one.subject in first) != half]
        for row, seen in enumerate(_seen(others, missed, untouched)):
            counts[row] += (sum(map(choice.discards, seen)), len(seen))
    rates = (clopper_pearson(int(count), int(of)) for count, of in counts)
    return HeldOut(tuple(chosen), choose(probes, portraits, threshold), *rates)


def choose(probes: Sequence[Probe], portraits: Sequence[Portrait], threshold: float) -> Choice:
    """Return the components whose lowest removes most misses within both budgets, taken in one by one.

    The limit is always the highest that discards at most a tenth of the probes and 2 % of the portraits. A component
    is taken in while one removes further misses; where several remove as many, the first in order of report.

    Args:
        probes: degraded.
        portraits: untouched.
        threshold: a score at or above it is a match.
    """
    if not probes or not portraits:
        return Choice((), 0)
    names = [name for name in probes[0].seen.mapped if name not in DERIVED]
    degraded, plain = (_table([one.seen for one in some], names) for some in (probes, portraits))
    missed = np.array([one.score < threshold for one in probes], np.bool_)
    best, chosen = Choice((), 0), 0
    while True:
        further: tuple[int, Choice] = (chosen, best)
        for name in names:
            if name not in best.components:
                taken = (*best.components, name)
                columns = [names.index(one) for one in taken]
                lowest = degraded[:, columns].min(axis=1)
                limit = _highest_limit(lowest, plain[:, columns].min(axis=1))
                removed = int(np.count_nonzero(missed & (lowest < limit)))
                if removed > further[0]:
                    further = (removed, Choice(taken, limit))
        if further[1] is best:
            return best
        chosen, best = further


def _seen(*groups: Sequence[Probe | Portrait]) -> tuple[list[Measures], ...]:
    return tuple([one.seen for one in some] for some in groups)


def _highest_limit(degraded: NDArray[np.int64], plain: NDArray[np.int64]) -> int:
    """Return the highest limit, a value that occurs among the degraded, that keeps to both budgets."""
    fitting = [
        int(limit)
        for limit in np.unique(degraded)
        if (degraded < limit).mean() <= WORST and (plain < limit).mean() <= UNTOUCHED_AT_MOST
    ]
    return max(fitting, default=0)


def _table(seen: Sequence[Measures], names: Sequence[str]) -> NDArray[np.int64]:
    return np.array([[one.mapped[name] for name in names] for one in seen], np.int64)
