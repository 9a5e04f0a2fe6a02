"""How often a person is missed when their probe is degraded: the set's hardness, by the default pack.

A probe without features counts as missed; what the quality gate turns away counts so too, and the same is told without
the gate. The threshold is the pack's own for an FMR of 1 in 1000, chosen on untouched portraits; told beside it is the
one that gives that FMR on the degraded probes themselves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from fairgate.errors import InputRefused
from fairgate.face.pack_calibration import VERIFICATION
from fairgate.face.pipeline import Extracted, Role
from fairgate.face.quality import QualityGate
from fairgate.measure.intervals import clopper_pearson

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fairgate.bench.timing import Progress
    from fairgate.face.pipeline import Pipeline
    from fairgate.outside.portrait_files import PortraitFile, PortraitFolder

FMR = 1e-3
SMALLEST_FACE_PX = 80

Degrade = Callable[["Path", int, int], "NDArray[np.uint8]"]
"""Path of a portrait, its number and the number of the draw → the degraded probe."""


@dataclass(frozen=True, slots=True, eq=False)
class MatedProbe:
    """What became of one degraded probe.

    Args:
        mated: score against the person's own reference; ``None`` where there were no features.
        others: scores against everybody else's; empty where there were no features.
        refused: why the engine would not have compared it; empty where it would.
    """

    mated: float | None
    others: NDArray[np.float32] = field(repr=False)
    refused: str


def bench_mated(
    folder: PortraitFolder, pipeline: Pipeline, degrade: Degrade, draws: int, progress: Progress | None = None
) -> Mapping[str, object]:
    """Compare degraded newer portraits with untouched older ones and return who was missed.

    Args:
        folder: portraits of two years.
        pipeline: with a gate that lets everything pass, so that what the default gate does can be told apart.
        degrade: makes a probe.
        draws: degraded probes for each person.
        progress: called with (photos done, photos).

    Raises:
        InputRefused: nobody is in both years, or the pack has no threshold for this FMR.
    """
    older = [file for file in folder.files if file.older]
    mated = {file.subject for file in older} - folder.same_photo
    newer = [file for file in folder.files if not file.older and file.subject in mated]
    threshold = next(
        (r.threshold for r in pipeline.pack.calibration if (r.kind, r.target) == (VERIFICATION, FMR)), None
    )
    if not newer or threshold is None:
        raise InputRefused(
            "Nobody can be compared with themself.", way_out="Name a folder with 2014/, 2024/, pairs.csv."
        )
    total, done = len(older) + draws * len(newer), 0
    subjects, references = [], []
    for done, file in enumerate(older, start=1):
        with Image.open(file.path) as opened:
            vector, _ = _features(pipeline, np.asarray(opened.convert("RGB")), Role.REFERENCE)
        if vector is not None:
            subjects.append(file.subject)
            references.append(vector)
        if progress is not None:
            progress(done, total)
    probes = []
    gallery, known = np.stack(references), np.array(subjects)
    for number, file in enumerate(newer):
        for draw in range(draws):
            probes.append(_probe(pipeline, degrade(file.path, number, draw), file, gallery, known))
            done += 1
            if progress is not None:
                progress(done, total)
    return {"people": len(newer), "draws": draws, **missed(probes, threshold)}


def missed(probes: Sequence[MatedProbe], threshold: float) -> Mapping[str, object]:
    """Return the rates at a threshold, and at the one that gives the FMR on these probes.

    Args:
        probes: what became of each.
        threshold: a score at or above it is a match.
    """
    others = np.concatenate([probe.others for probe in probes])
    own = float(np.quantile(others, 1 - FMR, method="higher")) if others.size else threshold
    return {
        "probes": len(probes),
        "non_mated": int(others.size),
        "refused": dict(Counter(probe.refused for probe in probes if probe.refused)),
        "at_pack_threshold": _at(probes, others, threshold),
        "at_fmr_of_degraded": _at(probes, others, own),
    }


def _at(probes: Sequence[MatedProbe], others: NDArray[np.float32], threshold: float) -> Mapping[str, object]:
    scored = [probe for probe in probes if probe.mated is not None]
    passed = [probe for probe in scored if not probe.refused]
    wrong, wrong_passed = (
        sum(probe.mated is not None and probe.mated < threshold for probe in some) for some in (scored, passed)
    )
    return {
        "threshold": threshold,
        "false_matches": int((others >= threshold).sum()),
        "fnmr_without_gate": clopper_pearson(wrong, len(scored)).as_json("errors"),
        "fnmr_with_gate": clopper_pearson(wrong_passed, len(passed)).as_json("errors"),
        "missed_without_gate": clopper_pearson(len(probes) - len(scored) + wrong, len(probes)).as_json("errors"),
        "missed_with_gate": clopper_pearson(len(probes) - len(passed) + wrong_passed, len(probes)).as_json("errors"),
    }


def _probe(
    pipeline: Pipeline,
    rgb: NDArray[np.uint8],
    file: PortraitFile,
    gallery: NDArray[np.float32],
    known: NDArray[np.str_],
) -> MatedProbe:
    vector, refused = _features(pipeline, rgb, Role.PROBE)
    own = known == file.subject
    if vector is None or not own.any():
        return MatedProbe(None, np.zeros(0, np.float32), refused or "no_reference")
    scores = gallery @ vector
    return MatedProbe(float(scores[own][0]), scores[~own], refused)


def _features(pipeline: Pipeline, rgb: NDArray[np.uint8], role: Role) -> tuple[NDArray[np.float32] | None, str]:
    """Return the features, if any, and why the default gate would have refused them."""
    made = pipeline.extract(rgb, smallest_face_px=SMALLEST_FACE_PX, timer=time.perf_counter, role=role)
    if not isinstance(made, Extracted):
        return None, type(made).__name__
    failed = QualityGate().failed(made.quality.components)
    return made.features.vector, failed[0] if failed else ""
