"""How well the quality components foretell misses, whom they would discard, and what follows brightness in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fairgate.bench.machine import describe_machine
from fairgate.bench.quality_curves import FMR, REMOVED_AT_LEAST, UNTOUCHED_AT_MOST, WORST, curves
from fairgate.bench.quality_light import followings, one_a_person
from fairgate.bench.quality_limits import held_out
from fairgate.errors import InputRefused
from fairgate.face.pack_calibration import VERIFICATION
from fairgate.face.quality import QualityGate
from fairgate.measure.intervals import clopper_pearson

if TYPE_CHECKING:
    from fairgate.bench.quality_photos import Looked
    from fairgate.face.pack import Pack


def verification_threshold(pack: Pack) -> float:
    """Return the pack's threshold for an FMR of 1 in 1000.

    Raises:
        InputRefused: the pack was not calibrated for it.
    """
    for record in pack.calibration:
        if (record.kind, record.target) == (VERIFICATION, FMR):
            return record.threshold
    raise InputRefused(
        "The pack has no threshold for a false match rate of 1 in 1000.", way_out="Calibrate it: packs calibrate."
    )


def quality_study(looked: Looked, threshold: float) -> Mapping[str, object]:
    """Return the study's figures, plain values for scripts.

    Args:
        looked: what was looked at.
        threshold: a score at or above it is a match.

    Raises:
        InputRefused: no probe of anybody has features, or no portrait.
    """
    if not looked.probes or not looked.portraits:
        raise InputRefused(
            "Nobody can be compared with themself.", way_out="Name a folder with 2014/, 2024/, pairs.csv."
        )
    gate = QualityGate()
    by_component = curves(looked.probes, looked.portraits, threshold, looked.without_features)
    limits = {one.name: one.limit for one in by_component}
    missed = [probe for probe in looked.probes if probe.score < threshold]
    people = one_a_person(looked.portraits)
    return {
        "threshold": threshold,
        "people": len({probe.subject for probe in looked.probes}),
        "probes": len(looked.probes),
        "probes_without_features": looked.without_features,
        "missed": clopper_pearson(len(missed), len(looked.probes)).as_json("errors"),
        "people_missed": len({probe.subject for probe in missed}),
        "portraits": len(looked.portraits),
        "portraits_one_a_person": len(people),
        "at_gate": {
            name: clopper_pearson(sum(bool(_refused(one.seen.mapped, gate)) for one in some), len(some)).as_json(
                "refused"
            )
            for name, some in (("probes", looked.probes), ("misses", missed), ("untouched", looked.portraits))
        },
        "targets": {
            "discard": WORST,
            "misses_removed_at_least": REMOVED_AT_LEAST,
            "untouched_discarded_at_most": UNTOUCHED_AT_MOST,
        },
        "curves": [one.as_json() for one in by_component],
        "held_out": held_out(looked.probes, looked.portraits, threshold).as_json(),
        "light": [one.as_json() for one in followings(people, gate.lowest, limits)],
        "machine": describe_machine(),
    }


def _refused(mapped: Mapping[str, int], gate: QualityGate) -> tuple[str, ...]:
    return tuple(name for name, bound in gate.lowest.items() if mapped[name] < bound)
