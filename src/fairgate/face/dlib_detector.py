"""Write dlib's sliding-window detector as one ONNX model that holds two networks.

``exact`` is dlib's. ``scout`` is the same with its larger convolutions split in two, down and across, and cut to their
strongest parts by singular values: half the work, and scores that are good enough to see where to look. A face is
sought with the scout and scored with the exact network alone.

On 59 frames (portraits and video) the scout gave every one of 53 faces at least 0.49 within a step of its place and
level, and 87 of 617 000 windows without a face more than 0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto, helper

from fairgate.face.dlib_graph import Block, Graph, chain_of, pixels_input, refused, serialised, with_normalisation

if TYPE_CHECKING:
    from onnx import GraphProto

    from fairgate.face.dlib_layers import Network, WindowOptions

SCOUT_RANKS: tuple[int | None, ...] = (None, 24, 32, 32, 32, 32)
"""How many parts of each convolution the scout keeps; ``None`` for all. Chosen by time and by the figures above."""

_SCOUT_DIGITS = 12
"""Bits kept of the scout's weights, so that they do not depend on how a machine rounds a decomposition."""


def detector_to_onnx(network: Network) -> bytes:
    """Return the detector as an ONNX model of any image size.

    It takes ``pixels``, float32 of shape (1, 3, rows, columns), RGB 0 to 255, not normalised; ``exact``, a truth
    value; and ``edges``, int64 of shape (8,), for the exact network alone: 1 where the pixels end because the level
    does, so that it sees nothing beyond, and 0 where they were cut out of a level, so that windows that would look
    beyond are not computed. The order is that of ONNX's paddings: the third value is the upper edge, the fourth the
    left one, the seventh the lower, the eighth the right; the others are 0. It gives ``scores``, one float32 for each
    window.

    Raises:
        PackRefused: the network is not a plain chain of convolutions that ends in one map.
    """
    blocks = chain_of(network.layers)
    if network.windows is None or not blocks or blocks[-1].rectified or blocks[-1].filters.shape[0] != 1:
        raise refused("it does not end in one map of scores")
    blocks[0] = with_normalisation(blocks[0], network.mean_rgb)
    both = Graph()
    both.node("If", ["exact"], then_branch=_exact(blocks), else_branch=_scout(_cut_down(blocks)))
    takes = [
        pixels_input([1, 3, "rows", "columns"]),
        helper.make_tensor_value_info("exact", TensorProto.BOOL, []),
        helper.make_tensor_value_info("edges", TensorProto.INT64, [8]),
    ]
    graph = both.proto("detector", takes, "scores", [1, 1, "down", "across"])
    return serialised(graph, _window_facts(network.windows, blocks))


def _exact(blocks: list[Block]) -> GraphProto:
    """Return dlib's network, which pads what it sees only where ``edges`` says that a level ends."""
    graph = Graph("exact_")
    value, channels = "pixels", 3
    for block in (*blocks[:-1], *_single_map(blocks[-1])):
        if block.padding != (0, 0):
            sides = np.array([0, 0, *block.padding, 0, 0, *block.padding], np.int64)
            value = graph.node("Pad", [value, graph.node("Mul", ["edges", graph.weight(sides)])])
        value, channels = graph.convolution(value, channels, replace(block, padding=(0, 0)), fill_up=True)
    return graph.proto("exact", [], "exact_scores", [1, 1, None, None])


def _scout(blocks: list[Block]) -> GraphProto:
    graph = Graph("scout_")
    value, channels = "pixels", 3
    for block in (*blocks[:-1], *_single_map(blocks[-1])):
        value, channels = graph.convolution(value, channels, block, fill_up=True)
    return graph.proto("scout", [], "scout_scores", [1, 1, None, None])


def _single_map(block: Block) -> tuple[Block, Block]:
    """Return a convolution with one output as one output for each row of its filter, then their shifted sum.

    The runtime works on eight channels at a time and would compute seven for nothing at every tap.
    """
    _, inputs, rows, columns = block.filters.shape
    if block.stride != (1, 1):
        raise refused("the last convolution skips positions")
    by_row = np.zeros((rows, inputs, 1, columns))
    by_row[:, :, 0, :] = block.filters[0].transpose(1, 0, 2)
    shifted = np.zeros((1, rows, rows, 1))
    shifted[0, np.arange(rows), np.arange(rows), 0] = 1.0
    down, across = block.padding
    return Block(by_row, np.zeros(rows), padding=(0, across)), Block(shifted, block.bias, padding=(down, 0))


def _cut_down(blocks: list[Block]) -> list[Block]:
    """Return the scout's convolutions."""
    found: list[Block] = []
    for position, block in enumerate(blocks):
        rank = SCOUT_RANKS[position] if position < min(len(SCOUT_RANKS), len(blocks) - 1) else None
        found += [block] if rank is None else _in_two(block, rank)
    return found


def _in_two(block: Block, rank: int) -> list[Block]:
    """Return a convolution down the columns and one across the rows, which together come close to ``block``."""
    outputs, inputs, rows, columns = block.filters.shape
    table = block.filters.transpose(1, 2, 0, 3).reshape(inputs * rows, outputs * columns)
    left, strength, right = np.linalg.svd(table, full_matrices=False)
    rank = min(rank, strength.size)
    # A decomposition is unique but for a sign of each part; the largest entry is made positive.
    largest = left[np.argmax(np.abs(left), axis=0), np.arange(strength.size)]
    root = np.sqrt(strength) * np.sign(largest)
    down = _rounded(left * root)[:, :rank].reshape(inputs, rows, rank).transpose(2, 0, 1)[:, :, :, None]
    across = _rounded(root[:, None] * right)[:rank].reshape(rank, outputs, columns).transpose(1, 0, 2)[:, :, None, :]
    return [
        Block(down, np.zeros(rank), (block.stride[0], 1), (block.padding[0], 0)),
        replace(block, filters=across, stride=(1, block.stride[1]), padding=(0, block.padding[1])),
    ]


def _rounded(values: np.typing.NDArray[np.float64]) -> np.typing.NDArray[np.float64]:
    grid = float(np.abs(values).max()) / 2**_SCOUT_DIGITS
    return np.round(values / grid) * grid if grid > 0 else values


def _window_facts(windows: WindowOptions, blocks: list[Block]) -> dict[str, str]:
    """Return what turns a position on the map of scores into a rectangle; decoding needs it beside the scores."""
    step, first_centre, reach = 1, 0, 0
    for block in blocks:
        columns, (_, across), (_, stride) = block.filters.shape[3], block.padding, block.stride
        first_centre += step * (columns // 2 - across)
        reach += step * across
        step *= stride
    return {
        "window_width_px": str(windows.width_px),
        "window_height_px": str(windows.height_px),
        "step_px": str(step),
        "first_centre_px": str(first_centre),
        "reach_steps": str(-(-reach // step)),
        "nms_iou": repr(windows.nms_iou),
        "nms_covered": repr(windows.nms_covered),
    }
