"""One pack on the benchmark: what is timed of it, stage by stage and network by network."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.network_work import multiply_adds
from fairgate.bench.scene import Scene, decode
from fairgate.bench.timing import Turn
from fairgate.errors import InputRefused
from fairgate.face.detect import ALL_EDGES
from fairgate.face.image import scaled
from fairgate.face.pipeline import Extracted, Pipeline
from fairgate.face.pyramid import levels_of
from fairgate.face.runtime import Session
from fairgate.face.windows import read_facts
from fairgate.face.yunet import SMALLEST_SEEN_PX, STRIDES
from fairgate.outside.pack_files import InstalledPack, load_models

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fairgate.bench.timing import Times
    from fairgate.face.recogniser import Recogniser, Stages

FRAME_FACES_PX = (100, 80)
GATE_FACE_PX = 192
BATCHES = (1, 8, 32)
THREADS = (1, 2)
_NETWORK_FACE_PX = 80


@dataclass(frozen=True, slots=True)
class _Network:
    """One network alone, at a size that the stage runs it at."""

    name: str
    session: Session = field(repr=False)
    values: tuple[NDArray[np.generic], ...] = field(repr=False)
    work: int

    @property
    def input_shape(self) -> tuple[int, ...]:
        return self.values[0].shape


class PackSide:
    """A pack, loaded for one thread and for two.

    Args:
        installed: the pack and its folder.
        cache_dir: where converted models lie; ``None`` for the usual folder.
        scene: with one face.
        smallest_face_px: what a whole probe looks for where nothing else is said.

    Raises:
        PackRefused: its models are not there or cannot be used.
        InputRefused: it makes nothing of the scene, or the work of one of its networks cannot be counted.
        EngineFault: a network failed.
    """

    def __init__(self, installed: InstalledPack, cache_dir: Path | None, scene: Scene, smallest_face_px: int) -> None:
        self.pack, self._scene, self._smallest_face_px = installed.pack, scene, smallest_face_px
        models = load_models(installed, cache_dir)
        in_two = Pipeline(self.pack, models, threads=2)
        # Made last: OpenCV knows one number of threads for the whole process.
        self._pipeline = Pipeline(self.pack, models, threads=1)
        for face_px in (smallest_face_px, GATE_FACE_PX):
            self._extracted(face_px)
        self._stages: list[Mapping[str, float]] = []
        self._parts = [
            _Part("" if one is self._pipeline.first else f"{one.stages.id}.", one, two, models, scene)
            for one, two in zip(self._pipeline.recognisers, in_two.recognisers, strict=True)
        ]

    def turns(self) -> list[Turn]:
        """Return what is timed, each name with the pack's before it."""
        own = [turn for part in self._parts for turn in part.turns()]
        own += [Turn("probe", self._probe, 3), Turn(f"probe_{GATE_FACE_PX}", self._gate_probe, 3)]
        return [Turn(f"{self.pack.id}/{turn.name}", turn.call, turn.times) for turn in own]

    def figures(self, times: Mapping[str, Times], peak_gflops: float) -> dict[str, object]:
        """Return what was measured.

        Args:
            times: of the turns, and of others.
            peak_gflops: what one thread of this machine computes at best, in 10^9 operations a second.
        """
        prefix = f"{self.pack.id}/"
        rows = {name.removeprefix(prefix): taken for name, taken in times.items() if name.startswith(prefix)}
        stages = self._stage_medians()
        return {
            "title": self.pack.title,
            "digest": self.pack.digest,
            "probe_ms": rows["probe"].median,
            f"probe_{GATE_FACE_PX}_ms": rows[f"probe_{GATE_FACE_PX}"].median,
            "stages_ms": stages,
            "slowest_stage": max(stages, key=lambda name: stages[name]),
            "recognisers": [part.figures(rows) for part in self._parts],
            "networks": [one for part in self._parts for one in part.of_networks(rows, peak_gflops)],
            "rows": {name: taken.as_row() for name, taken in rows.items()},
        }

    def _stage_medians(self) -> dict[str, float]:
        """Return the median of each stage of a whole probe, the unmeasured first call left out."""
        taken = self._stages[1:] or self._stages
        return {name: statistics.median(one[name] for one in taken) for name in taken[0]}

    def _probe(self) -> None:
        began = time.thread_time()
        rgb = decode(self._scene.probe_jpeg)
        decoded_ms = (time.thread_time() - began) * 1000
        found = self._pipeline.extract(rgb, smallest_face_px=self._smallest_face_px, timer=time.thread_time)
        self._stages.append({"decode": decoded_ms, **found.stage_ms})

    def _gate_probe(self) -> None:
        rgb = decode(self._scene.probe_jpeg)
        self._pipeline.extract(rgb, smallest_face_px=GATE_FACE_PX, timer=time.thread_time)

    def _extracted(self, smallest_face_px: int) -> None:
        found = self._pipeline.extract(self._scene.probe, smallest_face_px=smallest_face_px, timer=time.thread_time)
        if not isinstance(found, Extracted):
            raise _nothing_made_of(self._scene, type(found).__name__)


class _Part:
    """One recogniser of a pack."""

    def __init__(
        self, prefix: str, one: Recogniser, in_two: Recogniser, models: Mapping[str, bytes], scene: Scene
    ) -> None:
        self._prefix, self._one, self._in_two, self._frame = prefix, one, in_two, scene.frame
        self._prepared, _ = one.prepared(scene.probe)
        faces = one.detector.detect(self._prepared, smallest_face_px=GATE_FACE_PX)
        if not faces:
            raise _nothing_made_of(scene, "NoFace")
        self._face = faces[0]
        aligned = one.chip(self._prepared, one.points(self._prepared, self._face))
        self._chips = {batch: np.repeat(aligned[None], batch, axis=0) for batch in BATCHES}
        self._networks = tuple(_networks(prefix, one.stages, models, scene.frame))

    def turns(self) -> Iterator[Turn]:
        """Yield what is timed of it."""
        for face_px in FRAME_FACES_PX:
            look = partial(self._one.detector.detect, self._frame, smallest_face_px=face_px)
            yield Turn(f"{self._prefix}detect_{face_px}", look, 3)
        if self._one.landmarks is not None:
            yield Turn(f"{self._prefix}landmarks", partial(self._one.points, self._prepared, self._face), 5)
        for threads, recogniser in zip(THREADS, (self._one, self._in_two), strict=True):
            for batch, chips in self._chips.items():
                embed = partial(recogniser.embedder.embed, chips)
                yield Turn(self._embed_name(threads, batch), embed, 3 if batch == 1 else 1)
        for network in self._networks:
            yield Turn(f"network {network.name}", partial(network.session.run, *network.values), 3)

    def figures(self, rows: Mapping[str, Times]) -> dict[str, object]:
        """Return detection, landmarks, and embedding per face."""
        own = f"{self._prefix}landmarks"
        return {
            "recogniser": self._one.stages.id,
            **{f"detect_{face_px}_ms": rows[f"{self._prefix}detect_{face_px}"].median for face_px in FRAME_FACES_PX},
            "landmarks_ms": rows[own].median if own in rows else None,
            "embed": [
                {
                    "threads": threads,
                    "batch": batch,
                    "clock_ms_per_face": rows[self._embed_name(threads, batch)].clock_median / batch,
                    "processor_ms_per_face": rows[self._embed_name(threads, batch)].median / batch
                    if threads == 1
                    else None,
                }
                for threads in THREADS
                for batch in BATCHES
            ],
        }

    def of_networks(self, rows: Mapping[str, Times], peak_gflops: float) -> Iterator[dict[str, object]]:
        """Yield what each network computes, how quickly, and which share of the machine's best that is."""
        for network in self._networks:
            median_ms = rows[f"network {network.name}"].median
            gflops = 2 * network.work / median_ms / 1e6
            yield {
                "network": network.name,
                "input_shape": list(network.input_shape),
                "multiply_adds": network.work,
                "median_ms": median_ms,
                "gflops": gflops,
                "share_of_peak": gflops / peak_gflops,
            }

    def _embed_name(self, threads: int, batch: int) -> str:
        return f"{self._prefix}embed_{batch}_threads_{threads}"


def _networks(prefix: str, stages: Stages, models: Mapping[str, bytes], frame: NDArray[np.uint8]) -> Iterator[_Network]:
    """Yield the networks of a recogniser: the detector's on the finest level of the frame, the embedder on one chip."""
    model = models[f"{prefix}detector"]
    session = Session(model, threads=1, varying_sizes=True)
    if stages.detector.kind == "yunet":
        rows, columns = scaled(frame, min(1.0, SMALLEST_SEEN_PX / _NETWORK_FACE_PX)).shape[:2]
        step = STRIDES[-1]
        pixels = _pixels((1, 3, -(-rows // step) * step, -(-columns // step) * step))
        yield _Network(f"{prefix}detector", session, (pixels,), multiply_adds(model, pixels.shape))
    else:
        facts = read_facts(session.facts)
        first = scaled(frame, facts.width_px / _NETWORK_FACE_PX)
        pixels = _pixels((1, 3, *levels_of(first.shape[1], first.shape[0], facts.step_px)[0].padded_size))
        for name, exact in (("scout", False), ("exact", True)):
            work = multiply_adds(model, pixels.shape, {"exact": exact, "edges": ALL_EDGES.tolist()})
            yield _Network(f"{prefix}detector, {name}", session, (pixels, np.array(exact), ALL_EDGES), work)
    model = models[f"{prefix}embedder"]
    pixels = _pixels((1, 3, stages.embedder.input_height_px, stages.embedder.input_width_px))
    work = multiply_adds(model, pixels.shape)
    yield _Network(f"{prefix}embedder", Session(model, threads=1), (pixels,), work)


def _pixels(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.random.default_rng(3).uniform(0, 255, shape).astype(np.float32)


def _nothing_made_of(scene: Scene, instead: str) -> InputRefused:
    return InputRefused(f"The pack makes nothing of {scene.source}: {instead}.", way_out="Use another photo.")
