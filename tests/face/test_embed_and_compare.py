"""Features have unit norm, do not depend on which way the face looks, and are compared within one pack only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairgate.bench.drawn_face import drawn_face
from fairgate.errors import EngineFault, FaceContractBroken, PackMismatch
from fairgate.face.compare import compare
from fairgate.face.embed import Embedder, PixelForm
from fairgate.face.pipeline import Pipeline
from fairgate.vocabulary import Features, Template


class FakeSession:
    """Stands for a network: gives what it was told to."""

    def __init__(self, output: NDArray[np.float32]) -> None:
        self._output = output

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        assert values
        return (self._output,)


def embedder(output: NDArray[np.float32]) -> Embedder:
    return Embedder(FakeSession(output), size_px=4, feature_length=2, mirrored_average=False)


CHIPS = np.zeros((1, 4, 4, 3), np.uint8)


class FirstPixel:
    """Gives back the first pixel that it is shown; takes one chip at a time, and answers with two more axes."""

    def run(self, *values: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
        (pixels,) = values
        assert pixels.shape == (1, 3, 4, 4)
        return (np.asarray(pixels[:, :, :1, :1], np.float32),)


def test_pixels_come_in_the_order_and_scale_that_a_pack_names() -> None:
    """Blue first, less the mean, divided; chip by chip where the network insists on one."""
    form = PixelForm(bgr=True, mean=(10.0, 20.0, 30.0), divide_by=2.0)
    network = Embedder(
        FirstPixel(), size_px=4, feature_length=3, mirrored_average=False, one_at_a_time=True, pixels=form
    )
    chips = np.zeros((2, 4, 4, 3), np.uint8)
    chips[0, 0, 0], chips[1, 0, 0] = (50, 40, 30), (32, 24, 12)
    assert network.raw(chips).tolist() == [[10.0, 10.0, 10.0], [1.0, 2.0, 1.0]]


def test_features_are_brought_to_unit_norm() -> None:
    """Whatever length the network gives."""
    found = embedder(np.array([[3.0, 4.0]], np.float32)).embed(CHIPS)
    assert found[0] == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("output", [[[0.0, 0.0]], [[np.nan, 1.0]], [[1.0, 2.0, 3.0]], [[1.0, 2.0], [3.0, 4.0]]])
def test_output_that_is_no_features_is_a_fault_of_the_engine(output: list[list[float]]) -> None:
    """Zero, not a number, another length, another count: an officer, never an answer."""
    with pytest.raises(EngineFault):
        embedder(np.array(output, np.float32)).embed(CHIPS)


@pytest.mark.parametrize("chips", [np.zeros((1, 4, 5, 3), np.uint8), np.zeros((0, 4, 4, 3), np.uint8)])
def test_chips_of_another_shape_are_a_broken_contract(chips: NDArray[np.uint8]) -> None:
    """The network is not asked."""
    with pytest.raises(FaceContractBroken):
        embedder(np.ones((1, 2), np.float32)).embed(chips)


@pytest.mark.needs_component
def test_a_mirrored_chip_has_the_same_features(engine: Pipeline) -> None:
    """The average of a chip and its mirror image does not know which was which; nor does a batch know its order."""
    chips = np.stack([drawn_face(150), np.roll(drawn_face(150), 9, axis=1)])
    straight = engine.first.embedder.embed(chips)
    mirrored = engine.first.embedder.embed(np.ascontiguousarray(chips[::-1, :, ::-1]))
    assert straight == pytest.approx(mirrored[::-1], abs=1e-6)
    assert np.linalg.norm(straight, axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert float(straight[0] @ straight[1]) < 0.9999


def features(values: list[float], pack: str = "a") -> Features:
    vector = np.array(values, np.float32)
    return Features(pack, vector / np.linalg.norm(vector))


@given(st.lists(st.floats(0.001, 10) | st.floats(-10, -0.001), min_size=3, max_size=3))
def test_a_score_lies_between_minus_one_and_one(values: list[float]) -> None:
    """Rounding does not carry it over the edge."""
    probe = features(values)
    assert compare(probe, Template("p", probe)) == pytest.approx(1, abs=1e-6)
    assert (
        -1.0
        <= compare(probe, Template("p", features([-value for value in values])))
        <= compare(probe, Template("p", probe))
        <= 1.0
    )


def test_features_of_two_packs_are_not_compared() -> None:
    """A score between them would mean nothing."""
    with pytest.raises(PackMismatch):
        compare(features([1, 0], "a"), Template("p", features([1, 0], "b")))
