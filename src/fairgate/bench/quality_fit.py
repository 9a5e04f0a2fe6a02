"""The unified score's weights, fitted on people whom the study of quality does not count misses on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from fairgate.bench.quality_photos import SMALLEST_FACE_PX
from fairgate.face.pipeline import Extracted, Pipeline, Role
from fairgate.face.quality.sight import look
from fairgate.face.quality.unified import signs
from fairgate.face.quality.unified_terms import FARTHEST_SPREADS, TERMS, Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fairgate.bench.timing import Progress
    from fairgate.outside.portrait_files import PortraitFile, PortraitFolder

WORST = 0.1
"""Share of the training captures that count as far from their photo."""

PENALTY = 10.0
"""Weight of the sum of squared weights beside the sum of the captures' log losses."""

DRAWS_NEWER, DRAWS_OLDER = 30, 8
"""Degraded captures of each portrait, beside one that is not degraded. The older photos are small."""

GENERATOR = 104
"""First number of the seeds of the training captures."""

_STEPS = 50


def training_files(folder: PortraitFolder) -> tuple[PortraitFile, ...]:
    """Return the portraits of every other person who is in one year only: nobody of them has a mated pair.

    Args:
        folder: of two years.
    """
    older = {file.subject for file in folder.files if file.older}
    newer = {file.subject for file in folder.files if not file.older}
    chosen = frozenset(sorted(older ^ newer)[::2])
    return tuple(file for file in folder.files if file.subject in chosen)


def training_captures(
    files: Sequence[PortraitFile],
    pipeline: Pipeline,
    degraded: Callable[[PortraitFile, int, int], NDArray[np.uint8] | None],
    progress: Progress,
) -> tuple[tuple[Mapping[str, float], ...], tuple[float, ...]]:
    """Return the signs of every capture, and how similar its features are to those of the untouched photo.

    Args:
        files: as :func:`training_files` gives them.
        pipeline: with a gate that everything passes.
        degraded: portrait, its number within its year and the draw → the capture; draw 0 is not degraded.
            ``None`` where nobody knows where the portrait's face is.
        progress: called with (done, all) portraits.
    """
    seen: list[Mapping[str, float]] = []
    similarity: list[float] = []
    numbers = {False: 0, True: 0}
    for done, file in enumerate(files, start=1):
        number, numbers[file.older] = numbers[file.older], numbers[file.older] + 1
        with Image.open(file.path) as opened:
            untouched = _extracted(pipeline, np.asarray(opened.convert("RGB")), Role.REFERENCE)
        for draw in range(1 + (DRAWS_OLDER if file.older else DRAWS_NEWER)):
            rgb = degraded(file, number, draw) if untouched is not None else None
            made = _extracted(pipeline, rgb, Role.PROBE) if rgb is not None else None
            if rgb is not None and made is not None and untouched is not None:
                sight = look(rgb, np.array(made.landmarks, np.float64), made.face.box)
                seen.append(signs(sight, made.quality.components))
                similarity.append(float(made.features.vector @ untouched.features.vector))
        progress(done, len(files))
    return tuple(seen), tuple(similarity)


def _extracted(pipeline: Pipeline, rgb: NDArray[np.uint8], role: Role) -> Extracted | None:
    made = pipeline.extract(rgb, smallest_face_px=SMALLEST_FACE_PX, timer=time.perf_counter, role=role)
    return made if isinstance(made, Extracted) else None


def fitted(signs: Sequence[Mapping[str, float]], similarity: Sequence[float]) -> tuple[float, tuple[Term, ...]]:
    """Return the intercept and the terms of a logistic regression.

    Args:
        signs: of each training capture.
        similarity: of its features to those of the person's untouched photo.
    """
    names = [term.sign for term in TERMS]
    values = np.array([[one[name] for name in names] for one in signs], np.float64)
    far = np.array(similarity) < np.quantile(similarity, WORST)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    rows = np.clip((values - mean) / spread, -FARTHEST_SPREADS, FARTHEST_SPREADS)
    weights = _logistic(np.column_stack([np.ones(len(rows)), rows]), far.astype(np.float64))
    terms = zip(names, mean, spread, weights[1:], strict=True)
    return float(weights[0]), tuple(Term(name, float(a), float(b), float(w)) for name, a, b, w in terms)


def _logistic(rows: NDArray[np.float64], far: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of least penalised loss, by Newton's method; the first one is not penalised."""
    penalty = np.full(rows.shape[1], 2 * PENALTY)
    penalty[0] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - far) + penalty * weights
        bend = (rows.T * (chance * (1 - chance))) @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-10:
            break
    return weights
