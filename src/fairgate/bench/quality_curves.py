"""Error versus discard by component: what the worst tenth of degraded probes costs and saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.quality_photos import MEASURES
from fairgate.measure.discard import Quality, Side
from fairgate.measure.discard_bins import QualityBins
from fairgate.measure.discard_figures import quality_figures
from fairgate.measure.intervals import Proportion, clopper_pearson

if TYPE_CHECKING:
    from fairgate.bench.quality_photos import Portrait, Probe

FMR = 1e-3
WORST = 0.1
"""Share of the degraded probes that is discarded."""

REMOVED_AT_LEAST = 0.5
UNTOUCHED_AT_MOST = 0.02
"""Targets: of the misses, and of the untouched portraits."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What discarding by one measure does.

    Args:
        name: of ``MEASURES``.
        quality: the whole curve, by mapped value.
        limit: probes below this mapped value are the worst tenth: the highest limit that discards no more.
        discarded: of the probes.
        removed: of the misses, those below the limit.
        untouched: portraits below the limit.
        untouched_newer: of the newer ones alone.
    """

    name: str
    quality: Quality
    limit: int
    discarded: Proportion
    removed: Proportion
    untouched: Proportion
    untouched_newer: Proportion

    @property
    def met(self) -> bool | None:
        """Return whether both targets are met by the shares themselves; ``None`` without a miss or a portrait."""
        removed, untouched = self.removed.value, self.untouched.value
        if removed is None or untouched is None:
            return None
        return removed >= REMOVED_AT_LEAST and untouched <= UNTOUCHED_AT_MOST

    def as_json(self) -> Mapping[str, object]:
        """Return plain values for scripts."""
        return {
            "component": self.name,
            "limit": self.limit,
            "discarded": self.discarded.as_json("discarded"),
            "misses_removed": self.removed.as_json("removed"),
            "untouched_discarded": self.untouched.as_json("discarded"),
            "untouched_newer_discarded": self.untouched_newer.as_json("discarded"),
            "area": self.quality.area,
            "area_unsorted": self.quality.area_unsorted,
            "area_up_to": self.quality.area_up_to,
            "targets_met": self.met,
            "points": [
                {
                    "limit": point.limit,
                    "discarded": point.discarded.as_json("discarded"),
                    "fnmr": point.fnmr.as_json("errors"),
                }
                for point in self.quality.points
            ],
        }


def curves(
    probes: Sequence[Probe], portraits: Sequence[Portrait], threshold: float, without_features: int
) -> tuple[Curve, ...]:
    """Return a curve for the unified score and each component; none without probes.

    Args:
        probes: degraded.
        portraits: untouched.
        threshold: a score at or above it is a match.
        without_features: probes that have no quality.
    """
    made = (_curve(name, probes, portraits, threshold, without_features) for name in MEASURES)
    return tuple(one for one in made if one is not None)


def below(values: Sequence[int], limit: int) -> Proportion:
    """Return how many are below a limit."""
    return clopper_pearson(sum(value < limit for value in values), len(values))


def _curve(
    name: str, probes: Sequence[Probe], portraits: Sequence[Portrait], threshold: float, without_features: int
) -> Curve | None:
    values = np.array([probe.seen.mapped[name] for probe in probes], np.float64)
    missed = np.array([probe.score < threshold for probe in probes], np.bool_)
    bins = QualityBins({})
    bins.add(values, missed, {})
    quality = quality_figures(
        bins,
        Side.PROBE,
        {},
        target=FMR,
        threshold=threshold,
        without_quality=without_features,
        example_discard=WORST,
    )
    if quality is None:
        return None
    start = quality.points[0]
    at = [point for point in quality.points if (point.discarded.value or 0.0) <= WORST][-1]
    limit = int(at.limit)
    return Curve(
        name=name,
        quality=quality,
        limit=limit,
        discarded=at.discarded,
        removed=clopper_pearson(start.fnmr.count - at.fnmr.count, start.fnmr.count),
        untouched=below([one.seen.mapped[name] for one in portraits], limit),
        untouched_newer=below([one.seen.mapped[name] for one in portraits if not one.older], limit),
    )
