"""Packs that average the scores of several recognisers: how they are read, and what their features are."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.errors import PackFormRefused, PackRefused
from fairgate.face.pack import FusedRecogniser, read_pack
from fairgate.face.pipeline import Extracted, NoFace, Pipeline, fused, overlap
from fairgate.outside.pack_files import load_models, open_pack

Rgb = NDArray[np.uint8]

PACKAGED = importlib.resources.files("fairgate.face").joinpath("packs", "dlib-cc0.toml").read_text("utf-8")
BARE = PACKAGED.split("[[calibration]]")[0]
STAGES = BARE[BARE.index("[detector]") :]


def _text(own: float, *others: tuple[str, float]) -> str:
    """Return a pack that fuses the default one with itself, under other names."""
    text = BARE.replace("[detector]", f"weight = {own}\n\n[detector]", 1)
    for name, weight in others:
        inner = STAGES.replace("\n[", "\n[fused_with.").replace("[detector]", "[fused_with.detector]", 1)
        text += f'\n[[fused_with]]\nid = "{name}"\nweight = {weight}\n\n{inner}'
    return text


def test_a_fused_pack_names_every_model() -> None:
    """Stages of the further recogniser stand under its name; the weights are part of the digest."""
    pack = read_pack(_text(0.4, ("again", 0.6)))
    names = ["detector", "landmarks", "embedder", "again.detector", "again.landmarks", "again.embedder"]
    assert list(pack.models()) == names
    assert pack.weight == 0.4
    assert pack.fused_with[0].weight == 0.6
    assert read_pack(_text(0.5, ("again", 0.5))).digest != pack.digest


@pytest.mark.parametrize(
    "text",
    [
        _text(0.4, ("again", 0.5)),
        _text(0.0, ("again", 1.0)),
        _text(1.0, ("again", 0.0)),
        _text(0.4, ("again", 0.3), ("again", 0.3)),
        _text(0.4, ("../again", 0.6)),
        _text(0.4, ("again", 0.6)).replace("weight = 0.4\n", ""),
        _text(1.0),
    ],
)
def test_weights_and_names_that_make_no_sense_are_refused(text: str) -> None:
    """They add up to 1, none is 0, names are plain and occur once, and a pack on its own has no weight."""
    with pytest.raises(PackFormRefused):
        read_pack(text)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
def test_the_cosine_of_fused_features_is_the_weighted_mean_of_the_cosines(seed: int, weight: float) -> None:
    """Whatever the parts, and the result has unit norm."""
    rng = np.random.default_rng(seed)
    pairs = [[one / np.linalg.norm(one) for one in rng.normal(size=(2, length))] for length in (8, 5)]
    weights = [weight, 1 - weight]
    first, second = (fused([pair[side].astype(np.float32) for pair in pairs], weights) for side in (0, 1))
    expected = sum(share * float(pair[0] @ pair[1]) for share, pair in zip(weights, pairs, strict=True))
    assert float(first @ second) == pytest.approx(expected, abs=1e-5)
    assert float(np.linalg.norm(first)) == pytest.approx(1.0, abs=1e-5)


def test_overlap_by_hand() -> None:
    """Half of one box in the other: a third of what both cover; boxes apart share nothing."""
    assert overlap((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 2, 2), (2, 0, 3, 2)) == 0.0
    assert overlap((0, 0, 2, 2), (5, 5, 6, 6)) == 0.0


def test_a_face_goes_through_both_recognisers(engine: Pipeline, scene_of: Callable[..., Rgb]) -> None:
    """Fused with itself, a pack gives its own features twice, scaled; a subject that the second misses is no face."""
    default = open_pack("dlib-cc0")
    pack, models = default.pack, load_models(default)
    again = FusedRecogniser("again", 0.36, pack.detector, pack.landmarks, pack.embedder)
    both = {**models, **{f"again.{name}": model for name, model in models.items()}}
    frame = scene_of((150, 60, 360))
    clock = iter(range(1000)).__next__

    def extract(made: Pipeline) -> object:
        return made.extract(frame, smallest_face_px=80, timer=lambda: float(clock()))

    alone = extract(engine)
    found = extract(Pipeline(replace(pack, weight=0.64, fused_with=(again,)), both))
    assert isinstance(alone, Extracted)
    assert isinstance(found, Extracted)
    own = alone.features.vector
    assert found.features.vector == pytest.approx(np.concatenate([0.8 * own, 0.6 * own]), abs=1e-5)
    blind = replace(again, detector=replace(pack.detector, minimum_score=9.0))
    assert isinstance(extract(Pipeline(replace(pack, weight=0.64, fused_with=(blind,)), both)), NoFace)
    with pytest.raises(PackRefused, match="again"):
        Pipeline(replace(pack, weight=0.64, fused_with=(again,)), models)
