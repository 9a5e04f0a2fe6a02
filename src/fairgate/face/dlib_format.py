"""Read dlib's serialised networks into typed, frozen values.

A network is a run of wrapper versions, then its layers from the input on, each starting with a length-prefixed name
and ending with a trailer of training leftovers, which are checked and dropped.

Source: the serialize functions of dlib 19 (Boost Software License), read for their facts; DESIGN §6.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fairgate.face.dlib_layers import (
    AddBranch,
    Branch,
    ChannelScale,
    Convolution,
    Dense,
    Layer,
    Network,
    Pool,
    Rectifier,
    WindowOptions,
)
from fairgate.face.dlib_stream import Cursor

__all__ = ["Network", "read_network"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_MOST_WRAPPERS = 4096
_ADD_LAYER, _TAG_OR_SKIP, _INNERMOST = 2, 1, 3


def read_network(content: bytes) -> Network:
    """Return the detector or recogniser that ``content`` holds.

    Args:
        content: a whole ``.dat`` file as dlib wrote it.

    Raises:
        PackRefused: the bytes are not such a file, are cut short, or hold a layer that is not known here.
    """
    cursor = Cursor(content)
    cursor.expect(1, "the loss layer's version")
    loss = cursor.name()
    windows: WindowOptions | None = None
    if loss == "loss_mmod_":
        windows = _read_windows(cursor)
    elif loss == "loss_metric_2":
        cursor.real()
        cursor.real()
    else:
        raise cursor.refusal(f"the loss layer {loss!r} is not known")
    wrappers = _read_wrappers(cursor)
    mean_rgb, input_size = _read_input(cursor)
    layers: list[Layer] = []
    for wrapper in reversed(wrappers):
        if wrapper == _TAG_OR_SKIP:
            layers.append(Branch())
            continue
        layers.append(_read_layer(cursor))
        _skip_trailer(cursor, innermost=wrapper == _INNERMOST)
    cursor.expect_end()
    return Network(mean_rgb=mean_rgb, input_size=input_size, layers=tuple(layers), windows=windows)


def _read_windows(cursor: Cursor) -> WindowOptions:
    cursor.expect(1, "the version of the window options")
    width_px, height_px = cursor.pair()
    for _ in range(3):  # losses per false alarm and miss, and the overlap that counted as a hit in training
        cursor.real()
    nms_iou, nms_covered = cursor.real(), cursor.real()
    cursor.real()
    cursor.real()  # the overlap that was ignored in training
    if not (0 < width_px <= 4096 and 0 < height_px <= 4096 and 0 <= nms_iou <= 1 and 0 <= nms_covered <= 1):
        raise cursor.refusal("the window options are out of range")
    return WindowOptions(width_px, height_px, nms_iou, nms_covered)


def _read_wrappers(cursor: Cursor) -> list[int]:
    """Return the versions of the nested wrappers, outermost first; the innermost holds the input."""
    wrappers: list[int] = []
    while len(wrappers) < _MOST_WRAPPERS:
        version = cursor.whole()
        if version not in (_ADD_LAYER, _TAG_OR_SKIP, _INNERMOST):
            raise cursor.refusal(f"the wrapper version {version} is not known")
        wrappers.append(version)
        if version == _INNERMOST:
            return wrappers
    raise cursor.refusal("the network is nested too deeply")


def _read_input(cursor: Cursor) -> tuple[tuple[float, float, float], tuple[int, int] | None]:
    name = cursor.name()
    if name not in ("input_rgb_image_pyramid", "input_rgb_image_sized"):
        raise cursor.refusal(f"the input layer {name!r} is not known")
    mean_rgb = (cursor.real(), cursor.real(), cursor.real())
    if not all(0 <= value <= 255 for value in mean_rgb):
        raise cursor.refusal("the mean colour is out of range")
    if name == "input_rgb_image_pyramid":
        return mean_rgb, None
    rows, columns = cursor.pair()
    if not (0 < rows <= 4096 and 0 < columns <= 4096):
        raise cursor.refusal("the input size is out of range")
    return mean_rgb, (rows, columns)


def _skip_trailer(cursor: Cursor, *, innermost: bool) -> None:
    for _ in range(3):
        cursor.flag()
    for _ in range(3):  # gradients and the last output
        cursor.tensor()
    if innermost:
        cursor.size()


def _read_layer(cursor: Cursor) -> Layer:
    name = cursor.name()
    read = _READERS.get(name)
    if read is None:
        raise cursor.refusal(f"the layer {name!r} is not known")
    return read(cursor)


def _read_convolution(cursor: Cursor) -> Convolution:
    parameters = cursor.tensor()
    outputs = cursor.size()
    window, stride, padding = cursor.pair(), cursor.pair(), cursor.pair()
    shape, bias_shape = cursor.shape(), cursor.shape()
    _skip_learning_rates(cursor)
    if shape[0] != outputs or shape[2:] != window or math.prod(bias_shape) != outputs:
        raise cursor.refusal("a convolution contradicts itself")
    if not (0 < stride[0] <= 64 and 0 < stride[1] <= 64 and max(padding) <= 64 and min(shape) > 0):
        raise cursor.refusal("a convolution's step or padding is out of range")
    if parameters.size != math.prod(shape) + outputs:
        raise cursor.refusal("a convolution has too many or too few weights")
    filters, bias = np.split(parameters, [parameters.size - outputs])
    return Convolution(filters.reshape(shape), bias, stride, padding)


def _read_affine(cursor: Cursor) -> ChannelScale:
    gain, offset = _read_gain_and_offset(cursor)
    cursor.whole()  # whether it stood behind a convolution or a dense layer
    return ChannelScale(gain, offset)


def _read_batch_norm(cursor: Cursor) -> ChannelScale:
    gain, offset = _read_gain_and_offset(cursor)
    cursor.tensor()
    cursor.tensor()  # the last batch's mean and deviation
    mean, variance = cursor.tensor().astype(np.float64), cursor.tensor().astype(np.float64)
    cursor.whole()
    cursor.whole()  # how far the running statistics had come, and their window
    _skip_learning_rates(cursor)
    epsilon = cursor.real()
    if mean.shape != gain.shape or variance.shape != gain.shape:
        raise cursor.refusal("a batch normalisation contradicts itself")
    if not epsilon > 0 or (variance < 0).any():
        raise cursor.refusal("a batch normalisation's variance is out of range")
    scaled = gain / np.sqrt(variance + epsilon)
    return ChannelScale(scaled, offset - mean * scaled)


def _read_gain_and_offset(cursor: Cursor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    parameters = cursor.tensor().astype(np.float64)
    gain_shape, offset_shape = cursor.shape(), cursor.shape()
    channels = math.prod(gain_shape)
    if channels != math.prod(offset_shape) or parameters.size != 2 * channels or channels == 0:
        raise cursor.refusal("a scaling layer contradicts itself")
    return parameters[:channels], parameters[channels:]


def _read_dense(cursor: Cursor) -> Dense:
    outputs, inputs = cursor.size(), cursor.size()
    parameters = cursor.tensor()
    weights_shape, bias_shape = cursor.shape(), cursor.shape()
    with_bias = cursor.whole() == 0
    _skip_learning_rates(cursor)
    bias_size = math.prod(bias_shape)
    if math.prod(weights_shape) != inputs * outputs or bias_size != (outputs if with_bias else 0):
        raise cursor.refusal("a dense layer contradicts itself")
    if parameters.size != inputs * outputs + bias_size or parameters.size == 0:
        raise cursor.refusal("a dense layer has too many or too few weights")
    weights, bias = np.split(parameters, [inputs * outputs])
    return Dense(weights.reshape(inputs, outputs), bias if with_bias else None)


def _read_pool(cursor: Cursor, kind: str) -> Pool:
    window, stride, padding = cursor.pair(), cursor.pair(), cursor.pair()
    if max(window) > 64 or not (0 < stride[0] <= 64 and 0 < stride[1] <= 64) or max(padding) > 64:
        raise cursor.refusal("a pool is out of range")
    return Pool(kind, window, stride, padding)


def _skip_learning_rates(cursor: Cursor) -> None:
    for _ in range(4):
        cursor.real()


_READERS: dict[str, Callable[[Cursor], Layer]] = {
    "con_4": _read_convolution,
    "affine_": _read_affine,
    "bn_con2": _read_batch_norm,
    "relu_": lambda _: Rectifier(),
    "max_pool_2": lambda cursor: _read_pool(cursor, "max"),
    "avg_pool_2": lambda cursor: _read_pool(cursor, "mean"),
    "add_prev_": lambda _: AddBranch(),
    "fc_2": _read_dense,
}
