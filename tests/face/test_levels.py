"""Flat frames are looked at a second time, with full contrast; all others are as they were, to the last bit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fairgate.face.detect import CONFIDENT_SCORE, Face
from fairgate.face.levels import NARROWEST_STRETCHED, WIDEST_STRETCHED, span, stretched
from fairgate.face.pack import FusedRecogniser
from fairgate.face.pipeline import Extracted, Extraction, NoFace, Pipeline, PoorImage
from fairgate.face.quality import QualityGate
from fairgate.outside.pack_files import load_models, open_pack

Rgb = NDArray[np.uint8]
SceneOf = Callable[..., Rgb]
ONE_FACE = (150, 60, 360)
SURE = (Face((0.0, 0.0, 100.0, 100.0), CONFIDENT_SCORE),)
UNSURE = (Face((0.0, 0.0, 100.0, 100.0), CONFIDENT_SCORE - 0.01),)


def between(low: int, high: int) -> Rgb:
    """A frame whose levels are spread evenly from the one to the other."""
    levels = np.linspace(low, high, 100 * 100).round().astype(np.uint8).reshape(100, 100)
    return np.repeat(levels[:, :, None], 3, axis=2)


def flattened(rgb: Rgb, share: float) -> Rgb:
    """The frame with this share of its contrast lost, about a middle grey."""
    flat: Rgb = np.rint(128 + (rgb.astype(np.float64) - 128) * (1 - share)).astype(np.uint8)
    return flat


def extract(engine: Pipeline, rgb: Rgb) -> Extraction:
    ticks = itertools.count()
    return engine.extract(rgb, smallest_face_px=80, timer=lambda: next(ticks) / 1000)


class Looking:
    """Gives the faces of the first look, then those of the second, and keeps the frames it was shown."""

    def __init__(self, first: tuple[Face, ...], second: tuple[Face, ...]) -> None:
        self.answers = [second, first]
        self.shown: list[Rgb] = []

    def __call__(self, frame: Rgb) -> tuple[Face, ...]:
        self.shown.append(frame)
        return self.answers.pop()


def test_the_span_leaves_out_the_tails() -> None:
    """One value in a hundred at either end says nothing; colours are counted together."""
    frame = np.full((100, 100, 3), 100, np.uint8)
    assert span(frame) == (100.0, 100.0)
    frame[0] = 255
    frame[1, :50] = 0
    assert span(frame) == (100.0, 100.0)
    frame[2:50, :, 2] = 130
    assert span(frame) == (100.0, 130.0)


@given(st.integers(0, 255), st.integers(0, 255))
def test_only_flat_frames_are_stretched(one: int, other: int) -> None:
    """They then reach from black to white, and what was lighter is not darker; a wall stays a wall."""
    frame = between(min(one, other), max(one, other))
    low, high = span(frame)
    clear = stretched(frame)
    assert (clear is not None) == (NARROWEST_STRETCHED <= high - low <= WIDEST_STRETCHED)
    if clear is not None:
        assert (int(clear.min()), int(clear.max())) == (0, 255)
        assert clear.dtype == np.uint8
        assert clear.shape == frame.shape
        assert (np.diff(clear[:, :, 0].ravel().astype(int)) >= 0).all()


def test_all_colours_take_the_same_way() -> None:
    """A grey frame stays grey."""
    clear = stretched(between(10, 40))
    assert clear is not None
    assert (clear[:, :, 0] == clear[:, :, 1]).all()
    assert (clear[:, :, 0] == clear[:, :, 2]).all()


@pytest.mark.needs_component
def test_a_sure_face_is_never_looked_for_again(engine: Pipeline) -> None:
    """However flat the frame: what was found there before is found there still."""
    look = Looking(SURE, SURE)
    seen = engine.first.look(between(100, 120), look)
    assert seen.faces is SURE
    assert [int(frame.max()) for frame in look.shown] == [120]


@pytest.mark.needs_component
@pytest.mark.parametrize("first", [(), UNSURE])
def test_a_frame_that_is_not_flat_is_looked_at_once(engine: Pipeline, first: tuple[Face, ...]) -> None:
    """Nor is one that is the same all over: a second look costs as much as the first."""
    for frame in (between(0, 255), between(120, 120)):
        look = Looking(first, SURE)
        assert engine.first.look(frame, look).faces == first
        assert len(look.shown) == 1


@pytest.mark.needs_component
@pytest.mark.parametrize("first", [(), UNSURE])
def test_the_second_look_counts_only_where_it_shows_a_sure_face(engine: Pipeline, first: tuple[Face, ...]) -> None:
    """Otherwise the first stands, with its own pixels."""
    flat = between(100, 120)
    seen = engine.first.look(flat, Looking(first, SURE))
    assert seen.faces is SURE
    assert (int(seen.frame.min()), int(seen.frame.max())) == (0, 255)
    seen = engine.first.look(flat, Looking(first, UNSURE))
    assert seen.faces is first
    assert int(seen.frame.max()) == 120


@pytest.mark.needs_component
def test_a_face_that_was_found_before_has_the_same_features(engine: Pipeline, scene_of: SceneOf) -> None:
    """To the last bit: as the stages give them one after the other, flat or not."""
    first = engine.first
    for share in (0.0, 0.7):
        rgb = flattened(scene_of(ONE_FACE), share)
        frame, _ = first.prepared(rgb)
        (face,) = first.detector.detect(frame, smallest_face_px=80)
        assert face.score >= CONFIDENT_SCORE
        own = first.embedder.embed(first.chip(frame, first.points(frame, face))[None])[0]
        found = extract(engine, rgb)
        assert isinstance(found, Extracted)
        assert (found.features.vector == own).all()


@pytest.mark.needs_component
def test_a_face_in_a_flat_frame_is_a_poor_image_and_not_none(engine: Pipeline, scene_of: SceneOf) -> None:
    """Its quality is that of the pixels handed in, so the person is told what to do; it stands where it stands."""
    rgb = flattened(scene_of(ONE_FACE), 0.95)
    assert engine.first.detector.detect(rgb, smallest_face_px=80) == ()
    found = extract(engine, rgb)
    assert isinstance(found, PoorImage)
    assert "contrast" in found.quality.failed
    assert found.quality.components["contrast"].native < 10
    clear = extract(engine, scene_of(ONE_FACE))
    assert isinstance(clear, Extracted)
    assert found.face.box == pytest.approx(clear.face.box, abs=20)
    inspection = engine.inspect(rgb, smallest_face_px=80)
    assert inspection.subject == 0
    assert inspection.seen[0].face == found.face
    assert inspection.feedback


@pytest.mark.needs_component
def test_a_flat_wall_with_noise_is_no_face(engine: Pipeline) -> None:
    """Stretched, it is noise from black to white."""
    noise = np.random.Generator(np.random.PCG64(4)).normal(120, 3, (480, 640, 3))
    assert stretched(np.rint(noise).astype(np.uint8)) is not None
    assert isinstance(extract(engine, np.rint(noise).astype(np.uint8)), NoFace)


@pytest.mark.needs_component
def test_every_recogniser_of_a_fused_pack_looks_twice(engine: Pipeline, scene_of: SceneOf) -> None:
    """The features are those of the stretched chip, which are near those of the frame before it went flat."""
    assert engine.pack.id == "dlib-cc0"
    default = open_pack("dlib-cc0")
    pack, models = default.pack, load_models(default)
    again = FusedRecogniser("again", 0.36, pack.detector, pack.landmarks, pack.embedder)
    both = {**models, **{f"again.{name}": model for name, model in models.items()}}
    # A gate that lets everything pass shows what would be made of such a frame.
    fused = Pipeline(replace(pack, weight=0.64, fused_with=(again,)), both, gate=QualityGate({"sharpness": 0}))
    clear, flat = (extract(fused, flattened(scene_of(ONE_FACE), share)) for share in (0.0, 0.95))
    assert isinstance(clear, Extracted)
    assert isinstance(flat, Extracted)
    assert float(clear.features.vector @ flat.features.vector) > 0.97


def test_no_portrait_is_flat(shared_data: Path) -> None:
    """So the thresholds, which were chosen on them, are as they were."""
    for path in sorted((shared_data / "portraits").glob("20*/*.jpg"))[::15]:
        with Image.open(path) as opened:
            low, high = span(np.asarray(opened.convert("RGB")))
        assert high - low > 1.5 * WIDEST_STRETCHED
