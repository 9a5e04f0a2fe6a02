"""dlib's files are read as they were written, and anything else is refused in one way, whatever its bytes."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from fairgate.errors import PackRefused
from fairgate.face.dlib_format import read_network
from fairgate.face.dlib_layers import Branch, ChannelScale, Convolution, Dense, Network, Pool, Rectifier
from fairgate.face.dlib_onnx import detector_to_onnx, recogniser_to_onnx
from fairgate.face.dlib_shapes import read_shape_predictor
from fairgate.face.dlib_trees import MARK, ShapePredictor, compact

ADD, TAG, INNERMOST = 2, 1, 3


def whole(value: int) -> bytes:
    body = abs(value).to_bytes(max(1, (abs(value).bit_length() + 7) // 8), "little")
    return bytes([len(body) | (0x80 if value < 0 else 0)]) + body


def wholes(*values: int) -> bytes:
    return b"".join(whole(value) for value in values)


def real(value: float) -> bytes:
    mantissa, exponent = math.frexp(value)
    return wholes(int(mantissa * 2**24), exponent - 24)


def name(text: str) -> bytes:
    return whole(len(text)) + text.encode()


def tensor(values: ArrayLike, shape: Sequence[int] = ()) -> bytes:
    array = np.asarray(values, "<f4")
    sides = tuple(shape) or (array.size, 1, 1, 1)
    return wholes(2, *sides) + array.tobytes()


def alias(*shape: int) -> bytes:
    return wholes(1, *shape)


TRAILER = b"110" + 3 * wholes(2, 0, 0, 0, 0)
RATES = 4 * real(1.0)


def convolution(outputs: int, inputs: int, size: int, *, stride: int = 1, padding: int = 0, seed: int = 0) -> bytes:
    weights = np.random.default_rng(seed).normal(size=outputs * inputs * size * size + outputs)
    shapes = alias(outputs, inputs, size, size) + alias(1, outputs, 1, 1)
    numbers = wholes(outputs, size, size, stride, stride, padding, padding)
    return name("con_4") + tensor(weights) + numbers + shapes + RATES


def batch_norm(channels: int) -> bytes:
    shapes = 2 * alias(1, channels, 1, 1)
    ones = tensor(np.ones(channels))
    return name("bn_con2") + tensor(np.ones(2 * channels)) + shapes + 4 * ones + wholes(7, 7) + RATES + real(0.0001)


def detector_file(*, loss: str = "loss_mmod_") -> bytes:
    """A detector of two layers: 5x5/2 to four channels, then one map."""
    options = wholes(1, 40, 40) + real(1) + real(1) + real(0.5) + real(0.25) + real(1) + real(0.5) + real(1)
    source = name("input_rgb_image_pyramid") + real(122.5) + real(117.0) + real(104.25)
    layers = [convolution(4, 3, 5, stride=2), batch_norm(4), name("relu_"), convolution(1, 4, 3, padding=1, seed=1)]
    body = [layers[0] + TRAILER + whole(1), *(layer + TRAILER for layer in layers[1:])]
    return whole(1) + name(loss) + options + wholes(ADD, ADD, ADD, INNERMOST) + source + b"".join(body)


def recogniser_file() -> bytes:
    """A recogniser: convolution, one residual block, mean, two numbers out."""
    source = name("input_rgb_image_sized") + real(122.5) + real(117.0) + real(104.25) + wholes(9, 9)
    dense = name("fc_2") + wholes(2, 3) + tensor(np.arange(6.0)) + alias(3, 2, 1, 1) + alias(0, 0, 0, 0) + whole(1)
    pool = name("avg_pool_2") + wholes(0, 0, 1, 1, 0, 0)
    layers = [
        convolution(3, 3, 3) + TRAILER + whole(1),
        convolution(3, 3, 3, padding=1) + TRAILER,
        name("add_prev_") + TRAILER,
        pool + TRAILER,
        dense + RATES + TRAILER,
    ]
    wrappers = wholes(ADD, ADD, ADD, ADD, TAG, INNERMOST)
    return whole(1) + name("loss_metric_2") + real(0.04) + real(0.6) + wrappers + source + b"".join(layers)


def column(values: Iterable[float]) -> bytes:
    listed = list(values)
    return wholes(-len(listed), -1) + b"".join(map(real, listed))


def shape_file(*, anchor: int = 1, splits: int = 3) -> bytes:
    """A predictor of two points, one cascade, two trees of three splits, four pixels."""
    split = wholes(0, 3) + real(0.5)
    tree = whole(splits) + splits * split + whole(splits + 1) + (splits + 1) * column([0.25, -0.5, 0.0, 1.0])
    forests = wholes(1, 2) + 2 * tree
    anchors = wholes(1, 4, 0, anchor, 0, 1)
    offsets = wholes(1, 4) + 8 * real(0.125)
    return whole(1) + column([0.25, 0.25, 0.75, 0.5]) + forests + anchors + offsets


def test_detector_file_gives_its_layers_and_windows() -> None:
    """Sizes, steps and padding come out as they went in, and a batch normalisation at rest is a scaling."""
    network = read_network(detector_file())
    first, scale, rectifier, last = network.layers
    assert network.windows is not None
    assert (network.windows.width_px, network.windows.nms_iou) == (40, 0.25)
    assert network.mean_rgb == (122.5, 117.0, 104.25)
    assert isinstance(first, Convolution)
    assert first.filters.shape == (4, 3, 5, 5)
    assert first.stride == (2, 2)
    assert isinstance(scale, ChannelScale)
    assert scale.gain == pytest.approx(np.full(4, 1 / math.sqrt(1.0001)))
    assert isinstance(rectifier, Rectifier)
    assert isinstance(last, Convolution)
    assert last.padding == (1, 1)


def test_recogniser_file_gives_branches_pool_and_dense_layer() -> None:
    """Tags stand where dlib put them; the last layer has no bias."""
    network = read_network(recogniser_file())
    assert network.input_size == (9, 9)
    assert isinstance(network.layers[1], Branch)
    assert isinstance(network.layers[4], Pool)
    dense = network.layers[5]
    assert isinstance(dense, Dense)
    assert dense.weights.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert dense.bias is None


def test_shape_file_gives_its_trees() -> None:
    """Splits, thresholds and leaves come out as they went in."""
    shapes = read_shape_predictor(shape_file())
    assert shapes.initial_shape.tolist() == [[0.25, 0.25], [0.75, 0.5]]
    assert shapes.anchors.tolist() == [[0, 1, 0, 1]]
    assert shapes.first.shape == (1, 2, 3)
    assert (shapes.thresholds == 0.5).all()
    assert shapes.leaves[0, 1, 3].tolist() == [[0.25, -0.5], [0.0, 1.0]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01",
        b"not a model",
        detector_file(loss="loss_other_"),
        detector_file() + b"\x00",
        whole(1) + name("loss_mmod_")[:4],
        whole(1) + wholes(2, 1 << 24, 1 << 24, 1 << 24, 1 << 24),
        whole(1) + name("loss_metric_2") + real(1) + real(1) + whole(ADD) * 5000,
    ],
)
def test_what_is_no_network_is_refused(content: bytes) -> None:
    """One error with a text, for whatever reason."""
    with pytest.raises(PackRefused, match="dlib model file"):
        read_network(content)


@pytest.mark.parametrize(
    "content", [b"", b"\x01\x01", shape_file(anchor=2), shape_file(splits=2), shape_file() + b"\x00"]
)
def test_what_is_no_shape_predictor_is_refused(content: bytes) -> None:
    """Also where an index points outside the file's own lists, or a tree is not complete."""
    with pytest.raises(PackRefused, match="shape predictor"):
        read_shape_predictor(content)


def test_the_compact_form_gives_the_same_trees() -> None:
    """Array for array; it is read in the place of dlib's own file."""
    shapes = read_shape_predictor(shape_file())
    again = read_shape_predictor(compact(shapes))
    for one in fields(ShapePredictor):
        before, after = getattr(shapes, one.name), getattr(again, one.name)
        assert before.dtype == after.dtype
        assert before.tolist() == after.tolist()


def test_a_compact_form_that_contradicts_itself_is_refused() -> None:
    """A count changed, an index outside, a number that is none, and something after the end."""
    shapes = read_shape_predictor(shape_file())
    good = compact(shapes)
    counts_at = len(good) - len(good.removeprefix(MARK))
    wrong = [
        good + b"\x00",
        good[:counts_at] + b"\x00" + good[counts_at + 1 :],
        compact(replace(shapes, first=shapes.first + 100)),
        compact(replace(shapes, leaves=shapes.leaves * np.float32(np.nan))),
    ]
    for content in wrong:
        with pytest.raises(PackRefused, match="compact form"):
            read_shape_predictor(content)


FILES: tuple[tuple[Callable[[bytes], Network | ShapePredictor], bytes], ...] = (
    (read_network, detector_file()),
    (read_network, recogniser_file()),
    (read_shape_predictor, shape_file()),
    (read_shape_predictor, compact(read_shape_predictor(shape_file()))),
)


@pytest.mark.parametrize(("read", "content"), FILES)
def test_every_file_cut_short_is_refused(read: Callable[[bytes], Network | ShapePredictor], content: bytes) -> None:
    """No prefix of a file is a file."""
    for length in range(len(content)):
        with pytest.raises(PackRefused):
            read(content[:length])


@settings(max_examples=300, deadline=None)
@given(which=st.sampled_from(FILES), at=st.integers(0, 10**6), put=st.binary(min_size=1, max_size=9))
def test_changed_bytes_are_read_or_refused(
    which: tuple[Callable[[bytes], Network | ShapePredictor], bytes], at: int, put: bytes
) -> None:
    """Never another exception, and never more memory than the file announces and holds."""
    read, content = which
    at %= len(content)
    changed = content[:at] + put + content[at + len(put) :]
    try:
        found = read(changed)
    except PackRefused:
        return
    assert isinstance(found, Network | ShapePredictor)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 10**6), put=st.binary(min_size=1, max_size=4), recogniser=st.booleans())
def test_a_network_that_was_read_is_written_or_refused(at: int, put: bytes, recogniser: bool) -> None:
    """Layers that contradict each other end in the same refusal when written as ONNX."""
    content = recogniser_file() if recogniser else detector_file()
    at %= len(content)
    try:
        network = read_network(content[:at] + put + content[at + len(put) :])
        model = recogniser_to_onnx(network) if recogniser else detector_to_onnx(network)
    except PackRefused:
        return
    assert model


def test_a_weight_that_is_not_a_number_is_refused() -> None:
    """NaN would spread through every score."""
    first_weight = np.random.default_rng(0).normal(size=4 * 3 * 5 * 5 + 4).astype("<f4")[:1].tobytes()
    content = detector_file()
    assert content.count(first_weight) == 1
    with pytest.raises(PackRefused, match="not finite"):
        read_network(content.replace(first_weight, struct.pack("<f", math.nan)))


@pytest.mark.needs_component
def test_the_default_packs_files_are_read(model_files: dict[str, Path]) -> None:
    """Window, input size and the number of trees are as DESIGN §6 states them."""
    detector = read_network(model_files["detector"].read_bytes())
    recogniser = read_network(model_files["embedder"].read_bytes())
    shapes = read_shape_predictor(model_files["landmarks"].read_bytes())
    assert detector.windows is not None
    assert (detector.windows.width_px, detector.windows.height_px) == (80, 80)
    assert detector.mean_rgb == pytest.approx((122.782, 117.001, 104.298))
    assert recogniser.input_size == (150, 150)
    assert shapes.leaves.shape == (15, 500, 16, 5, 2)
