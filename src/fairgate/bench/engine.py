"""The engine against dlib's own detectors and recogniser: one process, one thread, the two sides taking turns."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fairgate.bench.engine_packs import PackChoice, bench_packs
from fairgate.bench.machine import describe_machine, peak_rss_mb
from fairgate.bench.peer import DlibPeer, bench_package
from fairgate.bench.scene import Scene, decode, make_scene
from fairgate.bench.timing import Turn, take_turns
from fairgate.errors import InputRefused
from fairgate.face.align import chip
from fairgate.face.detect import WindowDetector
from fairgate.face.pipeline import Extracted, Extraction, Pipeline
from fairgate.face.quality import assess
from fairgate.face.subject import COMPARABLE_SIZE
from fairgate.gallery.flight_gallery import FlightGallery
from fairgate.outside.pack_files import load_models, locate, open_pack
from fairgate.vocabulary import Features, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fairgate.bench.timing import Progress

PACK = "dlib-cc0"
SMALLEST_FACE_PX = 80
PROBE_SMALLEST_FACE_PX = 192
"""At a gate a face fills at least a sixth of the frame's width: some 80 px between the eyes in a megapixel."""

SEARCHED = 42_000
ROUNDS = 7


def bench_engine(
    photo: Path | None = None,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
    *,
    choice: PackChoice | None = None,
    packs_progress: Progress | None = None,
) -> Mapping[str, object]:
    """Time every stage beside dlib's, then every installed pack, and return the figures.

    Times are medians of the calling thread's processor time, in milliseconds; each row has the clock's too.

    Args:
        photo: a portrait to look at; ``None`` for one of ``FAIRGATE_DATA`` or of the shared data, else a drawn face.
        rounds: how often the sides take turns; each takes about five seconds, and as much again for each pack.
        progress: called with (rounds done, rounds).
        choice: which packs are measured, and where they lie; ``None`` for every installed one.
        packs_progress: like ``progress``, for the packs.

    Raises:
        ConfigurationRefused: dlib is not installed.
        InputRefused: the engine makes nothing of the photo.
        PackRefused: the default pack's models are not there, or a pack that was named cannot be read.
    """
    choice = choice or PackChoice()
    choice.check()
    scene = make_scene(photo or _shared_portrait())
    pools = bench_package("threadpoolctl")
    with pools.threadpool_limits(limits=1):
        installed = open_pack(PACK, choice.packs_dir)
        side = _OwnSide(Pipeline(installed.pack, load_models(installed, choice.cache_dir), threads=1), scene)
        own = side.turns()
        for turn in own:
            turn.call()
        rss_mb = peak_rss_mb()
        models = installed.pack.models()
        peer = DlibPeer(*(locate(models[stage], installed.folder) for stage in ("detector", "embedder")))
        load_before = os.getloadavg()[0]
        times = take_turns([*own, *_peer_turns(peer, scene, side.chip)], rounds, progress)
        figures: dict[str, object] = {
            "embed_ratio_to_dlib": times["dlib_embed"].median / times["embed"].median,
            "embed_mirrored_ratio_to_dlib": times["dlib_embed"].median / times["embed_mirrored"].median,
            "detect_ratio_to_dlib_cnn": times["dlib_detect_cnn"].median / times["detect"].median,
            "probe_ms": times["probe"].median,
            "search_42000_ms": times["search_42000"].median,
            "peak_rss_mb": rss_mb,
            "peak_rss_with_dlib_mb": peak_rss_mb(),
            "rows": {name: taken.as_row() for name, taken in times.items()},
            "agreement": _agreement(side, peer),
            "setting": {
                "face": scene.source,
                "probe": f"JPEG of {scene.probe.shape[1]} x {scene.probe.shape[0]} px, {len(scene.probe_jpeg)} bytes",
                "probe_smallest_face_px": PROBE_SMALLEST_FACE_PX,
                "frame": f"{scene.frame.shape[1]} x {scene.frame.shape[0]} px",
                "frame_smallest_face_px": SMALLEST_FACE_PX,
                "rounds": rounds,
                "threads": 1,
                "thread_pools": {pool["internal_api"]: pool["num_threads"] for pool in pools.threadpool_info()},
                "load_average_before": load_before,
                "load_average_after": os.getloadavg()[0],
            },
            "machine": describe_machine(),
            "dlib": {"version": peer.version, "built_with_blas": peer.uses_blas, "built_with_cuda": peer.uses_cuda},
        }
        return figures | bench_packs(choice, scene, rounds, packs_progress)


class _OwnSide:
    """The engine's stages, each on what the one before it made of the scene.

    Args:
        pipeline: one thread.
        scene: with one face.

    Raises:
        InputRefused: the pipeline makes nothing of the scene.
    """

    def __init__(self, pipeline: Pipeline, scene: Scene) -> None:
        if not isinstance(pipeline.first.detector, WindowDetector) or pipeline.first.landmarks is None:
            raise InputRefused("The benchmark measures the engine that dlib's models run on.", way_out="Use dlib-cc0.")
        self._pipeline, self._detector, self._landmarks = pipeline, pipeline.first.detector, pipeline.first.landmarks
        self.scene = scene
        self.faces = pipeline.first.detector.detect(scene.frame, smallest_face_px=SMALLEST_FACE_PX)
        extraction = self._extract(scene.probe)
        if not self.faces or not isinstance(extraction, Extracted):
            raise InputRefused(
                f"The engine makes nothing of {scene.source}: {type(extraction).__name__}.",
                way_out="Use another photo.",
            )
        self._extracted = extraction
        self._points = np.array(extraction.landmarks, np.float32)
        self.chip = self._align()
        self._gallery = _gallery(extraction.features)

    def turns(self) -> list[Turn]:
        """Return what is timed of the engine."""
        detector, frame, probe = self._detector, self.scene.frame, self.scene.probe
        chips, box = self.chip[None], self._extracted.face.box
        return [
            Turn("decode", lambda: decode(self.scene.probe_jpeg), 5),
            Turn("detect", lambda: detector.detect(frame, smallest_face_px=SMALLEST_FACE_PX), 4),
            Turn(
                "detect_thorough", lambda: detector.detect(frame, smallest_face_px=SMALLEST_FACE_PX, thorough=True), 2
            ),
            Turn(
                "detect_subject",
                lambda: detector.detect(frame, smallest_face_px=SMALLEST_FACE_PX, ignore_below=COMPARABLE_SIZE),
                4,
            ),
            Turn("landmarks", lambda: self._landmarks.find(probe, box), 5),
            Turn("quality", lambda: assess(probe, self._points, box), 5),
            Turn("align", self._align, 5),
            Turn("embed", lambda: self._pipeline.first.embedder.raw(chips), 8),
            Turn("embed_mirrored", lambda: self._pipeline.first.embedder.embed(chips), 6),
            Turn("probe", lambda: self._extract(decode(self.scene.probe_jpeg)), 4),
            Turn("search_42000", lambda: self._gallery.search(self._extracted.features), 10),
        ]

    def raw_features(self) -> NDArray[np.float32]:
        """Return the network's own output for the chip, one forward pass."""
        features: NDArray[np.float32] = self._pipeline.first.embedder.raw(self.chip[None])[0]
        return features

    def _align(self) -> NDArray[np.uint8]:
        side = self._pipeline.pack.embedder.input_width_px
        return chip(self.scene.probe, self._points, self._pipeline.first.template, side)

    def _extract(self, rgb: NDArray[np.uint8]) -> Extraction:
        return self._pipeline.extract(rgb, smallest_face_px=PROBE_SMALLEST_FACE_PX, timer=time.perf_counter)


def _peer_turns(peer: DlibPeer, scene: Scene, aligned: NDArray[np.uint8]) -> list[Turn]:
    return [
        Turn("dlib_detect_cnn", lambda: peer.detect_cnn(scene.frame)),
        Turn("dlib_detect_hog", lambda: peer.detect_hog(scene.frame), 3),
        Turn("dlib_embed", lambda: peer.embed(aligned), 5),
    ]


def _agreement(side: _OwnSide, peer: DlibPeer) -> dict[str, float]:
    """Return how far the two sides' numbers lie apart on the benchmark's own scene."""
    theirs = peer.detect_cnn(side.scene.frame)
    found = {"features_max_difference": float(np.abs(side.raw_features() - peer.embed(side.chip)).max())}
    if theirs:
        box, score = theirs[0]
        found["best_box_max_difference_px"] = float(np.abs(np.array(side.faces[0].box) - np.array(box)).max())
        found["best_score_difference"] = side.faces[0].score - score
    return found


def _gallery(probe: Features) -> FlightGallery:
    """Return a gallery of made-up features, among them the probe's own."""
    vectors = np.random.default_rng(2).normal(size=(SEARCHED, probe.vector.size)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[SEARCHED // 2] = probe.vector
    return FlightGallery(
        name="benchmark",
        bound=SEARCHED,
        pack_digest=probe.pack_digest,
        templates=(Template(f"p{row}", Features(probe.pack_digest, vector)) for row, vector in enumerate(vectors)),
    )


def _shared_portrait() -> Path | None:
    named = os.environ.get("FAIRGATE_DATA")
    data = Path(named) if named else Path.cwd().parent / "shared" / "data"
    return next(iter(sorted((data / "portraits" / "2024").glob("*.jpg"))), None)
