"""``fairgate bench quality --fit``: train the unified score anew and print its table."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fairgate.cli.output import print_json, print_line, print_table
from fairgate.cli.progress import progress_shown

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from fairgate.outside.portrait_files import PortraitFile


def print_fit(folder: Path, pack: str, timer: Callable[[], float], *, as_json: bool) -> None:
    """Train on people without a mated pair, and print the intercept and the terms.

    Args:
        folder: portraits of two years.
        pack: whose features are compared.
        timer: seconds since an arbitrary start.
        as_json: one object instead of a table.

    Raises:
        InputRefused: the folder lacks something, or a portrait cannot be opened.
    """
    import functools

    import numpy as np

    from fairgate.bench.detection_finders import dlib_hog
    from fairgate.bench.detection_portraits import known_portrait
    from fairgate.bench.quality_fit import GENERATOR, fitted, training_captures, training_files
    from fairgate.bench.quality_photos import EVERYTHING_PASSES
    from fairgate.face.pipeline import Pipeline
    from fairgate.outside.pack_files import load_models, open_pack
    from fairgate.outside.portrait_files import read_portraits
    from fairgate.simulate.degrade_mixture import mixed_portrait
    from fairgate.simulate.degrade_place import resized
    from fairgate.simulate.degrade_study import FACE_WIDTH_PX
    from fairgate.simulate.degrade_truth import Picture, TrueFace

    files = training_files(read_portraits(folder))
    installed = open_pack(pack)
    pipeline = Pipeline(installed.pack, load_models(installed), gate=EVERYTHING_PASSES)
    witness = dlib_hog()

    @functools.lru_cache(maxsize=1)
    def picture(path: Path) -> Picture | None:
        known = known_portrait(path, pipeline.first, witness)
        return None if known is None else Picture(known.rgb, (TrueFace(known.points),))

    def degraded(file: PortraitFile, number: int, draw: int) -> NDArray[np.uint8] | None:
        portrait = picture(file.path)
        if portrait is None:
            return None
        rng = np.random.default_rng([GENERATOR, int(file.older), number, draw])
        return (mixed_portrait(portrait, rng) if draw else resized(portrait, FACE_WIDTH_PX)).rgb

    with progress_shown(timer, "Looking at degraded portraits") as (progress,):
        signs, similarity = training_captures(files, pipeline, degraded, progress)
    intercept, terms = fitted(signs, similarity)
    people = len({file.subject for file in files})
    if as_json:
        told = [asdict(term) for term in terms]
        print_json({"people": people, "captures": len(signs), "intercept": intercept, "terms": told})
        return
    print_table(
        f"The unified score from {len(signs)} captures of {people} people",
        ("sign", "mean", "spread", "weight"),
        [(term.sign, f"{term.mean:.4f}", f"{term.spread:.4f}", f"{term.weight:.4f}") for term in terms],
    )
    print_line(f"Intercept {intercept:.4f}. Weights are log-odds of being far, for a standard deviation.")
