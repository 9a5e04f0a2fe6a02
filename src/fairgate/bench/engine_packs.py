"""Every installed pack on one scene, taking turns: start-up, memory, stages, batches, threads, share of the peak."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.engine_side import PackSide
from fairgate.bench.engine_start import middle, start_in_own_process
from fairgate.bench.timing import Turn, take_turns
from fairgate.errors import FairgateError
from fairgate.face.runtime import CPU, versions
from fairgate.outside.pack_files import default_cache_folder, default_user_folder, open_pack, pack_names

if TYPE_CHECKING:
    from fairgate.bench.scene import Scene
    from fairgate.bench.timing import Progress

MATRIX_SIDE = 2048
"""Of the product that shows what one thread computes at best: large enough that nothing but computing counts."""

SMALLEST_FACE_PX = 80
"""The setting ``smallest_probe_face_px`` as it is unless somebody changes it."""

_PEAK = "peak"
_MOST_STARTS = 3


@dataclass(frozen=True, slots=True)
class PackChoice:
    """Which packs are measured, and where they lie.

    Args:
        names: of the packs; empty for every installed one.
        packs_dir: where packs lie that a person added; ``None`` for the usual folder.
        cache_dir: where converted models lie; ``None`` for the usual folder.
        smallest_face_px: what a whole probe looks for.
    """

    names: Sequence[str] = ()
    packs_dir: Path | None = None
    cache_dir: Path | None = None
    smallest_face_px: int = SMALLEST_FACE_PX

    def check(self) -> None:
        """Return where every pack that was named can be read.

        Raises:
            PackRefused: one cannot.
        """
        for name in self.names:
            open_pack(name, self.packs_dir)


def bench_packs(choice: PackChoice, scene: Scene, rounds: int, progress: Progress | None = None) -> dict[str, object]:
    """Measure packs; one that cannot be used is named, with the reason, and left out.

    Call it where numpy may use one thread only.

    Args:
        choice: which packs.
        scene: with one face.
        rounds: how often everything takes its turn.
        progress: called with (rounds done, rounds).

    Returns:
        ``packs`` (by id), ``packs_left_out``, ``peak_gflops``, ``packs_setting`` and ``runtime``.
    """
    packs_dir, cache_dir = choice.packs_dir or default_user_folder(), choice.cache_dir or default_cache_folder()
    if progress is not None:
        progress(0, rounds)  # Starting the packs takes a while too.
    load_before = os.getloadavg()[0]
    sides: list[PackSide] = []
    starts: dict[str, dict[str, float | int]] = {}
    left_out: list[dict[str, str]] = []
    for name in dict.fromkeys(choice.names) or pack_names(packs_dir):
        try:
            side = PackSide(open_pack(name, packs_dir), cache_dir, scene, choice.smallest_face_px)
            start = partial(start_in_own_process, name, packs_dir, cache_dir, scene.probe_jpeg)
            runs = range(min(rounds, _MOST_STARTS))
            starts[name] = middle([start(smallest_face_px=choice.smallest_face_px) for _ in runs])
        except FairgateError as refused:
            left_out.append({"pack": name, "code": refused.code, "reason": str(refused)})
        else:
            sides.append(side)
    times = take_turns([Turn(_PEAK, _matrix_product(), 2), *_turns(sides)], rounds, progress)
    peak_gflops = 2 * MATRIX_SIDE**3 / times[_PEAK].least / 1e6
    return {
        "packs": {side.pack.id: starts[side.pack.id] | side.figures(times, peak_gflops) for side in sides},
        "packs_left_out": left_out,
        "peak_gflops": peak_gflops,
        "packs_setting": {
            "smallest_face_px": choice.smallest_face_px,
            "peak": f"float32 product of two matrices of {MATRIX_SIDE} x {MATRIX_SIDE}, one thread, the quickest",
            "share_of_peak": "2 x multiply-adds of convolutions and matrix products / median time / peak",
            "rounds": rounds,
            "load_average_before": load_before,
            "load_average_after": os.getloadavg()[0],
        },
        "runtime": {**versions(), "measured_on": CPU},
    }


def _matrix_product() -> Callable[[], object]:
    """Return a call that multiplies two large float32 matrices."""
    rng = np.random.default_rng(4)
    first, second = (rng.random((MATRIX_SIDE, MATRIX_SIDE), np.float32) for _ in range(2))
    out = np.empty_like(first)
    return lambda: np.matmul(first, second, out=out)


def _turns(sides: Iterable[PackSide]) -> list[Turn]:
    return [turn for side in sides for turn in side.turns()]
